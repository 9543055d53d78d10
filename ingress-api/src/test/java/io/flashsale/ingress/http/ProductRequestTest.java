package io.flashsale.ingress.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.FieldError;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProductRequestTest {

    @Test
    void readsEverything() {
        DefineProduct command = read("""
                {"name": "Shoe", "price": "10.50", "currency": "EUR", "total_stock": "100", "hold_ttl_seconds": 60}
                """);

        assertThat(command).isEqualTo(new DefineProduct("sneaker-1", "Shoe", new BigDecimal("10.50"), "EUR", 100, 60));
    }

    @Test
    void readsTheLeast() {
        DefineProduct command = read("{\"name\": \"Shoe\", \"price\": 0, \"total_stock\": 0}");

        assertThat(command).isEqualTo(new DefineProduct("sneaker-1", "Shoe", BigDecimal.ZERO, null, 0, null));
    }

    @ParameterizedTest
    @CsvSource({"'\"sneaker-1\"'", "null"})
    void takesThePathsProductInTheBodyToo(String productId) {
        assertThat(read("{\"product_id\": " + productId + ", \"name\": \"Shoe\", \"price\": 1, \"total_stock\": 1}")
                        .productId())
                .isEqualTo("sneaker-1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                                                 | name price total_stock
                    {"name":"","price":1,"total_stock":1}                              | name
                    {"name":"S","price":-1,"total_stock":1}                            | price
                    {"name":"S","price":1.00001,"total_stock":1}                       | price
                    {"name":"S","price":1e400,"total_stock":1}                         | price
                    {"name":"S","price":1,"total_stock":-1}                            | total_stock
                    {"name":"S","price":1,"total_stock":1,"currency":"euro"}           | currency
                    {"name":"S","price":1,"total_stock":1,"hold_ttl_seconds":0}        | hold_ttl_seconds
                    {"name":"S","price":1,"total_stock":1,"product_id":"another"}      | product_id
                    {"name":"S","price":1,"total_stock":1,"product_id":["sneaker-1"]}  | product_id
                    {"name":"S","price":1,"total_stock":1,"max_quantity_per_hold":1}   | max_quantity_per_hold
                    {"name":"S","price":1,"total_stock":1,"max_per_customer":1}        | max_per_customer
                    {"name":"S","price":1,"total_stock":1,"sale_starts_at":"x"}        | sale_starts_at
                    {"name":"S","price":1,"total_stock":1,"sale_ends_at":"x"}          | sale_ends_at
                    {"name":"S","price":1,"total_stock":1,"low_stock_threshold":1}     | low_stock_threshold
                    {"name":"S","price":1,"total_stock":1,"payment_window_seconds":1}  | payment_window_seconds
                    """)
    void tellsEveryFieldThatIsWrong(String body, String fields) {
        ProblemException problem = Requests.problemOf(() -> read(body));

        assertThat(problem.type()).isEqualTo(ProblemType.VALIDATION_FAILED);
        assertThat(problem.errors()).extracting(FieldError::field).containsExactly(fields.split(" "));
    }

    @Test
    void saysThatARuleDoesNotExistYet() {
        ProblemException problem =
                Requests.problemOf(() -> read("{\"name\":\"S\",\"price\":1,\"total_stock\":1,\"max_per_customer\":1}"));

        assertThat(problem.errors()).containsExactly(new FieldError("max_per_customer", "is not supported yet"));
    }

    @Test
    void refusesAPathThatIsNoProduct() {
        ProblemException problem = Requests.problemOf(
                () -> ProductRequest.read("a b", Requests.post("{\"name\":\"S\",\"price\":1,\"total_stock\":1}")));

        assertThat(problem.errors()).extracting(FieldError::field).containsExactly("product_id");
    }

    private static DefineProduct read(String body) {
        return ProductRequest.read("sneaker-1", Requests.post(body));
    }
}
