package io.flashsale.benchmarks.peer;

import java.time.Instant;

/** A new hold. */
public record HoldAnswer(
        String holdId, String productId, int quantity, String status, Instant expiresAt, int reservedForSeconds) {}
