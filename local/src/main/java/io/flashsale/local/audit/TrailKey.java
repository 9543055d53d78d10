package io.flashsale.local.audit;

import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.OrderId;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;

/** The random part that a hold's id and its order's id have in common. */
record TrailKey(long high, long low) {

    private static final int PREFIX_LENGTH = 2;

    /** Empty if the text is no hold's id of this product. */
    static Optional<TrailKey> ofHold(String productId, String holdId) {
        return HoldId.productOf(holdId).equals(Optional.of(productId)) ? Optional.of(decode(holdId)) : Optional.empty();
    }

    /** Empty if the text is no order's id of this product. */
    static Optional<TrailKey> ofOrder(String productId, String orderId) {
        return OrderId.productOf(orderId).equals(Optional.of(productId))
                ? Optional.of(decode(orderId))
                : Optional.empty();
    }

    /** The order's id, for sentences. */
    String orderId(String productId) {
        byte[] random =
                ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
        return OrderId.ofHold(HoldId.of(productId, random));
    }

    private static TrailKey decode(String id) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(id.substring(PREFIX_LENGTH)));
        return new TrailKey(bytes.getLong(), bytes.getLong());
    }
}
