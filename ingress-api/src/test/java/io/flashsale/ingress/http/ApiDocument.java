package io.flashsale.ingress.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import io.flashsale.contracts.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code openapi.yaml} as a judge of what really goes over the wire. */
final class ApiDocument {

    /** Headers that mean something to a caller of a call; the others are the web server's. */
    private static final Set<String> HEADERS = Set.of(
            "Allow",
            "ETag",
            "Idempotency-Replayed",
            "Location",
            "Retry-After",
            "WWW-Authenticate",
            "X-Flashsale-Stale",
            "X-Request-Id");

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private final JsonNode root;
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
    private final Map<JsonNode, Schema> schemas = new ConcurrentHashMap<>();

    /** @param template of the path, with its variables in braces */
    record Operation(String method, String template, JsonNode node, JsonNode path) {

        @Override
        public String toString() {
            return method + " " + template;
        }
    }

    /** One body, or part of a request, and the examples that are given of it. */
    record Described(String where, JsonNode schema, List<JsonNode> examples) {}

    private ApiDocument(JsonNode root) {
        this.root = root;
    }

    static ApiDocument read() {
        try (InputStream stream = ApiDocument.class.getResourceAsStream("/openapi.yaml")) {
            return new ApiDocument(Json.MAPPER.valueToTree(new Yaml().load(stream)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    JsonNode root() {
        return root;
    }

    List<Operation> operations() {
        return root.get("paths")
                .propertyStream()
                .flatMap(path -> path.getValue()
                        .propertyStream()
                        .filter(operation -> METHODS.contains(operation.getKey()))
                        .map(operation -> new Operation(
                                operation.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                operation.getValue(),
                                path.getValue())))
                .toList();
    }

    /** A path template whose variables have no names. */
    static String shapeOf(String template) {
        return template.replaceAll("\\{[^}]*}", "{}");
    }

    /** Fails unless the document says that this call may be answered like this. */
    void assertDocumented(HttpResponse<String> response) {
        String method = response.request().method();
        String path = response.uri().getRawPath();
        Optional<Operation> operation = operations().stream()
                .filter(candidate -> candidate.method().equals(method)
                        && path.matches(shapeOf(candidate.template()).replace("{}", "[^/]+")))
                .findFirst();
        String what = method + " " + path + " -> " + response.statusCode() + " " + response.body();
        if (operation.isEmpty()) {
            assertThat(response.statusCode()).as("undocumented: " + what).isGreaterThanOrEqualTo(400);
            assertValid(what, problem(), response.body());
            return;
        }
        JsonNode answer = operation.get().node().get("responses").get(Integer.toString(response.statusCode()));
        assertThat(answer).as("undocumented status: " + what).isNotNull();
        JsonNode described = resolve(answer);
        assertHeaders(what, described.path("headers"), response);
        assertBody(what, described.path("content"), response);
    }

    private void assertHeaders(String what, JsonNode described, HttpResponse<String> response) {
        for (String name : HEADERS) {
            Optional<String> value = response.headers().firstValue(name);
            JsonNode header = described.get(name);
            if (header == null) {
                assertThat(value)
                        .as("undocumented header " + name + ": " + what)
                        .isEmpty();
                continue;
            }
            JsonNode resolved = resolve(header);
            assertThat(value.isPresent() || !resolved.path("required").asBoolean(false))
                    .as("missing header " + name + ": " + what)
                    .isTrue();
            value.ifPresent(text -> assertThat(errors(resolved.get("schema"), Json.MAPPER.valueToTree(text)))
                    .as(name + ": " + what)
                    .isEmpty());
        }
    }

    private void assertBody(String what, JsonNode content, HttpResponse<String> response) {
        if (content.isEmpty()) {
            assertThat(response.body()).as(what).isEmpty();
            return;
        }
        String type = response.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
        assertThat(content.has(type))
                .as("undocumented type " + type + ": " + what)
                .isTrue();
        assertValid(what, content.get(type).get("schema"), response.body());
    }

    private void assertValid(String what, JsonNode schema, String body) {
        assertThat(errors(strict(schema), Json.MAPPER.readTree(body))).as(what).isEmpty();
    }

    /** Callers must bear new fields; the tests must not, or they would not be documented. */
    ObjectNode strict(JsonNode schema) {
        ObjectNode strict = Json.MAPPER.createObjectNode();
        strict.putArray("allOf").add(schema);
        return strict.put("unevaluatedProperties", false);
    }

    List<Error> errors(JsonNode schema, JsonNode value) {
        return schemas.computeIfAbsent(schema, this::compile).validate(value);
    }

    private Schema compile(JsonNode schema) {
        ObjectNode whole = ((ObjectNode) schema).deepCopy();
        // References inside the document start at its root.
        whole.set("components", root.get("components"));
        return registry.getSchema(whole);
    }

    /** Every response body with its examples. */
    List<Described> responseBodies() {
        List<Described> found = new ArrayList<>();
        for (Operation operation : operations()) {
            operation
                    .node()
                    .get("responses")
                    .propertyStream()
                    .forEach(response -> resolve(response.getValue())
                            .path("content")
                            .propertyStream()
                            .forEach(content ->
                                    found.add(described(operation + " " + response.getKey(), content.getValue()))));
        }
        return found;
    }

    List<Described> requestBodies() {
        return operations().stream().flatMap(this::requestBody).toList();
    }

    Stream<Described> requestBody(Operation operation) {
        return operation
                .node()
                .path("requestBody")
                .path("content")
                .propertyStream()
                .map(content -> described(operation.toString(), content.getValue()));
    }

    List<Described> parameters() {
        return operations().stream()
                .flatMap(operation -> parameters(operation)
                        .map(parameter -> described(operation + " " + parameter.get("name"), parameter)))
                .toList();
    }

    Stream<JsonNode> parameters(Operation operation) {
        return Stream.concat(
                        operation.path().path("parameters").valueStream(),
                        operation.node().path("parameters").valueStream())
                .map(this::resolve);
    }

    private static Described described(String where, JsonNode described) {
        List<JsonNode> examples = new ArrayList<>();
        described.path("examples").forEach(example -> examples.add(example.get("value")));
        if (described.has("example")) {
            examples.add(described.get("example"));
        }
        return new Described(where, described.get("schema"), examples);
    }

    /** The codes an error response may have. */
    Set<String> codes(JsonNode response) {
        Set<String> codes = new TreeSet<>();
        resolve(response)
                .path("content")
                .path("application/problem+json")
                .path("schema")
                .path("allOf")
                .forEach(part -> part.at("/properties/code/enum").forEach(code -> codes.add(code.stringValue())));
        return codes;
    }

    private JsonNode problem() {
        return Json.MAPPER.createObjectNode().put("$ref", "#/components/schemas/Problem");
    }

    JsonNode resolve(JsonNode node) {
        @Nullable JsonNode reference = node.get("$ref");
        return reference == null ? node : root.at(reference.stringValue().substring(1));
    }
}
