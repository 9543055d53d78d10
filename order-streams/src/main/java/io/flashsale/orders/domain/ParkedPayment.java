package io.flashsale.orders.domain;

import io.flashsale.contracts.WebhookCommand;
import java.time.Instant;

/** A payment whose order does not exist yet. */
public record ParkedPayment(WebhookCommand payment, Instant parkedAt) {}
