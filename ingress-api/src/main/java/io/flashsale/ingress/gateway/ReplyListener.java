package io.flashsale.ingress.gateway;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.Reply;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Hands every reply of this instance's partition of {@code replies} to its caller. Nothing may be published before the
 * tail that tells it has its position, or a reply could pass unheard.
 */
final class ReplyListener implements TopicTail.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(ReplyListener.class);

    private final PendingReplies pending;
    private final Timer delay;

    ReplyListener(PendingReplies pending, MeterRegistry meters) {
        this.pending = pending;
        this.delay = Timer.builder("replies.delay")
                .description(
                        "From the append of a command to its committed reply, by the clocks of broker and instance")
                .register(meters);
    }

    @Override
    public void on(ConsumerRecord<String, byte[]> received) {
        // A reply carries the log time of what it answers.
        delay.record(Math.max(0, System.currentTimeMillis() - received.timestamp()), TimeUnit.MILLISECONDS);
        if (received.key() == null || received.value() == null) {
            return;
        }
        try {
            pending.complete(received.key(), Json.MAPPER.readValue(received.value(), Reply.class));
        } catch (JacksonException unreadable) {
            // Its caller is told "pending" at its timeout. The content stays out of the log: it may name a payment.
            LOG.error(
                    "The reply at {}-{} offset {} is unreadable.",
                    received.topic(),
                    received.partition(),
                    received.offset());
        }
    }
}
