package io.flashsale.ingress.http;

import io.flashsale.ingress.security.WebhookSignature;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the payment provider tells. Answers JSON whatever it accepts: its Accept header must not lose a payment. */
@RestController
final class PaymentsController {

    private final PaymentCalls payments;
    private final WebhookSignature signature;
    private final CallMetrics metrics;

    PaymentsController(PaymentCalls payments, WebhookSignature signature, CallMetrics metrics) {
        this.payments = payments;
        this.signature = signature;
        this.metrics = metrics;
    }

    @PostMapping("/api/payments/webhook")
    ResponseEntity<Object> receive(HttpServletRequest request) {
        return metrics.countPaymentFailures(() -> take(request));
    }

    private ResponseEntity<Object> take(HttpServletRequest request) {
        byte[] body = JsonBody.bytes(request);
        // Before anything else: who is not the provider learns nothing of what it sent.
        signature.objection(body, request::getHeader).ifPresent(objection -> {
            throw ProblemException.of(ProblemType.INVALID_SIGNATURE, objection);
        });
        JsonBody.requireJson(request);
        return payments.tell(request, PaymentRequest.read(request, JsonBody.parse(body)));
    }
}
