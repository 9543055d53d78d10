package io.flashsale.ingress.http;

import io.flashsale.contracts.HoldId;
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

/** Orders: turn a hold into one, and look what became of it. */
@RestController
@RequestMapping(path = OrdersController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
final class OrdersController {

    static final String PATH = "/api/orders";

    private static final String ORDERS = "orders";

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
                    .orElseGet(() -> Answers.pending("order_id", orderId, locationOf(orderId)));
        });
    }

    @GetMapping("/{orderId}")
    ResponseEntity<byte[]> find(@PathVariable String orderId) {
        if (OrderId.productOf(orderId).isEmpty()) {
            throw notFound();
        }
        return reads.find("/internal/orders/" + orderId, OrdersController::notFound);
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
        if (!answer.replayed()) {
            metrics.accepted(ORDERS);
        }
        return Answers.decided(201, answer)
                .location(locationOf(answer.order().orderId()))
                .body(answer.order());
    }

    private static ProblemException notFound() {
        return ProblemException.of(ProblemType.ORDER_NOT_FOUND, "There is no such order.");
    }
}
