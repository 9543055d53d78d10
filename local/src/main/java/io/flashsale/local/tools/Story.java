package io.flashsale.local.tools;

import io.flashsale.contracts.Command;
import io.flashsale.contracts.CommandReader;
import io.flashsale.contracts.HoldCommand.ExtendHold;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldCommand.ReleaseHold;
import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.BackInStock;
import io.flashsale.contracts.InventoryEvent.HoldExpired;
import io.flashsale.contracts.InventoryEvent.HoldExtended;
import io.flashsale.contracts.InventoryEvent.HoldPlaced;
import io.flashsale.contracts.InventoryEvent.HoldRedeemed;
import io.flashsale.contracts.InventoryEvent.HoldRejected;
import io.flashsale.contracts.InventoryEvent.HoldReleased;
import io.flashsale.contracts.InventoryEvent.LowStock;
import io.flashsale.contracts.InventoryEvent.ProductDefined;
import io.flashsale.contracts.InventoryEvent.ReacquireRefused;
import io.flashsale.contracts.InventoryEvent.RedeemRejected;
import io.flashsale.contracts.InventoryEvent.SoldOut;
import io.flashsale.contracts.InventoryEvent.StockAdjusted;
import io.flashsale.contracts.InventoryEvent.StockReacquired;
import io.flashsale.contracts.InventoryEvent.StockReturned;
import io.flashsale.contracts.InventoryEvent.StockSold;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.OrderEvent.LatePaymentReceived;
import io.flashsale.contracts.OrderEvent.OrderCancelled;
import io.flashsale.contracts.OrderEvent.OrderCreated;
import io.flashsale.contracts.OrderEvent.OrderPaid;
import io.flashsale.contracts.OrderEvent.PaymentMismatched;
import io.flashsale.contracts.OrderEvent.PaymentUnmatched;
import io.flashsale.contracts.OrderEvent.RefundRequired;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.Topics;
import io.flashsale.contracts.UnreadableException;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Records of commands and events in words. Payment ids are shown by their last characters only, keys not at all. */
final class Story {

    /** A day may pass between two lines, so a deadline needs its date as little as its line does. */
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final int SHOWN_OF_PAYMENT_ID = 4;

    /**
     * What one record says.
     *
     * @param id of the hold or order it is about; empty if it is about the product
     */
    record Sentence(String id, String what) {}

    private final List<Chapter> chapters;

    private record Chapter(String topic, BiFunction<Story, byte[], Sentence> reader) {}

    Story(Topics topics) {
        this.chapters = List.of(
                new Chapter(
                        topics.productCommands().name(),
                        (story, value) -> story.command(value, CommandReader::productCommand)),
                new Chapter(
                        topics.holdCommands().name(),
                        (story, value) -> story.command(value, CommandReader::holdCommand)),
                new Chapter(
                        topics.orderCommands().name(),
                        (story, value) -> story.command(value, CommandReader::orderCommand)),
                new Chapter(
                        topics.webhookCommands().name(),
                        (story, value) -> story.command(value, CommandReader::webhookCommand)),
                new Chapter(
                        topics.inventoryEvents().name(),
                        (story, value) -> story.of(Json.MAPPER.readValue(value, InventoryEvent.class))),
                new Chapter(
                        topics.orderEvents().name(),
                        (story, value) -> story.of(Json.MAPPER.readValue(value, OrderEvent.class))));
    }

    /** All topics it can tell of: at equal times the earlier comes first, so that a command stands before its events. */
    List<String> topics() {
        return chapters.stream().map(Chapter::topic).toList();
    }

