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
import io.flashsale.endtoend.Shop.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/** A sale with buyers under way, while somebody breaks things: how long they waited, and at the end the verdict. */
final class Sale implements AutoCloseable {

    private static final int STOCK = 1_000_000;
    private static final int COMMANDS_PER_SECOND = 20;
    private static final int MOST_CALLS_PER_SECOND = 2_000;
    private static final int HOLD_TTL_SECONDS = 5;
    private static final Duration SETTLE_DEADLINE = Duration.ofMinutes(3);

    private final String bootstrapServers;
    private final Shop shop;
    private final Buyers.Door door;
    private final long seed;
    private final List<String> products;
    private final History history = new History();
    private final Buyers buyers;
    private final Upstream upstream;
    private long startNanos;

    /** Puts products on sale through the first of the shops; buyers take any of them, whatever it is just doing. */
    Sale(String bootstrapServers, List<Shop> shops, int products, long seed) {
        this(bootstrapServers, shops.getFirst(), Buyers.anyOf(shops), products, seed);
    }

    /** Puts products on sale through a shop; buyers go through a door of their own. */
    Sale(String bootstrapServers, Shop shop, Buyers.Door door, int products, long seed) {
        this.bootstrapServers = bootstrapServers;
        this.shop = shop;
        this.door = door;
        this.seed = seed;
        this.products = Stream.generate(() -> newProduct(shop, STOCK, HOLD_TTL_SECONDS))
                .limit(products)
                .toList();
        this.buyers = new Buyers(door, this.products, history);
        this.upstream = new Upstream(bootstrapServers, this.products, history);
    }

    /** Asks until it is decided: on a busy machine that may take longer than a caller is let wait. */
    static String newProduct(Shop shop, int stock, int holdTtlSeconds) {
        String id = Shop.newProductId();
        Shop.await()
                .until(() -> Set.of(200, 201)
                        .contains(shop.define(id, stock, holdTtlSeconds).status()));
        return id;
    }

    /** Buyers that wait for their answers, at this rate if they are answered at once. */
    void start(int callsPerSecond) {
        begin();
        buyers.start(callsPerSecond, seed);
        awaitDecisions();
    }

    /** So many new buyers, whatever has become of the others. */
    void startOpenLoop(int buyersPerSecond) {
        begin();
        buyers.startOpenLoop(buyersPerSecond, seed);
        awaitDecisions();
    }

    private void begin() {
        startNanos = System.nanoTime();
        upstream.start(COMMANDS_PER_SECOND);
    }

    /** Buyers that buy as fast as it goes for a while; returns their calls per second. */
    double warmUp(Duration time) throws Exception {
        long start = System.nanoTime();
        int before = history.size();
        try (Buyers early = new Buyers(door, products, history)) {
            early.start(MOST_CALLS_PER_SECOND, seed + 1);
            Nemesis.wait(time);
            early.stop();
        }
        return (history.size() - before) / ((System.nanoTime() - start) / 1e9);
    }

    /** Buyers of the open loop who did not even come in, because as many as may waited already. */
    int turnedAway() {
        return buyers.turnedAway();
    }

    List<String> products() {
        return products;
    }

    History history() {
        return history;
    }

    /** Waits until a hold and an order of every product were decided that are asked for from now on. */
    void awaitDecisions() {
        long now = System.nanoTime();
        int ended = history.size();
        for (Kind kind : List.of(Kind.HOLD, Kind.ORDER)) {
            Shop.await()
                    .until(() -> history.since(ended).stream()
                            .filter(call -> call.kind() == kind && call.isDecided() && call.startNanos() > now)
                            .map(Call::productId)
                            .collect(Collectors.toSet())
                            .containsAll(products));
        }
    }

    /** Over all products: the longest time without a decided hold between a moment and now. */
    Duration longestWaitSince(long from) {
        return longestWait(from, System.nanoTime());
    }

    Duration longestWait(long from, long to) {
        return Waits.longest(history.calls(), Kind.HOLD, products, from, to);
    }

    /** Ends the sale, waits until every deadline has passed, and judges what callers were told by what is in the log. */
    void endAndJudge() throws Exception {
        buyers.stop();
        upstream.close();
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        try {
            settle();
        } catch (ConditionTimeoutException stuck) {
            System.out.println("sale: open transactions: " + OpenTransactions.in(bootstrapServers));
            throw stuck;
        }
        List<Call> calls = history.calls();
        System.out.printf(
                "sale: seed %d, %d calls in %.0f s (%.0f/s), %d unknown%n",
                seed, calls.size(), seconds, calls.size() / seconds, history.unknown());
        assertThat(calls.stream().filter(Call::isDecided).map(Call::kind)).contains(Kind.values());
        assertThat(calls).extracting(Call::status).doesNotContain(500);
        assertThat(HistoryChecker.check(
                        calls,
                        log(Topics.defaults().inventoryEvents(), InventoryEvent.class),
                        log(Topics.defaults().orderEvents(), OrderEvent.class),
                        reads()))
                .as("seed " + seed)
                .isEmpty();
    }

    private void settle() {
        for (String product : products) {
            Shop.await().atMost(SETTLE_DEADLINE).untilAsserted(() -> {
                Answer read = shop.product(product);
                assertThat(read.number("reserved_stock")).as(read.body()).isZero();
                assertThat(read.header("X-Flashsale-Stale")).isEmpty();
            });
        }
    }

    private List<ProductView> reads() {
        return products.stream()
                .map(product -> Json.MAPPER.readValue(shop.product(product).bytes(), ProductView.class))
                .toList();
    }

    private <T> List<Logged<T>> log(Topic topic, Class<T> type) {
        try (UpstreamSystem reader = new UpstreamSystem(bootstrapServers)) {
            return reader.committed(topic).stream()
                    .filter(record -> products.contains(UpstreamSystem.keyOf(record)))
                    .map(record -> new Logged<>(
                            record.partition(),
                            record.offset(),
                            Instant.ofEpochMilli(record.timestamp()),
                            Json.MAPPER.readValue(record.value(), type)))
                    .toList();
        }
    }

    @Override
    public void close() {
        buyers.close();
        upstream.close();
    }
}
