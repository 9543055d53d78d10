package io.flashsale.local;

import io.flashsale.contracts.KafkaCluster;
import io.flashsale.contracts.Topics;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AclBinding;

/** {@code ./flashsale prepare}: makes on a Kafka cluster what the services need there. Doing it again changes nothing. */
final class PrepareCommand implements SubCommand {

    private final PrintStream out;

    PrepareCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public int run(List<String> arguments) throws UsageException {
        PrepareOptions options = PrepareOptions.parse(arguments);
        Topics topics = options.topics();
        Map<String, List<AclBinding>> rights = AccessRules.of(topics);
        // Read first: whoever forgot one finds out before anything is made.
        Map<String, String> passwords =
                options.users().isPresent() ? passwords(options.users().get(), rights.keySet()) : Map.of();
        createTopics(options.kafka(), topics);
        if (options.grantsRights()) {
            try (AccessCreator creator = new AccessCreator(options.kafka())) {
                if (!passwords.isEmpty()) {
                    creator.setPasswords(passwords);
                }
                creator.grant(
                        rights.values().stream().flatMap(Collection::stream).toList());
            }
            rights.forEach((user, granted) -> out.println("user " + user + " has " + granted.size() + " rights"));
        }
        return Main.OK;
    }

    private void createTopics(KafkaCluster kafka, Topics topics) {
        try (TopicCreator creator = new TopicCreator(kafka)) {
            List<String> created = creator.createMissing(topics);
            out.println("created " + created.size() + " of " + topics.all().size() + " topics, with "
                    + topics.partitions() + " partitions each; the others were there");
        }
    }

    private static Map<String, String> passwords(Path directory, Set<String> users) {
        Map<String, String> passwords = new HashMap<>();
        for (String user : users) {
            Path file = directory.resolve(user);
            try {
                passwords.put(user, Files.readString(file).strip());
            } catch (IOException unreadable) {
                throw new PipelineException("The password of " + user + " cannot be read from " + file + ".");
            }
            if (passwords.containsValue("")) {
                throw new PipelineException("The password of " + user + " in " + file + " is empty.");
            }
        }
        return passwords;
    }
}
