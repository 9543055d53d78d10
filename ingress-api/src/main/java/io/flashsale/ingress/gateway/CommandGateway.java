package io.flashsale.ingress.gateway;

import io.flashsale.contracts.Command;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.ReplyTo;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes a command to the one who decides it, and its caller to the decision. Every call is bounded: in number by
 * {@link PendingReplies}, in time by the timeout.
 */
public final class CommandGateway {

    private final CommandPublisher publisher;
    private final PendingReplies pending;
    private final KafkaStatus kafka;
    private final int partition;
    private final Duration timeout;
    private final Consumer<String> decided;
    private final Map<Class<?>, Timer> latencies;
    private final DecisionTimes times;
    private final Counter undecided;
    private final Counter failed;

    /**
     * @param partition of {@code replies} that this instance reads
     * @param timeout how long one call waits
     * @param decided is told the product of each decision before its caller is
     * @param times is told how long each took
     */
    public CommandGateway(
            CommandPublisher publisher,
            PendingReplies pending,
            KafkaStatus kafka,
            int partition,
            Duration timeout,
            Consumer<String> decided,
            DecisionTimes times,
            MeterRegistry meters) {
        this.publisher = publisher;
        this.pending = pending;
        this.kafka = kafka;
        this.partition = partition;
        this.timeout = timeout;
        this.decided = decided;
        this.latencies = commands(Command.class)
                .collect(Collectors.toUnmodifiableMap(Function.identity(), command -> latencyOf(command, meters)));
        this.times = times;
        this.undecided = Counter.builder("commands.undecided")
                .description("Calls that were told pending because no decision came in time")
                .register(meters);
        this.failed = Counter.builder("commands.publish.failed")
                .description("Commands that the log is not known to have taken")
                .register(meters);
    }

    /**
     * Publishes a command and waits until it is decided.
     *
     * @return the committed decision; empty if there was none in time, though the log has taken the command
     * @throws KafkaUnavailableException if the log is not known to have taken it
     * @throws TooManyInFlightException if too many calls wait already, in all or for this product
     */
    public Optional<Reply> ask(Command command) {
        requireKafka();
        long start = System.nanoTime();
        try (PendingCall call = pending.open(command.productId())) {
            CompletableFuture<Void> taken = publish(command, new ReplyTo(call.correlationId(), partition));
            taken.whenComplete((done, failure) -> {
                if (failure != null) {
                    call.fail(failure);
                }
            });
            Optional<Reply> reply = call.await(timeout);
            if (reply.isEmpty()) {
                awaitTaken(taken, Duration.ZERO);
                undecided.increment();
            } else {
                decided.accept(command.productId());
                answered(command, System.nanoTime() - start);
            }
            return reply;
        }
    }

    private void answered(Command command, long nanos) {
        times.record(nanos);
        Timer latency = latencies.get(command.getClass());
        if (latency != null) {
            latency.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    private static Timer latencyOf(Class<?> command, MeterRegistry meters) {
        return Timer.builder("commands.latency")
                .description(
                        "From sending a command to its committed decision; without those that were not decided in time")
                .tag("command", command.getSimpleName())
                .register(meters);
    }

    /** Of a sealed type, all the way down. */
    private static Stream<Class<?>> commands(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(CommandGateway::commands)
                : Stream.of(type);
    }

    /**
     * Publishes a command and waits only until the log has taken it.
     *
     * @throws KafkaUnavailableException if the log is not known to have taken it
     * @throws TooManyInFlightException if too many calls wait already, in all or for this product
     */
    public void tell(Command command) {
        requireKafka();
        try (PendingCall call = pending.open(command.productId())) {
            awaitTaken(publish(command, null), timeout);
        }
    }

    private CompletableFuture<Void> publish(Command command, @Nullable ReplyTo replyTo) {
        CompletableFuture<Void> taken = publisher.publish(command, replyTo);
        taken.whenComplete((done, failure) -> {
            if (failure != null) {
                failed.increment();
            }
        });
        return taken;
    }

    /** Fails fast: a command without a listening reply reader, or without a broker, could only time out. */
    private void requireKafka() {
        kafka.problem().ifPresent(problem -> {
            throw new KafkaUnavailableException(problem, null);
        });
    }

    private static void awaitTaken(CompletableFuture<Void> taken, Duration timeout) {
        try {
            taken.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException unknown) {
            throw new KafkaUnavailableException("The log is not known to have taken the command.", unknown);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new KafkaUnavailableException("This instance is stopping.", stopped);
        }
    }
}
