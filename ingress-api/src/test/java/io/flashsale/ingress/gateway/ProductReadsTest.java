package io.flashsale.ingress.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProductReadsTest {

    private static final Duration FRESH = Duration.ofMillis(10);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Inventory inventory = new Inventory();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
    private final ProductReads reads = reads(FRESH, 100);

    @AfterEach
    void close() {
        readers.shutdownNow();
    }

    @Test
    void whoComesDuringAReadSharesItsAnswer() {
        CompletableFuture<QueryAnswer> first = read("p");
        Query query = inventory.next();
        List<CompletableFuture<QueryAnswer>> others = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            others.add(read("p"));
        }
        await().until(() -> collapsed() == 50);

        query.answer("stock 1");

        assertThat(text(first)).isEqualTo("stock 1");
        assertThat(others).allSatisfy(other -> assertThat(text(other)).isEqualTo("stock 1"));
        assertThat(inventory.asked).hasValue(1);
    }

    @Test
    void everyProductIsReadByItself() {
        CompletableFuture<QueryAnswer> one = read("p");
        Query first = inventory.next();
        CompletableFuture<QueryAnswer> other = read("q");
        Query second = inventory.next();

        second.answer("q");
        assertThat(text(other)).isEqualTo("q");
        first.answer("p");
        assertThat(text(one)).isEqualTo("p");
    }

    @Test
    void anAnswerIsGivenAgainForAMoment() {
        CompletableFuture<QueryAnswer> first = read("p");
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        inventory.next().answer("stock 1");
        first.join();

        nanos.addAndGet(FRESH.toNanos() - 1);
        assertThat(text(read("p"))).isEqualTo("stock 1");

        nanos.addAndGet(1);
        CompletableFuture<QueryAnswer> later = read("p");
        inventory.next().answer("stock 2");
        assertThat(text(later)).isEqualTo("stock 2");
        assertThat(collapsed()).isEqualTo(1);
    }

    @Test
    void anAnswerFromBeforeADecisionIsNotGivenAgain() {
        CompletableFuture<QueryAnswer> first = read("p");
        inventory.next().answer("stock 1");
        first.join();

        reads.forget("p");

        CompletableFuture<QueryAnswer> after = read("p");
        inventory.next().answer("stock 0");
        assertThat(text(after)).isEqualTo("stock 0");
    }

    @Test
    void whoComesAfterADecisionDoesNotJoinAReadFromBeforeIt() {
        CompletableFuture<QueryAnswer> before = read("p");
        Query old = inventory.next();

        reads.forget("p");
        CompletableFuture<QueryAnswer> after = read("p");
        Query fresh = inventory.next();
        CompletableFuture<QueryAnswer> joining = read("p");
        await().until(() -> collapsed() == 1);
        // The old answer comes last and must not become the one that is given again.
        fresh.answer("stock 0");
        assertThat(text(after)).isEqualTo("stock 0");
        assertThat(text(joining)).isEqualTo("stock 0");
        old.answer("stock 1");
        assertThat(text(before)).isEqualTo("stock 1");

        assertThat(text(read("p"))).isEqualTo("stock 0");
        assertThat(inventory.asked).hasValue(2);
    }

    @Test
    void aDecisionAboutAnotherProductChangesNothing() {
        CompletableFuture<QueryAnswer> first = read("p");
        inventory.next().answer("stock 1");
        first.join();

        reads.forget("q");

        assertThat(text(read("p"))).isEqualTo("stock 1");
    }

    @Test
    void aFailureIsSharedByWhoWaitedForItAlone() {
        nanos.set(0);
        CompletableFuture<QueryAnswer> first = read("p");
        Query query = inventory.next();
        CompletableFuture<QueryAnswer> waiting = read("p");
        await().until(() -> collapsed() == 1);

        query.fail();

        for (CompletableFuture<QueryAnswer> failed : List.of(first, waiting)) {
            assertThatThrownBy(failed::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(ReadsUnavailableException.class);
        }
        CompletableFuture<QueryAnswer> later = read("p");
        inventory.next().answer("stock 1");
        assertThat(text(later)).isEqualTo("stock 1");
    }

    @Test
    void withoutFreshnessEveryReadIsAQueryOfItsOwn() {
        ProductReads separate = reads(Duration.ZERO, 100);

        CompletableFuture<QueryAnswer> one = CompletableFuture.supplyAsync(() -> separate.get("p"), readers);
        Query first = inventory.next();
        CompletableFuture<QueryAnswer> other = CompletableFuture.supplyAsync(() -> separate.get("p"), readers);
        inventory.next().answer("stock 0");
        first.answer("stock 1");

        assertThat(text(one)).isEqualTo("stock 1");
        assertThat(text(other)).isEqualTo("stock 0");
        assertThat(collapsed()).isZero();
    }

    @Test
    void isBounded() {
        ProductReads few = new ProductReads(
                productId -> new QueryAnswer(404, new byte[0], false), Duration.ofMinutes(1), 10, nanos::get, meters);

        for (int i = 0; i < 1_000; i++) {
            few.get("p" + i);
        }

        assertThat(few.size()).isLessThanOrEqualTo(10);
    }

    /**
     * Many writers and readers: the writer raises what the inventory holds, then forgets, as a decision does; whoever
     * begins to read after that reads at least as much.
     */
    @Test
    void neverGivesWhatIsOlderThanADecisionReturnedBefore() throws InterruptedException {
        ConcurrentMap<String, AtomicLong> stock = new ConcurrentHashMap<>();
        List.of("p", "q").forEach(product -> stock.put(product, new AtomicLong()));
        ConcurrentMap<String, AtomicLong> returned = new ConcurrentHashMap<>();
        List.of("p", "q").forEach(product -> returned.put(product, new AtomicLong()));
        ProductReads shared = new ProductReads(
                product -> new QueryAnswer(200, stock.get(product).toString().getBytes(), false),
                Duration.ofMinutes(1),
                100,
                System::nanoTime,
                meters);
        AtomicInteger tooOld = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(8);
        for (int reader = 0; reader < 8; reader++) {
            String product = reader % 2 == 0 ? "p" : "q";
            readers.execute(() -> {
                for (int i = 0; i < 5_000; i++) {
                    long atLeast = returned.get(product).get();
                    long read = Long.parseLong(new String(shared.get(product).body()));
                    if (read < atLeast) {
                        tooOld.incrementAndGet();
                    }
                    if (i % 5 == 0) {
                        long decided = stock.get(product).incrementAndGet();
                        shared.forget(product);
                        returned.get(product).accumulateAndGet(decided, Math::max);
                    }
                }
                done.countDown();
            });
        }

        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(tooOld).hasValue(0);
    }

    private ProductReads reads(Duration freshFor, int limit) {
        return new ProductReads(inventory::ask, freshFor, limit, nanos::get, meters);
    }

    private CompletableFuture<QueryAnswer> read(String productId) {
        return CompletableFuture.supplyAsync(() -> reads.get(productId), readers);
    }

    private double collapsed() {
        return meters.get("reads.collapsed").counter().count();
    }

    private static String text(CompletableFuture<QueryAnswer> answer) {
        return new String(answer.orTimeout(30, TimeUnit.SECONDS).join().body());
    }

    /** Answers when it is told to. */
    private static final class Inventory {

        private final AtomicInteger asked = new AtomicInteger();
        private final LinkedBlockingQueue<Query> queries = new LinkedBlockingQueue<>();

        QueryAnswer ask(String productId) {
            asked.incrementAndGet();
            Query query = new Query(new CompletableFuture<>());
            queries.add(query);
            try {
                return query.answer().join();
            } catch (CompletionException failed) {
                throw new ReadsUnavailableException("Nobody answers.");
            }
        }

        Query next() {
            try {
                Query query = queries.poll(30, TimeUnit.SECONDS);
                assertThat(query).as("a query").isNotNull();
                return query;
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
        }
    }

    private record Query(CompletableFuture<QueryAnswer> answer) {

        void answer(String body) {
            answer.complete(new QueryAnswer(200, body.getBytes(), false));
        }

        void fail() {
            answer.completeExceptionally(new IllegalStateException());
        }
    }
}
