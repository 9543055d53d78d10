package io.flashsale.ingress.http;

import io.flashsale.contracts.FieldError;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.Limits;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.ProductView;
import io.flashsale.contracts.Reply.ProductAnswer;
import io.flashsale.ingress.gateway.ProductReads;
import io.flashsale.ingress.gateway.QueryAnswer;
import io.flashsale.ingress.gateway.QueryClient;
import io.flashsale.ingress.security.IdDerivation;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Products: anybody looks at them, who has the admin key defines and restocks them. */
@RestController
@RequestMapping(path = "/api/products", produces = MediaType.APPLICATION_JSON_VALUE)
final class ProductsController {

    private static final String ADJUSTMENTS = "adjustments";
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 100;
    private static final Pattern LIMIT = Pattern.compile("[0-9]{1,3}");

    private final CommandCalls commands;
    private final Admins admins;
    private final IdDerivation ids;
    private final Reads reads;
    private final ProductReads products;
    private final CallMetrics metrics;

    /** The newest one that was made: the visitors of a sale share their answers. */
    private volatile @Nullable Tag tag;

    private record Tag(QueryAnswer answer, String text) {}

    ProductsController(
            CommandCalls commands,
            Admins admins,
            IdDerivation ids,
            QueryClient inventoryQueries,
            ProductReads products,
            CallMetrics metrics) {
        this.commands = commands;
        this.admins = admins;
        this.ids = ids;
        this.reads = new Reads(inventoryQueries);
        this.products = products;
        this.metrics = metrics;
    }

    @GetMapping
    ResponseEntity<ProductPage> list(
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        int most = limitOf(limit);
        String after = cursor == null ? "" : "&after=" + idOf(cursor);
        QueryAnswer answer = reads.get("/internal/products?limit=" + (most + 1) + after, ProductsController::notFound);
        List<ProductView> products =
                Json.MAPPER.readValue(answer.body(), ProductPage.Answer.class).products();
        return Reads.answer(answer).cacheControl(CacheControl.noCache()).body(ProductPage.of(products, most));
    }

    /** The framework answers 304 to an {@code If-None-Match} that names the ETag set here. */
    @GetMapping("/{productId}")
    ResponseEntity<byte[]> find(@PathVariable String productId) {
        requireProductId(productId);
        QueryAnswer answer = Reads.found(products.get(productId), ProductsController::notFound);
        return Reads.answer(answer)
                .cacheControl(CacheControl.noCache())
                .eTag(tagOf(answer))
                .body(answer.body());
    }

    @PutMapping("/{productId}")
    ResponseEntity<Object> define(@PathVariable String productId, HttpServletRequest request) {
        admins.require(request);
        DefineProduct command = ProductRequest.definition(productId, request);
        return commands.decide(request, command, ProductAnswer.class)
                .map(answer -> decided(answer.created() ? 201 : 200, answer))
                .orElseGet(() -> pending(productId));
    }

    @PostMapping("/{productId}/stock-adjustments")
    ResponseEntity<Object> adjust(@PathVariable String productId, HttpServletRequest request) {
        return metrics.countFailures(ADJUSTMENTS, () -> {
            admins.require(request);
            requireProductId(productId);
            AdjustStock command =
                    ProductRequest.adjustment(productId, request, key -> ids.adjustmentKey(productId, key));
            return commands.decide(request, command, ProductAnswer.class)
                    .map(this::adjusted)
                    .orElseGet(() -> pending(productId));
        });
    }

    private ResponseEntity<Object> adjusted(ProductAnswer answer) {
        metrics.accepted(ADJUSTMENTS, answer);
        return decided(200, answer);
    }

    private static ResponseEntity<Object> decided(int status, ProductAnswer answer) {
        return Answers.decided(status, answer).body(answer.product());
    }

    private static ResponseEntity<Object> pending(String productId) {
        return Answers.pending("product_id", productId, URI.create("/api/products/" + productId));
    }

    /** A sale starts and ends without a change of the product, so its revision alone would not say it. */
    private String tagOf(QueryAnswer answer) {
        Tag known = tag;
        if (known != null && known.answer() == answer) {
            return known.text();
        }
        JsonNode product = Json.MAPPER.readTree(answer.body());
        String text = product.path("revision").asString() + "-"
                + product.path("sale_status").asString();
        tag = new Tag(answer, text);
        return text;
    }

    static void requireProductId(String productId) {
        if (!Limits.PRODUCT_ID.matcher(productId).matches()) {
            throw notFound();
        }
    }

    private static int limitOf(@Nullable String limit) {
        if (limit == null) {
            return DEFAULT_LIMIT;
        }
        int number = LIMIT.matcher(limit).matches() ? Integer.parseInt(limit) : 0;
        if (number < 1 || number > MAX_LIMIT) {
            throw invalid("limit", "must be a whole number from 1 to " + MAX_LIMIT);
        }
        return number;
    }

    private static String idOf(String cursor) {
        Optional<String> id = ProductPage.idOf(cursor);
        return id.orElseThrow(() -> invalid("cursor", "must be the next_cursor of an earlier answer"));
    }

    private static ProblemException invalid(String field, String message) {
        return ProblemException.invalid(List.of(new FieldError(field, message)));
    }

    static ProblemException notFound() {
        return ProblemException.of(ProblemType.PRODUCT_NOT_FOUND, "There is no such product.");
    }
}
