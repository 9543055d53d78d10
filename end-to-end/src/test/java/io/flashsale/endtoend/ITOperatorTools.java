package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.Topics;
import io.flashsale.local.Main;
import io.flashsale.local.Pipeline;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The commands with which an operator looks at a running pipeline and mends it, against one. */
@ExtendWith(TestPipeline.class)
class ITOperatorTools {

    private static final Topics TOPICS = Topics.defaults();

    private final Pipeline pipeline;
    private final Shop shop;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    ITOperatorTools(Pipeline pipeline) {
        this.pipeline = pipeline;
        this.shop = new Shop(pipeline.ingressUrl(1));
    }

    @Test
    void theTopicsOfAPipelineAreAsTheyMustBe() {
        shop.product(5, 600);

        assertThat(run("topics")).as(output()).isZero();

        assertThat(output())
                .contains(
                        TOPICS.inventoryEvents().name(),
                        "flashsale.inventory-streams-product-by-id-changelog",
                        "flashsale.order-streams-",
                        "for ever",
                        "compacted",
                        "topics are as they must be.");
        JsonNode events = json("topics")
                .get("topics")
                .valueStream()
                .filter(topic -> topic.get("topic")
                        .asString()
                        .equals(TOPICS.inventoryEvents().name()))
                .findFirst()
                .orElseThrow();
        assertThat(events.get("partitions").asInt()).isEqualTo(TOPICS.partitions());
        assertThat(events.get("records").asLong()).isPositive();
        assertThat(events.get("bytes").asLong()).isPositive();
    }

    @Test
    void aPipelineThatIsDoneIsBehindNowhere() {
        String productId = shop.product(5, 600);
        shop.pay(shop.orderOf(productId, 2), "succeeded", "key-" + productId).expect(200);

        // Marks of transactions are offsets too, and must not look like records that nobody reads.
        Shop.await().untilAsserted(() -> {
            JsonNode lag = json("lag");
            assertThat(lag.get("warnings")).isEmpty();
            assertThat(lag.get("inputs").valueStream()).allSatisfy(input -> {
                assertThat(input.get("behind").asLong()).as(input.toString()).isZero();
                assertThat(input.get("open").asLong()).as(input.toString()).isZero();
            });
        });

        written.reset();
        assertThat(run("lag")).as(output()).isZero();
        for (String input : List.of("hold-commands", "order-events", "inventory-events", "webhook-commands")) {
            assertThat(output()).contains("flashsale." + input);
        }
        assertThat(run("lag", "--partitions")).isZero();
    }

    @Test
    void eachPartitionHasAnOwnerAndItIsTheOneThatAnswers() {
        Set<String> instances = Stream.of(1, 2)
                .map(number -> addressOf(pipeline.inventoryUrl(number)))
                .collect(Collectors.toSet());
        String productId = shop.product(5, 600);

        // Partitions may be changing hands when the pipeline is young.
        Shop.await().untilAsserted(() -> {
            written.reset();
            assertThat(run("owners")).as(output()).isZero();
            JsonNode partitions = json("owners").get("partitions");
            assertThat(partitions).hasSize(TOPICS.partitions());
            assertThat(partitions
                            .valueStream()
                            .map(each -> each.get("inventory_streams").asString())
                            .collect(Collectors.toSet()))
                    .isEqualTo(instances);
            assertThat(partitions.valueStream())
                    .allMatch(each -> each.get("order_streams").asString().equals(addressOf(pipeline.ordersUrl(1))));

            JsonNode ofProduct = json("owners", "--product", productId).get("partitions");
            assertThat(ofProduct).hasSize(1);
            assertThat(ofProduct.get(0).get("partition").asInt())
                    .isEqualTo(TOPICS.partitionOf(productId.getBytes(StandardCharsets.UTF_8)));
            Shop owner = new Shop(
                    "http://" + ofProduct.get(0).get("inventory_streams").asString());
            Shop.Answer own =
                    owner.call("GET", "/internal/products/" + productId, null, "X-Flashsale-Forwarded", "true");
            assertThat(own.status()).isEqualTo(200);
            assertThat(own.header("X-Flashsale-Stale")).isEmpty();
        });
    }

    @Test
    void theProductsAreListedWithTheirStock() {
        String productId = shop.product(5, 600);
        shop.hold(productId, 2).expect(201);

        Shop.await().untilAsserted(() -> {
            written.reset();
            assertThat(run("products")).as(output()).isZero();
            assertThat(output().lines())
                    .anyMatch(line -> line.matches(productId + " +Lamp +open +5 +3 +2 +0 +1"))
                    .last()
                    .asString()
                    .matches("[0-9,]+ products?: .* active holds\\.");
        });
        assertThat(json("products").get("products").valueStream())
                .anyMatch(product -> product.get("id").asString().equals(productId)
                        && product.get("available_stock").asInt() == 3);
    }

    @Test
    void failure18_aRecordInTheWrongPartitionIsReplayedOnceToItsOwn() {
        // given: an adjustment without a key of its own, which would have an effect each time
        String productId = shop.product(5, 600);
        byte[] key = productId.getBytes(StandardCharsets.UTF_8);
        int wrong = (TOPICS.partitionOf(key) + 1) % TOPICS.partitions();
        byte[] adjustment = ("{\"type\":\"AdjustStock\",\"product_id\":\"" + productId
                        + "\",\"delta\":3,\"reason\":\"found\"}")
                .getBytes(StandardCharsets.UTF_8);
        try (UpstreamSystem upstream = new UpstreamSystem(pipeline.bootstrapServers())) {
            upstream.send(new ProducerRecord<>(TOPICS.productCommands().name(), wrong, key, adjustment));
        }
        Shop.await().untilAsserted(() -> {
            written.reset();
            assertThat(run("dead-letters", "--reason", "wrong-partition", "--topic", "product-commands"))
                    .isZero();
            assertThat(output()).contains("wrong-partition  key \"" + productId + "\"");
        });

        // when
        written.reset();
        assertThat(replay()).as(output()).isZero();

        // then
        assertThat(output()).contains("product-commands", "replayed");
        Shop.await().until(() -> shop.product(productId).number("available_stock") == 8);
        written.reset();
        assertThat(replay()).as(output()).isZero();
        assertThat(output())
                .contains("replayed before: it is in its topic already")
                .contains("\n0 of ");
        shop.adjust(productId, 1).expect(200);
        assertThat(shop.product(productId).number("available_stock")).isEqualTo(9);
        assertThat(run("verify", "--product", productId)).as(output()).isZero();
    }

    private int replay() {
        return run("dead-letters", "--replay", "--reason", "wrong-partition", "--topic", "product-commands");
    }

    private static String addressOf(String url) {
        return url.substring("http://".length());
    }

    private JsonNode json(String... arguments) {
        written.reset();
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        run(all.toArray(String[]::new));
        return Json.MAPPER.readTree(output());
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--kafka", pipeline.bootstrapServers(), "--url", pipeline.ingressUrl(1)));
        PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
        return new Main(Main.commands(out), out).run(all);
    }

    private String output() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
