package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.Topics;
import io.flashsale.local.Pipeline;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The page at {@code /} in a real browser, over a real pipeline. */
@ExtendWith(TestPipeline.class)
class ITLivePage {

    private static final Topics TOPICS = Topics.defaults();
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private final Pipeline pipeline;
    private final Shop shop;
    private Chromium browser;

    ITLivePage(Pipeline pipeline) {
        this.pipeline = pipeline;
        this.shop = new Shop(pipeline.ingressUrl(1));
    }

    @BeforeEach
    void open() throws IOException {
        Optional<Path> program = Chromium.find();
        Needs.require(program.isPresent(), "a browser (Debian: apt-get install chromium)");
        browser = Chromium.start(program.orElseThrow());
        browser.look(1280, 900, "light");
        browser.open(pipeline.ingressUrl(1) + "/");
        awaitLive();
    }

    @AfterEach
    void close() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void aSaleIsPreparedRunAndWatchedFromThePage() throws IOException {
        useKey();
        String productId = Shop.newProductId();

        define(productId, "Desk lamp", 25);
        assertThat(amount(productId, "available")).isEqualTo("25");

        race(productId, 60, 1);
        assertThat(browser.text("#race-accepted")).isEqualTo("25");
        assertThat(browser.text("#race-refused")).isEqualTo("35");
        assertThat(browser.text("#race-lost")).isEqualTo("0");
        assertThat(browser.text("#race-verdict")).contains("never more than the stock");
        awaitSameAsTheApi(productId);
        assertThat(shop.product(productId).number("reserved_stock")).isEqualTo(25);
        assertThat(browser.text(card(productId) + " .status")).isEqualTo("sold out");

        // From here on nothing but the stream tells it.
        shop.adjust(productId, 5).expect(200);
        shop.pay(shop.orderOf(productId, 2), "succeeded", "key-" + productId).expect(200);
        Shop.await().untilAsserted(() -> assertThat(amount(productId, "sold")).isEqualTo("2"));
        awaitSameAsTheApi(productId);
        assertThat(browser.script("document.querySelector('" + card(productId) + " .stack').ariaValueText")
                        .asString())
                .isEqualTo("3 of 30 available, 25 reserved, 2 sold");

        photograph();
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void operatorsSeeWhoDecidesAndWhatCouldNotBeDecided() {
        String productId = shop.product(5, 600);
        try (UpstreamSystem upstream = new UpstreamSystem(pipeline.bootstrapServers())) {
            byte[] key = productId.getBytes(StandardCharsets.UTF_8);
            upstream.send(new ProducerRecord<>(
                    TOPICS.holdCommands().name(), key, "not json".getBytes(StandardCharsets.UTF_8)));
        }
        assertThat(shop.call("GET", "/api/live/pipeline", null).status()).isEqualTo(401);

        useKey();

        Shop.await().untilAsserted(() -> {
            JsonNode rows = browser.script(
                    "[...document.querySelectorAll('#pipeline-body tr')].map((row) => [...row.cells].map((cell) => cell.innerText))");
            assertThat(rows).hasSize(TOPICS.partitions()).allSatisfy(row -> {
                assertThat(row.get(1).asString()).matches(".+:[0-9]+");
                assertThat(row.get(2).asString()).isEqualTo("0");
                assertThat(row.get(3).asString()).matches(".+:[0-9]+");
                assertThat(row.get(4).asString()).isEqualTo("0");
            });
            assertThat(browser.text("#letters")).contains("not-json").contains("hold-commands-");
        });
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aWrongKeyShowsNothing() {
        browser.type("#key", "another");
        browser.pressEnter();

        Shop.await()
                .untilAsserted(
                        () -> assertThat(browser.text("#pipeline-note")).isEqualTo("This is not the admin key."));
        assertThat(browser.script("document.querySelector('#pipeline').hidden").asBoolean())
                .isTrue();
    }

    @Test
    void theKeyboardReachesEveryControl() {
        Set<String> reached = new LinkedHashSet<>();
        for (int i = 0; i < 40; i++) {
            browser.pressTab();
            reached.add(browser.script("document.activeElement.id").asString(""));
        }

        assertThat(reached)
                .containsSubsequence(
                        "race-product",
                        "race-buyers",
                        "race-quantity",
                        "race-start",
                        "define-id",
                        "define-name",
                        "define-stock",
                        "define-price",
                        "define-ttl",
                        "key");
        // Each field has a name that is read out.
        assertThat(browser.script("[...document.querySelectorAll('input, select, progress')]"
                        + ".filter((field) => field.labels.length === 0).map((field) => field.id)"))
                .isEmpty();
    }

    @Test
    void saysWhenTheConnectionIsAwayAndComesBack() {
        try (KafkaProxy way = new KafkaProxy()) {
            int ingress = URI.create(pipeline.ingressUrl(1)).getPort();
            browser.open("http://127.0.0.1:" + way.wayTo(ingress) + "/");
            String productId = shop.product(7, 600);
            awaitAvailable(productId, "7");

            way.refuse();
            awaitConnection("Reconnecting");
            shop.hold(productId, 3).expect(201);
            way.heal();
            awaitAvailable(productId, "4");
            awaitLive();

            // Nothing is closed: that nothing comes any more is all there is to see.
            way.cut();
            awaitConnection("Reconnecting");
            shop.hold(productId, 1).expect(201);
            way.heal();
            awaitAvailable(productId, "3");
            awaitLive();
        }
    }

    private void awaitAvailable(String productId, String amount) {
        Shop.await()
                .untilAsserted(() -> assertThat(amount(productId, "available")).isEqualTo(amount));
    }

    private void awaitConnection(String words) {
        Shop.await().untilAsserted(() -> assertThat(browser.text("#connection")).isEqualTo(words));
    }

    private void awaitLive() {
        awaitConnection("Live");
    }

    private void useKey() {
        browser.type("#key", "local-admin");
        browser.pressEnter();
        Shop.await()
                .until(() -> !browser.script("document.querySelector('#pipeline').hidden")
                        .asBoolean());
    }

    private void define(String productId, String name, int stock) {
        browser.type("#define-id", productId);
        browser.type("#define-name", name);
        browser.type("#define-stock", Integer.toString(stock));
        browser.type("#define-price", "49.90");
        browser.type("#define-ttl", "600");
        browser.pressEnter();
        Shop.await()
                .untilAsserted(() -> assertThat(browser.text("#define-result")).endsWith(productId + " is on sale."));
        Shop.await()
                .untilAsserted(() -> assertThat(browser.text("#race-product")).contains(productId));
    }

    private void race(String productId, int buyers, int quantity) {
        browser.script("document.querySelector('#race-product').value = '" + productId + "'");
        browser.type("#race-buyers", Integer.toString(buyers));
        browser.type("#race-quantity", Integer.toString(quantity));
        browser.pressEnter();
        Shop.await()
                .until(() -> browser.script("document.querySelector('#race-verdict').dataset.state")
                        .asString()
                        .equals("good"));
    }

    private void awaitSameAsTheApi(String productId) {
        Shop.await().untilAsserted(() -> {
            Shop.Answer product = shop.product(productId);
            assertThat(List.of(
                            amount(productId, "available"), amount(productId, "reserved"), amount(productId, "sold")))
                    .containsExactly(
                            product.text("available_stock"),
                            product.text("reserved_stock"),
                            product.text("sold_stock"));
        });
    }

    private String amount(String productId, String part) {
        return browser.text(card(productId) + " [data-amount=" + part + "]");
    }

    private static String card(String productId) {
        return "[data-product=\"" + productId + "\"]";
    }

    private void photograph() throws IOException {
        browser.screenshot(SCREENSHOTS.resolve("page-light.png"));
        browser.look(1280, 900, "dark");
        browser.screenshot(SCREENSHOTS.resolve("page-dark.png"));
        browser.look(390, 844, "light");
        browser.screenshot(SCREENSHOTS.resolve("page-phone.png"));
        // Nothing may be wider than the phone, or it could be pushed aside.
        assertThat(browser.script("document.documentElement.scrollWidth").intValue())
                .isLessThanOrEqualTo(390);
        browser.look(390, 844, "dark");
        browser.screenshot(SCREENSHOTS.resolve("page-phone-dark.png"));
    }
}
