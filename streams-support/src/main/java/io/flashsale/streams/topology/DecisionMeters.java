package io.flashsale.streams.topology;

import io.flashsale.contracts.CommandReader;
import io.flashsale.contracts.RefusalCode;
import io.flashsale.contracts.Topic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Counts what is decided, whoever asked: {@code decisions.events} by type, {@code decisions.refused} and
 * {@code decisions.dead.letters} by reason, and measures {@code decisions.latency} by topic. Counted when it is decided;
 * what an aborted transaction decided is decided and counted again.
 *
 * <p>All of them are there from the start, at 0: an alert on the first one needs a value before it. They are looked up
 * by type here and not by tags in the registry, because every decision counts several.
 */
public final class DecisionMeters {

    /** Every reason of a dead letter that is not a refusal. */
    private static final List<String> UNREADABLE_REASONS = List.of(
            CommandReader.NOT_JSON,
            CommandReader.OVERSIZED,
            CommandReader.UNKNOWN_TYPE,
            CommandReader.VALIDATION_FAILED,
            ScreenProcessor.UNREADABLE,
            ScreenProcessor.WRONG_PARTITION,
            ScreenProcessor.KEY_MISMATCH);

    private final MeterRegistry registry;
    private final Map<Class<?>, Counter> events;
    private final Map<RefusalCode, Counter> refused;
    private final Map<Class<?>, Map<RefusalCode, Counter>> refusedCommands = new HashMap<>();
    private final Map<String, Counter> deadLetters;
    private final Map<String, Timer> latencies;
    private final DecisionLog log = new DecisionLog(System::currentTimeMillis);

    /**
     * @param events the sealed type of the application's events
     * @param inputs what is decided on
     */
    public DecisionMeters(MeterRegistry registry, Class<?> events, Topic... inputs) {
        this.registry = registry;
        this.events = Arrays.stream(events.getPermittedSubclasses())
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(),
                        type -> registry.counter("decisions.events", "type", type.getSimpleName())));
        this.refused = byCode("decisions.refused");
        this.deadLetters = Stream.concat(
                        UNREADABLE_REASONS.stream(),
                        Arrays.stream(RefusalCode.values()).map(RefusalCode::code))
                .distinct()
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(), reason -> registry.counter("decisions.dead.letters", "reason", reason)));
        this.latencies = Arrays.stream(inputs)
                .map(Topic::name)
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(), topic -> registry.timer("decisions.latency", "topic", topic)));
    }

    /** Gives the number of one type of event a name of its own. It is the same number: there is one place that counts. */
    public DecisionMeters nameEvents(String name, Class<?> event) {
        FunctionCounter.builder(name, countOf(event), Counter::count).register(registry);
        return this;
    }

    /** Counts the refusals of one type of command under a name of its own too, by reason. */
    public DecisionMeters nameRefusals(String name, Class<?> command) {
        refusedCommands.put(command, byCode(name));
        return this;
    }

    void event(Object event) {
        countOf(event.getClass()).increment();
    }

    void refused(Object command, RefusalCode code) {
        count(refused, code);
        Map<RefusalCode, Counter> ofCommand = refusedCommands.get(command.getClass());
        if (ofCommand != null) {
            count(ofCommand, code);
        }
    }

    /** Counts a dead letter, and tells it in the log and in its trace. */
    void deadLetter(String reason, Origin origin, @Nullable DecisionSpan trace) {
        if (trace != null) {
            trace.deadLetter(reason);
        }
        log.deadLetter(reason, origin, trace);
        Counter known = deadLetters.get(reason);
        (known == null ? registry.counter("decisions.dead.letters", "reason", reason) : known).increment();
    }

    /** @param millis from the input's append to its decision; two clocks may make it negative */
    void decided(String topic, long millis) {
        Timer latency = latencies.get(topic);
        if (latency != null) {
            latency.record(Math.max(0, millis), TimeUnit.MILLISECONDS);
        }
    }

    private Counter countOf(Class<?> event) {
        Counter counter = events.get(event);
        if (counter == null) {
            throw new IllegalArgumentException("Not an event of this application: " + event);
        }
        return counter;
    }

    private Map<RefusalCode, Counter> byCode(String name) {
        Map<RefusalCode, Counter> counters = new EnumMap<>(RefusalCode.class);
        for (RefusalCode code : RefusalCode.values()) {
            counters.put(code, registry.counter(name, "reason", code.code()));
        }
        return counters;
    }

    private static void count(Map<RefusalCode, Counter> counters, RefusalCode code) {
        Counter counter = counters.get(code);
        if (counter != null) {
            counter.increment();
        }
    }
}
