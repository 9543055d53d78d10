package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.InventoryEvent.StockSold;
import io.flashsale.contracts.Topics;
import io.flashsale.local.Main;
import io.flashsale.local.Pipeline;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The commands that look into a running pipeline, against one: the first, while little is in the log to be verified. */
@ExtendWith(TestPipeline.class)
@Order(1)
class ITTools {

    private final Pipeline pipeline;
    private final Shop shop;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    ITTools(Pipeline pipeline) {
        this.pipeline = pipeline;
        this.shop = new Shop(pipeline.ingressUrl(1));
    }

    @Test
    void theRaceComesOutExactly() {
        assertThat(run(pipeline, "stress", "--buyers", "60", "--stock", "20", "--payments"))
                .as(output())
                .isZero();
        assertThat(output()).contains("Exact: 20 × 1 accepted + 0 left = 20.");
    }

    @Test
    void theDemoGoesAsItSays() {
        assertThat(run(pipeline, "demo")).as(output()).isZero();
        assertThat(output()).contains("28 steps, each as expected.");
    }

    @Test
    void failure23_verifyTwiceIsTheSameAndFindsNothing() {
        String productId = shop.product(5, 600);
        shop.pay(shop.orderOf(productId, 2), "succeeded", "key-" + productId).expect(200);
        shop.hold(productId, 1).expect(201);

        assertThat(run(pipeline, "verify", "--product", productId)).as(output()).isZero();
        String first = output();
        written.reset();
        assertThat(run(pipeline, "verify", "--product", productId)).isZero();

        assertThat(output()).isEqualTo(first).contains("No difference");
    }

    @Test
    void aHistoryTellsWhatHappened() {
        String productId = shop.product(5, 600);
        String orderId = shop.orderOf(productId, 2);
        shop.cancel(orderId).expect(200);

        assertThat(run(pipeline, "history", "--order", orderId)).as(output()).isZero();

        assertThat(output()).contains("held 2 units", "became an order", "cancelled", orderId);
    }

    /** The product is spoilt for ever, so nobody else may ask about all of them. */
    @Test
    void verifyFindsAnEventThatNobodyDecided() {
        String productId = shop.product(5, 600);
        String orderId = shop.orderOf(productId, 2);
        shop.pay(orderId, "succeeded", "key-" + productId).expect(200);
        Shop.await().until(() -> shop.product(productId).number("sold_stock") == 2);
        assertThat(run(pipeline, "verify")).as(output()).isZero();
        written.reset();
        try (UpstreamSystem intruder = new UpstreamSystem(pipeline.bootstrapServers())) {
            intruder.send(Topics.defaults().inventoryEvents(), productId, new StockSold(productId, orderId, 2));
        }

        assertThat(run(pipeline, "verify")).as(output()).isEqualTo(Main.FAILED);

        assertThat(output()).contains("stock-moves-once", "flashsale.inventory-events-", productId);
    }

    private int run(Pipeline on, String... arguments) {
        PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--kafka", on.bootstrapServers()));
        if (!arguments[0].equals("history")) {
            all.addAll(List.of("--url", on.ingressUrl(1)));
        }
        return new Main(Main.commands(out), out).run(all);
    }

    private String output() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
