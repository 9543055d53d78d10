package io.flashsale.local.tools;

import io.flashsale.contracts.Json;
import io.flashsale.local.PipelineException;
import io.flashsale.local.audit.StockCount;
import io.flashsale.local.tools.Shop.Answer;
import io.flashsale.local.tools.Shop.Call;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the running pipeline says of its products. */
final class LiveProducts {

    private static final int PAGE = 100;

    private final Shop shop;

    LiveProducts(Shop shop) {
        this.shop = shop;
    }

    /** The figures that events say too. */
    record LiveProduct(
            String id, long totalStock, long availableStock, long reservedStock, long soldStock, long holdsCount) {

        /** Where it differs from the events: "available 3 (events: 4)"; empty if it does not. */
        String differences(StockCount expected) {
            return Stream.of(
                            difference("total", totalStock, expected.total()),
                            difference("available", availableStock, expected.available()),
                            difference("reserved", reservedStock, expected.reserved()),
                            difference("sold", soldStock, expected.sold()),
                            difference("holds", holdsCount, expected.activeHolds()))
                    .flatMap(Optional::stream)
                    .collect(Collectors.joining(", "));
        }

        private static Optional<String> difference(String what, long live, long expected) {
            return live == expected ? Optional.empty() : Optional.of(what + " " + live + " (events: " + expected + ")");
        }
    }

    private record Page(
            List<LiveProduct> products, @Nullable String nextCursor) {}

    /** One read: what it says, that there is none, or that it cannot be said now. */
    sealed interface Read {

        record Found(LiveProduct product) implements Read {}

        record Missing() implements Read {}

        record Later(String why) implements Read {}
    }

    Read read(String productId) {
        Answer answer;
        try {
            answer = shop.send(Call.get("/api/products/" + productId));
        } catch (IOException noAnswer) {
            return new Read.Later("no answer");
        }
        if (answer.stale()) {
            return new Read.Later("a standby answers");
        }
        return switch (answer.status()) {
            case 200 -> new Read.Found(Json.MAPPER.readValue(answer.body(), LiveProduct.class));
            case 404 -> new Read.Missing();
            case 429, 503 -> new Read.Later(answer.status() + " " + answer.text("code"));
            default ->
                throw new PipelineException("GET " + shop.url() + "/api/products/" + productId + " was answered "
                        + answer.status() + " " + answer.text("code") + ".");
        };
    }

    /** All of them by id, page after page; empty if one page cannot be had now or is a standby's. */
    Optional<Map<String, LiveProduct>> list() {
        Map<String, LiveProduct> all = new LinkedHashMap<>();
        List<LiveProduct> rows = new ArrayList<>();
        String cursor = null;
        do {
            String after = cursor == null ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8);
            Answer answer;
            try {
                answer = shop.send(Call.get("/api/products?limit=" + PAGE + after));
            } catch (IOException noAnswer) {
                return Optional.empty();
            }
            if (answer.status() != 200 || answer.stale()) {
                return Optional.empty();
            }
            Page page = Json.MAPPER.readValue(answer.body(), Page.class);
            rows = page.products();
            rows.forEach(row -> all.put(row.id(), row));
            cursor = page.nextCursor();
        } while (cursor != null && !rows.isEmpty());
        return Optional.of(all);
    }
}
