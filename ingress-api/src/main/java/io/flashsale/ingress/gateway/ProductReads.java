package io.flashsale.ingress.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Reads products, which the visitors of a sale ask for all at once: who comes while a product is being read waits for
 * that answer, and who comes a moment later is given it again.
 *
 * <p>Never one that is older than a decision this instance has returned: {@link #forget} stands between the decision and
 * its caller, and who comes after it joins no read that began before it.
 */
public final class ProductReads {

    private final Function<String, QueryAnswer> query;
    private final long freshNanos;
    private final LongSupplier nanoTime;
    private final Cache<String, Read> reads;
    private final Counter collapsed;

    /**
     * @param query asks for the product of an id; bounded in time, throws {@link ReadsUnavailableException}
     * @param freshFor how long an answer is given again; zero makes every read a query of its own
     * @param limit of products whose reads are shared; beyond it the least used one is asked for anew
     * @param nanoTime as {@link System#nanoTime} tells it
     */
    public ProductReads(
            Function<String, QueryAnswer> query,
            Duration freshFor,
            int limit,
            LongSupplier nanoTime,
            MeterRegistry meters) {
        this.query = query;
        this.freshNanos = freshFor.toNanos();
        this.nanoTime = nanoTime;
        // What is evicted is evicted by its reader, so that the limit holds at once.
        this.reads =
                Caffeine.newBuilder().maximumSize(limit).executor(Runnable::run).build();
        this.collapsed = Counter.builder("reads.collapsed")
                .description("Reads of products that shared the answer of another one")
                .register(meters);
    }

    /**
     * Reads a product.
     *
     * @throws ReadsUnavailableException if no instance answers in time
     */
    public QueryAnswer get(String productId) {
        if (freshNanos == 0) {
            return query.apply(productId);
        }
        // Without a lock, because in a sale nearly all find it there.
        Read present = reads.getIfPresent(productId);
        if (present == null || !present.isUsable()) {
            Read own = new Read();
            present = reads.asMap().compute(productId, (id, other) -> other != null && other.isUsable() ? other : own);
            if (present == own) {
                return own.ask(productId);
            }
        }
        collapsed.increment();
        return present.await();
    }

    /** Whoever reads the product from now on reads it anew. */
    public void forget(String productId) {
        reads.invalidate(productId);
    }

    long size() {
        return reads.estimatedSize();
    }

    private final class Read {

        private final CompletableFuture<QueryAnswer> answer = new CompletableFuture<>();
        private volatile long answeredAtNanos;

        /** Asks on the thread of the first reader. Nothing is locked meanwhile. */
        QueryAnswer ask(String productId) {
            try {
                QueryAnswer asked = query.apply(productId);
                answeredAtNanos = nanoTime.getAsLong();
                answer.complete(asked);
                return asked;
            } catch (Throwable failure) {
                answer.completeExceptionally(failure);
                throw failure;
            }
        }

        /** Waits for the first reader, who is bounded in time. */
        QueryAnswer await() {
            try {
                return answer.get();
            } catch (ExecutionException failed) {
                throw new ReadsUnavailableException("The read that this one shared failed: " + failed.getCause());
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                throw new ReadsUnavailableException("This instance is stopping.");
            }
        }

        /** A read that failed is shared by who waited for it, not by who comes later. */
        boolean isUsable() {
            if (!answer.isDone()) {
                return true;
            }
            return !answer.isCompletedExceptionally() && nanoTime.getAsLong() - answeredAtNanos < freshNanos;
        }
    }
}
