package io.flashsale.ingress.http;

import io.flashsale.contracts.FieldError;
import io.flashsale.contracts.Fields;
import io.flashsale.contracts.Limits;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an event of Stripe says of an order. The order is the {@code order_id} in the metadata of the payment intent or
 * checkout session; see <a href="https://docs.stripe.com/api/events/types">the types of events</a>.
 */
sealed interface StripeEvent {

    /** In front of an event's id, so that no other provider's key is the same. */
    String KEY_PREFIX = "stripe:";

    /** What a completed checkout says when no money is awaited any more; a free one needs no payment. */
    Set<String> SETTLED = Set.of("paid", "no_payment_required");

    /** An order was paid, or was not. */
    record Payment(WebhookCommand command) implements StripeEvent {}

    /** Nothing of ours. */
    record Ignored(String why) implements StripeEvent {}

    /**
     * Reads an event whose signature was found good.
     *
     * @throws ProblemException if it is about an order, but not as Stripe documents it
     */
    static StripeEvent read(ObjectNode body) {
        Fields event = new Fields(body);
        String key = KEY_PREFIX + event.requiredText("id", Limits.MAX_IDEMPOTENCY_KEY_LENGTH - KEY_PREFIX.length());
        StripeEventType type = StripeEventType.of(event.requiredText("type", 255));
        requireNone(event.errors());
        if (type == null) {
            return new Ignored("Events of this type say nothing of an order's payment.");
        }
        JsonNode object = body.path("data").path("object");
        String orderId = object.path("metadata").path("order_id").asString("");
        if (orderId.isEmpty()) {
            return new Ignored("There is no order_id in the metadata.");
        }
        String productId = OrderId.productOf(orderId).orElse(null);
        if (productId == null) {
            return new Ignored("The order_id in the metadata is no id that this service has made.");
        }
        if (type.mayBeUnpaid() && object.path("payment_status").asString("").equals("unpaid")) {
            return new Ignored("The checkout is completed, but not paid.");
        }
        return new Payment(command(key, type, productId, orderId, object));
    }

    private static WebhookCommand command(
            String key, StripeEventType type, String productId, String orderId, JsonNode object) {
        Fields fields = new Fields(PaymentRequest.withUpperCaseCurrency(object.asObject()));
        String paymentId = paymentId(fields);
        String currency = fields.optionalCurrency("currency");
        BigDecimal amount = amount(fields, type.amountField(), currency);
        if (type.succeeded() && (currency == null || amount == null)) {
            // Without them an order would be paid whatever it costs.
            fields.error(currency == null ? "currency" : type.amountField(), "is required");
        }
        if (type.mayBeUnpaid() && !SETTLED.contains(fields.requiredText("payment_status", 255))) {
            fields.error("payment_status", "must be paid, no_payment_required or unpaid");
        }
        requireNone(fields.errors());
        return type.succeeded()
                ? new PaymentSucceeded(productId, orderId, key, paymentId, amount, currency)
                : new PaymentFailed(productId, orderId, key, paymentId, amount, currency);
    }

    /** A checkout session names its payment intent, so that the events of both are about one payment. */
    private static String paymentId(Fields fields) {
        String paymentIntent = fields.optionalText("payment_intent", Limits.MAX_PAYMENT_ID_LENGTH);
        return paymentIntent == null ? fields.requiredText("id", Limits.MAX_PAYMENT_ID_LENGTH) : paymentIntent;
    }

    private static @Nullable BigDecimal amount(Fields fields, String field, @Nullable String currency) {
        BigDecimal minorUnits = fields.optionalMoney(field, Limits.MAX_AMOUNT);
        if (minorUnits == null || currency == null) {
            return null;
        }
        if (minorUnits.stripTrailingZeros().scale() > 0) {
            fields.error(field, "must be a whole number of the currency's smallest unit");
        }
        return new BigDecimal(minorUnits.toBigInteger(), StripeCurrency.decimals(currency));
    }

    private static void requireNone(List<FieldError> errors) {
        if (!errors.isEmpty()) {
            throw ProblemException.invalid(errors);
        }
    }
}
