package io.flashsale.local;

import java.util.ArrayList;
import java.util.List;

/** What a person sees when everything runs: where things are, and a story to paste into a shell. */
final class ReadyText {

    private static final String JSON = "-H 'Content-Type: application/json'";
    private static final String SIGNATURE_HEADER = "-H \"X-Webhook-Signature: $SIGNATURE\"";

    private ReadyText() {}

    /**
     * The whole text.
     *
     * @param facts label and value of what else a person may need
     * @param webhooks whether they need a signature, and how
     */
    static List<String> of(String baseUrl, List<Fact> facts, Webhooks webhooks) {
        List<String> lines = new ArrayList<>();
        lines.add("READY " + baseUrl);
        lines.add("");
        facts.forEach(fact -> lines.add("  %-10s %s".formatted(fact.label(), fact.value())));
        lines.add("");
        lines.add(
                webhooks == Webhooks.UNSIGNED
                        ? "The story of one sale, to paste into another shell:"
                        : "The story of one sale, to paste into another shell that has FLASHSALE_WEBHOOK_SECRET too:");
        lines.add("");
        lines.addAll(story(baseUrl, webhooks));
        lines.add("");
        lines.add("Ctrl-C stops everything.");
        return lines;
    }

    record Fact(String label, String value) {}

    /** How the story's webhook is signed: with openssl's words for the key, which it finds in {@code $KEY}. */
    enum Webhooks {
        UNSIGNED(""),
        SIGNED_WITH_TEXT("-hmac \"$KEY\""),
        /** The form of Standard Webhooks, whsec_ and the key in base64. */
        SIGNED_WITH_BASE64("-mac HMAC -macopt hexkey:$(printf %s \"${KEY#whsec_}\" | openssl base64 -d -A"
                + " | od -An -v -tx1 | tr -d ' \\n')");

        private final String key;

        Webhooks(String key) {
            this.key = key;
        }

        /** @param secrets separated by commas, any of which will do */
        static Webhooks of(String secrets) {
            if (secrets.isBlank()) {
                return UNSIGNED;
            }
            return secrets.startsWith("whsec_") ? SIGNED_WITH_BASE64 : SIGNED_WITH_TEXT;
        }
    }

    /** Look, hold, order, pay, look again: each step one line that begins with its call. */
    private static List<String> story(String url, Webhooks webhooks) {
        List<String> lines = new ArrayList<>();
        lines.add(call(url + "/api/products/1"));
        lines.add(callForId(
                "HOLD_ID", "hold_id", url + "/api/holds " + JSON + " -d '{\"product_id\": \"1\", \"quantity\": 2}'"));
        lines.add(
                callForId("ORDER_ID", "order_id", url + "/api/orders " + JSON + " -d '{\"hold_id\": \"'$HOLD_ID'\"}'"));
        String payment =
                "'{\"order_id\": \"'$ORDER_ID'\", \"status\": \"succeeded\", \"payment_id\": \"pay-'$ORDER_ID'\"}'";
        String webhook = url + "/api/payments/webhook " + JSON;
        if (webhooks == Webhooks.UNSIGNED) {
            lines.add(call(webhook + " -d " + payment));
        } else {
            lines.add("PAYMENT=" + payment);
            lines.add("KEY=\"${FLASHSALE_WEBHOOK_SECRET%%,*}\"");
            lines.add(
                    "SIGNATURE=$(printf %s \"$PAYMENT\" | openssl dgst -sha256 " + webhooks.key + " | sed 's/.* //')");
            lines.add(call(webhook + " " + SIGNATURE_HEADER + " -d \"$PAYMENT\""));
        }
        lines.add(call(url + "/api/products/1"));
        return lines;
    }

    private static String call(String what) {
        return "curl -sw '\\n' " + what;
    }

    /** Shows the answer too: with sed's own w, because tee would empty a file that standard error goes to. */
    private static String callForId(String variable, String field, String what) {
        return variable + "=$(" + call(what) + " | sed -e 'w /dev/stderr' -e 's/.*\"" + field
                + "\":\"\\([^\"]*\\).*/\\1/')";
    }
}
