package io.flashsale.inventory.domain;

import static io.flashsale.contracts.RefusalCode.IDEMPOTENCY_KEY_REUSED;
import static io.flashsale.contracts.RefusalCode.PRODUCT_NOT_FOUND;
import static io.flashsale.contracts.RefusalCode.STOCK_BELOW_COMMITTED;

import io.flashsale.contracts.InventoryEvent.ProductDefined;
import io.flashsale.contracts.InventoryEvent.StockAdjusted;
import io.flashsale.contracts.Limits;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.Reply;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What becomes of a product by itself. */
final class ProductRules {

    private ProductRules() {}

    static Decision define(InventoryState state, DefineProduct command, InventoryDefaults defaults, Instant time) {
        Product before = state.product();
        if (before != null && command.totalStock() < before.stock().committed()) {
            return Decision.refused(belowCommitted(before, command.totalStock()));
        }
        ProductDefined event = new ProductDefined(
                command.productId(),
                command.name(),
                command.price(),
                firstPresent(command.currency(), before == null ? null : before.currency(), defaults.currency()),
                command.totalStock(),
                firstPresent(
                        command.holdTtlSeconds(),
                        before == null ? null : before.holdTtlSeconds(),
                        defaults.holdTtlSeconds()),
                time,
                command.rules());
        if (before != null && isSame(before, event)) {
            return Decision.answered(new Reply.ProductAnswer(before.toView(time), false, false));
        }
        Product after = Product.defined(before, event, time);
        return Decision.of(event, new Reply.ProductAnswer(after.toView(time), before == null, false));
    }

    static Decision adjust(InventoryState state, AdjustStock command, Instant time) {
        if (command.idempotencyKey() != null && state.request() instanceof RequestRecord.Adjusted known) {
            return adjustAgain(known, command);
        }
        Product before = state.product();
        if (before == null) {
            return Decision.refused(notFound(command.productId()));
        }
        long total = (long) before.stock().total() + command.delta();
        if (total > Limits.MAX_TOTAL_STOCK) {
            return Decision.refused(Refusal.limitExceeded(
                    Limits.MAX_TOTAL_STOCK,
                    "Expected a total stock of at most " + Limits.MAX_TOTAL_STOCK + ", but got " + total + "."));
        }
        if (total < before.stock().committed()) {
            return Decision.refused(belowCommitted(before, total));
        }
        StockAdjusted event = new StockAdjusted(
                command.productId(), command.delta(), command.reason(), (int) total, command.idempotencyKey(), time);
        return Decision.of(
                event, new Reply.ProductAnswer(before.adjusted(event, time).toView(time), false, false));
    }

    /** The same idempotency key again. */
    private static Decision adjustAgain(RequestRecord.Adjusted known, AdjustStock command) {
        return known.isSameRequest(command.delta(), command.reason())
                ? Decision.answered(new Reply.ProductAnswer(known.answer(), false, true))
                : Decision.refused(Refusal.of(
                        IDEMPOTENCY_KEY_REUSED,
                        "Expected the request this key was first used with, but delta or reason differ."));
    }

    static Refusal notFound(String productId) {
        return Refusal.of(PRODUCT_NOT_FOUND, "Expected a product, but there is no " + productId + ".");
    }

    private static Refusal belowCommitted(Product product, long total) {
        return Refusal.of(
                STOCK_BELOW_COMMITTED,
                "Expected a total stock of at least " + product.stock().committed()
                        + ", which is held, pending or sold, but got " + total + ".");
    }

    private static boolean isSame(Product before, ProductDefined event) {
        return before.name().equals(event.name())
                && before.price().equals(event.price())
                && before.currency().equals(event.currency())
                && before.stock().total() == event.totalStock()
                && before.holdTtlSeconds() == event.holdTtlSeconds()
                && before.rules().equals(event.rules());
    }

    private static String firstPresent(@Nullable String own, @Nullable String present, String otherwise) {
        return own != null ? own : present != null ? present : otherwise;
    }

    private static int firstPresent(@Nullable Integer own, @Nullable Integer present, int otherwise) {
        return own != null ? own : present != null ? present : otherwise;
    }
}
