package io.flashsale.contracts;

/** What a caller or an upstream system asks for: imperative, may be refused. Read with {@link CommandReader}. */
public sealed interface Command permits ProductCommand, HoldCommand, OrderCommand, WebhookCommand {

    /** The product it is about, and the key of its record. */
    String productId();
}
