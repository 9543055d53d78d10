package io.flashsale.local.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.local.PipelineException;
import io.flashsale.local.tools.FakeShop.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void walksThroughTheWholeSale() throws IOException {
        try (FakeShop shop = new FakeShop(Fault.NONE)) {
            run(shop, Map.of());

            assertThat(shop.calls())
                    .anyMatch(call -> call.startsWith("DELETE /api/holds/"))
                    .anyMatch(call -> call.endsWith("/cancel"))
                    .anyMatch(call -> call.endsWith("/stock-adjustments"));
            assertThat(out.toString())
                    .contains("  1  put 5 lamps on sale, at most 3 a hold\n     PUT /api/products/demo-1\n")
                    .contains("     → 201\n")
                    .contains("\"refund_required\": true}");
            assertThat(out.toString().lines()).allMatch(line -> line.length() <= 100);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CANNOT_RELEASE  | (Ben gives his hold back) was answered 405 method-not-allowed instead of 200.
            OVERSELLS       | (Carla comes too late: sold out) was answered 201 instead of 409.
            REFUSES_THE_KEY | (put 5 lamps on sale, at most 3 a hold) was answered 401 unauthorized instead of 201.
            FORGETS_REFUNDS | was answered refund_required nothing instead of true.
            FORGETS_SALES   | (all is sold, nothing is left or lost) was answered reserved_stock
            """)
    void stopsAtTheFirstStepThatIsNotAsExpected(Fault fault, String sentence) throws IOException {
        try (FakeShop shop = new FakeShop(fault)) {
            assertThatThrownBy(() -> run(shop, Map.of()))
                    .isInstanceOf(PipelineException.class)
                    .hasMessageContaining(sentence);
        }
    }

    @Test
    void signsWebhooksIfThereIsASecret() throws IOException {
        try (FakeShop shop = new FakeShop(Fault.NONE)) {
            run(shop, Map.of("FLASHSALE_WEBHOOK_SECRET", "one, two"));

            assertThat(shop.signatures)
                    .isNotEmpty()
                    .allSatisfy((body, signature) -> assertThat(signature)
                            .isEqualTo(new Secrets("", "one").ofWebhook(body).get("X-Webhook-Signature"))
                            .hasSize(64));
        }
    }

    @Test
    void signsAsTheStandardSays() {
        // HMAC-SHA256 of "{}" under the key "key", made with openssl.
        String signature = "a777724d943eb48dc69bca8a4a6d57a04db3f9ec7e1de4e581e860265bdf3032";

        assertThat(new Secrets("", "whsec_a2V5").ofWebhook("{}")).isEqualTo(new Secrets("", "key").ofWebhook("{}"));
        assertThat(new Secrets("", "key").ofWebhook("{}")).containsValue(signature);
        assertThat(new Secrets("", "").ofWebhook("{}")).isEmpty();
    }

    @Test
    void neverShowsASecret() throws IOException {
        try (FakeShop shop = new FakeShop(Fault.NONE)) {
            Map<String, String> environment =
                    Map.of("FLASHSALE_ADMIN_KEY", "topsecret1", "FLASHSALE_WEBHOOK_SECRET", "topsecret2");
            run(shop, environment);

            assertThat(out.toString() + Secrets.of(environment)).doesNotContain("topsecret");
        }
    }

    @Test
    void breaksLongAnswersBetweenFields() {
        String body = "{\"a\":\"" + "x".repeat(50) + "\",\"b\":[1,2],\"c\":\"" + "y".repeat(50) + "\"}";

        assertThat(Transcript.wrap(body))
                .isEqualTo(List.of(
                        "{\"a\": \"" + "x".repeat(50) + "\", \"b\": [1,2],", " \"c\": \"" + "y".repeat(50) + "\"}"));
        assertThat(Transcript.wrap("")).isEmpty();
        assertThat(Transcript.wrap("not json\nat all")).containsExactly("not json", "at all");
    }

    private void run(FakeShop shop, Map<String, String> environment) {
        HandClock clock = new HandClock();
        try (Shop client = new Shop(shop.url())) {
            new Demo(new Transcript(client, clock, new PrintStream(out)), Secrets.of(environment), "demo-1").run();
        }
    }
}
