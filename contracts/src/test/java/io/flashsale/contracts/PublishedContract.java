package io.flashsale.contracts;

import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The contract as others get it: {@code asyncapi.yaml} and the schemas beside it. */
final class PublishedContract {

    private static final Path SCHEMAS = Path.of("src/main/resources/schemas");
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7);

    private PublishedContract() {}

    static JsonNode asyncApi() {
        try (InputStream in = open("asyncapi.yaml")) {
            return YAML.readTree(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static JsonNode schema(String name) {
        try (InputStream in = open("schemas/" + name + ".json")) {
            return Json.MAPPER.readTree(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Names of all schema files, without {@code .json}. */
    static List<String> schemas() {
        try (Stream<Path> files = Files.list(SCHEMAS)) {
            return files.map(file -> file.getFileName().toString().replaceFirst("\\.json$", ""))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** What is wrong with a value; empty if its schema accepts it. */
    static List<String> errors(String schema, String json) {
        return errors("schemas/" + schema + ".json", Json.MAPPER.readTree(json));
    }

    /**
     * What is wrong with a value.
     *
     * @param resource a JSON Schema on the class path
     */
    static List<String> errors(String resource, JsonNode value) {
        return REGISTRY.getSchema(SchemaLocation.of("classpath:" + resource)).validate(value).stream()
                .map(Object::toString)
                .toList();
    }

    /** The node a {@code $ref} in {@code document} points to, missing if there is none. */
    static JsonNode resolve(JsonNode document, String ref) {
        String[] parts = ref.split("#", 2);
        JsonNode target = parts[0].isEmpty()
                ? document
                : schema(parts[0].replaceFirst("^\\./schemas/", "").replaceFirst("\\.json$", ""));
        return parts.length == 1 ? target : target.at(parts[1]);
    }

    private static InputStream open(String resource) throws IOException {
        InputStream in = PublishedContract.class.getResourceAsStream("/" + resource);
        if (in == null) {
            throw new IOException("There is no " + resource);
        }
        return in;
    }
}
