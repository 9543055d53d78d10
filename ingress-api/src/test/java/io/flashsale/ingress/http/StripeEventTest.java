package io.flashsale.ingress.http;

import static io.flashsale.ingress.http.StripeFixtures.PAYMENT_INTENT;
import static io.flashsale.ingress.http.StripeFixtures.SESSION;
import static io.flashsale.ingress.http.StripeFixtures.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.CommandReader;
import io.flashsale.contracts.FieldError;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import io.flashsale.ingress.http.StripeEvent.Ignored;
import io.flashsale.ingress.http.StripeEvent.Payment;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StripeEventTest {

    private static final String ORDER = OrderId.ofHold(HoldId.of("p", new byte[16]));
    private static final BigDecimal AMOUNT = new BigDecimal("21.00");

    @Test
    void aPaymentIntentThatSucceededPays() {
        assertThat(payment(event("payment_intent.succeeded", ORDER)))
                .isEqualTo(new PaymentSucceeded(
                        "p", ORDER, "stripe:evt_3SVd2yLkdIwHu7ix0Yk2pLwM", PAYMENT_INTENT, AMOUNT, "EUR"));
    }

    @Test
    void whatWasReceivedCountsAndNotWhatWasAskedFor() {
        String partly = event("payment_intent.succeeded", ORDER)
                .replace("\"amount_received\": 2100", "\"amount_received\": 1999");

        assertThat(payment(partly).amount()).isEqualTo(new BigDecimal("19.99"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"payment_intent.payment_failed", "payment_intent.canceled"})
    void aPaymentIntentThatWillNotSucceedFails(String type) {
        String event = event("payment_intent.payment_failed", ORDER).replace("payment_intent.payment_failed", type);

        assertThat(payment(event))
                .isEqualTo(new PaymentFailed(
                        "p", ORDER, "stripe:evt_3SVd2yLkdIwHu7ix0aB7cDeF", PAYMENT_INTENT, AMOUNT, "EUR"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"checkout.session.completed", "checkout.session.async_payment_succeeded"})
    void aCheckoutThatIsPaidIsAPaymentOfItsPaymentIntent(String type) {
        String event = event("checkout.session.completed", ORDER).replace("checkout.session.completed", type);

        assertThat(payment(event))
                .isEqualTo(new PaymentSucceeded(
                        "p", ORDER, "stripe:evt_1SVd31LkdIwHu7ixJ8mN5oPq", PAYMENT_INTENT, AMOUNT, "EUR"));
    }

    @Test
    void aCheckoutWhosePaymentFailedLaterFails() {
        String event = event("checkout.session.completed", ORDER)
                .replace("checkout.session.completed", "checkout.session.async_payment_failed")
                .replace("\"payment_status\": \"paid\"", "\"payment_status\": \"unpaid\"");

        assertThat(payment(event))
                .isEqualTo(new PaymentFailed(
                        "p", ORDER, "stripe:evt_1SVd31LkdIwHu7ixJ8mN5oPq", PAYMENT_INTENT, AMOUNT, "EUR"));
    }

    @Test
    void aCheckoutThatExpiredWithoutAPaymentIntentFailsUnderItsOwnId() {
        assertThat(payment(event("checkout.session.expired", ORDER)))
                .isEqualTo(
                        new PaymentFailed("p", ORDER, "stripe:evt_1SVd9kLkdIwHu7ixR2sT6uVw", SESSION, AMOUNT, "EUR"));
    }

    @Test
    void aFailureNeedsNoAmount() {
        String event = event("checkout.session.expired", ORDER)
                .replace("\"amount_total\": 2100", "\"amount_total\": null")
                .replace("\"currency\": \"eur\"", "\"currency\": null");

        assertThat(payment(event))
                .isEqualTo(new PaymentFailed("p", ORDER, "stripe:evt_1SVd9kLkdIwHu7ixR2sT6uVw", SESSION, null, null));
    }

    @ParameterizedTest
    @CsvSource({
        "eur, 2100,        21.00",
        "USD, 1,           0.01",
        "usd, 99999999,    999999.99",
        "huf, 2100,        21.00",
        "twd, 2100,        21.00",
        "isk, 2100,        21.00",
        "ugx, 2100,        21.00",
        "idr, 2100,        21.00",
        "bif, 2100, 2100",
        "clp, 2100, 2100",
        "djf, 2100, 2100",
        "gnf, 2100, 2100",
        "jpy, 2100, 2100",
        "kmf, 2100, 2100",
        "krw, 2100, 2100",
        "mga, 2100, 2100",
        "pyg, 2100, 2100",
        "rwf, 2100, 2100",
        "vnd, 2100, 2100",
        "vuv, 2100, 2100",
        "xaf, 2100, 2100",
        "xof, 2100, 2100",
        "xpf, 2100, 2100",
        "bhd, 2100, 2.100",
        "jod, 2100, 2.100",
        "kwd, 2100, 2.100",
        "omr, 2100, 2.100",
        "tnd, 2100, 2.100",
        "eur, 0,           0.00",
    })
    void amountsAreInTheCurrencysSmallestUnitAsStripeCountsIt(String currency, String minor, BigDecimal amount) {
        String event = event("payment_intent.succeeded", ORDER)
                .replace("\"amount_received\": 2100", "\"amount_received\": " + minor)
                .replace("\"currency\": \"eur\"", "\"currency\": \"" + currency + "\"");

        assertThat(payment(event).amount()).isEqualTo(amount);
        assertThat(payment(event).currency()).isUpperCase().isEqualToIgnoringCase(currency);
    }

    @Test
    void aKeyIsAsLongAsAKeyMayBe() {
        String event = event("payment_intent.succeeded", ORDER);
        String id = "evt_3SVd2yLkdIwHu7ix0Yk2pLwM";
        String longest = "e".repeat(255 - "stripe:".length());

        assertThat(payment(event.replace(id, longest)).idempotencyKey()).isEqualTo("stripe:" + longest);
        assertThat(Requests.problemOf(() -> read(event.replace(id, longest + "e")))
                        .errors())
                .extracting(FieldError::field)
                .containsExactly("id");
    }

    @Test
    void whatItReadsIsReadAgainBehindTheTopic() throws Exception {
        String longest = "e".repeat(255 - "stripe:".length());
        WebhookCommand command =
                payment(event("payment_intent.succeeded", ORDER).replace("evt_3SVd2yLkdIwHu7ix0Yk2pLwM", longest));

        assertThat(CommandReader.webhookCommand(Json.MAPPER.writeValueAsBytes(command)))
                .isEqualTo(command);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"type\": \"payment_intent.succeeded\" | \"type\": \"payment_intent.created\"   | Events of this type",
                "\"type\": \"payment_intent.succeeded\" | \"type\": \"charge.succeeded\"         | Events of this type",
                "\"type\": \"payment_intent.succeeded\" | \"type\": \"Payment_Intent.Succeeded\" | Events of this type",
                "\"order_id\":                         | \"order\":                            | There is no order_id",
                "\"metadata\":                         | \"meta\":                             | There is no order_id",
                "\"data\":                             | \"payload\":                          | There is no order_id",
                "\"order_id\": \"                       | \"order_id\": \"x                      | The order_id in the",
                "\"order_id\": \"                       | \"order_id\": 7, \"other\": \"           | The order_id in the",
                "\"order_id\": \"                       | \"order_id\": {}, \"other\": \"          | There is no order_id",
            })
    void ignoresWhatIsNotOurs(String right, String wrong, String why) {
        assertIgnored(event("payment_intent.succeeded", ORDER).replace(right, wrong), why);
    }

    @Test
    void aFreeCheckoutPaysNothingUnderItsOwnId() {
        String event = event("checkout.session.completed", ORDER)
                .replace("\"paid\"", "\"no_payment_required\"")
                .replace("\"amount_total\": 2100", "\"amount_total\": 0")
                .replace("\"" + PAYMENT_INTENT + "\"", "null");

        assertThat(payment(event))
                .isEqualTo(new PaymentSucceeded(
                        "p", ORDER, "stripe:evt_1SVd31LkdIwHu7ixJ8mN5oPq", SESSION, new BigDecimal("0.00"), "EUR"));
    }

    @Test
    void aCheckoutThatIsCompletedButNotPaidWaits() {
        String event = event("checkout.session.completed", ORDER).replace("\"paid\"", "\"unpaid\"");

        assertIgnored(event, "The checkout is completed, but not paid.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "\"Paid\"", "\"processing\"", "true"})
    void aCheckoutThatDoesNotSayWhetherItIsPaidIsTold(String status) {
        String event = event("checkout.session.completed", ORDER).replace("\"paid\"", status);

        assertThat(Requests.problemOf(() -> read(event)).errors())
                .extracting(FieldError::field)
                .containsExactly("payment_status");
    }

    @Test
    void ignoresEventsWithoutAnObject() {
        assertIgnored("{\"id\":\"evt_1\",\"type\":\"payment_intent.succeeded\"}", "There is no order_id");
        assertIgnored(
                "{\"id\":\"evt_1\",\"type\":\"payment_intent.succeeded\",\"data\":{\"object\":[]}}",
                "There is no order_id");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"id\": \"evt_                 | \"event\": \"evt_                         | id",
                "\"id\": \"evt_                 | \"id\": 7, \"event\": \"evt_                | id",
                "\"type\": \"payment_intent     | \"kind\": \"payment_intent                | type",
                "\"id\": \"pi_                  | \"intent\": \"pi_                         | id",
                "\"amount_received\": 2100     | \"amount_received\": null               | amount_received",
                "\"amount_received\": 2100     | \"amount_received\": 21.5               | amount_received",
                "\"amount_received\": 2100     | \"amount_received\": -2100              | amount_received",
                "\"amount_received\": 2100     | \"amount_received\": \"much\"           | amount_received",
                "\"currency\": \"eur\"           | \"currency\": null                       | currency",
                "\"currency\": \"eur\"           | \"currency\": \"euro\"                   | currency",
                "\"currency\": \"eur\"           | \"currency\": 978                        | currency",
            })
    void refusesAPaymentThatIsNotAsStripeDocumentsIt(String right, String wrong, String field) {
        String event = event("payment_intent.succeeded", ORDER).replace(right, wrong);

        ProblemException problem = Requests.problemOf(() -> read(event));

        assertThat(problem.type()).isEqualTo(ProblemType.VALIDATION_FAILED);
        assertThat(problem.errors()).extracting(FieldError::field).containsExactly(field);
    }

    private static void assertIgnored(String event, String why) {
        assertThat(read(event))
                .isInstanceOfSatisfying(
                        Ignored.class, ignored -> assertThat(ignored.why()).startsWith(why));
    }

    private static WebhookCommand payment(String event) {
        return ((Payment) read(event)).command();
    }

    private static StripeEvent read(String event) {
        return StripeEvent.read(JsonBody.parse(event.getBytes(StandardCharsets.UTF_8)));
    }
}
