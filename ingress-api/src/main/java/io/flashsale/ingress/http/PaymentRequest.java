package io.flashsale.ingress.http;

import io.flashsale.contracts.FieldError;
import io.flashsale.contracts.Fields;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.Limits;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The body of {@code POST /api/payments/webhook}: the many names that payment providers give the same few things. */
final class PaymentRequest {

    private static final Set<String> SUCCEEDED = Set.of("succeeded", "success", "successful", "paid", "completed");
    private static final Set<String> FAILED = Set.of("failed", "failure", "declined", "cancelled", "canceled");
    private static final List<String> KEY_HEADERS = List.of(IdempotencyKey.HEADER, "X-Idempotency-Key", "webhook-id");
    private static final List<String> ID_FIELDS = List.of("order_id", "order_reference", "hold_id");

    private final HttpServletRequest request;
    private final Fields fields;

    private PaymentRequest(HttpServletRequest request, ObjectNode body) {
        this.request = request;
        this.fields = new Fields(withUpperCaseCurrency(body));
    }

    /** Reads a webhook whose signature was found good. */
    static WebhookCommand read(HttpServletRequest request, ObjectNode body) {
        return new PaymentRequest(request, body).command();
    }

    private WebhookCommand command() {
        String orderId = orderId();
        boolean succeeded = succeeded();
        String paymentId = paymentId();
        BigDecimal amount = fields.optionalMoney("amount", Limits.MAX_AMOUNT);
        String currency = fields.optionalCurrency("currency");
        String key = key(paymentId, succeeded);
        List<FieldError> errors = fields.errors();
        if (!errors.isEmpty()) {
            throw ProblemException.invalid(errors);
        }
        String productId = OrderId.productOf(orderId).orElseThrow();
        return succeeded
                ? new PaymentSucceeded(productId, orderId, key, paymentId, amount, currency)
                : new PaymentFailed(productId, orderId, key, paymentId, amount, currency);
    }

    private String orderId() {
        List<String> given = ID_FIELDS.stream().filter(fields::has).toList();
        if (given.size() != 1) {
            fields.error(
                    given.isEmpty() ? "order_id" : given.get(1),
                    "exactly one of order_id, order_reference and hold_id must be given");
            return "";
        }
        String field = given.getFirst();
        return field.equals("hold_id")
                ? id(field, HoldId::productOf, OrderId::ofHold)
                : id(field, OrderId::productOf, id -> id);
    }

    private String id(String field, Function<String, Optional<String>> productOf, Function<String, String> orderOf) {
        String id = fields.requiredText(field, Limits.MAX_IDEMPOTENCY_KEY_LENGTH);
        if (productOf.apply(id).isEmpty()) {
            fields.error(field, "is no id that this service has made");
            return "";
        }
        return orderOf.apply(id);
    }

    private boolean succeeded() {
        int before = fields.errors().size();
        List<Boolean> said = Stream.of(status("status"), status("payment_status"), success())
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        if (fields.errors().size() == before && said.size() != 1) {
            fields.error(
                    "status", said.isEmpty() ? "is required" : "status, payment_status and success must say the same");
        }
        return said.contains(true);
    }

    private @Nullable Boolean status(String field) {
        JsonNode node = fields.present(field);
        if (node == null) {
            return null;
        }
        String status = node.isString() ? node.stringValue().toLowerCase(Locale.ROOT) : "";
        if (!SUCCEEDED.contains(status) && !FAILED.contains(status)) {
            fields.error(field, "must be succeeded or failed");
        }
        return SUCCEEDED.contains(status);
    }

    private @Nullable Boolean success() {
        JsonNode node = fields.present("success");
        if (node == null) {
            return null;
        }
        if (!node.isBoolean()) {
            fields.error("success", "must be true or false");
            return false;
        }
        return node.booleanValue();
    }

    private @Nullable String paymentId() {
        String paymentId = fields.optionalText("payment_id", Limits.MAX_PAYMENT_ID_LENGTH);
        String alias = fields.optionalText("transaction_id", Limits.MAX_PAYMENT_ID_LENGTH);
        if (paymentId != null && alias != null && !paymentId.equals(alias)) {
            fields.error("transaction_id", "must be the same as payment_id, which it is an alias of");
        }
        return paymentId == null ? alias : paymentId;
    }

    private String key(@Nullable String paymentId, boolean succeeded) {
        for (String header : KEY_HEADERS) {
            int before = fields.errors().size();
            String key = IdempotencyKey.read(request, header, fields);
            if (key != null || fields.errors().size() > before) {
                return key == null ? "" : key;
            }
        }
        String key = fields.optionalText("idempotency_key", Limits.MAX_IDEMPOTENCY_KEY_LENGTH);
        if (key != null) {
            return key;
        }
        // One payment may fail first and succeed later: these are two notifications.
        String derived = paymentId == null ? "" : paymentId + (succeeded ? ":succeeded" : ":failed");
        if (paymentId == null || derived.length() > Limits.MAX_IDEMPOTENCY_KEY_LENGTH) {
            fields.error(
                    "idempotency_key",
                    "is required, here or in the header " + IdempotencyKey.HEADER
                            + ", if there is no payment_id that is short enough to serve as one");
        }
        return derived;
    }

    /** Some providers write currencies small. */
    static ObjectNode withUpperCaseCurrency(ObjectNode body) {
        JsonNode currency = body.get("currency");
        return currency != null && currency.isString()
                ? body.put("currency", currency.stringValue().toUpperCase(Locale.ROOT))
                : body;
    }
}