    Sentence tell(String topic, byte @Nullable [] value) {
        if (value == null) {
            return new Sentence("", "a record without a value");
        }
        try {
            return chapters.stream()
                    .filter(chapter -> chapter.topic().equals(topic))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("Not a topic of the story: " + topic))
                    .reader()
                    .apply(this, value);
        } catch (JacksonException unknown) {
            return new Sentence("", "an event that is not known here");
        }
    }

    private interface Reader {
        Command read(byte @Nullable [] value) throws UnreadableException;
    }

    private Sentence command(byte[] value, Reader reader) {
        try {
            return of(reader.read(value));
        } catch (UnreadableException unreadable) {
            return new Sentence("", "a command that cannot be read (" + unreadable.reason() + "), so a dead letter");
        }
    }

    private Sentence of(Command command) {
        return switch (command) {
            case DefineProduct c ->
                about("asked to define it: %s at %s".formatted(units(c.totalStock()), money(c.price(), c.currency())));
            case AdjustStock c -> about("asked to adjust the stock by %+d: %s".formatted(c.delta(), c.reason()));
            case PlaceHold c -> new Sentence(c.holdId(), "asked to hold " + units(c.quantity()));
            case ReleaseHold c -> new Sentence(c.holdId(), "asked to release the hold");
            case ExtendHold c ->
                new Sentence(
                        c.holdId(),
                        "asked to extend the hold" + (c.seconds() == null ? "" : " by " + c.seconds() + " s"));
            case CreateOrder c -> new Sentence(c.holdId(), "asked to order what is held");
            case CancelOrder c -> new Sentence(c.orderId(), "asked to cancel the order");
            case PaymentSucceeded c -> payment(c, "succeeded");
            case PaymentFailed c -> payment(c, "failed");
        };
    }

    private static Sentence payment(WebhookCommand command, String what) {
        String money = command.amount() == null ? "" : ": " + money(command.amount(), command.currency());
        return new Sentence(command.orderId(), "payment " + masked(command.paymentId()) + " " + what + money);
    }

    private Sentence of(InventoryEvent event) {
        return switch (event) {
            case ProductDefined e ->
                about("defined: %s at %s".formatted(units(e.totalStock()), money(e.price(), e.currency())));
            case StockAdjusted e ->
                about("stock adjusted by %+d to %s: %s".formatted(e.delta(), units(e.totalStock()), e.reason()));
            case HoldPlaced e ->
                new Sentence(e.holdId(), "held " + units(e.quantity()) + " until " + clock(e.expiresAt()));
            case HoldRejected e ->
                new Sentence(e.holdId(), "hold of " + units(e.quantity()) + " refused: " + refusal(e.refusal()));
            case HoldReleased e -> new Sentence(e.holdId(), "released: " + units(e.quantity()) + " available again");
            case HoldExtended e ->
                new Sentence(e.holdId(), "extended by " + e.seconds() + " s until " + clock(e.expiresAt()));
            case HoldExpired e -> new Sentence(e.holdId(), "expired: " + units(e.quantity()) + " available again");
            case HoldRedeemed e -> new Sentence(e.orderId(), "became an order: " + units(e.quantity()) + " pending");
            case RedeemRejected e ->
                new Sentence(
                        e.holdId(),
                        e.repeated()
                                ? "ordered again: the first answer counts"
                                : "order refused: " + refusal(e.refusal()));
            case StockSold e -> new Sentence(e.orderId(), units(e.quantity()) + " sold");
            case StockReturned e -> new Sentence(e.orderId(), units(e.quantity()) + " returned: available again");
            case StockReacquired e ->
                new Sentence(e.orderId(), units(e.quantity()) + " taken again for a late payment: pending");
            case ReacquireRefused e ->
                new Sentence(
                        e.orderId(),
                        "late payment wants %s, but %d available".formatted(units(e.quantity()), e.available()));
            case SoldOut ignored -> about("sold out");
            case LowStock e -> about("low stock: " + units(e.available()) + " available");
            case BackInStock e -> about("back in stock: " + units(e.available()) + " available");
        };
    }

    private Sentence of(OrderEvent event) {
        String what = switch (event) {
            case OrderCreated e ->
                "order of %s for %s, to be paid until %s"
                        .formatted(units(e.quantity()), money(e.amount(), e.currency()), clock(e.paymentDueAt()));
            case OrderPaid e -> "paid: " + units(e.quantity()) + ", payment " + masked(e.paymentId());
            case OrderCancelled e ->
                "cancelled (" + e.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ') + "): "
                        + units(e.quantity());
            case LatePaymentReceived e ->
                "paid late: payment " + masked(e.paymentId()) + " asks for " + units(e.quantity());
            case RefundRequired e ->
                "refund required: " + money(e.amount(), e.currency()) + " of payment " + masked(e.paymentId());
            case PaymentUnmatched e ->
                "payment " + masked(e.paymentId()) + (e.succeeded() ? " succeeded" : " failed")
                        + ", but its order never came";
            case PaymentMismatched e ->
                "payment " + masked(e.paymentId()) + " does not match: expected "
                        + money(e.expectedAmount(), e.expectedCurrency())
                        + (e.amount() == null ? "" : ", got " + money(e.amount(), e.currency()));
        };
        return new Sentence(event.orderId(), what);
    }

    private static Sentence about(String what) {
        return new Sentence("", what);
    }

    private static String refusal(Refusal refusal) {
        return refusal.code().code()
                + (refusal.available() == null ? "" : ", " + refusal.available() + " available")
                + (refusal.limit() == null ? "" : ", limit " + refusal.limit());
    }

    private static String units(int quantity) {
        return quantity + (quantity == 1 ? " unit" : " units");
    }

    private static String money(BigDecimal amount, @Nullable String currency) {
        return amount.toPlainString() + (currency == null ? "" : " " + currency);
    }

    private static String clock(Instant time) {
        return CLOCK.format(time);
    }

    /** Enough to find a payment in the provider's own lists, and no more. */
    static String masked(@Nullable String paymentId) {
        if (paymentId == null) {
            return "without id";
        }
        int shown = paymentId.length() > 2 * SHOWN_OF_PAYMENT_ID ? SHOWN_OF_PAYMENT_ID : 0;
        return "****" + paymentId.substring(paymentId.length() - shown);
    }
}
