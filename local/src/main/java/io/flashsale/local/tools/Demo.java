package io.flashsale.local.tools;

import io.flashsale.contracts.Json;
import io.flashsale.local.tools.Shop.Answer;
import io.flashsale.local.tools.Shop.Call;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** One sale from its stock to a refund: every kind of answer once, and a sum that comes out in the end. */
final class Demo {

    /** Short, because a step waits for it; long enough for the steps that must be in time on a slow machine. */
    private static final int PAYMENT_WINDOW_SECONDS = 8;

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Transcript transcript;
    private final Secrets secrets;
    private final String productId;
    private int payments;

    Demo(Transcript transcript, Secrets secrets, String productId) {
        this.transcript = transcript;
        this.secrets = secrets;
        this.productId = productId;
    }

    void run() {
        sellOut();
        payInTime();
        payBeforeOrdering();
        failAndPayLate();
        missTheDeadline();
        cancelAndTakeAway();
        transcript.await(
                "all is sold, nothing is left or lost",
                path(),
                PATIENCE,
                "total_stock",
                5,
                "available_stock",
                0,
                "reserved_stock",
                0,
                "sold_stock",
                5);
    }

    private void sellOut() {
        transcript.step(
                "put 5 lamps on sale, at most 3 a hold",
                Call.put(
                                path(),
                                json(
                                        "name",
                                        "Lamp",
                                        "price",
                                        "9.90",
                                        "currency",
                                        "EUR",
                                        "total_stock",
                                        5,
                                        "hold_ttl_seconds",
                                        120,
                                        "max_quantity_per_hold",
                                        3,
                                        "payment_window_seconds",
                                        PAYMENT_WINDOW_SECONDS))
                        .with(secrets.ofAdministration()),
                201,
                "available_stock",
                5);
        transcript.step("hold more than one may", hold("anna", 4), 409, "code", "limit-exceeded");
    }

    private void payInTime() {
        String anna = holdId(transcript.step("Anna holds 3", hold("anna", 3), 201, "status", "active"));
        String ben = holdId(transcript.step("Ben holds the other 2", hold("ben", 2), 201));
        transcript.step("Carla comes too late: sold out", hold("carla", 1), 409, "code", "insufficient-stock");
        transcript.step("Ben gives his hold back", Call.delete("/api/holds/" + ben), 200, "status", "released");
        String order = orderId(
                transcript.step("Anna orders", order(anna), 201, "status", "pending_payment", "amount", "29.70"));
        transcript.step("her payment succeeds", webhook("order_id", order, "succeeded"), 200, "status", "paid");
    }

    private void payBeforeOrdering() {
        String hold = holdId(transcript.step("Dora holds 1", hold("dora", 1), 201));
        transcript.step(
                "her payment is known before her order",
                webhook("hold_id", hold, "succeeded"),
                202,
                "status",
                "awaiting_order");
        transcript.step("she orders, and it is paid at once", order(hold), 201, "status", "paid");
    }

    private void failAndPayLate() {
        String order = orderId(holdAndOrder("Emil", "emil"));
        transcript.step(
                "his payment fails",
                webhook("order_id", order, "failed"),
                200,
                "status",
                "cancelled",
                "cancel_reason",
                "payment_failed");
        transcript.step(
                "a second try succeeds: late, but the lamp is still there",
                webhook("order_id", order, "succeeded"),
                200,
                "status",
                "paid");
    }

    private void missTheDeadline() {
        adjust("one more lamp was found", 1, 200);
        String order = orderId(holdAndOrder("Flora", "flora"));
        transcript.await(
                "she does not pay within " + PAYMENT_WINDOW_SECONDS + " s",
                "/api/orders/" + order,
                PATIENCE.plusSeconds(PAYMENT_WINDOW_SECONDS),
                "status",
                "cancelled",
                "cancel_reason",
                "payment_expired");
        transcript.await("her lamp is back", path(), PATIENCE, "available_stock", 1);
        String gerd = orderId(holdAndOrder("Gerd", "gerd"));
        transcript.step(
                "Flora pays after all: the lamp is gone, her money must go back",
                webhook("order_id", order, "succeeded"),
                200,
                "status",
                "cancelled",
                "refund_required",
                true);
        transcript.step(
                "Gerd cancels",
                Call.post("/api/orders/" + gerd + "/cancel", null),
                200,
                "status",
                "cancelled",
                "cancel_reason",
                "requested");
        transcript.await("his lamp is back", path(), PATIENCE, "available_stock", 1);
    }

    private void cancelAndTakeAway() {
        adjust("that lamp is broken", -1, 200);
        adjust("sold ones cannot be taken away", -1, 409);
    }

    private Answer holdAndOrder(String name, String customerId) {
        String hold = holdId(transcript.step(name + " holds 1", hold(customerId, 1), 201));
        return transcript.step(name + " orders", order(hold), 201, "status", "pending_payment");
    }

    private void adjust(String reason, int delta, int status) {
        Call call = Call.post(path() + "/stock-adjustments", json("delta", delta, "reason", reason))
                .with(secrets.ofAdministration());
        if (status == 409) {
            transcript.step(reason, call, status, "code", "stock-below-committed");
        } else {
            transcript.step(reason, call, status);
        }
    }

    private Call hold(String customerId, int quantity) {
        return Call.post("/api/holds", json("product_id", productId, "quantity", quantity, "customer_id", customerId));
    }

    private static Call order(String holdId) {
        return Call.post("/api/orders", json("hold_id", holdId));
    }

    private Call webhook(String field, String id, String status) {
        payments++;
        String body = json(field, id, "status", status, "payment_id", "pay-" + productId + "-" + payments);
        return Call.post("/api/payments/webhook", body).with(secrets.ofWebhook(body));
    }

    private String path() {
        return "/api/products/" + productId;
    }

    private static String holdId(Answer answer) {
        return answer.text("hold_id");
    }

    private static String orderId(Answer answer) {
        return answer.text("order_id");
    }

    private static String json(Object... namesAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i].toString(), namesAndValues[i + 1]);
        }
        return Json.MAPPER.writeValueAsString(fields);
    }
}
