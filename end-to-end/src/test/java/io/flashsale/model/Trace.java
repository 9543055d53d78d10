package io.flashsale.model;

import io.flashsale.contracts.Command;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What an outsider saw of a run: every input with its log time, in the order it was decided, what came of it, and who
 * was told what.
 *
 * @param terms the settings the run was made with
 * @param calls the commands that asked for a reply, by their call
 * @param finished everything was read and every deadline has passed: nothing may be left open
 * @param streamsOrder each application read its inputs in the order of their timestamps
 * @param left what the stores still hold of holds, orders and requests
 */
record Trace(
        Terms terms,
        Map<String, Command> calls,
        List<Step> steps,
        boolean finished,
        boolean streamsOrder,
        List<String> left) {

    /**
     * The settings that decisions depend on.
     *
     * @param refundsLate late payments are paid back rather than given their stock again
     * @param keys how long requests and refused, released and expired holds are remembered
     * @param webhookKeys how long webhooks and payments are remembered
     * @param orders how long ended orders are remembered; their holds a day longer
     */
    record Terms(
            int holdTtlSeconds,
            String currency,
            Duration paymentWindow,
            Duration parkingTime,
            int maxExtensions,
            boolean refundsLate,
            Duration keys,
            Duration webhookKeys,
            Duration orders) {}

    /**
     * @param call who asked, or null
     * @param events what was written, in order
     */
    record Step(Action.App app, Instant time, Object input, String call, List<Object> events, List<Answer> answers) {}

    /** A reply as it was written. */
    record Answer(String call, String json) {}
}
