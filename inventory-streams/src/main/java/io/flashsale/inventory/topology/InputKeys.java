package io.flashsale.inventory.topology;

import io.flashsale.contracts.HoldCommand.ExtendHold;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldCommand.ReleaseHold;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.InventoryInput;
import io.flashsale.contracts.InventoryTick.ExpireHold;
import io.flashsale.contracts.InventoryTick.SweepInventory;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderEvent;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import org.jspecify.annotations.Nullable;

/** Under which keys the state of one input's decision stands. */
record InputKeys(
        String productId, @Nullable String holdId, @Nullable String requestKey) {

    static InputKeys of(InventoryInput input) {
        return switch (input) {
            case DefineProduct command -> new InputKeys(command.productId(), null, null);
            case PlaceHold command -> new InputKeys(command.productId(), command.holdId(), null);
            case CreateOrder command ->
                new InputKeys(
                        command.productId(),
                        command.holdId(),
                        command.idempotencyKey() == null ? null : command.productId() + "|" + command.idempotencyKey());
            case AdjustStock command -> new InputKeys(command.productId(), null, null);
            case ReleaseHold command -> new InputKeys(command.productId(), command.holdId(), null);
            case ExtendHold command -> new InputKeys(command.productId(), command.holdId(), null);
            case CancelOrder command -> new InputKeys(command.productId(), null, null);
            case SweepInventory tick -> new InputKeys(tick.productId(), null, null);
            case ExpireHold tick -> new InputKeys(tick.productId(), tick.holdId(), null);
            case OrderEvent event -> new InputKeys(event.productId(), HoldId.ofOrder(event.orderId()), null);
        };
    }
}
