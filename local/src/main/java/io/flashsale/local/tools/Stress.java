package io.flashsale.local.tools;

import io.flashsale.contracts.Json;
import io.flashsale.local.PipelineException;
import io.flashsale.local.tools.Buyer.End;
import io.flashsale.local.tools.Buyer.Result;
import io.flashsale.local.tools.LiveProducts.LiveProduct;
import io.flashsale.local.tools.LiveProducts.Read;
import io.flashsale.local.tools.PartitionCheck.Pause;
import io.flashsale.local.tools.Shop.Answer;
import io.flashsale.local.tools.Shop.Call;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Many buyers at the same instant for a product of their own. */
final class Stress {

    private static final int HOLD_TTL_SECONDS = 3_600;
    private static final int DEFINE_ATTEMPTS = 10;
    private static final int NO_ANSWER = 0;

    /** A payment reaches the stock some milliseconds after its answer; a lost one never does. */
    private static final Duration SETTLING = Duration.ofSeconds(15);

    /** Until the last buyer is ready. */
    private static final Duration START_DEADLINE = Duration.ofMinutes(2);

    private final Shop shop;
    private final Secrets secrets;
    private final Pause pause;
    private final StressOptions options;
    private final String productId;

    Stress(Shop shop, Secrets secrets, Pause pause, StressOptions options, String productId) {
        this.shop = shop;
        this.secrets = secrets;
        this.pause = pause;
        this.options = options;
        this.productId = productId;
    }

    /** What became of one buyer. */
    private record Purchase(Result hold, @Nullable Result payment) {}

    /** Checks the product's events, or says in one sentence why it cannot. */
    interface EventCheck {
        VerifyResult verify(String productId);
    }

    StressResult run(EventCheck check) {
        define();
        List<Purchase> purchases = buyAllAtOnce();
        LiveProduct product = settled(purchases);
        VerifyResult events = null;
        String note = "";
        try {
            events = check.verify(productId);
        } catch (PipelineException unreachable) {
            note = String.valueOf(unreachable.getMessage());
        }
        return result(purchases, product, events, note);
    }

