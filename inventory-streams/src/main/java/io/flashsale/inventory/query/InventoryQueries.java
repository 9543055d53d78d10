package io.flashsale.inventory.query;

import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.Limits;
import io.flashsale.contracts.ProductView;
import io.flashsale.inventory.domain.Hold;
import io.flashsale.inventory.domain.HoldRecord;
import io.flashsale.inventory.domain.Product;
import io.flashsale.inventory.topology.InventoryTopology;
import io.flashsale.streams.query.QueryAnswer;
import io.flashsale.streams.query.QueryRouter;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Interactive queries: reads of the live stores, for the ingress and for the other instances. They see a decision a few
 * milliseconds before it is committed, which is fine for display; nothing is decided on them.
 */
@RestController
final class InventoryQueries {

    /** One more than a page of the public API, which so learns whether there is a next one. */
    private static final int MAX_PAGE = 101;

    private final QueryRouter router;
    private final InstantSource clock;

    InventoryQueries(QueryRouter router, InstantSource clock) {
        this.router = router;
        this.clock = clock;
    }

    /** Products of one page, as instances pass them to each other. */
    record ProductPage(List<ProductView> products) {}

    @GetMapping("/internal/products/{productId}")
    ResponseEntity<byte[]> product(
            @PathVariable String productId,
            @RequestHeader(name = QueryRouter.FORWARDED_HEADER, defaultValue = "false") boolean forwarded,
            HttpServletRequest request) {
        if (!Limits.PRODUCT_ID.matcher(productId).matches()) {
            return QueryAnswer.notFound().toResponse();
        }
        return router.<Product>ask(
                        InventoryTopology.PRODUCTS, productId, request.getRequestURI(), forwarded, products -> {
                            Product product = products.get(productId);
                            return product == null
                                    ? QueryAnswer.notFound()
                                    : QueryAnswer.found(product.toView(clock.instant()));
                        })
                .toResponse();
    }

    @GetMapping("/internal/holds/{holdId}")
    ResponseEntity<byte[]> hold(
            @PathVariable String holdId,
            @RequestHeader(name = QueryRouter.FORWARDED_HEADER, defaultValue = "false") boolean forwarded,
            HttpServletRequest request) {
        String productId = HoldId.productOf(holdId).orElse(null);
        if (productId == null) {
            return QueryAnswer.notFound().toResponse();
        }
        return router.<HoldRecord>ask(
                        InventoryTopology.HOLDS,
                        productId,
                        request.getRequestURI(),
                        forwarded,
                        holds -> shown(holds.get(holdId), productId))
                .toResponse();
    }

    private static QueryAnswer shown(HoldRecord hold, String productId) {
        return switch (hold) {
            case null -> QueryAnswer.notFound();
            case Hold placed -> QueryAnswer.found(placed.toView(productId));
            case HoldRecord.Refused refused -> QueryAnswer.of(409, refused.refusal());
        };
    }

    @GetMapping("/internal/products")
    ResponseEntity<byte[]> products(
            @RequestParam(defaultValue = "50") int limit,
            @RequestParam(defaultValue = "") String after,
            @RequestHeader(name = QueryRouter.FORWARDED_HEADER, defaultValue = "false") boolean forwarded) {
        int atMost = Math.clamp(limit, 1, MAX_PAGE);
        return (forwarded ? ownedPage(after, atMost) : wholePage(after, atMost)).toResponse();
    }

    /** Everybody's part; while one of the others is away, what this instance has copies of. */
    private QueryAnswer wholePage(String after, int atMost) {
        List<QueryAnswer> parts = new ArrayList<>();
        parts.add(ownedPage(after, atMost));
        String path =
                "/internal/products?limit=" + atMost + "&after=" + URLEncoder.encode(after, StandardCharsets.UTF_8);
        router.others().forEach(host -> parts.add(router.there(host, path)));
        if (!parts.stream().allMatch(part -> part.status() == 200)) {
            return copiedPage(after, atMost);
        }
        List<ProductView> found = parts.stream()
                .flatMap(part -> Json.MAPPER.readValue(part.body(), ProductPage.class).products().stream())
                .toList();
        return QueryAnswer.found(new ProductPage(firstOf(found, atMost)));
    }

    private QueryAnswer ownedPage(String after, int atMost) {
        try {
            return page(router.owned(InventoryTopology.PRODUCTS), after, atMost);
        } catch (InvalidStateStoreException changingHands) {
            return QueryAnswer.unavailable();
        }
    }

    private QueryAnswer copiedPage(String after, int atMost) {
        try {
            return page(router.copies(InventoryTopology.PRODUCTS), after, atMost)
                    .asStale();
        } catch (InvalidStateStoreException notAllHere) {
            return QueryAnswer.unavailable();
        }
    }

    private QueryAnswer page(List<ReadOnlyKeyValueStore<String, Product>> parts, String after, int atMost) {
        Instant now = clock.instant();
        List<ProductView> found = new ArrayList<>();
        for (ReadOnlyKeyValueStore<String, Product> part : parts) {
            try (KeyValueIterator<String, Product> products = part.range(after.isEmpty() ? null : after, null)) {
                for (int taken = 0; taken < atMost && products.hasNext(); ) {
                    ProductView product = products.next().value.toView(now);
                    if (product.id().compareTo(after) > 0) {
                        found.add(product);
                        taken++;
                    }
                }
            }
        }
        return QueryAnswer.found(new ProductPage(firstOf(found, atMost)));
    }

    private static List<ProductView> firstOf(List<ProductView> products, int atMost) {
        return products.stream()
                .sorted(Comparator.comparing(ProductView::id))
                .limit(atMost)
                .toList();
    }
}
