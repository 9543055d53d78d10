/**
 * The rules of orders and payments: pure functions on immutable values. Nothing here knows Kafka, Spring, JSON, a
 * clock, randomness or logging, so every rule can be tested as a table and every log replayed.
 */
@NullMarked
package io.flashsale.orders.domain;

import org.jspecify.annotations.NullMarked;
