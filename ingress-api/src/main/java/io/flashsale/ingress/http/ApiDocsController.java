package io.flashsale.ingress.http;

import io.flashsale.contracts.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * What this service answers: {@code openapi.yaml} for programs, and a page on it for people. The document is written by
 * hand, because bodies are read by hand: there is nothing a generator could read them from. Tests hold it against the
 * routes, the problem codes and every response of the wire tests.
 */
@RestController
final class ApiDocsController {

    private static final MediaType YAML = new MediaType("application", "yaml", StandardCharsets.UTF_8);
    private static final MediaType CSS = new MediaType("text", "css", StandardCharsets.UTF_8);
    private static final MediaType SCRIPT = new MediaType("text", "javascript", StandardCharsets.UTF_8);

    /** Nothing but this page's own files and calls to this service. Swagger UI writes styles into the page. */
    private static final String PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Resource yaml = new ClassPathResource("openapi.yaml");
    private final byte[] json;
    private final Map<String, Asset> assets;

    ApiDocsController() throws IOException {
        this.json = toJson(yaml);
        String swaggerUi = "META-INF/resources/webjars/swagger-ui/" + versionOf("swagger-ui") + "/";
        this.assets = Map.of(
                "start.js",
                new Asset(SCRIPT, new ClassPathResource("docs/start.js")),
                "swagger-ui.css",
                new Asset(CSS, new ClassPathResource(swaggerUi + "swagger-ui.css")),
                "swagger-ui-bundle.js",
                new Asset(SCRIPT, new ClassPathResource(swaggerUi + "swagger-ui-bundle.js")));
    }

    private record Asset(MediaType type, Resource content) {}

    @GetMapping("/v3/api-docs")
    ResponseEntity<byte[]> json() {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(json);
    }

    @GetMapping("/v3/api-docs.yaml")
    ResponseEntity<Resource> yaml() {
        return ResponseEntity.ok().contentType(YAML).body(yaml);
    }

    @GetMapping("/docs")
    ResponseEntity<Resource> page(HttpServletResponse response) {
        // Set here and not as a header to be added: two policies would both apply.
        response.setHeader("Content-Security-Policy", PAGE_POLICY);
        return ResponseEntity.ok()
                .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
                .body(new ClassPathResource("docs/index.html"));
    }

    @GetMapping("/docs/{name}")
    ResponseEntity<Resource> asset(@PathVariable String name, HttpServletResponse response) {
        Asset asset = assets.get(name);
        if (asset == null) {
            throw ProblemException.of(ProblemType.NOT_FOUND, "There is no such page.");
        }
        response.setHeader(HttpHeaders.CACHE_CONTROL, "max-age=3600");
        return ResponseEntity.ok().contentType(asset.type()).body(asset.content());
    }

    /** Where people look for it. */
    @GetMapping("/swagger-ui.html")
    ResponseEntity<Void> usualPlace() {
        return ResponseEntity.status(302).location(URI.create("docs")).build();
    }

    private static byte[] toJson(Resource document) throws IOException {
        try (InputStream stream = document.getInputStream()) {
            Object content = new Yaml(new SafeConstructor(new LoaderOptions())).load(stream);
            return Json.MAPPER.writeValueAsBytes(content);
        }
    }

    /** A webjar keeps its files under its version. */
    private static String versionOf(String webjar) throws IOException {
        Properties properties = new Properties();
        try (InputStream stream =
                new ClassPathResource("META-INF/maven/org.webjars/" + webjar + "/pom.properties").getInputStream()) {
            properties.load(stream);
        }
        return properties.getProperty("version");
    }
}
