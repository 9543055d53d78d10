package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.endtoend.Shop.Answer;
import io.flashsale.endtoend.TestPipeline.Running;
import io.flashsale.local.Pipeline;
import io.flashsale.local.Role;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A sale in which one service after the other cannot reach Kafka any more, though it lives and callers reach it. Nobody
 * restarts it: it must come back by itself. An independent checker judges.
 */
@ExtendWith(OwnBrokers.class)
class ITNetworkCut {

    private static final long SEED = Long.getLong("flashsale.faults.seed", System.nanoTime() % 1_000_000);
    private static final int CALLS_PER_SECOND = 150;

    /** Longer than the session and the transaction timeout: who was cut off has been replaced, and must be fenced. */
    private static final Duration CUT = Duration.ofSeconds(8);

    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(5);

    private final KafkaProxy inventoryProxy = new KafkaProxy();
    private final KafkaProxy ordersProxy = new KafkaProxy();
    private final KafkaProxy ingressProxy = new KafkaProxy();
    private final Running running = Running.start(options -> options.instances(Role.INVENTORY, 2)
            .instances(Role.ORDERS, 2)
            .instances(Role.INGRESS, 2)
            .detour("inventory-1", inventoryProxy::wayTo)
            .detour("orders-1", ordersProxy::wayTo)
            .detour("ingress-1", ingressProxy::wayTo)
            .property(Role.INGRESS, "flashsale.reply.timeout", REPLY_TIMEOUT.toSeconds() + "s")
            .property(Role.INVENTORY, "flashsale.streams.session-timeout", "3s")
            .property(Role.ORDERS, "flashsale.streams.session-timeout", "3s")
            .property(Role.ORDERS, "flashsale.orders.payment-window", "8s")
            .property(Role.ORDERS, "flashsale.orders.parking-time", "15s"));
    private final Pipeline pipeline = running.pipeline();
    private final Shop cutShop = new Shop(pipeline.ingressUrl(1));
    private final Shop shop = new Shop(pipeline.ingressUrl(2));
    private final Shop inventory = new Shop(pipeline.inventoryUrl(1));

    @AfterEach
    void close() throws Exception {
        running.close();
        inventoryProxy.close();
        ordersProxy.close();
        ingressProxy.close();
    }

    @Test
    void whoIsCutOffFromKafkaIsReplacedFencedAndComesBackByItself() throws Exception {
        List<Long> processes =
                pipeline.names().stream().map(pipeline::processId).toList();
        try (Sale sale = new Sale(pipeline.bootstrapServers(), List.of(shop, cutShop), 8, SEED)) {
            sale.start(CALLS_PER_SECOND);
            List<String> calm = Stream.generate(() -> Sale.newProduct(shop, 1_000, 600))
                    .limit(12)
                    .toList();
            Shop.await().until(() -> ownsOne(calm));
            List<String> ownedByOne = calm.stream().filter(this::owns).toList();

            cutStreams("inventory-1", inventoryProxy, sale, () -> {
                ownedByOne.forEach(this::assertThatReadsShowWhatWasAnswered);
            });
            Shop.await().until(() -> ownsOne(calm));
            cutIngress(sale);
            cutStreams("orders-1", ordersProxy, sale, () -> {});
            sale.endAndJudge();
        }
        assertThat(pipeline.names().stream().map(pipeline::processId)).isEqualTo(processes);
        assertThat(pipeline.unexpectedExit()).isEmpty();
    }

    private void cutStreams(String name, KafkaProxy proxy, Sale sale, Runnable whileCut) throws Exception {
        long from = System.nanoTime();
        proxy.cut();
        Shop.await().until(() -> !isReady(name));
        Nemesis.wait(CUT.minusNanos(System.nanoTime() - from));
        sale.awaitDecisions();
        Duration longest = sale.longestWaitSince(from);
        whileCut.run();

        long healed = System.nanoTime();
        proxy.heal();
        Shop.await().until(() -> isReady(name));
        Duration back = Duration.ofNanos(System.nanoTime() - healed);
        sale.awaitDecisions();
        Shop.await()
                .untilAsserted(() -> assertThat(Files.readString(pipeline.log(name)))
                        .as("that Kafka refused what it had under way")
                        .containsAnyOf("is being fenced", "InvalidTxnStateException"));
        System.out.printf(
                "cut: %s: longest wait for a decided hold %d ms, after the heal %d ms, back after %d ms%n",
                name, longest.toMillis(), sale.longestWaitSince(healed).toMillis(), back.toMillis());
    }

    private void cutIngress(Sale sale) {
        long from = System.nanoTime();
        ingressProxy.cut();
        String product = sale.products().getFirst();
        Shop.await().pollInSameThread().until(() -> {
            long asked = System.nanoTime();
            Answer answer = cutShop.hold(
                    product, 1, "Idempotency-Key", UUID.randomUUID().toString());
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(REPLY_TIMEOUT.multipliedBy(2));
            if (answer.status() != 503) {
                return false;
            }
            assertThat(answer.header("Retry-After")).isNotEmpty();
            assertThat(answer.text("code")).isEqualTo("kafka-unavailable");
            return true;
        });
        Duration told = Duration.ofNanos(System.nanoTime() - from);
        Shop.await().until(() -> !isReady("ingress-1"));
        Nemesis.wait(CUT.minusNanos(System.nanoTime() - from));

        long healed = System.nanoTime();
        ingressProxy.heal();
        Shop.await().until(() -> cutShop.hold(product, 1).status() == 201);
        assertThat(isReady("ingress-1")).isTrue();
        System.out.printf(
                "cut: ingress-1: 503 after %d ms, decides again %d ms after the heal%n",
                told.toMillis(), Duration.ofNanos(System.nanoTime() - healed).toMillis());
    }

    private boolean isReady(String name) {
        return new Shop(pipeline.managementUrl(name))
                        .get("/actuator/health/readiness")
                        .status()
                == 200;
    }

    /** Whoever is asked first: the instance that is cut off, too, which still believes to own the product. */
    private void assertThatReadsShowWhatWasAnswered(String product) {
        for (int i = 0; i < 5; i++) {
            int before = available(product);
            String key = UUID.randomUUID().toString();
            Shop.await()
                    .until(() -> shop.hold(product, 1, "Idempotency-Key", key).status() == 201);
            assertThat(available(product)).isEqualTo(before - 1);
        }
        Answer own = ownAnswer(product);
        assertThat(own.status() == 503 || own.header("X-Flashsale-Stale").equals("true"))
                .as("what the one that is cut off says: " + own.status() + " " + own.body())
                .isTrue();
    }

    private int available(String product) {
        return Shop.await()
                .until(() -> shop.get("/api/products/" + product), read -> read.status() == 200)
                .number("available_stock");
    }

    private boolean ownsOne(List<String> products) {
        return products.stream().anyMatch(this::owns);
    }

    /** Whether the first inventory instance decides on a product itself. */
    private boolean owns(String product) {
        Answer own = ownAnswer(product);
        return own.status() == 200 && own.header("X-Flashsale-Stale").isEmpty();
    }

    private Answer ownAnswer(String product) {
        return inventory.call("GET", "/internal/products/" + product, null, "X-Flashsale-Forwarded", "true");
    }
}
