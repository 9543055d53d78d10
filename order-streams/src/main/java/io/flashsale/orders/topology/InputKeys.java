package io.flashsale.orders.topology;

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
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.OrderInput;
import io.flashsale.contracts.OrderTick.ExpireParkedPayments;
import io.flashsale.contracts.OrderTick.ExpirePayment;
import io.flashsale.contracts.OrderTick.SweepOrders;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import org.jspecify.annotations.Nullable;

/**
 * Under which keys the state of one input's decision stands.
 *
 * @param orderId null where nothing is decided
 * @param webhookKey of the notification, with its product and idempotency key
 * @param paymentKey of the payment, with its order, id and status, in the same store; null if it has no id
 */
record InputKeys(
        @Nullable String orderId,
        @Nullable String webhookKey,
        @Nullable String paymentKey) {

    private static final InputKeys NONE = new InputKeys(null, null, null);

    static InputKeys of(OrderInput input) {
        return switch (input) {
            case HoldRedeemed event -> order(event.orderId());
            case RedeemRejected event -> event.repeated() ? order(OrderId.ofHold(event.holdId())) : NONE;
            case StockReacquired event -> order(event.orderId());
            case ReacquireRefused event -> order(event.orderId());
            case PaymentSucceeded payment -> payment(payment, "succeeded");
            case PaymentFailed payment -> payment(payment, "failed");
            case ExpirePayment tick -> order(tick.orderId());
            case ExpireParkedPayments tick -> order(tick.orderId());
            case CancelOrder command -> order(command.orderId());
            case SweepOrders ignored -> NONE;
            case CreateOrder ignored -> NONE;
            case ProductDefined ignored -> NONE;
            case StockAdjusted ignored -> NONE;
            case HoldPlaced ignored -> NONE;
            case HoldRejected ignored -> NONE;
            case HoldReleased ignored -> NONE;
            case HoldExtended ignored -> NONE;
            case HoldExpired ignored -> NONE;
            case StockSold ignored -> NONE;
            case StockReturned ignored -> NONE;
            case SoldOut ignored -> NONE;
            case LowStock ignored -> NONE;
            case BackInStock ignored -> NONE;
        };
    }

    /** The product of a notification's or payment's key. */
    static String productOf(String webhookKey) {
        return webhookKey.substring(0, webhookKey.indexOf('|'));
    }

    private static InputKeys order(String orderId) {
        return new InputKeys(orderId, null, null);
    }

    /** Products and orders have no {@code |} in their ids, so no two of these keys are one text. */
    private static InputKeys payment(WebhookCommand payment, String status) {
        String product = payment.productId();
        String paymentId = payment.paymentId();
        return new InputKeys(
                payment.orderId(),
                product + "|key|" + payment.idempotencyKey(),
                paymentId == null ? null : product + "|payment|" + payment.orderId() + "|" + paymentId + "|" + status);
    }
}
