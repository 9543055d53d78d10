package io.flashsale.ingress.http;

import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.Reply.HoldAnswer;
import io.flashsale.ingress.gateway.QueryClient;
import io.flashsale.ingress.security.IdDerivation;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Holds: take stock for a short time, and look what became of it. */
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
                    .orElseGet(() -> Answers.pending("hold_id", command.holdId(), locationOf(command.holdId())));
        });
    }

    @GetMapping("/{holdId}")
    ResponseEntity<byte[]> find(@PathVariable String holdId) {
        if (HoldId.productOf(holdId).isEmpty()) {
            throw notFound();
        }
        return reads.find("/internal/holds/" + holdId, HoldsController::notFound);
    }

    private PlaceHold command(HoldRequest hold) {
        String key = hold.idempotencyKey();
        String holdId =
                key == null ? ids.newHoldId(hold.productId()) : ids.holdId(hold.productId(), hold.customerId(), key);
        return new PlaceHold(hold.productId(), holdId, hold.quantity(), hold.customerId());
    }

    private ResponseEntity<Object> placed(HoldAnswer answer) {
        if (!answer.replayed()) {
            metrics.accepted(HOLDS);
        }
        return Answers.decided(201, answer)
                .location(locationOf(answer.hold().holdId()))
                .body(answer.hold());
    }

    private static URI locationOf(String holdId) {
        return URI.create("/api/holds/" + holdId);
    }

    private static ProblemException notFound() {
        return ProblemException.of(ProblemType.HOLD_NOT_FOUND, "There is no such hold.");
    }
}
