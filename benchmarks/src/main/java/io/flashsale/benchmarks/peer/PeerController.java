package io.flashsale.benchmarks.peer;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The calls that are compared. */
@RestController
class PeerController {

    private final HoldStore store;

    PeerController(HoldStore store) {
        this.store = store;
    }

    @PostMapping("/api/holds")
    ResponseEntity<?> place(@RequestBody HoldRequest request) {
        if (request.quantity() < 1) {
            return ResponseEntity.unprocessableContent().body(Map.of("code", "validation-failed"));
        }
        Optional<HoldAnswer> placed = store.place(request.productId(), request.quantity());
        if (placed.isEmpty()) {
            return ResponseEntity.status(409).body(Map.of("code", "insufficient-stock"));
        }
        return ResponseEntity.created(URI.create("/api/holds/" + placed.get().holdId()))
                .body(placed.get());
    }

    @GetMapping("/api/products/{id}")
    ResponseEntity<ProductAnswer> find(@PathVariable String id) {
        return ResponseEntity.of(store.find(id));
    }
}
