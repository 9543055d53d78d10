package io.flashsale.inventory.domain;

import io.flashsale.contracts.InventoryEvent;
import io.flashsale.contracts.InventoryEvent.HoldRejected;
import io.flashsale.contracts.InventoryEvent.RedeemRejected;
import io.flashsale.contracts.Refusal;
import io.flashsale.contracts.Reply;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was decided on one input.
 *
 * @param events what changes, in order; empty if nothing does
 * @param reply for the caller, or null if it gets none from here
 * @param answeredByOrders the caller's address goes on with the event: order-streams answers
 * @param after the state after the events; not known before {@link InventoryRules} has applied them
 */
public record Decision(
        List<InventoryEvent> events,
        @Nullable Reply reply,
        boolean answeredByOrders,
        @Nullable InventoryState after) {

    private static final Decision NOTHING = new Decision(List.of(), null, false);

    Decision(List<InventoryEvent> events, @Nullable Reply reply, boolean answeredByOrders) {
        this(events, reply, answeredByOrders, null);
    }

    static Decision nothing() {
        return NOTHING;
    }

    static Decision of(InventoryEvent event) {
        return new Decision(List.of(event), null, false);
    }

    static Decision of(InventoryEvent event, Reply reply) {
        return new Decision(List.of(event), reply, false);
    }

    static Decision answered(Reply reply) {
        return new Decision(List.of(), reply, false);
    }

    static Decision refused(Refusal refusal) {
        return answered(new Reply.Refused(refusal, false));
    }

    static Decision passedOn(InventoryEvent event) {
        return new Decision(List.of(event), null, true);
    }

    /** This answer, given because of that event. */
    Decision because(InventoryEvent event) {
        return followedBy(List.of(event));
    }

    Decision followedBy(List<? extends InventoryEvent> more) {
        return more.isEmpty()
                ? this
                : new Decision(Stream.concat(events.stream(), more.stream()).toList(), reply, answeredByOrders, after);
    }

    Decision leadingTo(InventoryState state) {
        return new Decision(events, reply, answeredByOrders, state);
    }

    /** A no that is said for the first time. */
    public @Nullable Refusal refusal() {
        return reply instanceof Reply.Refused refused && !refused.replayed() ? refused.refusal() : null;
    }

    /** A no that no event tells: somebody must be told, or it is lost. */
    public @Nullable Refusal untoldRefusal() {
        Refusal refusal = refusal();
        return refusal == null || events.stream().anyMatch(Decision::tellsARefusal) ? null : refusal;
    }

    private static boolean tellsARefusal(InventoryEvent event) {
        return event instanceof HoldRejected || event instanceof RedeemRejected;
    }
}
