package io.flashsale.ingress.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.FieldError;
import io.flashsale.contracts.ProductCommand.AdjustStock;
import io.flashsale.contracts.ProductCommand.DefineProduct;
import io.flashsale.contracts.SaleRules;
import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

class ProductRequestTest {

    @Test
    void readsEverything() {
        DefineProduct command = read("""
                {"name": "Shoe", "price": "10.50", "currency": "EUR", "total_stock": "100", "hold_ttl_seconds": 60}
                """);

        assertThat(command)
                .isEqualTo(new DefineProduct(
                        "sneaker-1", "Shoe", new BigDecimal("10.50"), "EUR", 100, 60, SaleRules.NONE));
    }

    @Test
    void readsTheRulesOfTheSale() {
        DefineProduct command = read("""
                {"name": "Shoe", "price": 1, "total_stock": 1, "max_quantity_per_hold": 2, "max_per_customer": "4",
                 "sale_starts_at": "2026-11-27T10:00:00+01:00", "sale_ends_at": "2026-11-27T10:00:00Z",
                 "low_stock_threshold": 10, "payment_window_seconds": 600}
                """);

        assertThat(command.rules())
                .isEqualTo(new SaleRules(
                        2, 4, Instant.parse("2026-11-27T09:00:00Z"), Instant.parse("2026-11-27T10:00:00Z"), 10, 600));
    }

    @Test
    void readsTheLeast() {
        DefineProduct command = read("{\"name\": \"Shoe\", \"price\": 0, \"total_stock\": 0}");

        assertThat(command)
                .isEqualTo(new DefineProduct("sneaker-1", "Shoe", BigDecimal.ZERO, null, 0, null, SaleRules.NONE));
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
                    {"name":"S","price":1,"total_stock":1,"max_quantity_per_hold":0}   | max_quantity_per_hold
                    {"name":"S","price":1,"total_stock":1,"max_per_customer":-1}       | max_per_customer
                    {"name":"S","price":1,"total_stock":1,"sale_starts_at":"x"}        | sale_starts_at
                    {"name":"S","price":1,"total_stock":1,"sale_ends_at":"1999-12-31T23:59:59Z"} | sale_ends_at
                    {"name":"S","price":1,"total_stock":1,"low_stock_threshold":0}     | low_stock_threshold
                    {"name":"S","price":1,"total_stock":1,"payment_window_seconds":0}  | payment_window_seconds
                    """)
    void tellsEveryFieldThatIsWrong(String body, String fields) {
        ProblemException problem = Requests.problemOf(() -> read(body));

        assertThat(problem.type()).isEqualTo(ProblemType.VALIDATION_FAILED);
        assertThat(problem.errors()).extracting(FieldError::field).containsExactly(fields.split(" "));
    }

    @Test
    void aSaleEndsAfterItStarts() {
        ProblemException problem = Requests.problemOf(() -> read("""
                {"name": "S", "price": 1, "total_stock": 1,
                 "sale_starts_at": "2026-11-27T09:00:00Z", "sale_ends_at": "2026-11-27T09:00:00Z"}
                """));

        assertThat(problem.errors()).containsExactly(new FieldError("sale_ends_at", "must be after sale_starts_at"));
    }

    @Test
    void refusesAPathThatIsNoProduct() {
        ProblemException problem = Requests.problemOf(() ->
                ProductRequest.definition("a b", Requests.post("{\"name\":\"S\",\"price\":1,\"total_stock\":1}")));

        assertThat(problem.errors()).extracting(FieldError::field).containsExactly("product_id");
    }

    @Test
    void readsAnAdjustment() {
        assertThat(adjustment("{\"delta\": \"-5\", \"reason\": \"Broken in transit\", \"product_id\": \"sneaker-1\"}"))
                .isEqualTo(new AdjustStock("sneaker-1", -5, "Broken in transit", null));
    }

    @Test
    void theKeyOfAnAdjustmentIsInTheHeaderAndTravelsDerived() {
        MockHttpServletRequest request = Requests.post("{\"delta\": 5, \"reason\": \"Found\", \"idempotency_key\": 7}");
        request.addHeader("Idempotency-Key", "\"key-1\"");

        assertThat(ProductRequest.adjustment("sneaker-1", request, key -> "derived " + key))
                .isEqualTo(new AdjustStock("sneaker-1", 5, "Found", "derived key-1"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                                       | delta reason
                    {"delta":0,"reason":"r"}                                 | delta
                    {"delta":1.5,"reason":"r"}                               | delta
                    {"delta":1000000001,"reason":"r"}                        | delta
                    {"delta":1,"reason":" "}                                 | reason
                    {"delta":1,"reason":"r","product_id":"another"}          | product_id
                    """)
    void tellsEveryFieldOfAnAdjustmentThatIsWrong(String body, String fields) {
        ProblemException problem = Requests.problemOf(() -> adjustment(body));

        assertThat(problem.errors()).extracting(FieldError::field).containsExactly(fields.split(" "));
    }

    private static AdjustStock adjustment(String body) {
        return ProductRequest.adjustment("sneaker-1", Requests.post(body), key -> key);
    }

    private static DefineProduct read(String body) {
        return ProductRequest.definition("sneaker-1", Requests.post(body));
    }
}
