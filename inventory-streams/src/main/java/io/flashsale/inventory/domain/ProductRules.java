package io.flashsale.inventory.domain;

import static io.flashsale.contracts.RefusalCode.STOCK_BELOW_COMMITTED;

import io.flashsale.contracts.InventoryEvent.ProductDefined;
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
            return Decision.refused(Refusal.of(
                    STOCK_BELOW_COMMITTED,
                    "Expected a total stock of at least " + before.stock().committed()
                            + ", which is held, pending or sold, but got " + command.totalStock() + "."));
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
