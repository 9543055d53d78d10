package io.flashsale.local.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.contracts.Json;
import io.flashsale.local.PipelineException;
import io.flashsale.local.tools.FakeShop.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ProductListTest {

    private FakeShop server;
    private Shop shop;

    @BeforeEach
    void open() throws IOException {
        server = new FakeShop(Fault.NONE);
        shop = new Shop(server.url());
    }

    @AfterEach
    void close() {
        shop.close();
        server.close();
    }

    @Test
    void listsWhatIsThereAndAddsItUp() {
        server.put("lamp", 1_000, 700, 200, 100, 30);
        server.put("sofa", 5, 0, 1, 4, 1);

        assertThat(ProductList.read(shop).lines())
                .containsExactly(
                        "product   name   sale   total   available   reserved   sold   holds",
                        "-------   ----   ----   -----   ---------   --------   ----   -----",
                        "lamp                    1,000         700        200    100      30",
                        "sofa                        5           0          1      4       1",
                        "",
                        "2 products: 1,005 units, 700 available, 201 reserved, 104 sold; 31 active holds.");
    }

    @Test
    void showsNameAndSaleAndObeysNeither() {
        ProductList list = new ProductList(
                List.of(new ProductList.Product("lamp", "Lamp\u001b[2J", "open", 1, 1, 0, 0, 0)), true, true);

        assertThat(list.lines())
                .contains("lamp      Lamp\\u{1b}[2J   open       1           1          0      0       0")
                .endsWith(
                        "1 product: 1 units, 1 available, 0 reserved, 0 sold; 0 active holds.",
                        "Some of it is a standby's, and may be old: an instance of inventory-streams is away.");
    }

    @Test
    void readsPageAfterPage() {
        IntStream.range(0, 250).forEach(number -> server.put("p%03d".formatted(number), 1, 1, 0, 0, 0));

        ProductList list = ProductList.read(shop);

        assertThat(list.products()).hasSize(250).doesNotHaveDuplicates();
        assertThat(list.whole()).isTrue();
    }

    @Test
    void readsNoMoreThanFitIntoMemory() {
        IntStream.range(0, 250).forEach(number -> server.put("p%03d".formatted(number), 1, 1, 0, 0, 0));

        ProductList list = ProductList.read(shop, 150);

        assertThat(list.products()).hasSize(200);
        assertThat(list.lines()).last().asString().startsWith("The first 200 products: 200 units");
    }

    @Test
    void saysThatThereAreNone() {
        assertThat(ProductList.read(shop).lines()).containsExactly("No products.");
    }

    @Test
    void saysWhyItCannotBeHad() {
        server.listsToRefuse = 1;

        assertThatThrownBy(() -> ProductList.read(shop))
                .isInstanceOf(PipelineException.class)
                .hasMessage("GET " + server.url() + "/api/products was answered 429 rate-limited.");
    }

    @Test
    void tellsAProgramTheSame() {
        server.put("lamp", 10, 7, 2, 1, 1);

        JsonNode document = Json.readTree(Json.MAPPER
                .writeValueAsString(ProductList.read(shop).document())
                .getBytes(StandardCharsets.UTF_8));

        assertThat(document.get("products").get(0).toString())
                .isEqualTo("{\"id\":\"lamp\",\"total_stock\":10,\"available_stock\":7,\"reserved_stock\":2,"
                        + "\"sold_stock\":1,\"holds_count\":1}");
        assertThat(document.get("totals").toString())
                .isEqualTo("{\"products\":1,\"total_stock\":10,\"available_stock\":7,\"reserved_stock\":2,"
                        + "\"sold_stock\":1,\"holds_count\":1}");
        assertThat(document.get("whole").asBoolean()).isTrue();
    }
}
