package io.flashsale.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Anybody who may write a command topic can write anything: each wrong thing has its reason, none gets through. */
class CommandReaderTest {

    private static final String HOLD = """
            {"type":"PlaceHold","product_id":"p1","hold_id":"HOLD","quantity":2,"customer_id":"c"}""";
    private static final String DEFINE = """
            {"type":"DefineProduct","product_id":"p1","name":"A thing","price":10.00,"currency":"EUR",\
            "total_stock":5,"hold_ttl_seconds":60}""";
    private static final String RULES = """
            ,"max_quantity_per_hold":4,"max_per_customer":10,"sale_starts_at":"2026-11-27T10:00:00+01:00",\
            "sale_ends_at":"2026-11-27T10:00:00.5Z","low_stock_threshold":5,"payment_window_seconds":"600\"""";
    private static final String PAID = """
            {"type":"PaymentSucceeded","product_id":"p1","order_id":"ORDER","idempotency_key":"k",\
            "payment_id":"p","amount":10.00,"currency":"EUR"}""";
    private static final String HOLD_ID = HoldId.of("p1", new byte[16]);

    private interface Reader {
        Command read(byte[] value) throws UnreadableException;
    }

    private static final Map<String, Reader> READERS = Map.of(
            "product", CommandReader::productCommand,
            "hold", CommandReader::holdCommand,
            "order", CommandReader::orderCommand,
            "webhook", CommandReader::webhookCommand);

    @Test
    void nothingAndWhatIsTooLongAreNoCommands() {
        READERS.forEach((name, reader) -> {
            assertThat(reason(reader, null)).as(name).isEqualTo(CommandReader.NOT_JSON);
            assertThat(reason(reader, new byte[0])).as(name).isEqualTo(CommandReader.NOT_JSON);
            assertThat(reason(reader, new byte[Limits.MAX_COMMAND_BYTES + 1]))
                    .as(name)
                    .isEqualTo(CommandReader.OVERSIZED);
            assertThat(reason(reader, new byte[Limits.MAX_COMMAND_BYTES]))
                    .as(name)
                    .isEqualTo(CommandReader.NOT_JSON);
        });
    }

