package io.flashsale.contracts;

import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import java.math.BigDecimal;
import java.util.List;
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

    /** Fields of the contract without a rule behind them yet: to take them silently would be a lie. */
    private static final List<String> RULES_TO_COME = List.of(
            "max_quantity_per_hold",
            "max_per_customer",
            "sale_starts_at",
            "sale_ends_at",
            "low_stock_threshold",
            "payment_window_seconds");

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
        return type.equals(DefineProduct.class.getSimpleName()) ? defineProduct(fields) : null;
    }

    private static @Nullable HoldCommand holdCommand(String type, Fields fields) {
        return type.equals(PlaceHold.class.getSimpleName()) ? placeHold(fields) : null;
    }

    private static @Nullable OrderCommand orderCommand(String type, Fields fields) {
        return type.equals(CreateOrder.class.getSimpleName()) ? createOrder(fields) : null;
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
        RULES_TO_COME.stream().filter(fields::has).forEach(field -> fields.error(field, "is not supported yet"));
        return new DefineProduct(
                fields.requiredProductId("product_id"),
                fields.requiredText("name", Limits.MAX_NAME_LENGTH),
                fields.requiredMoney("price", Limits.MAX_PRICE),
                fields.optionalCurrency("currency"),
                fields.requiredInteger("total_stock", 0, Limits.MAX_TOTAL_STOCK),
                fields.optionalInteger("hold_ttl_seconds", 1, Limits.MAX_HOLD_TTL_SECONDS));
    }

    private static PlaceHold placeHold(Fields fields) {
        String productId = fields.requiredProductId("product_id");
        return new PlaceHold(
                productId,
                routedId(fields, "hold_id", productId, HoldId::productOf),
                fields.requiredInteger("quantity", 1, Limits.MAX_QUANTITY),
                fields.optionalText("customer_id", Limits.MAX_CUSTOMER_ID_LENGTH));
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
            node = Json.MAPPER.readTree(value);
        } catch (JacksonException malformed) {
            throw new UnreadableException(NOT_JSON, "Expected a JSON object, but " + malformed.getOriginalMessage());
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
