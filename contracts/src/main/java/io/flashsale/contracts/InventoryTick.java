package io.flashsale.contracts;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What inventory-streams' punctuator tells itself through {@code inventory-ticks}, to be decided in log order. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface InventoryTick extends InventoryInput {

    /** A hold seems to be due. */
    record ExpireHold(String productId, String holdId) implements InventoryTick {}

    /** What ended long ago seems to be due for leaving the stores. The product only names the partition. */
    record SweepInventory(String productId) implements InventoryTick {}
}