    @Test
    void aCommandOfExactlyTheLimitIsRead() throws UnreadableException {
        String padded = hold() + " ".repeat(Limits.MAX_COMMAND_BYTES - hold().length());
        assertThat(CommandReader.holdCommand(bytes(padded))).isNotNull();
        assertThat(reason(READERS.get("hold"), bytes(padded + " "))).isEqualTo(CommandReader.OVERSIZED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not json",
                "{",
                "{\"type\":\"PlaceHold\"",
                "[]",
                "null",
                "7",
                "\"PlaceHold\"",
                "{} {}",
                "{}x",
                "{'type':'PlaceHold'}",
                "{\"type\":\"PlaceHold\",\"type\":\"PlaceHold\"}",
                "{\"quantity\":NaN}",
                "{\"quantity\":01}",
                "{\"unknown\":1e99999999999}",
                "{\"unknown\":-1.5E-99999999999}"
            })
    void whatIsNoJsonObjectIsNotJson(String text) {
        READERS.forEach((name, reader) ->
                assertThat(reason(reader, bytes(text))).as(name).isEqualTo(CommandReader.NOT_JSON));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "not json                       | line 1, column 1 is not valid JSON",
                "{                              | line 1, column 2 is not valid JSON",
                "{\"card\":\"4242\" \"b\":1}      | line 1, column 16 is not valid JSON",
                "{\"card\":4242}{}               | line 1, column 14 is not valid JSON",
                "{\"card\":4242,\"card\":4242}   | line 1, column 20 is not valid JSON",
                "`{\n  \"card\": 4242,\n  x\n}`   | line 3, column 3 is not valid JSON",
            })
    void whatIsWrongWithJsonIsToldByItsPlaceAlone(String text, String fault) {
        assertThat(message(bytes(text))).isEqualTo("Expected a JSON object, but " + fault + ".");
    }

    @Test
    void whatIsWrongWithJsonIsToldWithoutAPlaceIfThereIsNone() {
        String deep = "[".repeat(Limits.MAX_JSON_DEPTH + 1);
        assertThat(message(bytes(deep))).contains("but it is nested too deeply, or has a name or value that is too");
        // Begins like UTF-32, and ends within a character.
        assertThat(message(new byte[] {0, 0, (byte) 0xfe, (byte) 0xff, 0}))
                .isEqualTo("Expected a JSON object, but it is not valid JSON.");
        assertThat(message(bytes("{\"card\":4242e99999999999}")))
                .isEqualTo("Expected a JSON object, but it is not valid JSON.");
    }

    @Test
    void brokenUtf8AndDeepNestingAreNotJson() {
        byte[] broken = bytes(hold());
        broken[broken.length - 3] = (byte) 0xff;
        assertThat(reason(READERS.get("hold"), broken)).isEqualTo(CommandReader.NOT_JSON);
        String deep = "{\"type\":\"PlaceHold\",\"a\":" + "[".repeat(Limits.MAX_JSON_DEPTH)
                + "]".repeat(Limits.MAX_JSON_DEPTH) + "}";
        assertThat(reason(READERS.get("hold"), bytes(deep))).isEqualTo(CommandReader.NOT_JSON);
    }

    @ParameterizedTest
    @CsvSource({
        "product, PlaceHold",
        "product, placehold",
        "hold, DefineProduct",
        "hold, CreateOrder",
        "order, PlaceHold",
        "webhook, CreateOrder",
        "webhook, paymentsucceeded",
        "hold, java.lang.Runtime"
    })
    void aTypeOfAnotherTopicIsUnknown(String topic, String type) {
        assertThat(reason(READERS.get(topic), bytes("{\"type\":\"" + type + "\"}")))
                .isEqualTo(CommandReader.UNKNOWN_TYPE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"type\":null}", "{\"type\":7}", "{\"type\":\"\"}", "{\"type\":[\"PlaceHold\"]}"})
    void aMissingTypeIsInvalid(String text) {
        READERS.forEach((name, reader) ->
                assertThat(reason(reader, bytes(text))).as(name).isEqualTo(CommandReader.VALIDATION_FAILED));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"quantity\":2       | \"quantity\":0            | quantity must be a whole number from 1 to 1000000",
                "\"quantity\":2       | \"quantity\":-1           | quantity must be",
                "\"quantity\":2       | \"quantity\":1000001      | quantity must be",
                "\"quantity\":2       | \"quantity\":2.5          | quantity must be",
                "\"quantity\":2       | \"quantity\":2.0          | quantity must be",
                "\"quantity\":2       | \"quantity\":1e1          | quantity must be",
                "\"quantity\":2       | \"quantity\":4294967298   | quantity must be",
                "\"quantity\":2       | \"quantity\":99999999999999999999999 | quantity must be",
                "\"quantity\":2       | \"quantity\":\"two\"      | quantity must be",
                "\"quantity\":2       | \"quantity\":\" 2\"       | quantity must be",
                "\"quantity\":2       | \"quantity\":\"\"         | quantity must be",
                "\"quantity\":2       | \"quantity\":true         | quantity must be",
                "\"quantity\":2       | \"quantity\":[2]          | quantity must be",
                "\"quantity\":2       | \"quantity\":null         | quantity is required",
                "\"quantity\":2       | \"amount\":2              | quantity is required",
                "\"product_id\":\"p1\" | \"product_id\":\"\"      | product_id must be",
                "\"product_id\":\"p1\" | \"product_id\":\"p 1\"   | product_id must be 1 to 64 characters of",
                "\"product_id\":\"p1\" | \"product_id\":\"p/1\"   | product_id must be",
                "\"product_id\":\"p1\" | \"product_id\":1.5       | product_id must be",
                "\"product_id\":\"p1\" | \"product_id\":null      | product_id is required",
                "\"product_id\":\"p1\" | \"product_id\":\"p2\"    | hold_id must be an id of product_id's own",
                "\"hold_id\":\"h_     | \"hold_id\":\"o_          | hold_id must be",
                "\"hold_id\":\"h_     | \"hold_id\":\"h_A         | hold_id must be",
                "\"hold_id\":         | \"id\":                   | hold_id is required",
                "\"customer_id\":\"c\" | \"customer_id\":\"\"     | customer_id must be 1 to 128 characters",
                "\"customer_id\":\"c\" | \"customer_id\":\"  \"   | customer_id must be",
                "\"customer_id\":\"c\" | \"customer_id\":7        | customer_id must be a string",
                "\"customer_id\":\"c\" | \"customer_id\":\"a\\nb\" | customer_id must not contain control characters",
                "\"customer_id\":\"c\" | \"customer_id\":\"a\\ud800b\" | customer_id must not contain",
            })
    void aHoldWithOneThingWrongIsInvalidAndSaysWhat(String right, String wrong, String message) {
        assertInvalid(READERS.get("hold"), hold().replace(right, wrong), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"price\":10.00        | \"price\":-0.01           | price must be a decimal number from 0",
                "\"price\":10.00        | \"price\":1000000000000   | price must be",
                "\"price\":10.00        | \"price\":1e400           | price must be",
                "\"price\":10.00        | \"price\":1E-400          | price must be",
                "\"price\":10.00        | \"price\":0.00001         | price must be",
                "\"price\":10.00        | \"price\":\"1e3\"         | price must be",
                "\"price\":10.00        | \"price\":\"1,5\"         | price must be",
                "\"price\":10.00        | \"price\":\".5\"          | price must be",
                "\"price\":10.00        | \"price\":true            | price must be",
                "\"price\":10.00        | \"price\":null            | price is required",
                "\"currency\":\"EUR\"   | \"currency\":\"eur\"      | currency must be three capital letters",
                "\"currency\":\"EUR\"   | \"currency\":\"EURO\"     | currency must be",
                "\"currency\":\"EUR\"   | \"currency\":978          | currency must be",
                "\"total_stock\":5      | \"total_stock\":-1        | total_stock must be",
                "\"total_stock\":5      | \"total_stock\":1000000001 | total_stock must be",
                "\"hold_ttl_seconds\":60 | \"hold_ttl_seconds\":0   | hold_ttl_seconds must be",
                "\"hold_ttl_seconds\":60 | \"hold_ttl_seconds\":86401 | hold_ttl_seconds must be",
                "\"name\":\"A thing\"   | \"name\":\"\"             | name must be",
                "\"name\":\"A thing\"   | \"title\":\"\"            | name is required",
            })
    void aDefinitionWithOneThingWrongIsInvalidAndSaysWhat(String right, String wrong, String message) {
        assertInvalid(READERS.get("product"), DEFINE.replace(right, wrong), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"idempotency_key\":\"k\" | \"idempotency_key\":null | idempotency_key is required",
                "\"idempotency_key\":\"k\" | \"idempotency_key\":7    | idempotency_key must be a string",
                "\"order_id\":\"o_         | \"order_id\":\"h_        | order_id must be an id of product_id's own",
                "\"amount\":10.00          | \"amount\":-1            | amount must be",
                "\"currency\":\"EUR\"      | \"currency\":\"\"        | currency must be",
                "\"payment_id\":\"p\"      | \"payment_id\":{}        | payment_id must be a string",
            })
    void aPaymentWithOneThingWrongIsInvalidAndSaysWhat(String right, String wrong, String message) {
        assertInvalid(READERS.get("webhook"), paid().replace(right, wrong), message);
    }

    @Test
    void everythingThatIsWrongIsTold() {
        String message = catchThrowableOfType(
                        UnreadableException.class,
                        () -> CommandReader.holdCommand(bytes("{\"type\":\"PlaceHold\",\"quantity\":0}")))
                .getMessage();
        assertThat(message).contains("product_id is required", "hold_id is required", "quantity must be");
    }

    @Test
    void textsMayBeAsLongAsTheirLimitAndNotLonger() throws UnreadableException {
        String longest = "c".repeat(Limits.MAX_CUSTOMER_ID_LENGTH);
        assertThat(CommandReader.holdCommand(bytes(hold().replace("\"c\"", "\"" + longest + "\""))))
                .isEqualTo(new PlaceHold("p1", HOLD_ID, 2, longest));
        assertInvalid(READERS.get("hold"), hold().replace("\"c\"", "\"c" + longest + "\""), "customer_id must be");
    }

    @Test
    void aCharacterCountsOnceHoweverItIsEncoded() throws UnreadableException {
        String longest = "😀".repeat(Limits.MAX_CUSTOMER_ID_LENGTH);
        assertThat(CommandReader.holdCommand(bytes(hold().replace("\"c\"", "\"" + longest + "\""))))
                .isEqualTo(new PlaceHold("p1", HOLD_ID, 2, longest));
        assertInvalid(READERS.get("hold"), hold().replace("\"c\"", "\"c" + longest + "\""), "customer_id must be");
    }

    @Test
    void theContractIsTolerantWhereItSaysSo() throws UnreadableException {
        String numbersAsText =
                DEFINE.replace("10.00", "\"10.00\"").replace(":5", ":\"5\"").replace(":60", ":\"60\"");
        assertThat(CommandReader.productCommand(bytes(numbersAsText)))
                .isEqualTo(new DefineProduct("p1", "A thing", new BigDecimal("10.00"), "EUR", 5, 60, SaleRules.NONE));
        String numberAsId = DEFINE.replace("\"p1\"", "4711").replace("{", "{\"unknown\":[{}],");
        assertThat(CommandReader.productCommand(bytes(numberAsId)).productId()).isEqualTo("4711");
        String nothingOptional = hold().replace("\"c\"", "null");
        assertThat(CommandReader.holdCommand(bytes(nothingOptional))).isEqualTo(new PlaceHold("p1", HOLD_ID, 2, null));
    }

    @ParameterizedTest
    @CsvSource({
        "10, 10",
        "10.0, 10.0",
        "10.00, 10.00",
        "1e2, 100",
        "0, 0",
        "999999999999.9999, 999999999999.9999",
        "999999999999999900, 999999999999999900"
    })
    void moneyKeepsItsDigits(String written, String read) throws UnreadableException {
        PaymentSucceeded payment =
                (PaymentSucceeded) CommandReader.webhookCommand(bytes(paid().replace("10.00", written)));
        assertThat(payment.amount()).isEqualTo(new BigDecimal(read));
    }

    @Test
    void aProductsRulesAreRead() throws UnreadableException {
        String ruled = DEFINE.replace("}", RULES + "}");
        DefineProduct command = (DefineProduct) CommandReader.productCommand(bytes(ruled));
        assertThat(command.rules())
                .isEqualTo(new SaleRules(
                        4, 10, Instant.parse("2026-11-27T09:00:00Z"), Instant.parse("2026-11-27T10:00:00.5Z"), 5, 600));
        assertThat(((DefineProduct) CommandReader.productCommand(bytes(DEFINE))).rules())
                .isEqualTo(SaleRules.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"max_quantity_per_hold\":4|\"max_quantity_per_hold\":0|max_quantity_per_hold must be",
                "\"max_per_customer\":10|\"max_per_customer\":-1|max_per_customer must be",
                "10:00:00|soon|sale_starts_at must be a time",
                "2026-11-27T10:00:00+01:00|1999-11-27T10:00:00Z|sale_starts_at must be between",
                "2026-11-27T10:00:00.5Z|+12026-11-27T10:00:00Z|sale_ends_at must be between",
                "2026-11-27T10:00:00.5Z|2026-11-27T09:00:00Z|sale_ends_at must be after sale_starts_at",
                "\"low_stock_threshold\":5|\"low_stock_threshold\":0|low_stock_threshold must be",
                "600|2592001|payment_window_seconds must be"
            })
    void aRuleOutOfBoundsIsNamed(String good, String bad, String message) {
        String ruled = DEFINE.replace("}", RULES + "}");
        assertThat(ruled).contains(good);
        assertInvalid(READERS.get("product"), ruled.replaceFirst(Pattern.quote(good), bad), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "product|{'type':'AdjustStock','product_id':'p1','delta':0,'reason':'r'}|delta must not be 0",
                "product|{'type':'AdjustStock','product_id':'p1','delta':1}|reason is required",
                "product|{'type':'AdjustStock','product_id':'p1','delta':1.5,'reason':'r'}|delta must be",
                "hold|{'type':'ReleaseHold','product_id':'p2','hold_id':'HOLD'}|hold_id must be an id of",
                "hold|{'type':'ExtendHold','product_id':'p1','hold_id':'HOLD','seconds':0}|seconds must be",
                "hold|{'type':'ExtendHold','product_id':'p2','hold_id':'HOLD'}|hold_id must be an id of",
                "order|{'type':'CancelOrder','product_id':'p1','order_id':'HOLD'}|order_id must be an id of",
                "order|{'type':'CancelOrder','product_id':'p1'}|order_id is required"
            })
    void aCommandsFieldsAreChecked(String topic, String command, String message) {
        assertInvalid(READERS.get(topic), command.replace('\'', '"').replace("HOLD", HOLD_ID), message);
    }

    private static void assertInvalid(Reader reader, String text, String message) {
        UnreadableException refused = catchThrowableOfType(UnreadableException.class, () -> reader.read(bytes(text)));
        assertThat(refused).as(text).isNotNull();
        assertThat(refused.reason()).isEqualTo(CommandReader.VALIDATION_FAILED);
        assertThat(refused).hasMessageContaining(message);
    }

    private static String reason(Reader reader, byte[] value) {
        UnreadableException refused = catchThrowableOfType(UnreadableException.class, () -> reader.read(value));
        return refused == null ? "read" : refused.reason();
    }

    private static String message(byte[] value) {
        return catchThrowableOfType(UnreadableException.class, () -> CommandReader.holdCommand(value))
                .getMessage();
    }

    private static String hold() {
        return HOLD.replace("HOLD", HOLD_ID);
    }

    private static String paid() {
        return PAID.replace("ORDER", OrderId.ofHold(HOLD_ID));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
