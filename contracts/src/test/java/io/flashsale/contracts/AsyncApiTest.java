package io.flashsale.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code asyncapi.yaml} says of the topics and messages what the code says. */
class AsyncApiTest {

    private static final JsonNode DOCUMENT = PublishedContract.asyncApi();

    /** Channels whose messages are one family's. */
    private static final Map<String, Class<?>> FAMILIES = Map.of(
            "product-commands", ProductCommand.class,
            "hold-commands", HoldCommand.class,
            "order-commands", OrderCommand.class,
            "webhook-commands", WebhookCommand.class,
            "inventory-events", InventoryEvent.class,
            "order-events", OrderEvent.class,
            "inventory-ticks", InventoryTick.class,
            "order-ticks", OrderTick.class,
            "replies", Reply.class);

    @Test
    void itIsAnAsyncApiDocument() {
        assertThat(PublishedContract.errors("asyncapi/asyncapi-3.0.0.json", DOCUMENT))
                .isEmpty();
    }

    @Test
    void whatIsNoAsyncApiDocumentIsSeen() {
        // given the same document with one thing wrong, so that the check above is known to check
        String wrong = DOCUMENT.toString().replace("\"action\":\"receive\"", "\"action\":\"eat\"");
        // then
        assertThat(PublishedContract.errors("asyncapi/asyncapi-3.0.0.json", Json.MAPPER.readTree(wrong)))
                .isNotEmpty();
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        assertThat(references(DOCUMENT))
                .isNotEmpty()
                .allSatisfy(ref -> assertThat(
                                PublishedContract.resolve(DOCUMENT, ref).isMissingNode())
                        .as(ref)
                        .isFalse());
        for (String name : PublishedContract.schemas()) {
            JsonNode schema = PublishedContract.schema(name);
            assertThat(references(schema))
                    .allSatisfy(ref -> assertThat(
                                    PublishedContract.resolve(schema, ref).isMissingNode())
                            .as(name + " " + ref)
                            .isFalse());
        }
    }

    @Test
    void itsChannelsAreTheTopicsWithTheirSettings() {
        Map<String, String> channels = new TreeMap<>();
        DOCUMENT.get("channels").properties().forEach(channel -> channels.put(channel.getKey(), told(channel)));

        assertThat(channels)
                .containsExactlyInAnyOrderEntriesOf(Topics.defaults().all().stream()
                        .collect(Collectors.toMap(
                                topic -> topic.name().substring(Topics.DEFAULT_PREFIX.length()),
                                topic -> topic.name() + " " + topic.partitions() + " "
                                        + new TreeMap<>(topic.settings()))));
    }

