package io.flashsale.ingress.http;

import io.flashsale.contracts.Command;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.Reply.Refused;
import io.flashsale.ingress.gateway.CommandGateway;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** Sends a caller's command and gives back its decision, or throws the problem that it is. */
@Component
final class CommandCalls {

    private static final Pattern RESPOND_ASYNC =
            Pattern.compile("(?:^|[,;])\\s*respond-async\\s*(?:[,;]|$)", Pattern.CASE_INSENSITIVE);

    private final CommandGateway gateway;

    CommandCalls(CommandGateway gateway) {
        this.gateway = gateway;
    }

    /**
     * Sends a command.
     *
     * @param accepted the reply of a yes
     * @return empty if the caller would not wait, or there was no decision in time: it is pending
     * @throws ProblemException if the decision is a no
     */
    <A extends Reply> Optional<A> decide(HttpServletRequest request, Command command, Class<A> accepted) {
        if (wantsNoWait(request)) {
            gateway.tell(command);
            return Optional.empty();
        }
        return gateway.ask(command).map(reply -> {
            if (reply instanceof Refused refused) {
                throw ProblemException.refused(refused);
            }
            return accepted.cast(reply);
        });
    }

    private static boolean wantsNoWait(HttpServletRequest request) {
        return Collections.list(request.getHeaders("Prefer")).stream()
                .anyMatch(prefer -> RESPOND_ASYNC.matcher(prefer).find());
    }
}
