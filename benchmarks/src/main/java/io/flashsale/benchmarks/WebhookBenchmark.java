package io.flashsale.benchmarks;

import io.flashsale.benchmarks.ShopResult.Most;
import io.flashsale.benchmarks.report.Figure;
import io.flashsale.benchmarks.report.Plot;
import io.flashsale.benchmarks.report.Plot.Axis;
import io.flashsale.benchmarks.report.Plot.Scale;
import io.flashsale.benchmarks.report.Section;
import io.flashsale.benchmarks.report.Unit;
import io.flashsale.contracts.OrderId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** How many payments a second the webhook takes: each of another order, all of one product, unsigned. */
final class WebhookBenchmark {

    private static final double TARGET = 4_000;
    private static final int FIRST_PER_SECOND = 1_000;
    private static final String PRODUCT = "paid";

    /** Orders for each second of a step: all steps up to some 5,000 a second together need that many. */
    private static final int ORDERS_PER_STEP_SECOND = 30_000;

    private static final int WARM_UP_PER_SECOND = 1_000;

    private final Workbench workbench;
    private final BenchOptions options;

    WebhookBenchmark(Workbench workbench, BenchOptions options) {
        this.workbench = workbench;
        this.options = options;
    }

    Section run() {
        int warmUp = WARM_UP_PER_SECOND * options.warmupSeconds();
        int measured = ORDERS_PER_STEP_SECOND * options.stepSeconds();
        int orders = warmUp + measured;
        prepare(orders);
        OurShop shop = new OurShop(workbench);
        ShopLoad loads = new ShopLoad(shop, workbench.progress(), options.stepSeconds());
        LongFunction<byte[]> payments = number -> HttpLoad.post(shop.url(), "/api/payments/webhook", body(number));
        List<LoadResult> results = new ArrayList<>();
        if (warmUp > 0) {
            results.add(
                    loads.run("warm-up", payments, WARM_UP_PER_SECOND, options.warmupSeconds(), options.connections()));
        }
        Most most = loads.mostOnce("webhooks", number -> payments.apply(warmUp + number), measured, FIRST_PER_SECOND);
        most.steps().forEach(step -> results.add(step.load()));
        long paid = results.stream().mapToLong(load -> load.count(200)).sum();
        boolean allAnswered = results.stream().allMatch(load -> load.count(200) == load.done());
        Section.Builder section = Section.named(
                        "webhooks",
                        "POST /api/payments/webhook, the most that is sustained with p99 ≤ %.0f ms"
                                .formatted(ShopLoad.MAX_P99_MILLIS))
                .figure(
                        "per_second",
                        Figure.of("payments", Unit.PER_SECOND, most.ratePerSecond())
                                .atLeast(TARGET))
                .plot(new Plot(
                        "webhooks",
                        "POST /api/payments/webhook, 99th percentile over the rate",
                        new Axis("calls/s", Scale.LINEAR),
                        new Axis("ms", Scale.LOG),
                        List.of(most.p99Line(shop.name()))));
        if (allAnswered) {
            new StockQuery(workbench).awaitSold(PRODUCT, paid, orders - paid);
        } else {
            section.note("Not every call was answered, so the number of sold units could not be checked.");
        }
        return section.build();
    }

    private void prepare(int orders) {
        try (Commands commands = new Commands(workbench)) {
            commands.defineProduct(PRODUCT);
            new StockQuery(workbench).awaitDefined(PRODUCT);
            try (EventReader reader =
                    new EventReader(workbench, workbench.topics().orderEvents(), PRODUCT)) {
                // One after the other, as customers do: an order that is read before its hold would be refused.
                EngineRound.place(workbench, commands, "webhooks", PRODUCT, orders);
                workbench.progress().step("webhooks: preparing %,d orders".formatted(orders));
                commands.createOrders(PRODUCT, 0, orders);
                reader.awaitCount(
                        orders,
                        done -> workbench
                                .progress()
                                .sometimes(() -> "webhooks: %,d of %,d ordered".formatted(done, orders)));
            }
        }
    }

    private static String body(long number) {
        String order = OrderId.ofHold(Commands.holdId(PRODUCT, (int) number));
        return "{\"order_id\":\"" + order + "\",\"status\":\"succeeded\",\"payment_id\":\"p-" + number + "\"}";
    }
}
