package io.flashsale.benchmarks;

import io.flashsale.benchmarks.report.Figure;
import io.flashsale.benchmarks.report.Plot;
import io.flashsale.benchmarks.report.Plot.Axis;
import io.flashsale.benchmarks.report.Plot.Scale;
import io.flashsale.benchmarks.report.Section;
import io.flashsale.benchmarks.report.Unit;
import io.flashsale.contracts.Json;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.Reply.HoldAnswer;
import io.flashsale.contracts.ReplyTo;
import io.flashsale.local.PipelineException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * One hop: how long it takes from a command that is due, over its record, the decision and the commit, to the reply that
 * can be read, at a fixed rate and without HTTP.
 */
final class HopBenchmark {

    private static final int RATE = 1_000;
    private static final double TARGET_P50_MILLIS = 8;
    private static final double TARGET_P99_MILLIS = 25;
    private static final String PRODUCT = "hop";

    /** Not the one that the ingress reads. */
    private static final int REPLY_PARTITION = 1;

    private final Workbench workbench;
    private final int seconds;
    private final int warmupSeconds;

    HopBenchmark(Workbench workbench, int seconds, int warmupSeconds) {
        this.workbench = workbench;
        this.seconds = seconds;
        this.warmupSeconds = warmupSeconds;
    }

    List<Section> run() {
        StockQuery stock = new StockQuery(workbench);
        try (Commands commands = Commands.withoutDelay(workbench)) {
            commands.defineProduct(PRODUCT);
            stock.awaitDefined(PRODUCT);
            int warmup = RATE * warmupSeconds;
            if (warmup > 0) {
                workbench.progress().step("hop, warm-up: %,d/s for %d s".formatted(RATE, warmupSeconds));
                measure(commands, 0, warmup);
            }
            workbench.progress().step("hop: %,d/s for %d s".formatted(RATE, seconds));
            CpuTimes before = workbench.cpuTimes(Workbench.INVENTORY, Workbench.BROKER);
            int count = RATE * seconds;
            Histogram latency = measure(commands, warmup, count);
            CpuTimes after = workbench.cpuTimes(Workbench.INVENTORY, Workbench.BROKER);
            stock.requireHolds(PRODUCT, warmup + count);
            return List.of(section(latency, after.secondsPerThousandSince(before, count)));
        }
    }

    private Histogram measure(Commands commands, int first, int count) {
        TopicPartition replies = new TopicPartition(workbench.topics().replies().name(), REPLY_PARTITION);
        try (EventReader reader = new EventReader(workbench, replies, Map.of())) {
            OpenLoop loop = new OpenLoop(System.nanoTime() + TimeUnit.SECONDS.toNanos(1), RATE, count);
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(commands, loop, first));
            Answers answers = new Answers(loop);
            reader.readUntil(() -> count - answers.latency.getTotalCount(), answers::add);
            sending.join();
            return answers.latency;
        }
    }

    private static void send(Commands commands, OpenLoop loop, int first) {
        for (int number = 0; number < loop.calls(); number++) {
            for (long left = loop.dueNanos(number) - System.nanoTime();
                    left > 0;
                    left = loop.dueNanos(number) - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            commands.placeHold(PRODUCT, first + number, new ReplyTo(Integer.toString(number), REPLY_PARTITION));
        }
    }

    private static Section section(Histogram latency, Map<String, Double> cpu) {
        return Section.named("hop", "one command to its committed reply, %,d/s of one hot product".formatted(RATE))
                .figure(
                        "latency_p50_ms",
                        Figure.of("p50", Unit.MILLIS, LoadResult.millis(latency, 50))
                                .atMost(TARGET_P50_MILLIS)
                                .reference("a prototype, other machine: 8–10 ms"))
                .figure("latency_p90_ms", Figure.of("p90", Unit.MILLIS, LoadResult.millis(latency, 90)))
                .figure(
                        "latency_p99_ms",
                        Figure.of("p99", Unit.MILLIS, LoadResult.millis(latency, 99))
                                .atMost(TARGET_P99_MILLIS)
                                .reference("the same: 25–40 ms"))
                .figure("latency_p999_ms", Figure.of("p99.9", Unit.MILLIS, LoadResult.millis(latency, 99.9)))
                .figure("latency_max_ms", Figure.of("max", Unit.MILLIS, LoadResult.millis(latency, 100)))
                .cpu("commands", cpu)
                .plot(new Plot(
                        "hop-latency",
                        "One command to its committed reply at %,d/s".formatted(RATE),
                        new Axis("percentile", Scale.PERCENTILE),
                        new Axis("ms", Scale.LOG),
                        List.of(LoadResult.latencyLine("one hop", latency))))
                .build();
    }

    /** What came back. */
    private static final class Answers {

        private final OpenLoop loop;
        private final Histogram latency = new Histogram(3);
        private final BitSet seen = new BitSet();

        Answers(OpenLoop loop) {
            this.loop = loop;
        }

        void add(List<ConsumerRecord<byte[], byte[]>> batch) {
            long now = System.nanoTime();
            for (ConsumerRecord<byte[], byte[]> record : batch) {
                int number = Integer.parseInt(new String(record.key(), StandardCharsets.UTF_8));
                Reply reply = Json.MAPPER.readValue(record.value(), Reply.class);
                if (!(reply instanceof HoldAnswer) || seen.get(number)) {
                    throw new PipelineException(
                            "The result is wrong: expected one hold for each command, but got " + reply);
                }
                seen.set(number);
                latency.recordValue(TimeUnit.NANOSECONDS.toMicros(now - loop.dueNanos(number)));
            }
        }
    }
}
