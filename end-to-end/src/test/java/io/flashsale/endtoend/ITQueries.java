package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.endtoend.Shop.Answer;
import io.flashsale.local.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(TestPipeline.class)
class ITQueries {

    private final Shop shop;
    private final List<Shop> instances;

    ITQueries(Pipeline pipeline) {
        this.shop = new Shop(pipeline.ingressUrl(1));
        this.instances = List.of(new Shop(pipeline.inventoryUrl(1)), new Shop(pipeline.inventoryUrl(2)));
    }

    @Test
    void twoInstancesAnswerReadsOfEachOthersProducts() {
        List<String> products =
                Stream.generate(() -> shop.product(7, 600)).limit(24).toList();

        Shop.await().untilAsserted(() -> {
            int[] owned = new int[instances.size()];
            for (String productId : products) {
                String path = "/internal/products/" + productId;
                for (int i = 0; i < instances.size(); i++) {
                    assertThat(instances.get(i).get(path).expect(200).number("available_stock"))
                            .isEqualTo(7);
                    Answer own = instances.get(i).call("GET", path, null, "X-Flashsale-Forwarded", "true");
                    owned[i] += own.status() == 200
                                    && own.header("X-Flashsale-Stale").isEmpty()
                            ? 1
                            : 0;
                }
            }
            assertThat(owned[0] + owned[1]).as("each product has one owner").isEqualTo(products.size());
            assertThat(owned).as("both own some").doesNotContain(0);
        });
    }

    @Test
    void aListHasTheProductsOfAllInstancesPageByPage() {
        TreeSet<String> products = new TreeSet<>();
        for (int i = 0; i < 24; i++) {
            products.add(shop.product(7, 600));
        }

        List<String> listed = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page =
                    shop.get("/api/products?limit=10" + cursor).expect(200).json();
            page.get("products").forEach(product -> listed.add(product.get("id").asString()));
            cursor = page.has("next_cursor")
                    ? "&cursor=" + page.get("next_cursor").asString()
                    : "";
        } while (!cursor.isEmpty());

        assertThat(listed).isSorted().doesNotHaveDuplicates().containsAll(products);
    }

    @Test
    void aReadThatKnowsTheProductAlreadyIsNotAnsweredAgain() {
        String productId = shop.product(7, 600);
        String etag = shop.product(productId).header("ETag");

        assertThat(shop.call("GET", "/api/products/" + productId, null, "If-None-Match", etag)
                        .status())
                .isEqualTo(304);
        shop.hold(productId, 1).expect(201);
        assertThat(shop.call("GET", "/api/products/" + productId, null, "If-None-Match", etag)
                        .status())
                .isEqualTo(200);
    }
}
