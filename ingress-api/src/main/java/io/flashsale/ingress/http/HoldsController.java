package io.flashsale.ingress.http;

import io.flashsale.contracts.HoldCommand;
import io.flashsale.contracts.HoldCommand.ExtendHold;
import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldCommand.ReleaseHold;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.Reply.HoldAnswer;
import io.flashsale.ingress.gateway.QueryClient;
import io.flashsale.ingress.security.IdDerivation;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.function.Supplier;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Holds: take stock for a short time, keep it longer or give it back, and look what became of it. */
@RestController
@RequestMapping(path = "/api/holds", produces = MediaType.APPLICATION_JSON_VALUE)
final class HoldsController {

    private static final String HOLDS = "holds";

    private final CommandCalls commands;
    private final IdDerivation ids;
    private final Reads reads;
    private final CallMetrics metrics;

    HoldsController(CommandCalls commands, IdDerivation ids, QueryClient inventoryQueries, CallMetrics metrics) {
        this.commands = commands;
        this.ids = ids;
        this.reads = new Reads(inventoryQueries);
        this.metrics = metrics;
    }

    @PostMapping
    ResponseEntity<Object> place(HttpServletRequest request) {
        return metrics.countFailures(HOLDS, () -> {
            PlaceHold command = command(HoldRequest.read(request));
            return commands.decide(request, command, HoldAnswer.class)
                    .map(this::placed)
                    .orElseGet(() -> pending(command.holdId()));
        });
    }

    @GetMapping("/{holdId}")
    ResponseEntity<byte[]> find(@PathVariable String holdId) {
        productOf(holdId);
        return reads.find("/internal/holds/" + holdId, HoldsController::notFound);
    }

    @DeleteMapping("/{holdId}")
    ResponseEntity<Object> release(@PathVariable String holdId, HttpServletRequest request) {
        return change("releases", request, holdId, () -> new ReleaseHold(productOf(holdId), holdId));
    }

    @PostMapping("/{holdId}/extend")
    ResponseEntity<Object> extend(@PathVariable String holdId, HttpServletRequest request) {
        return change("extensions", request, holdId, () -> {
            String productId = productOf(holdId);
            ExtensionRequest extension = ExtensionRequest.read(request);
            String key = extension.idempotencyKey();
            return new ExtendHold(
                    productId, holdId, extension.seconds(), key == null ? null : ids.extensionKey(holdId, key));
        });
    }

    private ResponseEntity<Object> change(
            String noun, HttpServletRequest request, String holdId, Supplier<HoldCommand> command) {
        return metrics.countFailures(
                noun,
                () -> commands.decide(request, command.get(), HoldAnswer.class)
                        .<ResponseEntity<Object>>map(answer -> {
                            metrics.accepted(noun, answer);
                            return Answers.decided(200, answer).body(answer.hold());
                        })
                        .orElseGet(() -> pending(holdId)));
    }

    private PlaceHold command(HoldRequest hold) {
        String key = hold.idempotencyKey();
        String holdId =
                key == null ? ids.newHoldId(hold.productId()) : ids.holdId(hold.productId(), hold.customerId(), key);
        return new PlaceHold(hold.productId(), holdId, hold.quantity(), hold.customerId());
    }

    private ResponseEntity<Object> placed(HoldAnswer answer) {
        metrics.accepted(HOLDS, answer);
        return Answers.decided(201, answer)
                .location(locationOf(answer.hold().holdId()))
                .body(answer.hold());
    }

    private static ResponseEntity<Object> pending(String holdId) {
        return Answers.pending("hold_id", holdId, locationOf(holdId));
    }

    private static URI locationOf(String holdId) {
        return URI.create("/api/holds/" + holdId);
    }

    /** @throws ProblemException if it is the id of no hold */
    private static String productOf(String holdId) {
        return HoldId.productOf(holdId).orElseThrow(HoldsController::notFound);
    }

    private static ProblemException notFound() {
        return ProblemException.of(ProblemType.HOLD_NOT_FOUND, "There is no such hold.");
    }
}
