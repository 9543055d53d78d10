package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.Topics;
import io.flashsale.local.Pipeline;
import io.flashsale.local.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The disk under the state of an instance fills up in the middle of a sale. An independent checker judges. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ITDiskFull {

    private static final long SEED = Long.getLong("flashsale.faults.seed", System.nanoTime() % 1_000_000);
    private static final int CALLS_PER_SECOND = 100;
    private static final String VICTIM = "inventory-1";

    /** What an instance wants to have left, and once more as much as the stores of so few partitions reserve. */
    private static final int DISK_MEGABYTES = 384;

    private static final int PARTITIONS = 4;

    private final Path directory = TestPipeline.temporaryDirectory();

    @AfterEach
    void close() throws Exception {
        TestPipeline.deleteRecursively(directory);
    }

    @Test
    void anInstanceWithoutSpaceEndsAndSaysWhyAndAnotherGoesOn() throws Exception {
        // The pipeline takes only a directory that is empty or bears its mark.
        Files.createFile(directory.resolve(".made-by-flashsale"));
        try (SmallDisk disk = SmallDisk.mount(directory.resolve("state").resolve(VICTIM), DISK_MEGABYTES);
                TestKafka kafka = TestKafka.start();
                Pipeline pipeline = start(kafka);
                Sale sale = new Sale(pipeline.bootstrapServers(), List.of(new Shop(pipeline.ingressUrl(1))), 8, SEED)) {
            sale.start(CALLS_PER_SECOND);

            long full = System.nanoTime();
            assertThatItEndsAndSaysWhy(pipeline, disk::fill);
            Duration toTheEnd = Duration.ofNanos(System.nanoTime() - full);
            sale.awaitDecisions();
            System.out.printf(
                    "disk: %s ended %d ms after its disk was full; longest wait for a decided hold %d ms%n",
                    VICTIM, toTheEnd.toMillis(), sale.longestWaitSince(full).toMillis());
            assertThatItEndsAndSaysWhy(pipeline, () -> pipeline.start(VICTIM));

            disk.free();
            pipeline.start(VICTIM);
            pipeline.awaitReady(VICTIM);
            sale.awaitDecisions();
            sale.endAndJudge();
        }
    }

    private Pipeline start(TestKafka kafka) {
        return TestPipeline.Running.start(
                directory,
                kafka,
                options -> options.topics(new Topics(Topics.DEFAULT_PREFIX, PARTITIONS))
                        .instances(Role.INVENTORY, 2)
                        // As in production: callers leave while nobody decides, and come again with their key.
                        .property(Role.INGRESS, "flashsale.reply.timeout", "5s")
                        .property(Role.ORDERS, "flashsale.orders.payment-window", "5s")
                        .property(Role.ORDERS, "flashsale.orders.parking-time", "10s"));
    }

    private static void assertThatItEndsAndSaysWhy(Pipeline pipeline, Runnable what) throws IOException {
        int before = Files.readString(pipeline.log(VICTIM)).length();
        what.run();
        Shop.await().until(() -> pipeline.exitCode(VICTIM).isPresent());
        assertThat(pipeline.exitCode(VICTIM)).hasValue(1);
        assertThat(Files.readString(pipeline.log(VICTIM)).substring(before))
                .contains("too little space is left for its state in ")
                .contains("state/" + VICTIM + " (flashsale.state.dir")
                .doesNotContain("is replaced");
    }
}
