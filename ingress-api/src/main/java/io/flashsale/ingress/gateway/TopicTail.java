package io.flashsale.ingress.gateway;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

/**
 * Reads what is appended to some partitions from now on, without a group, on a thread of its own. After a fault it goes
 * on where it was, and it goes on trying for ever.
 *
 * <p>Not a listener container, because a moment matters that a container does not tell: when the positions are known,
 * from which on nothing passes unheard.
 */
public final class TopicTail implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(TopicTail.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAULT = Duration.ofSeconds(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);

    private final String name;
    private final List<TopicPartition> partitions;
    private final long back;
    private final Supplier<Consumer<String, byte[]>> consumers;
    private final Listener listener;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable Thread thread;
    private volatile @Nullable Consumer<String, byte[]> consumer;
    private volatile boolean positioned;
    /** Only the thread uses it: the offset of the next record, of each partition whose position was ever known. */
    private final Map<TopicPartition, Long> next = new HashMap<>();

    /** Is told each record, in the order of its partition. */
    @FunctionalInterface
    public interface Listener {
        void on(ConsumerRecord<String, byte[]> received);
    }

    /**
     * A tail that is not started yet.
     *
     * @param name of its thread
     * @param back offsets before the end of each partition, to begin there
     * @param consumers makes a consumer; fails while the brokers' names are unknown
     */
    public TopicTail(
            String name,
            List<TopicPartition> partitions,
            long back,
            Supplier<Consumer<String, byte[]>> consumers,
            Listener listener) {
        this.name = name;
        this.partitions = List.copyOf(partitions);
        this.back = back;
        this.consumers = consumers;
        this.listener = listener;
    }

    /** Why records would not be heard, or empty when they are. */
    public Optional<String> problem() {
        return positioned
                ? Optional.empty()
                : Optional.of("There is no position in " + partitions.getFirst().topic() + " yet, to read it from.");
    }

    @Override
    public void start() {
        thread = Thread.ofPlatform().daemon().name(name).start(this::run);
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
                LOG.warn("{} did not stop within {}.", name, STOP_TIMEOUT);
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
                // Whatever it is, an Error too: a tail that died would leave this instance deaf for ever.
                LOG.warn("{} cannot read, trying again.", name, fault);
                pause();
            } finally {
                positioned = false;
            }
        }
    }

    private void read(Consumer<String, byte[]> reading) {
        reading.assign(partitions);
        for (TopicPartition partition : partitions) {
            Long known = next.get(partition);
            if (known == null) {
                reading.seekToEnd(List.of(partition));
            } else {
                reading.seek(partition, known);
            }
        }
        while (!isStopped()) {
            if (positioned) {
                reading.poll(POLL).forEach(this::hand);
                partitions.forEach(partition -> next.put(partition, reading.position(partition)));
            } else {
                position(reading);
            }
        }
    }

    /** A seek to the end only takes place when the position is asked for. */
    private void position(Consumer<String, byte[]> reading) {
        try {
            for (TopicPartition partition : partitions) {
                long position = reading.position(partition);
                if (!next.containsKey(partition) && back > 0) {
                    // Before the beginning there is nothing, and a consumer that is sent there begins where it can.
                    position = Math.max(0, position - back);
                    reading.seek(partition, position);
                }
                next.put(partition, position);
            }
            positioned = true;
            LOG.info("{} reads {} from {} on.", name, partitions.getFirst().topic(), next.values());
        } catch (TimeoutException notYet) {
            // Kafka or the topic is not there yet: the probe tells it, this goes on trying.
            pause();
        }
    }

    private void hand(ConsumerRecord<String, byte[]> received) {
        // Before it is told: a record that the listener cannot bear is not told again.
        next.put(new TopicPartition(received.topic(), received.partition()), received.offset() + 1);
        listener.on(received);
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
