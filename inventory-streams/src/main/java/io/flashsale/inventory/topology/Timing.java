package io.flashsale.inventory.topology;

import java.time.Duration;

/**
 * When the punctuators run.
 *
 * @param punctuation how often due holds are looked for
 * @param grace how long after its expiry a hold is looked for
 * @param batch how many due holds become ticks at once
 * @param stockInterval how often changed stock is published
 */
public record Timing(Duration punctuation, Duration grace, int batch, Duration stockInterval) {}
