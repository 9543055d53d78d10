package io.flashsale.ingress.http;

import io.flashsale.contracts.Json;
import io.flashsale.ingress.http.StripeEvent.Ignored;
import io.flashsale.ingress.http.StripeEvent.Payment;
import io.flashsale.ingress.security.StripeSignature;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** What Stripe tells, as Stripe tells it. There is no such endpoint without a secret, not even locally. */
@RestController
final class StripeController {

    private final PaymentCalls payments;
    private final StripeSignature signature;
    private final CallMetrics metrics;

    StripeController(PaymentCalls payments, StripeSignature signature, CallMetrics metrics) {
        this.payments = payments;
        this.signature = signature;
        this.metrics = metrics;
    }

    @PostMapping("/api/payments/webhook/stripe")
    ResponseEntity<Object> receive(HttpServletRequest request) {
        return metrics.countPaymentFailures(() -> take(request));
    }

    private ResponseEntity<Object> take(HttpServletRequest request) {
        if (!signature.isSwitchedOn()) {
            throw ProblemException.of(ProblemType.NOT_FOUND, "Stripe is not switched on here.");
        }
        byte[] body = JsonBody.bytes(request);
        signature.objection(body, request.getHeader(StripeSignature.HEADER)).ifPresent(objection -> {
            throw ProblemException.of(ProblemType.INVALID_SIGNATURE, objection);
        });
        JsonBody.requireJson(request);
        return switch (StripeEvent.read(JsonBody.parse(body))) {
            case Payment payment -> payments.tell(request, payment.command());
            case Ignored ignored -> received(ignored.why());
        };
    }

    /** Not an error: Stripe switches an endpoint off that answers too many of its events with one. */
    private ResponseEntity<Object> received(String why) {
        metrics.payment("ignored");
        ObjectNode body = Json.MAPPER.createObjectNode().put("received", true).put("ignored", why);
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(body);
    }
}
