package io.flashsale.contracts;

import java.time.Instant;

/**
 * A hold as reads and replies show it.
 *
 * @param quantity units
 * @param expiresAt a command appended to Kafka before this instant finds the hold good
 * @param reservedForSeconds how long it was taken for
 */
public record HoldView(
        String holdId, String productId, int quantity, HoldStatus status, Instant expiresAt, long reservedForSeconds) {}
