package io.flashsale.benchmarks.peer;

/** The body of {@code POST /api/holds}. */
public record HoldRequest(String productId, int quantity) {}
