package io.flashsale.endtoend;

import io.flashsale.contracts.HoldCommand.PlaceHold;
import io.flashsale.contracts.HoldId;
import io.flashsale.contracts.Topics;
import io.flashsale.endtoend.History.Kind;
import io.flashsale.endtoend.History.Seen;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A system that places holds through the topic beside the buyers, and writes down what the broker acknowledged. */
final class Upstream implements AutoCloseable {

    private final UpstreamSystem kafka;
    private final List<String> products;
    private final History history;
    private final SecureRandom random = new SecureRandom();
    private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    Upstream(String bootstrapServers, List<String> products, History history) {
        this.kafka = new UpstreamSystem(bootstrapServers);
        this.products = products;
        this.history = history;
    }

    void start(int commandsPerSecond) {
        clock.scheduleAtFixedRate(
                () -> senders.execute(this::placeHold), 0, 1_000_000 / commandsPerSecond, TimeUnit.MICROSECONDS);
    }

    private void placeHold() {
        String productId = products.get(random.nextInt(products.size()));
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        String holdId = HoldId.of(productId, bytes);
        history.record(Kind.COMMAND, productId, holdId, holdId, 1, () -> {
            kafka.send(Topics.defaults().holdCommands(), productId, new PlaceHold(productId, holdId, 1, null));
            return new Seen(200, "");
        });
    }

    /** Waits for what is under way: the producer delivers or gives up. */
    @Override
    public void close() {
        clock.shutdownNow();
        senders.close();
        kafka.close();
    }
}
