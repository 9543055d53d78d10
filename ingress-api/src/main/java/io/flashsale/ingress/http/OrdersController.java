package io.flashsale.ingress.http;

import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.OrderCommand.CancelOrder;
import io.flashsale.contracts.OrderCommand.CreateOrder;
import io.flashsale.contracts.OrderId;
import io.flashsale.contracts.Reply.OrderAnswer;
import io.flashsale.ingress.gateway.QueryClient;
import io.flashsale.ingress.security.IdDerivation;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Orders: turn a hold into one, cancel it, and look what became of it. */
@RestController
@RequestMapping(path = OrdersController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
final class OrdersController {

    static final String PATH = "/api/orders";

    private static final String ORDERS = "orders";
    private static final String CANCELLATIONS = "cancellations";

    private final CommandCalls commands;
    private final IdDerivation ids;
    private final Reads reads;
    private final CallMetrics metrics;

    OrdersController(CommandCalls commands, IdDerivation ids, QueryClient orderQueries, CallMetrics metrics) {
        this.commands = commands;
        this.ids = ids;
        this.reads = new Reads(orderQueries);
        this.metrics = metrics;
    }

    @PostMapping
    ResponseEntity<Object> create(HttpServletRequest request) {
        return metrics.countFailures(ORDERS, () -> {
            CreateOrder command = command(OrderRequest.read(request));
            String orderId = OrderId.ofHold(command.holdId());
            return commands.decide(request, command, OrderAnswer.class)
                    .map(this::created)
                    .orElseGet(() -> pending(orderId));
        });
    }

    @GetMapping("/{orderId}")
    ResponseEntity<byte[]> find(@PathVariable String orderId) {
        productOf(orderId);
        return reads.find("/internal/orders/" + orderId, OrdersController::notFound);
    }

    @PostMapping("/{orderId}/cancel")
    ResponseEntity<Object> cancel(@PathVariable String orderId, HttpServletRequest request) {
        return metrics.countFailures(CANCELLATIONS, () -> {
            CancelOrder command = new CancelOrder(productOf(orderId), orderId);
            return commands.decide(request, command, OrderAnswer.class)
                    .map(this::cancelled)
                    .orElseGet(() -> pending(orderId));
        });
    }

    static URI locationOf(String orderId) {
        return URI.create(PATH + "/" + orderId);
    }

    private CreateOrder command(OrderRequest order) {
        String productId = HoldId.productOf(order.holdId())
                .orElseThrow(() -> ProblemException.of(ProblemType.HOLD_NOT_FOUND, "There is no such hold."));
        String key = order.idempotencyKey();
        return new CreateOrder(productId, order.holdId(), key == null ? null : ids.orderKey(productId, key));
    }

    private ResponseEntity<Object> created(OrderAnswer answer) {
        metrics.accepted(ORDERS, answer);
        return Answers.decided(201, answer)
                .location(locationOf(answer.order().orderId()))
                .body(answer.order());
    }

    private ResponseEntity<Object> cancelled(OrderAnswer answer) {
        metrics.accepted(CANCELLATIONS, answer);
        return Answers.decided(200, answer).body(answer.order());
    }

    private static ResponseEntity<Object> pending(String orderId) {
        return Answers.pending("order_id", orderId, locationOf(orderId));
    }

    /** @throws ProblemException if it is the id of no order */
    private static String productOf(String orderId) {
        return OrderId.productOf(orderId).orElseThrow(OrdersController::notFound);
    }

    private static ProblemException notFound() {
        return ProblemException.of(ProblemType.ORDER_NOT_FOUND, "There is no such order.");
    }
}
