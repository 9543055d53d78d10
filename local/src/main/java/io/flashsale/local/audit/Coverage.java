package io.flashsale.local.audit;

/**
 * What of a partition's history is still there. Nothing is concluded from what Kafka has deleted: an id that is first
 * seen behind a deleted beginning is believed, and stock is then not judged at all.
 *
 * @param inventory {@code inventory-events} is there from its beginning
 * @param orders {@code order-events} is there from its beginning
 */
public record Coverage(boolean inventory, boolean orders) {

    public static final Coverage COMPLETE = new Coverage(true, true);
}
