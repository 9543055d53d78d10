package io.flashsale.local;

import io.flashsale.contracts.KafkaCluster;
import io.flashsale.contracts.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options of {@code prepare}.
 *
 * @param users a folder with a file for each user, which contains its password
 * @param rights whether users shall have their rights, also without a password
 */
record PrepareOptions(KafkaCluster kafka, Topics topics, Optional<Path> users, boolean rights) {

    private static final int MAX_PARTITIONS = 1_000;

    static PrepareOptions parse(List<String> arguments) throws UsageException {
        String servers = "";
        Map<String, String> security = Map.of();
        int partitions = Topics.DEFAULT_PARTITIONS;
        Optional<Path> users = Optional.empty();
        boolean rights = false;
        OptionParser parser = new OptionParser(arguments);
        while (parser.next()) {
            switch (parser.name()) {
                case "--kafka" -> servers = parser.hostsAndPorts();
                case "--kafka-config" -> security = parser.kafkaSecurity();
                case "--partitions" -> partitions = parser.number(1, MAX_PARTITIONS);
                case "--users" -> users = Optional.of(parser.path("a directory"));
                case "--rights" -> rights = parser.flag();
                // For the script, which decides about building.
                case "--no-build" -> parser.flag();
                default -> throw parser.unknown();
            }
        }
        if (servers.isEmpty()) {
            throw new UsageException("prepare needs --kafka HOST:PORT");
        }
        return new PrepareOptions(
                new KafkaCluster(servers, security), new Topics(Topics.DEFAULT_PREFIX, partitions), users, rights);
    }

    boolean grantsRights() {
        return rights || users.isPresent();
    }
}
