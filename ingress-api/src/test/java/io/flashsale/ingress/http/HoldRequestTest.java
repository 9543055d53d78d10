package io.flashsale.ingress.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.flashsale.contracts.FieldError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

class HoldRequestTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"product_id":"p","quantity":2}                        | p  | 2 |
                    {"product_id":"p","quantity":"2"}                      | p  | 2 |
                    {"product_id":17,"quantity":2}                         | 17 | 2 |
                    {"product_id":"p","qty":2}                             | p  | 2 |
                    {"product_id":"p","qty":"2","quantity":2}              | p  | 2 |
                    {"product_id":"p","quantity":2,"qty":null}             | p  | 2 |
                    {"product_id":"p","quantity":1000000}                  | p  | 1000000 |
                    {"product_id":"p","quantity":1,"customer_id":"alice"}  | p  | 1 | alice
                    {"product_id":"p","quantity":1,"customer_id":null}     | p  | 1 |
                    {"product_id":"p","quantity":1,"colour":{"a":[1]}}     | p  | 1 |
                    """)
    void reads(String body, String productId, int quantity, String customerId) {
        HoldRequest hold = HoldRequest.read(Requests.post(body));

        assertThat(hold).isEqualTo(new HoldRequest(productId, quantity, customerId, null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                                     | product_id quantity
                    {"product_id":"p"}                                     | quantity
                    {"quantity":1}                                         | product_id
                    {"product_id":null,"quantity":1}                       | product_id
                    {"product_id":"","quantity":1}                         | product_id
                    {"product_id":"a b","quantity":1}                      | product_id
                    {"product_id":true,"quantity":1}                       | product_id
                    {"product_id":1.5,"quantity":1}                        | product_id
                    {"product_id":["p"],"quantity":1}                      | product_id
                    {"product_id":"p","quantity":0}                        | quantity
                    {"product_id":"p","quantity":-1}                       | quantity
                    {"product_id":"p","quantity":1.5}                      | quantity
                    {"product_id":"p","quantity":1e999999999}              | quantity
                    {"product_id":"p","quantity":1000001}                  | quantity
                    {"product_id":"p","quantity":99999999999999999999999}  | quantity
                    {"product_id":"p","quantity":"two"}                    | quantity
                    {"product_id":"p","quantity":""}                       | quantity
                    {"product_id":"p","quantity":true}                     | quantity
                    {"product_id":"p","qty":0}                             | qty
                    {"product_id":"p","quantity":2,"qty":3}                | qty
                    {"product_id":"p","quantity":1,"customer_id":7}        | customer_id
                    {"product_id":"p","quantity":1,"customer_id":""}       | customer_id
                    {"product_id":"a b","quantity":0,"customer_id":""}     | product_id quantity customer_id
                    """)
    void tellsEveryFieldThatIsWrong(String body, String fields) {
        ProblemException problem = Requests.problemOf(() -> HoldRequest.read(Requests.post(body)));

        assertThat(problem.type()).isEqualTo(ProblemType.VALIDATION_FAILED);
        assertThat(problem.errors()).extracting(FieldError::field).containsExactly(fields.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            key-1    | key-1
            "key-1"  | key-1
            "a b"    | a b
            "        | "
            a"b      | a"b
            """)
    void readsTheKeyQuotedOrBare(String header, String key) {
        MockHttpServletRequest request = Requests.post("{\"product_id\":\"p\",\"quantity\":1}");
        request.addHeader("Idempotency-Key", header);

        assertThat(HoldRequest.read(request).idempotencyKey()).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({"''", "'   '", "'\"\"'", "'\"  \"'", "k\u00e9y", "'tab\tbed'"})
    void refusesAKeyThatIsNone(String header) {
        assertRefused(header);
    }

    @Test
    void boundsTheKey() {
        MockHttpServletRequest longest = Requests.post("{\"product_id\":\"p\",\"quantity\":1}");
        longest.addHeader("Idempotency-Key", "k".repeat(255));

        assertThat(HoldRequest.read(longest).idempotencyKey()).hasSize(255);
        assertRefused("k".repeat(256));
    }

    @Test
    void refusesTwoKeys() {
        assertRefused("one", "two");
    }

    private static void assertRefused(String... keys) {
        MockHttpServletRequest request = Requests.post("{\"product_id\":\"p\",\"quantity\":1}");
        for (String key : keys) {
            request.addHeader("Idempotency-Key", key);
        }

        ProblemException problem = catchThrowableOfType(ProblemException.class, () -> HoldRequest.read(request));

        assertThat(problem.errors()).extracting(FieldError::field).containsExactly("Idempotency-Key");
    }
}
