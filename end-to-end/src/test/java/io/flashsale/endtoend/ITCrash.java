package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRejected;
import io.flashsale.contracts.Topics;
import io.flashsale.endtoend.Shop.Answer;
import io.flashsale.endtoend.TestPipeline.Running;
import io.flashsale.local.Pipeline;
import io.flashsale.local.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An instance dies in the middle of a sale. On a pipeline of its own, because others would see it die. */
class ITCrash {

    private static final int STOCK = 100;
    private static final int BUYERS = 1_000;
    private static final int CLIENTS = 32;
    private static final int ACCEPTED_BEFORE_CRASH = 10;

    /** One more call of each client does not end the sale, however slow the kill is. */
    private static final int MOST_ACCEPTED_BEFORE_CRASH = STOCK - CLIENTS;

    /** The takeover alone takes a session timeout; a machine may be slow. */
    private static final Duration SALE_DEADLINE = Duration.ofMinutes(4);

    private final Running running = Running.start(options -> options.instances(Role.INVENTORY, 2)
            // As in production: callers leave while nobody decides, and come again with their key.
            .property(Role.INGRESS, "flashsale.reply.timeout", "5s"));
    private final Pipeline pipeline = running.pipeline();
    private final Shop shop = new Shop(pipeline.ingressUrl(1));
    private final Map<String, Shop> inventory = Map.of(
            "inventory-1", new Shop(pipeline.inventoryUrl(1)),
            "inventory-2", new Shop(pipeline.inventoryUrl(2)));

    @AfterEach
    void close() throws Exception {
        running.close();
    }

    @Test
    void failure19_theOwnerIsKilledInTheMiddleOfASale_totalsAreEqualAndReadsGoOn() throws Exception {
        String productId = shop.product(STOCK, 3_600);
        Crash crash = new Crash(awaitOwnerWithStandby(productId));
        List<Answer> reads = new ArrayList<>();
        List<Answer> answers;

        try (ExecutorService background = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<Answer>> sale = background.submit(() -> {
                List<Answer> all = Shop.atOnce(BUYERS, CLIENTS, () -> buy(productId, crash));
                pipeline.awaitReady(crash.victim);
                return all;
            });
            Shop.await().atMost(SALE_DEADLINE).pollInSameThread().until(() -> {
                reads.add(shop.get("/api/products/" + productId));
                return sale.isDone();
            });
            answers = sale.get();
        }

        assertThat(answers.stream().collect(Collectors.groupingBy(Answer::status, Collectors.summingInt(answer -> 1))))
                .isEqualTo(Map.of(201, STOCK, 409, BUYERS - STOCK));
        assertThatEachWasDecidedOnce(productId, answers);
        // A copy may answer while the partition goes back to the instance that came again.
        Shop.await().untilAsserted(() -> {
            Answer product = shop.product(productId);
            assertThat(product.number("available_stock")).isZero();
            assertThat(product.number("reserved_stock")).isEqualTo(STOCK);
        });
        assertThat(reads).extracting(Answer::status).contains(200).isSubsetOf(200, 503);
        assertThat(reads.stream().filter(read -> read.status() == 200))
                .allSatisfy(read -> assertThat(read.number("available_stock") + read.number("reserved_stock"))
                        .isEqualTo(STOCK));
    }

    private void assertThatEachWasDecidedOnce(String productId, List<Answer> answers) {
        List<InventoryEvent> decisions;
        try (UpstreamSystem reader = new UpstreamSystem(pipeline.bootstrapServers())) {
            decisions = reader.committed(Topics.defaults().inventoryEvents(), InventoryEvent.class, productId);
        }
        List<String> acknowledged = answers.stream()
                .filter(answer -> answer.status() == 201)
                .map(answer -> answer.text("hold_id"))
                .toList();
        assertThat(acknowledged).doesNotHaveDuplicates();
        assertThat(decisions.stream()
                        .filter(HoldPlaced.class::isInstance)
                        .map(placed -> ((HoldPlaced) placed).holdId()))
                .containsExactlyInAnyOrderElementsOf(acknowledged);
        assertThat(decisions.stream()
                        .filter(HoldRejected.class::isInstance)
                        .map(rejected -> ((HoldRejected) rejected).holdId()))
                .hasSize(BUYERS - STOCK)
                .doesNotHaveDuplicates();
    }

    /** The instance that owns a product, once the other one has a copy of it. */
    private String awaitOwnerWithStandby(String productId) {
        return Shop.await()
                .until(
                        () -> {
                            List<String> owners = new ArrayList<>();
                            List<String> standbys = new ArrayList<>();
                            inventory.forEach((name, instance) -> {
                                Answer own = instance.call(
                                        "GET",
                                        "/internal/products/" + productId,
                                        null,
                                        "X-Flashsale-Forwarded",
                                        "true");
                                if (own.status() == 200) {
                                    (own.header("X-Flashsale-Stale").isEmpty() ? owners : standbys).add(name);
                                }
                            });
                            return owners.size() == 1 && standbys.size() == 1 ? owners.getFirst() : "";
                        },
                        owner -> !owner.isEmpty());
    }

    /** One buyer: the same request with the same key until it is decided. */
    private Answer buy(String productId, Crash crash) {
        String key = UUID.randomUUID().toString();
        Answer decided = Shop.await()
                .atMost(SALE_DEADLINE)
                .pollDelay(Duration.ZERO)
                .pollInSameThread()
                .until(
                        () -> {
                            crash.awaitIfOverdue();
                            return shop.hold(productId, 1, "Idempotency-Key", key);
                        },
                        answer -> {
                            assertThat(answer.status()).as(answer.body()).isIn(201, 202, 409, 503);
                            return answer.status() == 201 || answer.status() == 409;
                        });
        if (decided.status() == 201) {
            crash.countAccepted();
        }
        return decided;
    }

    /** Kills an instance after so many accepted holds and starts it again. */
    private final class Crash {

        private final String victim;
        private final AtomicInteger accepted = new AtomicInteger();
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        Crash(String victim) {
            this.victim = victim;
        }

        /** The others go on meanwhile, so that it comes between decisions and their commit; but not to the sale's end. */
        void awaitIfOverdue() {
            if (accepted.get() >= MOST_ACCEPTED_BEFORE_CRASH) {
                done.join();
            }
        }

        void countAccepted() {
            if (accepted.incrementAndGet() == ACCEPTED_BEFORE_CRASH) {
                try {
                    pipeline.kill(victim);
                    pipeline.start(victim);
                } finally {
                    done.complete(null);
                }
            }
        }
    }
}