    @Test
    void aChannelsMessagesAreThoseOfItsFamily() {
        assertThat(FAMILIES.values()).containsExactlyInAnyOrderElementsOf(Samples.FAMILIES);
        FAMILIES.forEach((channel, family) -> assertThat(messagesOf(channel))
                .as(channel)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(family.getPermittedSubclasses())
                        .map(Class::getSimpleName)
                        .toList()));
        assertThat(messagesOf("product-stock")).containsExactly("ProductView");
        assertThat(messagesOf("dead-letters")).containsExactly("DeadLetter");
        assertThat(names(DOCUMENT.at("/components/messages")))
                .containsExactlyInAnyOrderElementsOf(names(DOCUMENT.get("channels")).stream()
                        .flatMap(channel -> messagesOf(channel).stream())
                        .toList());
    }

    @Test
    void aMessageHasItsOwnNameSchemaAndExamples() {
        for (String name : jsonMessages()) {
            JsonNode message = DOCUMENT.at("/components/messages/" + name);
            assertThat(message.get("name").asString()).isEqualTo(name);
            assertThat(message.at("/payload/$ref").asString()).isEqualTo("./schemas/" + name + ".json");
            assertThat(message.at("/examples/0/payload"))
                    .as("the first example of " + name)
                    .isEqualTo(Json.MAPPER.readTree(Samples.golden(name)));
            String minimal = Samples.golden(name + "-minimal");
            assertThat(message.at("/examples/1/payload"))
                    .as("the second example of " + name)
                    .isEqualTo(minimal.isEmpty() ? DOCUMENT.at("/nothing") : Json.MAPPER.readTree(minimal));
        }
    }

    @Test
    void theExamplesOfTheDocsAreGoldenFilesToo() throws IOException {
        List<String> golden = Samples.all().stream()
                .map(sample -> Samples.golden(sample.file()))
                .toList();
        try (Stream<String> lines = Files.lines(Path.of("../docs/kafka.md"))) {
            assertThat(lines.filter(line -> line.startsWith("{")))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(golden).contains(line));
        }
    }

    @Test
    void everyMessageHasItsHeadersAndKey() {
        FAMILIES.forEach((channel, family) -> assertThat(messagesOf(channel))
                .allSatisfy(name -> assertThat(
                                DOCUMENT.at("/components/messages/" + name).toString())
                        .contains("#/components/" + sharedBy(family))));
        assertThat(DOCUMENT.at("/components/messageTraits/command/headers/$ref").asString())
                .isEqualTo("./schemas/command-headers.json");
        assertThat(DOCUMENT.at("/components/messageTraits/event/headers/$ref").asString())
                .isEqualTo("./schemas/event-headers.json");
        assertThat(DOCUMENT.at("/components/messages/DeadLetter/headers/$ref").asString())
                .isEqualTo("./schemas/dead-letter-headers.json");
    }

    @Test
    void everyTopicIsWrittenByTheServicesOfTheContract() {
        assertThat(services("send"))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("product-commands", Set.of("ingress-api")),
                        Map.entry("hold-commands", Set.of("ingress-api")),
                        Map.entry("order-commands", Set.of("ingress-api")),
                        Map.entry("webhook-commands", Set.of("ingress-api")),
                        Map.entry("inventory-events", Set.of("inventory-streams")),
                        Map.entry("order-events", Set.of("order-streams")),
                        Map.entry("product-stock", Set.of("inventory-streams")),
                        Map.entry("inventory-ticks", Set.of("inventory-streams")),
                        Map.entry("order-ticks", Set.of("order-streams")),
                        Map.entry("replies", Set.of("inventory-streams", "order-streams")),
                        Map.entry("dead-letters", Set.of("inventory-streams", "order-streams"))));
    }

    /** A family that is an application's input stands in a topic the application reads, and the other way round. */
    @Test
    void everyTopicIsReadByTheApplicationsItIsAnInputOf() {
        Map<String, Set<String>> readers = new TreeMap<>(Map.of("replies", Set.of("ingress-api")));
        FAMILIES.forEach((channel, family) -> {
            Set<String> applications = new TreeSet<>();
            if (InventoryInput.class.isAssignableFrom(family)) {
                applications.add("inventory-streams");
            }
            if (OrderInput.class.isAssignableFrom(family)) {
                applications.add("order-streams");
            }
            if (!applications.isEmpty()) {
                readers.put(channel, applications);
            }
        });
        assertThat(services("receive")).containsExactlyInAnyOrderEntriesOf(readers);
    }

    /** What says the headers and the key of a family's messages. */
    private static String sharedBy(Class<?> family) {
        if (Command.class.isAssignableFrom(family)) {
            return "messageTraits/command";
        }
        if (family == InventoryEvent.class || family == OrderEvent.class) {
            return "messageTraits/event";
        }
        return family == Reply.class ? "messageBindings/keyedByCaller" : "messageBindings/keyedByProduct";
    }

    private static Map<String, Set<String>> services(String action) {
        Map<String, Set<String>> services = new TreeMap<>();
        for (JsonNode operation : DOCUMENT.get("operations")) {
            if (operation.get("action").asString().equals(action)) {
                String channel = operation.at("/channel/$ref").asString().substring("#/channels/".length());
                boolean first = services.computeIfAbsent(channel, unused -> new TreeSet<>())
                        .add(operation.at("/tags/0/name").asString());
                assertThat(first).as("one operation for " + operation).isTrue();
            }
        }
        return services;
    }

    private static String told(Map.Entry<String, JsonNode> channel) {
        JsonNode kafka = channel.getValue().at("/bindings/kafka");
        Map<String, String> settings = new TreeMap<>();
        kafka.path("topicConfiguration")
                .properties()
                .forEach(setting -> settings.put(setting.getKey(), text(setting.getValue())));
        return channel.getValue().get("address").asString() + " " + kafka.get("partitions") + " " + settings;
    }

    private static String text(JsonNode setting) {
        return setting.isArray()
                ? setting.valueStream().map(JsonNode::asString).collect(Collectors.joining(","))
                : setting.asString();
    }

    private static List<String> messagesOf(String channel) {
        JsonNode messages = DOCUMENT.get("channels").get(channel).get("messages");
        messages.properties()
                .forEach(message -> assertThat(message.getValue().get("$ref").asString())
                        .isEqualTo("#/components/messages/" + message.getKey()));
        return names(messages);
    }

    private static List<String> jsonMessages() {
        return names(DOCUMENT.at("/components/messages")).stream()
                .filter(name -> !name.equals("DeadLetter"))
                .toList();
    }

    private static List<String> names(JsonNode object) {
        return new ArrayList<>(object.propertyNames());
    }

    private static List<String> references(JsonNode node) {
        JsonNode ref = node.path("$ref");
        Stream<String> own = ref.isString() ? Stream.of(ref.stringValue()) : Stream.empty();
        Stream<String> below =
                StreamSupport.stream(node.spliterator(), false).flatMap(child -> references(child).stream());
        return Stream.concat(own, below).toList();
    }
}
