package io.flashsale.local.tools;

import io.flashsale.contracts.Json;
import io.flashsale.local.PipelineException;
import io.flashsale.local.tools.PartitionCheck.Pause;
import io.flashsale.local.tools.Shop.Answer;
import io.flashsale.local.tools.Shop.Call;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Requests with their answers as a person reads them. Each says what is expected; anything else ends the story. */
final class Transcript {

    private static final int WIDTH = 88;
    private static final String INDENT = "     ";

    private final Shop shop;
    private final Pause pause;
    private final PrintStream out;
    private int steps;

    Transcript(Shop shop, Pause pause, PrintStream out) {
        this.shop = shop;
        this.pause = pause;
        this.out = out;
    }

    int steps() {
        return steps;
    }

    /**
     * Sends a request and shows it with its answer.
     *
     * @param expected name, value, name, value of fields that the answer must have
     */
    Answer step(String title, Call call, int status, Object... expected) {
        Answer answer = shop.require(call);
        show(title, call, answer);
        require(title, answer, status, fields(expected));
        return answer;
    }

    /** Reads until the fields are so, and shows only that answer; at the latest the last one after {@code patience}. */
    Answer await(String title, String path, Duration patience, Object... expected) {
        Map<String, String> fields = fields(expected);
        Call call = Call.get(path);
        long end = pause.nanoTime() + patience.toNanos();
        Answer answer = shop.require(call);
        while ((answer.status() != 200 || !mismatch(answer, fields).isEmpty()) && pause.nanoTime() < end) {
            pause.brief();
            answer = shop.require(call);
        }
        show(title, call, answer);
        require(title, answer, 200, fields);
        return answer;
    }

    private void show(String title, Call call, Answer answer) {
        steps++;
        out.println("%3d  %s".formatted(steps, title));
        out.println(INDENT + call.method() + " " + call.path());
        if (call.body() != null) {
            wrap(call.body()).forEach(line -> out.println(INDENT + line));
        }
        out.println(INDENT + "→ " + answer.status());
        wrap(answer.body()).forEach(line -> out.println(INDENT + line));
        out.println();
    }

    private void require(String title, Answer answer, int status, Map<String, String> fields) {
        String step = "Step " + steps + " (" + title + ")";
        if (answer.status() != status) {
            String code = answer.text("code");
            throw new PipelineException(step + " was answered " + answer.status() + (code.isEmpty() ? "" : " " + code)
                    + " instead of " + status + ".");
        }
        String mismatch = mismatch(answer, fields);
        if (!mismatch.isEmpty()) {
            throw new PipelineException(step + " was answered " + mismatch + ".");
        }
    }

    /** "status active instead of paid", or empty. */
    private static String mismatch(Answer answer, Map<String, String> fields) {
        for (Map.Entry<String, String> field : fields.entrySet()) {
            JsonNode node = answer.json().path(field.getKey());
            String actual = node.isMissingNode() ? "nothing" : node.asString("");
            if (!actual.equals(field.getValue())) {
                return field.getKey() + " " + actual + " instead of " + field.getValue();
            }
        }
        return "";
    }

    private static Map<String, String> fields(Object... namesAndValues) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i].toString(), namesAndValues[i + 1].toString());
        }
        return fields;
    }

    /** A JSON object in lines that are broken between its fields; anything else as it is. */
    static List<String> wrap(String body) {
        if (body.isBlank()) {
            return List.of();
        }
        JsonNode node = Answer.of(0, body).json();
        if (!node.isObject()) {
            return body.lines().toList();
        }
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder("{");
        int left = node.size();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            left--;
            String text = Json.MAPPER.writeValueAsString(field.getKey()) + ": "
                    + Json.MAPPER.writeValueAsString(field.getValue()) + (left > 0 ? "," : "}");
            if (line.length() > 1 && line.length() + 1 + text.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(" ");
            } else if (line.length() > 1) {
                line.append(' ');
            }
            line.append(text);
        }
        lines.add(line.toString());
        return lines;
    }
}
