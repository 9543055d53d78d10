package io.flashsale.ingress.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.FieldError;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.contracts.WebhookCommand.PaymentFailed;
import io.flashsale.contracts.WebhookCommand.PaymentSucceeded;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

/** In the tables ORDER and HOLD stand for ids of the product p, and K for a key. */
class PaymentRequestTest {

    private static final String HOLD = HoldId.of("p", new byte[16]);
    private static final String ORDER = OrderId.ofHold(HOLD);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'order_id':'ORDER','status':'succeeded'}",
                "{'order_reference':'ORDER','status':'succeeded'}",
                "{'hold_id':'HOLD','status':'succeeded'}",
                "{'order_id':'ORDER','hold_id':null,'status':'succeeded'}",
                "{'order_id':'ORDER','status':'SUCCESS'}",
                "{'order_id':'ORDER','status':'Successful'}",
                "{'order_id':'ORDER','status':'paid'}",
                "{'order_id':'ORDER','status':'completed'}",
                "{'order_id':'ORDER','payment_status':'paid'}",
                "{'order_id':'ORDER','success':true}",
                "{'order_id':'ORDER','success':true,'status':'paid','payment_status':'completed'}",
                "{'order_id':'ORDER','status':'paid','card':{'number':'4242'},'timestamp':'whatever'}",
            })
    void readsASuccess(String body) {
        assertThat(read(body, "Idempotency-Key", "K"))
                .isEqualTo(new PaymentSucceeded("p", ORDER, "K", null, null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'order_id':'ORDER','status':'failed'}",
                "{'order_id':'ORDER','status':'failure'}",
                "{'order_id':'ORDER','status':'Declined'}",
                "{'order_id':'ORDER','status':'cancelled'}",
                "{'order_id':'ORDER','status':'canceled'}",
                "{'order_id':'ORDER','payment_status':'FAILED'}",
                "{'order_id':'ORDER','success':false}",
                "{'order_id':'ORDER','success':false,'status':'failed'}",
            })
    void readsAFailure(String body) {
        assertThat(read(body, "Idempotency-Key", "K")).isEqualTo(new PaymentFailed("p", ORDER, "K", null, null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'order_id':'ORDER','success':true,'payment_id':'pay-1','amount':'21.00','currency':'EUR'}",
                "{'order_id':'ORDER','success':true,'transaction_id':'pay-1','amount':21.00,'currency':'eur'}",
                "{'order_id':'ORDER','success':true,'payment_id':'pay-1','transaction_id':'pay-1',"
                        + "'amount':21.00,'currency':'Eur'}",
            })
    void readsThePayment(String body) {
        assertThat(read(body, "Idempotency-Key", "K"))
                .isEqualTo(new PaymentSucceeded("p", ORDER, "K", "pay-1", new BigDecimal("21.00"), "EUR"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {'success':true}                                                 | order_id
                    {'order_id':'ORDER','hold_id':'HOLD','success':true}             | hold_id
                    {'order_id':'ORDER','order_reference':'ORDER','success':true}    | order_reference
                    {'order_id':'nonsense','success':true}                           | order_id
                    {'order_id':'HOLD','success':true}                               | order_id
                    {'order_reference':'HOLD','success':true}                        | order_reference
                    {'hold_id':'ORDER','success':true}                               | hold_id
                    {'order_id':7,'success':true}                                    | order_id
                    {'order_id':'','success':true}                                   | order_id
                    {'order_id':'ORDER'}                                             | status
                    {'order_id':'ORDER','status':'pending'}                          | status
                    {'order_id':'ORDER','status':true}                               | status
                    {'order_id':'ORDER','payment_status':''}                         | payment_status
                    {'order_id':'ORDER','success':'true'}                            | success
                    {'order_id':'ORDER','success':true,'status':'failed'}            | status
                    {'order_id':'ORDER','status':'paid','payment_status':'failed'}   | status
                    {'order_id':'ORDER','success':true,'payment_id':7}               | payment_id
                    {'order_id':'ORDER','success':true,'transaction_id':''}          | transaction_id
                    {'order_id':'ORDER','success':true,'payment_id':'a','transaction_id':'b'} | transaction_id
                    {'order_id':'ORDER','success':true,'amount':-1}                  | amount
                    {'order_id':'ORDER','success':true,'amount':'much'}              | amount
                    {'order_id':'ORDER','success':true,'currency':'euro'}            | currency
                    {'order_id':'ORDER','success':true,'currency':978}               | currency
                    {'status':'maybe','amount':[],'currency':''}                     | order_id status amount currency
                    """)
    void tellsEveryFieldThatIsWrong(String body, String fields) {
        ProblemException problem = Requests.problemOf(() -> read(body, "Idempotency-Key", "K"));

        assertThat(problem.type()).isEqualTo(ProblemType.VALIDATION_FAILED);
        assertThat(problem.errors()).extracting(FieldError::field).containsExactly(fields.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "Idempotency-Key,   K",
        "Idempotency-Key,   '\"K\"'",
        "idempotency-key,   K",
        "X-Idempotency-Key, K",
        "webhook-id,        K",
    })
    void takesTheKeyOfAHeaderBeforeThatOfTheBody(String header, String key) {
        String body = "{'order_id':'ORDER','success':true,'idempotency_key':'body','payment_id':'pay-1'}";

        assertThat(read(body, header, key).idempotencyKey()).isEqualTo("K");
    }

    @Test
    void takesTheHeadersInOrder() {
        MockHttpServletRequest two = request("{'order_id':'ORDER','success':true}");
        two.addHeader("webhook-id", "third");
        two.addHeader("X-Idempotency-Key", "second");
        assertThat(read(two).idempotencyKey()).isEqualTo("second");

        MockHttpServletRequest three = request("{'order_id':'ORDER','success':true}");
        three.addHeader("webhook-id", "third");
        three.addHeader("X-Idempotency-Key", "second");
        three.addHeader("Idempotency-Key", "first");
        assertThat(read(three).idempotencyKey()).isEqualTo("first");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {'order_id':'ORDER','success':true,'idempotency_key':'body','payment_id':'pay-1'} | body
                    {'order_id':'ORDER','success':true,'payment_id':'pay-1'}                          | pay-1:succeeded
                    {'order_id':'ORDER','success':false,'payment_id':'pay-1'}                         | pay-1:failed
                    {'order_id':'ORDER','success':false,'transaction_id':'pay-1'}                     | pay-1:failed
                    """)
    void findsTheKeyInTheBody(String body, String key) {
        assertThat(read(request(body)).idempotencyKey()).isEqualTo(key);
    }

    @Test
    void refusesAWebhookWithoutAnyKey() {
        assertRefused(request("{'order_id':'ORDER','success':true}"), "idempotency_key");
    }

    @Test
    void aPaymentIdServesAsAKeyOnlyAsLongAsTheKeyFits() {
        String fits = "x".repeat(255 - ":succeeded".length());
        String body = "{'order_id':'ORDER','success':true,'payment_id':'%s'}";

        assertThat(read(request(body.formatted(fits))).idempotencyKey()).hasSize(255);
        assertRefused(request(body.formatted(fits + "x")), "idempotency_key");
    }

    @Test
    void refusesAKeyHeaderThatIsWrongRatherThanTakingAnother() {
        MockHttpServletRequest request = request("{'order_id':'ORDER','success':true,'payment_id':'pay-1'}");
        request.addHeader("Idempotency-Key", "");

        assertRefused(request, "Idempotency-Key");
    }

    private static void assertRefused(MockHttpServletRequest request, String field) {
        ProblemException problem = Requests.problemOf(() -> read(request));

        assertThat(problem.errors()).extracting(FieldError::field).containsExactly(field);
    }

    private static WebhookCommand read(String body, String header, String value) {
        MockHttpServletRequest request = request(body);
        request.addHeader(header, value);
        return read(request);
    }

    private static WebhookCommand read(MockHttpServletRequest request) {
        return PaymentRequest.read(request, JsonBody.read(request));
    }

    private static MockHttpServletRequest request(String body) {
        MockHttpServletRequest request = Requests.post("");
        request.setContent(body.replace('\'', '"')
                .replace("ORDER", ORDER)
                .replace("HOLD", HOLD)
                .getBytes(StandardCharsets.UTF_8));
        return request;
    }
}
