package io.flashsale.ingress.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.DigestUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** A page for people who watch a sale. It does nothing that a program could not do over the API. */
@RestController
final class PageController {

    /** Nothing but this page's own files and calls to this service; no script or style in the page itself. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'; trusted-types 'none'";

    private final Asset page;
    private final Map<String, Asset> assets;

    PageController() throws IOException {
        this.page = asset("index.html", "text", "html");
        this.assets = Map.of(
                "live.css", asset("live.css", "text", "css"),
                "live.js", asset("live.js", "text", "javascript"),
                "icon.svg", asset("icon.svg", "image", "svg+xml"));
    }

    /** @param tag of its content */
    private record Asset(MediaType type, byte[] content, String tag) {}

    @GetMapping("/")
    ResponseEntity<byte[]> page(HttpServletResponse response) {
        // Set here and not as a header to be added: two policies would both apply.
        response.setHeader("Content-Security-Policy", POLICY);
        return answer(page);
    }

    @GetMapping("/live/{name}")
    ResponseEntity<byte[]> asset(@PathVariable String name) {
        Asset asset = assets.get(name);
        if (asset == null) {
            throw ProblemException.of(ProblemType.NOT_FOUND, "There is no such page.");
        }
        return answer(asset);
    }

    /** Kept by browsers, but asked for each time whether it is still the same: the parts must fit each other. */
    private static ResponseEntity<byte[]> answer(Asset asset) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noCache())
                .contentType(asset.type())
                .eTag(asset.tag())
                .body(asset.content());
    }

    private static Asset asset(String name, String type, String subtype) throws IOException {
        try (InputStream stream = new ClassPathResource("live/" + name).getInputStream()) {
            byte[] content = stream.readAllBytes();
            return new Asset(
                    new MediaType(type, subtype, StandardCharsets.UTF_8), content, DigestUtils.md5DigestAsHex(content));
        }
    }
}
