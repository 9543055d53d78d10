package io.flashsale.ingress.http;

import io.flashsale.contracts.Limits;
import io.flashsale.contracts.ProductView;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code GET /api/products}.
 *
 * @param nextCursor where the next page starts; absent on the last page
 */
record ProductPage(List<ProductView> products, @Nullable String nextCursor) {

    /** What an application answers. */
    record Answer(List<ProductView> products) {}

    /** @param found one more than a page holds, if there are that many */
    static ProductPage of(List<ProductView> found, int limit) {
        if (found.size() <= limit) {
            return new ProductPage(found, null);
        }
        List<ProductView> page = found.subList(0, limit);
        return new ProductPage(page, cursorAfter(page.getLast().id()));
    }

    static String cursorAfter(String productId) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(productId.getBytes(StandardCharsets.UTF_8));
    }

    /** The id a cursor stands for, or empty if it is none of ours. */
    static Optional<String> idOf(String cursor) {
        try {
            String id = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            return Optional.of(id)
                    .filter(text -> Limits.PRODUCT_ID.matcher(text).matches());
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
