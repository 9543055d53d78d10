package io.flashsale.contracts;

import io.flashsale.contracts.HoldCommand.ExtendHold;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldCommand.ReleaseHold;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads commands, which anybody who may write a command topic can write: everything is checked, field by field. Our own
 * events, ticks and replies are read with {@link Json#MAPPER} alone.
 */
public final class CommandReader {

    /** Reasons of an {@link UnreadableException}. */
    public static final String NOT_JSON = "not-json";

    public static final String OVERSIZED = "oversized";
    public static final String UNKNOWN_TYPE = "unknown-type";
    public static final String VALIDATION_FAILED = "validation-failed";

    private CommandReader() {}

    public static ProductCommand productCommand(byte @Nullable [] value) throws UnreadableException {
        return read(value, CommandReader::productCommand);
    }

    public static HoldCommand holdCommand(byte @Nullable [] value) throws UnreadableException {
        return read(value, CommandReader::holdCommand);
    }

    public static OrderCommand orderCommand(byte @Nullable [] value) throws UnreadableException {
        return read(value, CommandReader::orderCommand);
    }

    public static WebhookCommand webhookCommand(byte @Nullable [] value) throws UnreadableException {
        return read(value, CommandReader::webhookCommand);
    }

    private static @Nullable ProductCommand productCommand(String type, Fields fields) {
        if (type.equals(DefineProduct.class.getSimpleName())) {
            return defineProduct(fields);
        }
        return type.equals(AdjustStock.class.getSimpleName()) ? adjustStock(fields) : null;
    }

    private static @Nullable HoldCommand holdCommand(String type, Fields fields) {
        if (type.equals(PlaceHold.class.getSimpleName())) {
            return placeHold(fields);
        }
        if (type.equals(ReleaseHold.class.getSimpleName())) {
            return releaseHold(fields);
        }
        return type.equals(ExtendHold.class.getSimpleName()) ? extendHold(fields) : null;
    }

    private static @Nullable OrderCommand orderCommand(String type, Fields fields) {
        if (type.equals(CreateOrder.class.getSimpleName())) {
            return createOrder(fields);
        }
        return type.equals(CancelOrder.class.getSimpleName()) ? cancelOrder(fields) : null;
    }

    private static @Nullable WebhookCommand webhookCommand(String type, Fields fields) {
        if (type.equals(PaymentSucceeded.class.getSimpleName())) {
            return payment(fields, PaymentSucceeded::new);
        }
        if (type.equals(PaymentFailed.class.getSimpleName())) {
            return payment(fields, PaymentFailed::new);
        }
        return null;
    }

    /** The fields of a {@link DefineProduct}, shared with the ingress, whose bodies have the same. */
    public static DefineProduct defineProduct(Fields fields) {
        return new DefineProduct(
                fields.requiredProductId("product_id"),
                fields.requiredText("name", Limits.MAX_NAME_LENGTH),
                fields.requiredMoney("price", Limits.MAX_PRICE),
                fields.optionalCurrency("currency"),
                fields.requiredInteger("total_stock", 0, Limits.MAX_TOTAL_STOCK),
                fields.optionalInteger("hold_ttl_seconds", 1, Limits.MAX_HOLD_TTL_SECONDS),
                saleRules(fields));
    }

    private static SaleRules saleRules(Fields fields) {
        SaleRules rules = new SaleRules(
                fields.optionalInteger("max_quantity_per_hold", 1, Limits.MAX_QUANTITY),
                fields.optionalInteger("max_per_customer", 1, Limits.MAX_TOTAL_STOCK),
                fields.optionalInstant("sale_starts_at"),
                fields.optionalInstant("sale_ends_at"),
                fields.optionalInteger("low_stock_threshold", 1, Limits.MAX_TOTAL_STOCK),
                fields.optionalInteger("payment_window_seconds", 1, Limits.MAX_PAYMENT_WINDOW_SECONDS));
        Instant end = rules.saleEndsAt();
        if (end != null && rules.saleStartsAt() != null && !rules.saleStartsAt().isBefore(end)) {
            fields.error("sale_ends_at", "must be after sale_starts_at");
        }
        return rules;
    }

    /** The fields of an {@link AdjustStock}, shared with the ingress, whose bodies have the same. */
    public static AdjustStock adjustStock(Fields fields) {
        AdjustStock command = new AdjustStock(
                fields.requiredProductId("product_id"),
                fields.requiredInteger("delta", -Limits.MAX_TOTAL_STOCK, Limits.MAX_TOTAL_STOCK),
                fields.requiredText("reason", Limits.MAX_REASON_LENGTH),
                fields.optionalText("idempotency_key", Limits.MAX_IDEMPOTENCY_KEY_LENGTH));
        if (command.delta() == 0) {
            fields.error("delta", "must not be 0");
        }
        return command;
    }

    private static PlaceHold placeHold(Fields fields) {
        String productId = fields.requiredProductId("product_id");
        return new PlaceHold(
                productId,
                routedId(fields, "hold_id", productId, HoldId::productOf),
                fields.requiredInteger("quantity", 1, Limits.MAX_QUANTITY),
                fields.optionalText("customer_id", Limits.MAX_CUSTOMER_ID_LENGTH));
    }

    private static ReleaseHold releaseHold(Fields fields) {
        String productId = fields.requiredProductId("product_id");
        return new ReleaseHold(productId, routedId(fields, "hold_id", productId, HoldId::productOf));
    }

    private static ExtendHold extendHold(Fields fields) {
        String productId = fields.requiredProductId("product_id");
        return new ExtendHold(
                productId,
                routedId(fields, "hold_id", productId, HoldId::productOf),
                fields.optionalInteger("seconds", 1, Limits.MAX_HOLD_TTL_SECONDS),
                fields.optionalText("idempotency_key", Limits.MAX_IDEMPOTENCY_KEY_LENGTH));
    }

    private static CancelOrder cancelOrder(Fields fields) {
        String productId = fields.requiredProductId("product_id");
        return new CancelOrder(productId, routedId(fields, "order_id", productId, OrderId::productOf));
    }

    private static CreateOrder createOrder(Fields fields) {
        String productId = fields.requiredProductId("product_id");
        return new CreateOrder(
                productId,
                routedId(fields, "hold_id", productId, HoldId::productOf),
                fields.optionalText("idempotency_key", Limits.MAX_IDEMPOTENCY_KEY_LENGTH));
    }

    private static <T> T payment(Fields fields, PaymentConstructor<T> constructor) {
        String productId = fields.requiredProductId("product_id");
        return constructor.make(
                productId,
                routedId(fields, "order_id", productId, OrderId::productOf),
                fields.requiredText("idempotency_key", Limits.MAX_IDEMPOTENCY_KEY_LENGTH),
                fields.optionalText("payment_id", Limits.MAX_PAYMENT_ID_LENGTH),
                fields.optionalMoney("amount", Limits.MAX_AMOUNT),
                fields.optionalCurrency("currency"));
    }

    private static String routedId(
            Fields fields, String field, String productId, Function<String, Optional<String>> productOf) {
        String id = fields.requiredText(field, Limits.MAX_IDEMPOTENCY_KEY_LENGTH);
        if (!productOf.apply(id).equals(Optional.of(productId))) {
            fields.error(field, "must be an id of product_id's own");
        }
        return id;
    }

    private static <T> T read(byte @Nullable [] value, CommandConstructor<T> constructor) throws UnreadableException {
        Fields fields = new Fields(object(value));
        String type = fields.requiredText("type", 64);
        T command = constructor.make(type, fields);
        if (command == null && fields.errors().isEmpty()) {
            throw new UnreadableException(UNKNOWN_TYPE, "This topic has no command of the type " + type + ".");
        }
        if (command == null || !fields.errors().isEmpty()) {
            throw new UnreadableException(
                    VALIDATION_FAILED,
                    fields.errors().stream()
                            .map(error -> error.field() + " " + error.message())
                            .collect(Collectors.joining("; ")));
        }
        return command;
    }

    private static JsonNode object(byte @Nullable [] value) throws UnreadableException {
        if (value == null) {
            throw new UnreadableException(NOT_JSON, "Expected a JSON object, but there is no value.");
        }
        if (value.length > Limits.MAX_COMMAND_BYTES) {
            throw new UnreadableException(
                    OVERSIZED,
                    "Expected at most " + Limits.MAX_COMMAND_BYTES + " bytes, but there are " + value.length + ".");
        }
        JsonNode node;
        try {
            node = Json.readTree(value);
        } catch (JacksonException malformed) {
            throw new UnreadableException(NOT_JSON, "Expected a JSON object, but " + Json.faultOf(malformed) + ".");
        }
        if (!node.isObject()) {
            throw new UnreadableException(NOT_JSON, "Expected a JSON object, but got " + node.getNodeType() + ".");
        }
        return node;
    }

    private interface CommandConstructor<T> {
        @Nullable
        T make(String type, Fields fields);
    }

    private interface PaymentConstructor<T> {
        T make(
                String productId,
                String orderId,
                String idempotencyKey,
                @Nullable String paymentId,
                @Nullable BigDecimal amount,
                @Nullable String currency);
    }
}
