package io.flashsale.inventory.topology;

import io.flashsale.contracts.HoldStatus;
import io.flashsale.contracts.HoldView;
import io.flashsale.contracts.ProductView;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.SaleRules;
import io.flashsale.contracts.SaleStatus;
import io.flashsale.inventory.domain.Hold;
import io.flashsale.inventory.domain.HoldRecord;
import io.flashsale.inventory.domain.Product;
import io.flashsale.inventory.domain.RequestRecord;
import io.flashsale.inventory.domain.Stock;
import io.flashsale.streams.topology.StateReader;
import io.flashsale.streams.topology.StateSerde;
import io.flashsale.streams.topology.StateWriter;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/** How the records of the stores are written. Whoever adds a field writes and reads it here, and counts the format up. */
final class StateRecords {

    private static final int FORMAT = 1;

    private static final int HOLD = 1;
    private static final int REFUSED_HOLD = 2;

    private static final int ORDERED = 1;
    private static final int EXTENDED = 2;
    private static final int ADJUSTED = 3;

    private StateRecords() {}

    static Serde<Product> products() {
        return StateSerde.of(FORMAT, StateRecords::write, StateRecords::product);
    }

    static Serde<HoldRecord> holds() {
        return StateSerde.of(FORMAT, StateRecords::write, StateRecords::holdRecord);
    }

    static Serde<RequestRecord> requests() {
        return StateSerde.of(FORMAT, StateRecords::write, StateRecords::requestRecord);
    }

    static Serde<Integer> units() {
        return StateSerde.of(FORMAT, (units, to) -> to.number(units), StateReader::integer);
    }

    private static void write(Product product, StateWriter to) {
        to.text(product.productId())
                .text(product.name())
                .decimal(product.price())
                .text(product.currency())
                .number(product.holdTtlSeconds());
        write(product.rules(), to);
        Stock stock = product.stock();
        to.number(stock.available())
                .number(stock.held())
                .number(stock.pending())
                .number(stock.sold())
                .number(product.activeHolds())
                .instant(product.changedAt())
                .number(product.revision());
    }

    private static Product product(StateReader from) {
        return new Product(
                from.text(),
                from.text(),
                from.decimal(),
                from.text(),
                from.integer(),
                saleRules(from),
                new Stock(from.integer(), from.integer(), from.integer(), from.integer()),
                from.integer(),
                from.instant(),
                from.number());
    }

    private static void write(SaleRules rules, StateWriter to) {
        to.optionalNumber(rules.maxQuantityPerHold())
                .optionalNumber(rules.maxPerCustomer())
                .optionalInstant(rules.saleStartsAt())
                .optionalInstant(rules.saleEndsAt())
                .optionalNumber(rules.lowStockThreshold())
                .optionalNumber(rules.paymentWindowSeconds());
    }

    private static SaleRules saleRules(StateReader from) {
        return new SaleRules(
                from.optionalNumber(),
                from.optionalNumber(),
                from.optionalInstant(),
                from.optionalInstant(),
                from.optionalNumber(),
                from.optionalNumber());
    }

    private static void write(HoldRecord record, StateWriter to) {
        switch (record) {
            case Hold hold -> {
                to.number(HOLD)
                        .text(hold.holdId())
                        .number(hold.quantity())
                        .optionalText(hold.customerId())
                        .decimal(hold.unitPrice())
                        .text(hold.currency())
                        .instant(hold.placedAt())
                        .instant(hold.expiresAt())
                        .constant(hold.stage());
                write(hold.extensions(), to);
                to.optionalInstant(hold.keptUntil());
            }
            case HoldRecord.Refused refused -> {
                to.number(REFUSED_HOLD)
                        .text(refused.holdId())
                        .number(refused.quantity())
                        .optionalText(refused.customerId());
                write(refused.refusal(), to);
                to.instant(refused.keptUntil());
            }
        }
    }

