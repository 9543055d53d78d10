package io.flashsale.ingress.http;

import io.flashsale.contracts.FieldError;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.Limits;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.ProductView;
import io.flashsale.contracts.Reply.ProductAnswer;
import io.flashsale.ingress.gateway.QueryAnswer;
import io.flashsale.ingress.gateway.QueryClient;
import io.flashsale.ingress.security.AdminKey;
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
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Products: anybody looks at them, who has the admin key defines them. */
@RestController
@RequestMapping(path = "/api/products", produces = MediaType.APPLICATION_JSON_VALUE)
final class ProductsController {

    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 100;
    private static final Pattern LIMIT = Pattern.compile("[0-9]{1,3}");

    private final CommandCalls commands;
    private final AdminKey adminKey;
    private final Reads reads;

    ProductsController(CommandCalls commands, AdminKey adminKey, QueryClient inventoryQueries) {
        this.commands = commands;
        this.adminKey = adminKey;
        this.reads = new Reads(inventoryQueries);
    }

    @GetMapping
    ResponseEntity<ProductPage> list(
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        int most = limitOf(limit);
        String after = cursor == null ? "" : "&after=" + idOf(cursor);
        QueryAnswer answer = reads.get("/internal/products?limit=" + most + after, ProductsController::notFound);
        List<ProductView> products =
                Json.MAPPER.readValue(answer.body(), ProductPage.Answer.class).products();
        return Reads.answer(answer).cacheControl(CacheControl.noCache()).body(ProductPage.of(products, most));
    }

    /** The framework answers 304 to an {@code If-None-Match} that names the ETag set here. */
    @GetMapping("/{productId}")
    ResponseEntity<byte[]> find(@PathVariable String productId) {
        if (!Limits.PRODUCT_ID.matcher(productId).matches()) {
            throw notFound();
        }
        QueryAnswer answer = reads.get("/internal/products/" + productId, ProductsController::notFound);
        long revision = Json.MAPPER.readTree(answer.body()).path("revision").asLong();
        return Reads.answer(answer)
                .cacheControl(CacheControl.noCache())
                .eTag(Long.toString(revision))
                .body(answer.body());
    }

    @PutMapping("/{productId}")
    ResponseEntity<Object> define(@PathVariable String productId, HttpServletRequest request) {
        if (!adminKey.matches(request.getHeader("X-Api-Key"))) {
            throw ProblemException.of(ProblemType.UNAUTHORIZED, "Expected the admin key in X-Api-Key.");
        }
        DefineProduct command = ProductRequest.read(productId, request);
        return commands.decide(request, command, ProductAnswer.class)
                .<ResponseEntity<Object>>map(answer ->
                        Answers.decided(answer.created() ? 201 : 200, answer).body(answer.product()))
                .orElseGet(() -> Answers.pending("product_id", productId, URI.create("/api/products/" + productId)));
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

    private static ProblemException notFound() {
        return ProblemException.of(ProblemType.PRODUCT_NOT_FOUND, "There is no such product.");
    }
}
