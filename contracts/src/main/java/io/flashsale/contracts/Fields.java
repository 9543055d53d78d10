package io.flashsale.contracts;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the fields of one JSON object and collects what is wrong with them, so that a caller is told everything at
 * once. The rules of the contract: unknown fields are ignored, numbers may come as numeric strings, a product id may be
 * an integer, null is absent. A getter that found an error returns a value of the right type that must not be used:
 * ask {@link #errors()} before using any.
 */
public final class Fields {

    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");

    private final JsonNode object;
    private final List<FieldError> errors = new ArrayList<>();

    /** @param object a JSON object */
    public Fields(JsonNode object) {
        if (!object.isObject()) {
            throw new IllegalArgumentException("Expected a JSON object");
        }
        this.object = object;
    }

    /** What was wrong so far; empty when all values read may be used. */
    public List<FieldError> errors() {
        return List.copyOf(errors);
    }

    /** Says what is wrong with a field. Its first error counts: what follows from that one would only confuse. */
    public void error(String field, String message) {
        if (errors.stream().noneMatch(error -> error.field().equals(field))) {
            errors.add(new FieldError(field, message));
        }
    }

    public boolean has(String field) {
        return present(field) != null;
    }

    /** The field as it is, or null if it is absent. */
    public @Nullable JsonNode present(String field) {
        JsonNode node = object.get(field);
        return node == null || node.isNull() ? null : node;
    }

    public String requiredProductId(String field) {
        JsonNode node = present(field);
        String text = node != null && node.isIntegralNumber() ? node.asString() : optionalText(field, 64);
        if (text == null) {
            return missing(field, "");
        }
        if (!Limits.isProductId(text)) {
            error(field, "must be 1 to 64 characters of A-Z a-z 0-9 . _ -");
        }
        return text;
    }

    public String requiredText(String field, int maxLength) {
        String text = optionalText(field, maxLength);
        return text == null ? missing(field, "") : text;
    }

    /** A text of 1 to {@code maxLength} Unicode characters without control characters, or null if it is absent. */
    public @Nullable String optionalText(String field, int maxLength) {
        JsonNode node = present(field);
        if (node == null) {
            return null;
        }
        if (!node.isString()) {
            error(field, "must be a string");
            return "";
        }
        String text = node.stringValue();
        if (text.isBlank() || text.codePointCount(0, text.length()) > maxLength) {
            error(field, "must be 1 to " + maxLength + " characters");
        } else if (hasUnfit(text)) {
            error(field, "must not contain control characters or broken Unicode");
        }
        return text;
    }

    public int requiredInteger(String field, int min, int max) {
        Integer number = optionalInteger(field, min, max);
        return number == null ? missing(field, min) : number;
    }

    public @Nullable Integer optionalInteger(String field, int min, int max) {
        JsonNode node = present(field);
        if (node == null) {
            return null;
        }
        long number = node.isInt() ? node.intValue() : wholeNumberOf(node);
        if (number < min || number > max) {
            error(field, "must be a whole number from " + min + " to " + max);
            return min;
        }
        return (int) number;
    }

    /** A time as RFC 3339 writes it, between the years 2000 and 9999, or null if it is absent. */
    public @Nullable Instant optionalInstant(String field) {
        String text = optionalText(field, 40);
        if (text == null) {
            return null;
        }
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            if (instant.isBefore(Limits.MIN_TIME) || instant.isAfter(Limits.MAX_TIME)) {
                error(field, "must be between the years 2000 and 9999");
            }
            return instant;
        } catch (DateTimeParseException notATime) {
            error(field, "must be a time like 2026-11-27T09:00:00Z (RFC 3339)");
            return Instant.EPOCH;
        }
    }

    public BigDecimal requiredMoney(String field, BigDecimal max) {
        BigDecimal money = optionalMoney(field, max);
        return money == null ? missing(field, BigDecimal.ZERO) : money;
    }

    public @Nullable BigDecimal optionalMoney(String field, BigDecimal max) {
        JsonNode node = present(field);
        if (node == null) {
            return null;
        }
        BigDecimal money = moneyOf(node);
        if (money == null
                || money.signum() < 0
                || money.compareTo(max) > 0
                || money.stripTrailingZeros().scale() > Limits.MAX_MONEY_SCALE) {
            error(
                    field,
                    "must be a decimal number from 0 to " + max.toPlainString() + " with at most "
                            + Limits.MAX_MONEY_SCALE + " digits behind the point");
            return BigDecimal.ZERO;
        }
        return money;
    }

    public @Nullable String optionalCurrency(String field) {
        String text = optionalText(field, 3);
        if (text != null && !Limits.CURRENCY.matcher(text).matches()) {
            error(field, "must be three capital letters (ISO 4217)");
        }
        return text;
    }

    private static long wholeNumberOf(JsonNode node) {
        String text = node.isIntegralNumber() || node.isString() ? node.asString() : "";
        return INTEGER.matcher(text).matches() ? Long.parseLong(text) : Long.MIN_VALUE;
    }

    private static @Nullable BigDecimal moneyOf(JsonNode node) {
        if (node.isNumber()) {
            // A short text of a huge exponent must not become a huge number.
            BigDecimal number = node.decimalValue();
            return Math.abs((long) number.scale()) > 18 || number.precision() > 36 ? null : plain(number);
        }
        String text = node.isString() ? node.stringValue() : "";
        return DECIMAL.matcher(text).matches() ? new BigDecimal(text) : null;
    }

    private static BigDecimal plain(BigDecimal number) {
        return number.scale() < 0 ? number.setScale(0) : number;
    }

    private static boolean hasUnfit(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (isUnfit(text.codePointAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isUnfit(int character) {
        return Character.isISOControl(character) || Character.getType(character) == Character.SURROGATE;
    }

    private <T> T missing(String field, T unused) {
        error(field, "is required");
        return unused;
    }
}
