package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.ProductView;
import io.flashsale.contracts.Topic;
import io.flashsale.contracts.Topics;
import io.flashsale.endtoend.History.Call;
import io.flashsale.endtoend.History.Kind;
import io.flashsale.endtoend.HistoryChecker.Logged;
import io.flashsale.endtoend.Nemesis.Fault;
import io.flashsale.endtoend.Shop.Answer;
import io.flashsale.endtoend.TestPipeline.Running;
import io.flashsale.local.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A sale goes on while processes are killed, paused, stopped and wiped at random moments, and afterwards an independent
 * checker judges what callers were told by what is in the log. {@code -Dflashsale.faults.seed=N} repeats a run's faults,
 * {@code -Dflashsale.faults.minutes=N} makes it longer.
 */
class ITFaults {

    private static final long SEED = Long.getLong("flashsale.faults.seed", System.nanoTime() % 1_000_000);
    private static final Duration LENGTH = Duration.ofMinutes(Integer.getInteger("flashsale.faults.minutes", 3));
    private static final int CALLS_PER_SECOND = Integer.getInteger("flashsale.faults.calls", 350);
    private static final int COMMANDS_PER_SECOND = 20;
    private static final int PRODUCTS = 8;
    private static final Duration CALM = Duration.ofSeconds(4);
    private static final Duration SETTLE_DEADLINE = Duration.ofMinutes(3);

    private final Running running = Running.start(options -> options.instances(Role.INVENTORY, 2)
            .instances(Role.ORDERS, 2)
            .instances(Role.INGRESS, 2)
            .property(Role.INGRESS, "flashsale.reply.timeout", "5s")
            // The shortest that survives a busy machine; the local broker allows it.
            .property(Role.INVENTORY, "flashsale.streams.session-timeout", "3s")
            .property(Role.ORDERS, "flashsale.streams.session-timeout", "3s")
            .property(Role.ORDERS, "flashsale.orders.payment-window", "8s")
            .property(Role.ORDERS, "flashsale.orders.parking-time", "20s"));
    private final List<Shop> shops = List.of(
            new Shop(running.pipeline().ingressUrl(1)),
            new Shop(running.pipeline().ingressUrl(2)));
    private final History history = new History();

    @AfterEach
    void close() throws Exception {
        running.close();
    }

    @Test
    void failure15_failure19_failure26_nothingIsLostOrInventedWhateverIsKilledPausedOrWiped() throws Exception {
        System.out.println(
                "faults: seed " + SEED + ", " + LENGTH.toMinutes() + " min, " + CALLS_PER_SECOND + " calls/s at most");
        List<String> products = Stream.generate(() -> shops.getFirst().product(1_000_000, 5))
                .limit(PRODUCTS)
                .toList();
        OwnersOfProducts owners = OwnersOfProducts.of(running.pipeline(), shops.getFirst(), products);
        FaultReport report = new FaultReport();
        long start = System.nanoTime();
        try (Buyers buyers = new Buyers(shops, products, history);
                Upstream upstream = new Upstream(running.pipeline().bootstrapServers(), products, history)) {
            buyers.start(CALLS_PER_SECOND, SEED);
            upstream.start(COMMANDS_PER_SECOND);
            strike(products, owners, report);
            buyers.stop();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        settle(products);

        List<Call> calls = history.calls();
        System.out.printf(
                "faults: %d calls in %.0f s (%.0f/s), %d decided, %d unknown%n",
                calls.size(), seconds, calls.size() / seconds, calls.size() - history.unknown(), history.unknown());
        System.out.print(report);

        assertThat(calls.stream().filter(Call::isDecided).map(Call::kind)).contains(Kind.values());
        assertThat(calls).extracting(Call::status).doesNotContain(500);
        assertThat(HistoryChecker.check(
                        calls,
                        log(Topics.defaults().inventoryEvents(), InventoryEvent.class, products),
                        log(Topics.defaults().orderEvents(), OrderEvent.class, products),
                        reads(products)))
                .as("seed " + SEED)
                .isEmpty();
    }

    /** Every fault once in random order, then whatever comes, until the time is over. */
    private void strike(List<String> products, OwnersOfProducts owners, FaultReport report) throws Exception {
        Random random = new Random(SEED);
        Nemesis nemesis = new Nemesis(running.pipeline(), running.directory(), SEED);
        List<Fault> faults = new ArrayList<>(List.of(Fault.values()));
        Collections.shuffle(faults, random);
        long end = System.nanoTime() + LENGTH.toNanos();
        for (int i = 0; System.nanoTime() < end; i++) {
            Fault fault = i < faults.size() ? faults.get(i) : faults.get(random.nextInt(faults.size()));
            Nemesis.wait(CALM.plusMillis(random.nextInt(2_000)));
            List<String> victims = nemesis.victims(fault);
            Set<String> untouched = owners.notOwnedBy(victims);
            int from = history.size();
            long start = System.nanoTime();
            nemesis.strike(fault, victims);
            long back = System.nanoTime();
            Shop.await().until(() -> products.stream().allMatch(product -> isDecidedAfter(product, from, back)));
            report.add(fault, start, history.since(from), products, untouched);
        }
    }

    private boolean isDecidedAfter(String product, int from, long time) {
        return history.since(from).stream()
                .anyMatch(call -> call.kind() == Kind.HOLD
                        && call.productId().equals(product)
                        && call.isDecided()
                        && call.startNanos() > time);
    }

    /** Every deadline passes, and nothing is left open. */
    private void settle(List<String> products) {
        for (String product : products) {
            Shop.await().atMost(SETTLE_DEADLINE).untilAsserted(() -> {
                Answer read = shops.getFirst().product(product);
                assertThat(read.number("reserved_stock")).as(read.body()).isZero();
                assertThat(read.header("X-Flashsale-Stale")).isEmpty();
            });
        }
    }

    private List<ProductView> reads(List<String> products) {
        return products.stream()
                .map(product ->
                        Json.MAPPER.readValue(shops.getFirst().product(product).bytes(), ProductView.class))
                .toList();
    }

    private <T> List<Logged<T>> log(Topic topic, Class<T> type, List<String> products) {
        try (UpstreamSystem reader = new UpstreamSystem(running.pipeline().bootstrapServers())) {
            return reader.committed(topic).stream()
                    .filter(record -> products.contains(UpstreamSystem.keyOf(record)))
                    .map(record -> new Logged<>(
                            record.partition(),
                            record.offset(),
                            Instant.ofEpochMilli(record.timestamp()),
                            Json.MAPPER.readValue(record.value(), type)))
                    .collect(Collectors.toList());
        }
    }
}
