package io.flashsale.local.tools;

import io.flashsale.contracts.Json;
import io.flashsale.local.PipelineException;
import io.flashsale.local.Table;
import io.flashsale.local.tools.Shop.Answer;
import io.flashsale.local.tools.Shop.Call;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The products as the HTTP list shows them.
 *
 * @param stale whether a standby answered for some of them
 * @param whole whether these are all
 */
record ProductList(List<Product> products, boolean stale, boolean whole) {

    private static final int PAGE = 100;

    /** All of them are in memory. */
    private static final int MAX_PRODUCTS = 100_000;

    private static final int MAX_NAME_CHARACTERS = 40;

    /** One line of the list. */
    record Product(
            String id,
            @Nullable String name,
            @Nullable String saleStatus,
            long totalStock,
            long availableStock,
            long reservedStock,
            long soldStock,
            long holdsCount) {}

    private record Page(List<Product> products, @Nullable String nextCursor) {}

    static ProductList read(Shop shop) {
        return read(shop, MAX_PRODUCTS);
    }

    /** @param limit of what is read; a page more may come */
    static ProductList read(Shop shop, int limit) {
        List<Product> products = new ArrayList<>();
        boolean stale = false;
        String cursor = null;
        List<Product> rows;
        do {
            String after = cursor == null ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
            Answer answer = shop.require(Call.get("/api/products?limit=" + PAGE + after));
            if (answer.status() != 200) {
                throw new PipelineException("GET " + shop.url() + "/api/products was answered " + answer.status() + " "
                        + answer.text("code") + ".");
            }
            stale |= answer.stale();
            Page page = Json.MAPPER.readValue(answer.body(), Page.class);
            rows = page.products();
            products.addAll(rows);
            cursor = page.nextCursor();
        } while (cursor != null && !rows.isEmpty() && products.size() < limit);
        return new ProductList(products, stale, cursor == null || rows.isEmpty());
    }

    /** For a person. */
    List<String> lines() {
        if (products.isEmpty()) {
            return List.of("No products.");
        }
        Table table = new Table("product", "name", "sale", "total", "available", "reserved", "sold", "holds")
                .numbers(3, 4, 5, 6, 7);
        products.forEach(product -> table.row(
                product.id(),
                Escaped.text(Objects.requireNonNullElse(product.name(), ""), MAX_NAME_CHARACTERS),
                Objects.requireNonNullElse(product.saleStatus(), ""),
                "%,d".formatted(product.totalStock()),
                "%,d".formatted(product.availableStock()),
                "%,d".formatted(product.reservedStock()),
                "%,d".formatted(product.soldStock()),
                "%,d".formatted(product.holdsCount())));
        List<String> lines = new ArrayList<>(table.lines());
        lines.add("");
        lines.add("%s%,d product%s: %,d units, %,d available, %,d reserved, %,d sold; %,d active holds."
                .formatted(
                        whole ? "" : "The first ",
                        products.size(),
                        products.size() == 1 ? "" : "s",
                        sum(Product::totalStock),
                        sum(Product::availableStock),
                        sum(Product::reservedStock),
                        sum(Product::soldStock),
                        sum(Product::holdsCount)));
        if (stale) {
            lines.add("Some of it is a standby's, and may be old: an instance of inventory-streams is away.");
        }
        return lines;
    }

    private long sum(ToLongFunction<Product> figure) {
        return products.stream().mapToLong(figure).sum();
    }

    /** For a program. */
    Map<String, Object> document() {
        Map<String, Object> totals = new LinkedHashMap<>();
        totals.put("products", products.size());
        totals.put("total_stock", sum(Product::totalStock));
        totals.put("available_stock", sum(Product::availableStock));
        totals.put("reserved_stock", sum(Product::reservedStock));
        totals.put("sold_stock", sum(Product::soldStock));
        totals.put("holds_count", sum(Product::holdsCount));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("products", products);
        document.put("totals", totals);
        document.put("whole", whole);
        document.put("stale", stale);
        return document;
    }
}
