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
import io.flashsale.inventory.domain.HoldRecord;
import org.jspecify.annotations.Nullable;

/**
 * Under which keys the state of one input's decision stands.
 *
 * @param customerId who asks for a new hold
 */
record InputKeys(
        String productId,
        @Nullable String holdId,
        @Nullable String requestKey,
        @Nullable String customerId) {

    /** In no product id, call or hold id, so what is joined with it can be told apart again. */
    private static final String SEPARATOR = "|";

    static InputKeys of(InventoryInput input) {
        return switch (input) {
            case DefineProduct command -> ofProduct(command.productId());
            case AdjustStock command ->
                ofRequest(
                        command.productId(), null, requestKey(command.productId(), "adjust", command.idempotencyKey()));
            case PlaceHold command -> new InputKeys(command.productId(), command.holdId(), null, command.customerId());
            case ReleaseHold command -> ofHold(command.productId(), command.holdId());
            case ExtendHold command ->
                ofRequest(
                        command.productId(),
                        command.holdId(),
                        requestKey(command.productId(), "extend", command.idempotencyKey()));
            case CreateOrder command ->
                ofRequest(
                        command.productId(),
                        command.holdId(),
                        requestKey(command.productId(), "order", command.idempotencyKey()));
            case CancelOrder command -> ofProduct(command.productId());
            case ExpireHold tick -> ofHold(tick.productId(), tick.holdId());
            case SweepInventory tick -> ofProduct(tick.productId());
            case OrderEvent event -> ofHold(event.productId(), HoldId.ofOrder(event.orderId()));
        };
    }

    /** The keys of a hold or a request that is kept for a while, by the key it has in its store. */
    static InputKeys ofKept(String key) {
        int separator = key.indexOf(SEPARATOR);
        return separator < 0
                ? ofHold(HoldId.productOf(key).orElseThrow(), key)
                : ofRequest(key.substring(0, separator), null, key);
    }

    /** The customer whose units the decision may count: the hold's own, if there is a hold. */
    @Nullable
    String customerKey(@Nullable HoldRecord hold) {
        String customer = hold == null ? customerId : hold.customerId();
        return customer == null ? null : productId + SEPARATOR + customer;
    }

    private static InputKeys ofProduct(String productId) {
        return new InputKeys(productId, null, null, null);
    }

    private static InputKeys ofHold(String productId, String holdId) {
        return new InputKeys(productId, holdId, null, null);
    }

    private static InputKeys ofRequest(String productId, @Nullable String holdId, @Nullable String requestKey) {
        return new InputKeys(productId, holdId, requestKey, null);
    }

    private static @Nullable String requestKey(String productId, String call, @Nullable String idempotencyKey) {
        return idempotencyKey == null ? null : productId + SEPARATOR + call + SEPARATOR + idempotencyKey;
    }
}
