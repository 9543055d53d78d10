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
import org.jspecify.annotations.Nullable;

/** Under which keys the state of one input's decision stands; no order id where nothing is decided. */
record InputKeys(@Nullable String orderId, @Nullable String webhookKey) {

    private static final InputKeys NONE = new InputKeys(null, null);

    static InputKeys of(OrderInput input) {
        return switch (input) {
            case HoldRedeemed event -> order(event.orderId());
            case RedeemRejected event -> event.repeated() ? order(OrderId.ofHold(event.holdId())) : NONE;
            case StockReacquired event -> order(event.orderId());
            case ReacquireRefused event -> order(event.orderId());
            case WebhookCommand payment ->
                new InputKeys(payment.orderId(), payment.productId() + "|" + payment.idempotencyKey());
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

    private static InputKeys order(String orderId) {
        return new InputKeys(orderId, null);
    }
}
