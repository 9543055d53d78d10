package io.flashsale.endtoend;

import io.flashsale.local.Pipeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Asks the stream applications which instance owns a product: the one that answers a forwarded query itself, and not as
 * a copy.
 */
final class OwnersOfProducts {

    private final Pipeline pipeline;
    private final List<String> products;

    /** By product an order of it, whose query goes to the owner in order-streams. */
    private final Map<String, String> orders;

    private OwnersOfProducts(Pipeline pipeline, List<String> products, Map<String, String> orders) {
        this.pipeline = pipeline;
        this.products = products;
        this.orders = orders;
    }

    /** Makes one order of each product. */
    static OwnersOfProducts of(Pipeline pipeline, Shop shop, List<String> products) {
        return new OwnersOfProducts(
                pipeline,
                products,
                products.stream().collect(Collectors.toMap(Function.identity(), product -> shop.orderOf(product, 1))));
    }

    /** The products that none of these processes owns at this moment: what happens to those should not matter to them. */
    Set<String> notOwnedBy(List<String> processes) {
        Map<String, List<String>> owners = new HashMap<>();
        for (int number = 1; number <= 2; number++) {
            Shop inventory = new Shop(pipeline.inventoryUrl(number));
            Shop orderStreams = new Shop(pipeline.ordersUrl(number));
            for (String product : products) {
                List<String> of = owners.computeIfAbsent(product, ignored -> new ArrayList<>());
                if (owns(inventory, "/internal/products/" + product)) {
                    of.add("inventory-" + number);
                }
                if (owns(orderStreams, "/internal/orders/" + orders.get(product))) {
                    of.add("orders-" + number);
                }
            }
        }
        return products.stream()
                .filter(product -> owners.get(product).stream().noneMatch(processes::contains))
                .collect(Collectors.toSet());
    }

    private static boolean owns(Shop instance, String path) {
        Shop.Answer answer = instance.call("GET", path, null, "X-Flashsale-Forwarded", "true");
        return answer.status() == 200 && answer.header("X-Flashsale-Stale").isEmpty();
    }
}
