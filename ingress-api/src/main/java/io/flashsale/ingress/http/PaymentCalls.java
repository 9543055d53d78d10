package io.flashsale.ingress.http;

import io.flashsale.contracts.CancelReason;
import io.flashsale.contracts.PaymentStatus;
import io.flashsale.contracts.Reply.PaymentAnswer;
import io.flashsale.contracts.WebhookCommand;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Sends what a payment provider tells, whichever it is, and answers it. */
@Component
final class PaymentCalls {

    private final CommandCalls commands;
    private final CallMetrics metrics;

    PaymentCalls(CommandCalls commands, CallMetrics metrics) {
        this.commands = commands;
        this.metrics = metrics;
    }

    ResponseEntity<Object> tell(HttpServletRequest request, WebhookCommand command) {
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
        metrics.payment(answer.code() == null ? answer.status().name().toLowerCase(Locale.ROOT) : answer.code());
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