    private static HoldRecord holdRecord(StateReader from) {
        int kind = from.integer();
        return switch (kind) {
            case HOLD ->
                new Hold(
                        from.text(),
                        from.integer(),
                        from.optionalText(),
                        from.decimal(),
                        from.text(),
                        from.instant(),
                        from.instant(),
                        from.constant(Hold.Stage.class),
                        extensions(from),
                        from.optionalInstant());
            case REFUSED_HOLD ->
                new HoldRecord.Refused(from.text(), from.integer(), from.optionalText(), refusal(from), from.instant());
            default -> throw new IllegalArgumentException("Not a kind of hold record: " + kind);
        };
    }

    private static void write(Hold.Extensions extensions, StateWriter to) {
        to.number(extensions.number()).number(extensions.totalSeconds()).number(extensions.lastSeconds());
    }

    private static Hold.Extensions extensions(StateReader from) {
        return new Hold.Extensions(from.integer(), from.integer(), from.integer());
    }

    private static void write(RequestRecord record, StateWriter to) {
        switch (record) {
            case RequestRecord.Ordered ordered -> {
                to.number(ORDERED).text(ordered.holdId()).flag(ordered.refusal() != null);
                if (ordered.refusal() != null) {
                    write(ordered.refusal(), to);
                }
            }
            case RequestRecord.Extended extended -> {
                to.number(EXTENDED)
                        .text(extended.holdId())
                        .number(extended.seconds())
                        .number(extended.allowedSeconds());
                write(extended.answer(), to);
            }
            case RequestRecord.Adjusted adjusted -> {
                to.number(ADJUSTED).number(adjusted.delta()).text(adjusted.reason());
                write(adjusted.answer(), to);
            }
        }
        to.instant(record.keptUntil());
    }

    private static RequestRecord requestRecord(StateReader from) {
        int kind = from.integer();
        return switch (kind) {
            case ORDERED -> new RequestRecord.Ordered(from.text(), optionalRefusal(from), from.instant());
            case EXTENDED ->
                new RequestRecord.Extended(from.text(), from.integer(), from.integer(), holdView(from), from.instant());
            case ADJUSTED -> new RequestRecord.Adjusted(from.integer(), from.text(), productView(from), from.instant());
            default -> throw new IllegalArgumentException("Not a kind of request record: " + kind);
        };
    }

    private static void write(Refusal refusal, StateWriter to) {
        to.constant(refusal.code())
                .text(refusal.detail())
                .optionalNumber(refusal.available())
                .optionalNumber(refusal.limit())
                .optionalText(refusal.orderId())
                .optionalInstant(refusal.saleStartsAt())
                .optionalInstant(refusal.saleEndsAt())
                .optionalText(refusal.field());
    }

    private static @Nullable Refusal optionalRefusal(StateReader from) {
        return from.flag() ? refusal(from) : null;
    }

    private static Refusal refusal(StateReader from) {
        return new Refusal(
                from.constant(RefusalCode.class),
                from.text(),
                from.optionalNumber(),
                from.optionalNumber(),
                from.optionalText(),
                from.optionalInstant(),
                from.optionalInstant(),
                from.optionalText());
    }

    private static void write(HoldView hold, StateWriter to) {
        to.text(hold.holdId())
                .text(hold.productId())
                .number(hold.quantity())
                .constant(hold.status())
                .instant(hold.expiresAt())
                .number(hold.reservedForSeconds());
    }

    private static HoldView holdView(StateReader from) {
        return new HoldView(
                from.text(),
                from.text(),
                from.integer(),
                from.constant(HoldStatus.class),
                from.instant(),
                from.number());
    }

    private static void write(ProductView product, StateWriter to) {
        to.text(product.id())
                .text(product.name())
                .decimal(product.price())
                .text(product.currency())
                .number(product.totalStock())
                .number(product.availableStock())
                .number(product.reservedStock())
                .number(product.soldStock())
                .number(product.holdsCount())
                .constant(product.saleStatus())
                .number(product.holdTtlSeconds())
                .instant(product.asOf())
                .number(product.revision());
        write(product.rules(), to);
    }

    private static ProductView productView(StateReader from) {
        return new ProductView(
                from.text(),
                from.text(),
                from.decimal(),
                from.text(),
                from.integer(),
                from.integer(),
                from.integer(),
                from.integer(),
                from.integer(),
                from.constant(SaleStatus.class),
                from.integer(),
                from.instant(),
                from.number(),
                saleRules(from));
    }
}
