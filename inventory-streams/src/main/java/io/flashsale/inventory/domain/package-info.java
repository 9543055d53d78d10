/**
 * The rules of stock and holds: pure functions on immutable values. Nothing here knows Kafka, Spring, JSON, a clock,
 * randomness or logging, so every rule can be tested as a table and every log replayed.
 */
@NullMarked
package io.flashsale.inventory.domain;

import org.jspecify.annotations.NullMarked;