    private void define() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", "Stress test");
        body.put("price", "9.90");
        body.put("total_stock", options.stock());
        body.put("hold_ttl_seconds", HOLD_TTL_SECONDS);
        Call call = Call.put("/api/products/" + productId, Json.MAPPER.writeValueAsString(body))
                .with(secrets.ofAdministration());
        Answer answer = define(call);
        for (int attempt = 1; isUndecided(answer) && attempt < DEFINE_ATTEMPTS; attempt++) {
            pause.brief();
            answer = define(call);
        }
        if (answer.status() == 401) {
            throw new PipelineException("The pipeline refuses the admin key: set FLASHSALE_ADMIN_KEY to its own.");
        }
        if (answer.status() != 201 && answer.status() != 200) {
            throw new PipelineException("The product could not be defined: "
                    + (answer.status() == NO_ANSWER ? "there was no answer." : answer.status() + " " + answer.body()));
        }
    }

    /** The same definition again changes nothing, so it may be repeated until it is decided. */
    private Answer define(Call call) {
        try {
            return shop.send(call);
        } catch (IOException noAnswer) {
            return Answer.of(NO_ANSWER, "");
        }
    }

    private static boolean isUndecided(Answer answer) {
        return switch (answer.status()) {
            case NO_ANSWER, 202, 429, 503 -> true;
            default -> false;
        };
    }

    private List<Purchase> buyAllAtOnce() {
        CyclicBarrier start = new CyclicBarrier(options.buyers());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Purchase>> running = IntStream.range(0, options.buyers())
                    .mapToObj(number -> threads.submit(() -> buy(number, start)))
                    .toList();
            List<Purchase> purchases = new ArrayList<>();
            for (Future<Purchase> each : running) {
                purchases.add(each.get());
            }
            return purchases;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new PipelineException("Interrupted while waiting for the buyers.");
        } catch (ExecutionException failed) {
            throw new PipelineException("A buyer failed: " + failed.getCause() + ".");
        }
    }

    private Purchase buy(int number, CyclicBarrier start)
            throws InterruptedException, BrokenBarrierException, TimeoutException {
        Buyer buyer = new Buyer(shop, secrets, pause, "buyer-" + number);
        // Everybody has looked at the page before: the connection is there, and what is measured is the decision.
        buyer.look(productId);
        start.await(START_DEADLINE.toSeconds(), TimeUnit.SECONDS);
        Result hold = buyer.hold(productId, options.quantity());
        return new Purchase(hold, options.payments() && hold.end() == End.ACCEPTED ? pay(buyer, hold) : null);
    }

    private static Result pay(Buyer buyer, Result hold) {
        Result order = buyer.order(textOf(hold, "hold_id"));
        return order.end() == End.ACCEPTED ? buyer.pay(textOf(order, "order_id")) : order;
    }

    private static String textOf(Result result, String field) {
        return result.answer() == null ? "" : result.answer().text(field);
    }

    /** The product when it shows what the buyers were told, or as it is after the time in which it should. */
    private LiveProduct settled(List<Purchase> purchases) {
        long accepted = count(purchases, Purchase::hold, End.ACCEPTED);
        long paid = count(purchases, Purchase::payment, End.ACCEPTED);
        long end = pause.nanoTime() + SETTLING.toNanos();
        LiveProducts products = new LiveProducts(shop);
        while (true) {
            Read read = products.read(productId);
            if (read instanceof Read.Found found) {
                LiveProduct product = found.product();
                long taken = product.reservedStock() + product.soldStock();
                boolean shown =
                        taken == accepted * options.quantity() && product.soldStock() == paid * options.quantity();
                if (shown || pause.nanoTime() >= end) {
                    return product;
                }
            } else if (pause.nanoTime() >= end) {
                throw new PipelineException("The product could not be read for " + SETTLING.toSeconds() + " s.");
            }
            pause.brief();
        }
    }

    private StressResult result(
            List<Purchase> purchases, LiveProduct product, @Nullable VerifyResult events, String note) {
        long[] nanos = purchases.stream()
                .map(Purchase::hold)
                .filter(hold -> hold.end() != End.UNKNOWN)
                .mapToLong(Result::nanos)
                .sorted()
                .toArray();
        return new StressResult(
                productId,
                options.buyers(),
                options.stock(),
                options.quantity(),
                (int) count(purchases, Purchase::hold, End.ACCEPTED),
                codes(purchases, Purchase::hold, End.REFUSED),
                codes(purchases, Purchase::hold, End.UNKNOWN),
                options.payments() ? (int) count(purchases, Purchase::payment, End.ACCEPTED) : null,
                unpaid(purchases),
                product.availableStock(),
                product.reservedStock(),
                product.soldStock(),
                percentile(nanos, 50),
                percentile(nanos, 99),
                events,
                note);
    }

    private static long count(List<Purchase> purchases, Function<Purchase, @Nullable Result> of, End end) {
        return purchases.stream()
                .map(of)
                .filter(result -> result != null && result.end() == end)
                .count();
    }

    private static SortedMap<String, Integer> codes(
            List<Purchase> purchases, Function<Purchase, @Nullable Result> of, End end) {
        SortedMap<String, Integer> codes = new TreeMap<>();
        for (Purchase purchase : purchases) {
            Result result = of.apply(purchase);
            if (result != null && result.end() == end) {
                codes.merge(result.code(), 1, Integer::sum);
            }
        }
        return codes;
    }

    private static SortedMap<String, Integer> unpaid(List<Purchase> purchases) {
        SortedMap<String, Integer> codes = codes(purchases, Purchase::payment, End.REFUSED);
        codes(purchases, Purchase::payment, End.UNKNOWN)
                .forEach((code, count) -> codes.merge(code, count, Integer::sum));
        return codes;
    }

    /** The smallest value that so many percent do not exceed, in milliseconds; 0 if there is none. */
    static double percentile(long[] sortedNanos, int percent) {
        if (sortedNanos.length == 0) {
            return 0;
        }
        int rank = (int) Math.ceil(percent / 100.0 * sortedNanos.length);
        return sortedNanos[Math.max(rank, 1) - 1] / 1e6;
    }
}
