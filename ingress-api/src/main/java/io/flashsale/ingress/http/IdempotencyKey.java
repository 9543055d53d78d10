package io.flashsale.ingress.http;

import io.flashsale.contracts.Fields;
import io.flashsale.contracts.Limits;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads an idempotency key from a header: 1 to 255 printable ASCII characters, {@code "quoted"} or bare. */
final class IdempotencyKey {

    static final String HEADER = "Idempotency-Key";

    private IdempotencyKey() {}

    /**
     * The key, or null if the header is not there.
     *
     * @param fields that an error is added to
     */
    static @Nullable String read(HttpServletRequest request, String header, Fields fields) {
        List<String> values = Collections.list(request.getHeaders(header));
        if (values.isEmpty()) {
            return null;
        }
        if (values.size() > 1) {
            fields.error(header, "must be given once");
            return null;
        }
        String key = unquoted(values.getFirst().strip());
        if (key.isBlank()
                || key.length() > Limits.MAX_IDEMPOTENCY_KEY_LENGTH
                || !key.chars().allMatch(character -> character >= ' ' && character <= '~')) {
            fields.error(header, "must be 1 to " + Limits.MAX_IDEMPOTENCY_KEY_LENGTH + " printable ASCII characters");
        }
        return key;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
