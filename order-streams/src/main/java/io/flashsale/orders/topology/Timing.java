package io.flashsale.orders.topology;

import java.time.Duration;

/**
 * When the punctuator runs.
 *
 * @param punctuation how often passed deadlines are looked for
 * @param grace how long after its time a deadline is looked for
 * @param batch how many passed deadlines become ticks at once, and how many records one tick takes out of the stores
 * @param parkingTime how long a payment is kept whose order does not exist
 */
public record Timing(Duration punctuation, Duration grace, int batch, Duration parkingTime) {}
