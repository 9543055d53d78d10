package io.flashsale.orders.query;

import io.flashsale.contracts.OrderId;
import io.flashsale.orders.domain.Order;
import io.flashsale.orders.topology.OrderTopology;
import io.flashsale.streams.query.QueryAnswer;
import io.flashsale.streams.query.QueryRouter;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * Interactive queries: reads of the live store, for the ingress and for the other instances. They see a decision a few
 * milliseconds before it is committed, which is fine for display; nothing is decided on them.
 */
@RestController
final class OrderQueries {

    private final QueryRouter router;

    OrderQueries(QueryRouter router) {
        this.router = router;
    }

    @GetMapping("/internal/orders/{orderId}")
    ResponseEntity<byte[]> order(
            @PathVariable String orderId,
            @RequestHeader(name = QueryRouter.FORWARDED_HEADER, defaultValue = "false") boolean forwarded,
            HttpServletRequest request) {
        String productId = OrderId.productOf(orderId).orElse(null);
        if (productId == null) {
            return QueryAnswer.notFound().toResponse();
        }
        return router.<Order>ask(OrderTopology.ORDERS, productId, request.getRequestURI(), forwarded, orders -> {
                    Order order = orders.get(orderId);
                    return order == null ? QueryAnswer.notFound() : QueryAnswer.found(order.toView());
                })
                .toResponse();
    }
}
