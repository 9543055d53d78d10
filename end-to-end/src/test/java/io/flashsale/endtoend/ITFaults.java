package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.endtoend.Nemesis.Fault;
import io.flashsale.endtoend.TestPipeline.Running;
import io.flashsale.local.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A sale goes on while processes are killed, paused, stopped, wiped and cut off at random moments, and afterwards an independent
 * checker judges what callers were told by what is in the log. {@code -Dflashsale.faults.seed=N} repeats a run's faults,
 * {@code -Dflashsale.faults.minutes=N} makes it longer, {@code -Dflashsale.faults.only=KILL_BROKER,STOP_BROKER} chooses among
 * them, {@code -Dflashsale.faults.calm=45} lets 45 s pass before each: then whoever came back has its copies and its
 * share again.
 */
@ExtendWith(OwnBrokers.class)
class ITFaults {

    private static final long SEED = Long.getLong("flashsale.faults.seed", System.nanoTime() % 1_000_000);
    private static final Duration LENGTH = Duration.ofMinutes(Integer.getInteger("flashsale.faults.minutes", 3));
    private static final int CALLS_PER_SECOND = Integer.getInteger("flashsale.faults.calls", 350);
    private static final Set<Fault> ONLY = Stream.of(
                    System.getProperty("flashsale.faults.only", "").split(","))
            .filter(name -> !name.isEmpty())
            .map(Fault::valueOf)
            .collect(Collectors.collectingAndThen(
                    Collectors.toSet(), chosen -> chosen.isEmpty() ? EnumSet.allOf(Fault.class) : chosen));

    private static final int PRODUCTS = 8;

    /** Between two faults, at least. */
    private static final Duration CALM = Duration.ofSeconds(Integer.getInteger("flashsale.faults.calm", 4));

    private final Map<String, KafkaProxy> waysToKafka =
            Map.of("inventory-1", new KafkaProxy(), "orders-1", new KafkaProxy(), "ingress-1", new KafkaProxy());
    private final Running running = Running.start(options -> options.instances(Role.INVENTORY, 2)
            .instances(Role.ORDERS, 2)
            .instances(Role.INGRESS, 2)
            .detour("inventory-1", waysToKafka.get("inventory-1")::wayTo)
            .detour("orders-1", waysToKafka.get("orders-1")::wayTo)
            .detour("ingress-1", waysToKafka.get("ingress-1")::wayTo)
            .property(Role.INGRESS, "flashsale.reply.timeout", "5s")
            // The shortest that survives a busy machine; the local broker allows it.
            .property(Role.INVENTORY, "flashsale.streams.session-timeout", "3s")
            .property(Role.ORDERS, "flashsale.streams.session-timeout", "3s")
            .property(Role.ORDERS, "flashsale.orders.payment-window", "8s")
            .property(Role.ORDERS, "flashsale.orders.parking-time", "20s"));

    private boolean judged;

    @AfterEach
    void close() throws Exception {
        if (!judged) {
            keepLogs();
        }
        running.close();
        waysToKafka.values().forEach(KafkaProxy::close);
    }

    @Test
    void failure15_failure19_failure26_nothingIsLostOrInventedWhateverIsKilledPausedWipedOrCutOff() throws Exception {
        System.out.println(
                "faults: seed " + SEED + ", " + LENGTH.toMinutes() + " min, " + CALLS_PER_SECOND + " calls/s at most");
        List<Shop> shops = List.of(
                new Shop(running.pipeline().ingressUrl(1)),
                new Shop(running.pipeline().ingressUrl(2)));
        FaultReport report = new FaultReport();
        try (Sale sale = new Sale(running.pipeline().bootstrapServers(), shops, PRODUCTS, SEED)) {
            OwnersOfProducts owners = OwnersOfProducts.of(running.pipeline(), shops.getFirst(), sale.products());
            sale.start(CALLS_PER_SECOND);
            strike(sale, owners, report);
            System.out.print(report);
            sale.endAndJudge();
        }
        judged = true;
    }

    /** The calm is longer than any transaction may last: one that is still open would stop its readers for ever. */
    private void requireEnded(Map<String, Long> earlier) throws Exception {
        Map<String, Long> hanging = OpenTransactions.in(running.pipeline().bootstrapServers());
        hanging.entrySet().retainAll(earlier.entrySet());
        assertThat(hanging).as("transactions that do not end").isEmpty();
    }

    /** What happened can only be found out from them. */
    private void keepLogs() throws IOException {
        Path kept = Files.createDirectories(Path.of("target", "faults-" + SEED));
        for (String name : running.pipeline().names()) {
            Files.copy(running.pipeline().log(name), kept.resolve(name + ".log"), StandardCopyOption.REPLACE_EXISTING);
        }
        System.out.println("faults: the logs are kept in " + kept);
    }

    /** Every fault once in random order, then whatever comes, until the time is over. */
    private void strike(Sale sale, OwnersOfProducts owners, FaultReport report) throws Exception {
        Random random = new Random(SEED);
        Nemesis nemesis = new Nemesis(running.pipeline(), running.directory(), waysToKafka, SEED);
        List<Fault> faults = new ArrayList<>(List.of(Fault.values()));
        faults.retainAll(ONLY);
        Collections.shuffle(faults, random);
        Map<String, Long> open = Map.of();
        long end = System.nanoTime() + LENGTH.toNanos();
        for (int i = 0; System.nanoTime() < end; i++) {
            Fault fault = i < faults.size() ? faults.get(i) : faults.get(random.nextInt(faults.size()));
            Nemesis.wait(CALM.plusMillis(random.nextInt(2_000)));
            requireEnded(open);
            List<String> victims = nemesis.victims(fault);
            Set<String> untouched = owners.notOwnedBy(victims);
            int from = sale.history().size();
            long start = System.nanoTime();
            nemesis.strike(fault, victims);
            sale.awaitDecisions();
            report.add(fault, start, sale.history().since(from), sale.products(), untouched);
            open = OpenTransactions.in(running.pipeline().bootstrapServers());
        }
    }
}
