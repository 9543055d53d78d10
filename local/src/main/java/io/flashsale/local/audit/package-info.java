/**
 * An auditor's books: events in, violations out. Pure: it knows the messages of the contract and neither Kafka, files,
 * clocks nor the applications' own rules, which it judges.
 */
@NullMarked
package io.flashsale.local.audit;

import org.jspecify.annotations.NullMarked;
