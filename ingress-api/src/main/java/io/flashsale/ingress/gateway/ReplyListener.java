package io.flashsale.ingress.gateway;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.Reply;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import tools.jackson.core.JacksonException;

/**
 * Reads this instance's partition of {@code replies} and hands every reply to its caller. Starts at the end; nothing
 * may be published before it has that position, or a reply could pass unheard. After a fault it goes on where it was.
 *
 * <p>A thread of its own, not a listener container, because a moment matters that a container does not tell: when the
 * position is known.
 */
final class ReplyListener implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ReplyListener.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAULT = Duration.ofSeconds(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);

    private final TopicPartition partition;
    private final Supplier<Consumer<String, byte[]>> consumers;
    private final PendingReplies pending;
    private final Timer delay;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable Thread thread;
    private volatile @Nullable Consumer<String, byte[]> consumer;
    private volatile boolean positioned;
    /** Only the thread uses it: the offset of the next reply, null before the first position. */
    private @Nullable Long next;

    /** @param consumers makes a consumer; fails while the brokers' names are unknown */
    ReplyListener(
            TopicPartition partition,
            Supplier<Consumer<String, byte[]>> consumers,
            PendingReplies pending,
            MeterRegistry meters) {
        this.partition = partition;
        this.consumers = consumers;
        this.pending = pending;
        this.delay = Timer.builder("replies.delay")
                .description(
                        "From the append of a command to its committed reply, by the clocks of broker and instance")
                .register(meters);
    }

    /** Why replies would not be heard, or empty when they are. */
    Optional<String> problem() {
        return positioned
                ? Optional.empty()
                : Optional.of("There is no position in " + partition.topic() + " partition " + partition.partition()
                        + " to hear replies from yet.");
    }

    @Override
    public void start() {
        thread = Thread.ofPlatform().daemon().name("reply-listener").start(this::run);
    }

    @Override
    public void stop() {
        stopped.countDown();
        Consumer<String, byte[]> reading = consumer;
        if (reading != null) {
            reading.wakeup();
        }
        Thread running = thread;
        try {
            if (running != null && !running.join(STOP_TIMEOUT)) {
                LOG.warn("The reply listener did not stop within {}.", STOP_TIMEOUT);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null && !isStopped();
    }

    /** Before the web server takes calls, and after it has finished them: phases stop in reverse order. */
    @Override
    public int getPhase() {
        return 0;
    }

    private void run() {
        while (!isStopped()) {
            try (Consumer<String, byte[]> reading = consumers.get()) {
                consumer = reading;
                read(reading);
            } catch (WakeupException stop) {
                // The loop's condition ends it.
            } catch (Throwable fault) {
                // Whatever it is, an Error too: a listener that died would leave this instance deaf for ever.
                LOG.warn("Replies cannot be read, trying again.", fault);
                pause();
            } finally {
                positioned = false;
            }
        }
    }

    private void read(Consumer<String, byte[]> reading) {
        reading.assign(List.of(partition));
        if (next == null) {
            reading.seekToEnd(List.of(partition));
        } else {
            reading.seek(partition, next);
        }
        while (!isStopped()) {
            if (positioned) {
                reading.poll(POLL).forEach(this::hand);
                next = reading.position(partition);
            } else {
                position(reading);
            }
        }
    }

    /** A seek to the end only takes place when the position is asked for. */
    private void position(Consumer<String, byte[]> reading) {
        try {
            next = reading.position(partition);
            positioned = true;
            LOG.info("Replies are read from {} on.", partition);
        } catch (TimeoutException notYet) {
            // Kafka or the topic is not there yet: the probe tells it, this goes on trying.
            pause();
        }
    }

    private void hand(ConsumerRecord<String, byte[]> received) {
        next = received.offset() + 1;
        // A reply carries the log time of what it answers.
        delay.record(Math.max(0, System.currentTimeMillis() - received.timestamp()), TimeUnit.MILLISECONDS);
        if (received.key() == null || received.value() == null) {
            return;
        }
        try {
            pending.complete(received.key(), Json.MAPPER.readValue(received.value(), Reply.class));
        } catch (JacksonException unreadable) {
            // Its caller is told "pending" at its timeout. The content stays out of the log: it may name a payment.
            LOG.error("The reply at {} offset {} is unreadable.", partition, received.offset());
        }
    }

    private void pause() {
        try {
            stopped.await(PAUSE_AFTER_FAULT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            stopped.countDown();
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }
}
