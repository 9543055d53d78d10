package io.flashsale.ingress.http;

import io.flashsale.contracts.CancelReason;
import io.flashsale.contracts.PaymentStatus;
import io.flashsale.contracts.Reply.PaymentAnswer;
import io.flashsale.contracts.WebhookCommand;
import io.flashsale.ingress.security.WebhookSignature;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the payment provider tells. Answers JSON whatever it accepts: its Accept header must not lose a payment. */
@RestController
final class PaymentsController {

    private final CommandCalls commands;
    private final WebhookSignature signature;
    private final CallMetrics metrics;

    PaymentsController(CommandCalls commands, WebhookSignature signature, CallMetrics metrics) {
        this.commands = commands;
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
        WebhookCommand command = PaymentRequest.read(request, JsonBody.parse(body));
        String orderId = command.orderId();
        return commands.decide(request, command, PaymentAnswer.class)
                .map(this::settled)
                .orElseGet(() -> undecided(orderId));
    }

    /** The log has taken it, so the provider need not send it again. */
    private ResponseEntity<Object> undecided(String orderId) {
        metrics.payment("pending");
        return Answers.pending("order_id", orderId, OrdersController.locationOf(orderId));
    }

    private ResponseEntity<Object> settled(PaymentAnswer answer) {
        metrics.payment(answer.code() == null ? answer.status().name().toLowerCase(Locale.ROOT) : "payment-mismatch");
        int status = answer.status() == PaymentStatus.AWAITING_ORDER ? 202 : 200;
        return Answers.decided(status, answer).body(PaymentBody.of(answer));
    }

    private record PaymentBody(
            String orderId,
            PaymentStatus status,
            @Nullable CancelReason cancelReason,
            @Nullable Boolean refundRequired,
            @Nullable String code) {

        static PaymentBody of(PaymentAnswer answer) {
            return new PaymentBody(
                    answer.orderId(), answer.status(), answer.cancelReason(), answer.refundRequired(), answer.code());
        }
    }
}
