package io.flashsale.benchmarks;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.ProductView;
import io.flashsale.local.PipelineException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Asks inventory-streams what it thinks of a product's stock. */
final class StockQuery {

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Workbench workbench;

    StockQuery(Workbench workbench) {
        this.workbench = workbench;
    }

    void awaitDefined(String productId) {
        workbench.await(
                "product " + productId + " on sale",
                DEADLINE,
                () -> find(productId).isPresent());
    }

    /** Throws unless exactly so many holds of one unit each are taken from the product's stock. */
    void requireHolds(String productId, long holds) {
        ProductView product = get(productId);
        if (!isRight(product, holds)) {
            throw new PipelineException(
                    "The result is wrong: expected %,d holds, but got %s".formatted(holds, product));
        }
    }

    /** Waits until exactly so many units are sold, and those of unpaid orders reserved, or throws. */
    void awaitSold(String productId, long units, long unpaid) {
        workbench.await(
                "%,d units of %s sold and %,d reserved".formatted(units, productId, unpaid),
                DEADLINE,
                () -> isSold(get(productId), units, unpaid));
    }

    static boolean isSold(ProductView product, long units, long unpaid) {
        return product.soldStock() == units
                && product.reservedStock() == unpaid
                && product.availableStock() == product.totalStock() - units - unpaid;
    }

    static boolean isRight(ProductView product, long holds) {
        return product.holdsCount() == holds
                && product.reservedStock() == holds
                && product.soldStock() == 0
                && product.availableStock() == product.totalStock() - holds;
    }

    ProductView get(String productId) {
        workbench.await(
                "an answer about product " + productId,
                DEADLINE,
                () -> find(productId).isPresent());
        return find(productId).orElseThrow();
    }

    /** Empty if there is none, or no answer now. */
    private Optional<ProductView> find(String productId) {
        URI address = URI.create(workbench.pipeline().inventoryUrl(1) + "/internal/products/" + productId);
        try {
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setConnectTimeout((int) TIMEOUT.toMillis());
            connection.setReadTimeout((int) TIMEOUT.toMillis());
            if (connection.getResponseCode() != 200) {
                return Optional.empty();
            }
            try (InputStream body = connection.getInputStream()) {
                return Optional.of(Json.MAPPER.readValue(body, ProductView.class));
            }
        } catch (IOException | UncheckedIOException notNow) {
            return Optional.empty();
        }
    }
}
