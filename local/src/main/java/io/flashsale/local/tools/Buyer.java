package io.flashsale.local.tools;

import io.flashsale.contracts.Json;
import io.flashsale.local.tools.PartitionCheck.Pause;
import io.flashsale.local.tools.Shop.Answer;
import io.flashsale.local.tools.Shop.Call;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One customer: holds, and if it shall, orders and pays. What has no decision is asked again under the same key, which
 * by contract has one effect and one answer.
 */
final class Buyer {

    /** With the pauses between them and the ingress' own waiting, about a minute; with a long {@code Retry-After}, two. */
    private static final int MAX_ATTEMPTS = 6;

    /** Of the shortest pause, about a second; each is twice the one before. */
    private static final int MOMENTS = 20;

    /** Who is told to come back later than that asks before. */
    private static final Duration MAX_RETRY_AFTER = Duration.ofSeconds(20);

    private final Shop shop;
    private final Secrets secrets;
    private final Pause pause;
    private final String name;

    Buyer(Shop shop, Secrets secrets, Pause pause, String name) {
        this.shop = shop;
        this.secrets = secrets;
        this.pause = pause;
        this.name = name;
    }

    /** How a call ended. */
    enum End {
        ACCEPTED,
        REFUSED,
        /** Neither is known, however often it was asked. */
        UNKNOWN
    }

    /**
     * What became of one call.
     *
     * @param code why it was refused, or what was seen last
     * @param answer null if there was none
     * @param nanos of the first attempt
     */
    record Result(End end, String code, @Nullable Answer answer, long nanos) {}

    /** What the product's page shows is not interesting; whether it does shows in the calls that count. */
    void look(String productId) {
        try {
            shop.send(Call.get("/api/products/" + productId));
        } catch (IOException noAnswer) {
            // The hold will tell.
        }
    }

    Result hold(String productId, int quantity) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("product_id", productId);
        body.put("quantity", quantity);
        body.put("customer_id", name);
        return decide(
                Call.post("/api/holds", Json.MAPPER.writeValueAsString(body)).with(key()));
    }

    Result order(String holdId) {
        String body = Json.MAPPER.writeValueAsString(Map.of("hold_id", holdId));
        return decide(Call.post("/api/orders", body).with(key()));
    }

    /** A good payment; repeated, it has the same payment id and so the same effect. */
    Result pay(String orderId) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("order_id", orderId);
        body.put("status", "succeeded");
        body.put("payment_id", "pay-" + name + "-" + UUID.randomUUID());
        String text = Json.MAPPER.writeValueAsString(body);
        return decide(Call.post("/api/payments/webhook", text).with(secrets.ofWebhook(text)));
    }

    private static Map<String, String> key() {
        return Map.of("Idempotency-Key", UUID.randomUUID().toString());
    }

    private Result decide(Call call) {
        long began = System.nanoTime();
        long first = 0;
        Result last = new Result(End.UNKNOWN, "no-answer", null, 0);
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            if (attempt > 0) {
                // Longer each time: who is overloaded is not helped by haste.
                await(MOMENTS << (attempt - 1), last.answer());
            }
            last = attempt(call);
            first = first == 0 ? System.nanoTime() - began : first;
            if (last.end() != End.UNKNOWN) {
                break;
            }
        }
        return new Result(last.end(), last.code(), last.answer(), first);
    }

    private void await(int moments, @Nullable Answer last) {
        Duration asked = last == null ? Duration.ZERO : last.retryAfter();
        long nanos = (asked.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : asked).toNanos();
        long began = pause.nanoTime();
        for (int moment = 0; moment < moments || pause.nanoTime() - began < nanos; moment++) {
            pause.brief();
        }
    }

    private Result attempt(Call call) {
        Answer answer;
        try {
            answer = shop.send(call);
        } catch (IOException noAnswer) {
            return new Result(End.UNKNOWN, "no-answer", null, 0);
        }
        int status = answer.status();
        String code = answer.text("code").isEmpty() ? Integer.toString(status) : answer.text("code");
        if (status == 200 || status == 201) {
            return new Result(End.ACCEPTED, "", answer, 0);
        }
        // 202: taken, not decided. 5xx: perhaps taken. 429: says nothing of this call, which an earlier attempt may
        // have
        // brought to its decision.
        boolean undecided = status == 202 || status == 429 || status >= 500;
        return new Result(undecided ? End.UNKNOWN : End.REFUSED, code, answer, 0);
    }
}
