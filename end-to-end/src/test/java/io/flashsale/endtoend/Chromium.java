package io.flashsale.endtoend;

import io.flashsale.contracts.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One page in a real browser, driven through its own debugging protocol over a WebSocket: what is needed of it is little,
 * and a driver beside it would have to fit each version of it.
 */
final class Chromium implements AutoCloseable {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final Set<String> COMPLAINTS = Set.of("warning", "error");
    private static final Duration DEADLINE = Duration.ofSeconds(120);

    private final Process process;
    private final Path profile;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final String session;

    private Chromium(Process process, Path profile) {
        this.process = process;
        this.profile = profile;
        this.socket = http.newWebSocketBuilder()
                .connectTimeout(DEADLINE)
                .buildAsync(address(), new Listener())
                .join();
        String target = call(null, "Target.createTarget", Map.of("url", "about:blank"))
                .get("targetId")
                .asString();
        this.session = call(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId")
                .asString();
        call("Page.enable", Map.of());
        call("Runtime.enable", Map.of());
        call("Log.enable", Map.of());
    }

    /** The program, if there is one. */
    static Optional<Path> find() {
        return Stream.of(System.getenv("PATH").split(":"))
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Chromium start(Path program) throws IOException {
        Path profile = TestPipeline.temporaryDirectory();
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        // It is run by root where tests run in a container.
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return new Chromium(process, profile);
        } catch (RuntimeException failed) {
            process.destroyForcibly();
            throw failed;
        }
    }

    /** It writes its port, and the path of its socket, into its profile when it listens. */
    private URI address() {
        Path file = profile.resolve("DevToolsActivePort");
        List<String> lines = Shop.await().atMost(DEADLINE).until(() -> linesOf(file), found -> found.size() >= 2);
        return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
    }

    private static List<String> linesOf(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    void open(String url) {
        call("Page.navigate", Map.of("url", url));
        Shop.await()
                .atMost(DEADLINE)
                .until(() -> script("document.readyState").asString().equals("complete"));
    }

    /** The value of an expression in the page, awaited if it is a promise. */
    JsonNode script(String expression) {
        JsonNode answer =
                call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException(expression + " failed: " + answer.get("exceptionDetails"));
        }
        return answer.path("result").path("value");
    }

    /** What a person reads there. */
    String text(String selector) {
        return script("document.querySelector(" + quoted(selector) + ")?.innerText ?? ''")
                .asString();
    }

    /** Puts text in place of what is in a field, as the keyboard does. */
    void type(String selector, String text) {
        script("(() => { const field = document.querySelector(" + quoted(selector)
                + "); field.focus(); field.select(); })()");
        call("Input.insertText", Map.of("text", text));
    }

    void press(String key, int code) {
        Map<String, Object> down = Map.of("type", "keyDown", "key", key, "code", key, "windowsVirtualKeyCode", code);
        Map<String, Object> up = Map.of("type", "keyUp", "key", key, "code", key, "windowsVirtualKeyCode", code);
        // The character is what makes a key of it that submits a form.
        call(
                "Input.dispatchKeyEvent",
                key.equals("Enter")
                        ? Map.of(
                                "type", "keyDown", "key", key, "code", key, "windowsVirtualKeyCode", code, "text", "\r")
                        : down);
        call("Input.dispatchKeyEvent", up);
    }

    void pressTab() {
        press("Tab", 9);
    }

    void pressEnter() {
        press("Enter", 13);
    }

    /** @param scheme {@code light} or {@code dark} */
    void look(int width, int height, String scheme) {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Of the whole page, not of what fits the window. */
    void screenshot(Path file) throws IOException {
        JsonNode picture = call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(picture.get("data").asString()));
    }

    /** What the browser's console complains of: errors of scripts, what the policy forbade, parts that were not found. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    private JsonNode call(String method, Map<String, Object> parameters) {
        return call(session, method, parameters);
    }

    private JsonNode call(String toSession, String method, Map<String, Object> parameters) {
        int id = lastId.incrementAndGet();
        ObjectNode message = Json.MAPPER.createObjectNode().put("id", id).put("method", method);
        message.set("params", Json.MAPPER.valueToTree(parameters));
        if (toSession != null) {
            message.put("sessionId", toSession);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText(message.toString(), true).join();
        JsonNode answered =
                answer.orTimeout(DEADLINE.toSeconds(), TimeUnit.SECONDS).join();
        if (answered.has("error")) {
            throw new IllegalStateException(method + " failed: " + answered.get("error"));
        }
        return answered.get("result");
    }

    private void take(JsonNode message) {
        if (message.has("id")) {
            CompletableFuture<JsonNode> answer =
                    answers.remove(message.get("id").intValue());
            if (answer != null) {
                answer.complete(message);
            }
            return;
        }
        JsonNode parameters = message.path("params");
        switch (message.path("method").asString("")) {
            case "Log.entryAdded" -> {
                JsonNode entry = parameters.get("entry");
                // A refusal is an answer; to the console every 409 is a fault.
                boolean refusal = entry.path("url").asString("").contains("/api/");
                if (!refusal && COMPLAINTS.contains(entry.get("level").asString())) {
                    complaints.add(entry.get("source").asString() + ": "
                            + entry.get("text").asString());
                }
            }
            case "Runtime.exceptionThrown" ->
                complaints.add(
                        "exception: " + parameters.get("exceptionDetails").toString());
            default -> {}
        }
    }

    private static String quoted(String text) {
        return Json.MAPPER.writeValueAsString(text);
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        http.shutdownNow();
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(ended -> ended.onExit().join());
        // What it still wrote while it ended may come in between.
        Shop.await().ignoreExceptions().until(() -> {
            TestPipeline.deleteRecursively(profile);
            return true;
        });
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                JsonNode message = Json.MAPPER.readTree(text.toString());
                text.setLength(0);
                take(message);
            }
            from.request(1);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            answers.values().forEach(answer -> answer.completeExceptionally(error));
        }
    }
}
