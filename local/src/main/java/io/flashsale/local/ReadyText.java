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
     * @param signed webhooks need a signature
     */
    static List<String> of(String baseUrl, List<Fact> facts, boolean signed) {
        List<String> lines = new ArrayList<>();
        lines.add("READY " + baseUrl);
        lines.add("");
        facts.forEach(fact -> lines.add("  %-10s %s".formatted(fact.label(), fact.value())));
        lines.add("");
        lines.add(
                signed
                        ? "The story of one sale, to paste into another shell that has FLASHSALE_WEBHOOK_SECRET too:"
                        : "The story of one sale, to paste into another shell:");
        lines.add("");
        lines.addAll(story(baseUrl, signed));
        lines.add("");
        lines.add("Ctrl-C stops everything.");
        return lines;
    }

    record Fact(String label, String value) {}

    /** Read the stock, hold, order, pay, read the stock again. */
    private static List<String> story(String url, boolean signed) {
        List<String> lines = new ArrayList<>();
        lines.add("curl -s " + url + "/api/products/1; echo");
        lines.add("HOLD=$(curl -s " + url + "/api/holds " + JSON
                + " -d '{\"product_id\": \"1\", \"quantity\": 2}'); echo \"$HOLD\"");
        lines.add(extract("HOLD_ID", "HOLD", "hold_id"));
        lines.add("ORDER=$(curl -s " + url + "/api/orders " + JSON
                + " -d '{\"hold_id\": \"'$HOLD_ID'\"}'); echo \"$ORDER\"");
        lines.add(extract("ORDER_ID", "ORDER", "order_id"));
        String payment =
                "'{\"order_id\": \"'$ORDER_ID'\", \"status\": \"succeeded\", \"payment_id\": \"pay-'$ORDER_ID'\"}'";
        String webhook = "curl -s " + url + "/api/payments/webhook " + JSON;
        if (signed) {
            lines.add("PAYMENT=" + payment);
            lines.add("SIGNATURE=$(printf %s \"$PAYMENT\""
                    + " | openssl dgst -sha256 -hmac \"$FLASHSALE_WEBHOOK_SECRET\" | sed 's/.* //')");
            lines.add(webhook + " " + SIGNATURE_HEADER + " -d \"$PAYMENT\"; echo");
        } else {
            lines.add(webhook + " -d " + payment + "; echo");
        }
        lines.add("curl -s " + url + "/api/products/1; echo");
        return lines;
    }

    private static String extract(String variable, String source, String field) {
        return variable + "=$(echo \"$" + source + "\" | sed 's/.*\"" + field + "\":\"\\([^\"]*\\).*/\\1/')";
    }
}
