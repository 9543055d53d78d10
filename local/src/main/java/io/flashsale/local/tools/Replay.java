package io.flashsale.local.tools;

import io.flashsale.contracts.KafkaCluster;
import io.flashsale.contracts.Limits;
import io.flashsale.contracts.ReplyTo;
import io.flashsale.contracts.Topic;
import io.flashsale.contracts.Topics;
import io.flashsale.local.PipelineException;
import io.flashsale.local.tools.ReplayResult.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Puts dead letters back on the command topic they came from, to be decided after all. Each letter once: what is put back
 * says in a header which letter it was, so the command topics themselves remember it, also when this is ended halfway. A
 * copy that cannot be decided either is a dead letter of its own.
 */
final class Replay {

    /** So long a key may have been cut; no product's id comes near it. */
    private static final int CUT_KEY_BYTES = 65_536;

    /** Their places are in memory, some 100 bytes each. */
    private static final int MAX_REPLAYED = 1_000_000;

    private static final int MAX_BLOCK_MS = 10_000;
    private static final int DELIVERY_TIMEOUT_MS = 30_000;

    /** Nobody waits for the reply any more, and the last reason says nothing of what comes now. */
    private static final Set<String> LEFT_OUT =
            Set.of(ReplyTo.CORRELATION_ID_HEADER, ReplyTo.PARTITION_HEADER, LetterHeaders.REPLAYED_FROM);

    private final LogReader log;
    private final Producer<byte[], byte[]> producer;
    private final Topics topics;
    private final Selection selection;
    private final ReplayResult result;

    /** @param selection has a reason */
    Replay(LogReader log, Producer<byte[], byte[]> producer, Topics topics, Selection selection) {
        this.log = log;
        this.producer = producer;
        this.topics = topics;
        this.selection = selection;
        this.result = new ReplayResult(topics.prefix(), selection);
    }

    /** A producer as the contract asks for. */
    static Producer<byte[], byte[]> producer(KafkaCluster kafka) {
        try {
            return new KafkaProducer<>(
                    kafka.client(Map.of(
                            ProducerConfig.ACKS_CONFIG,
                            "all",
                            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                            true,
                            ProducerConfig.MAX_BLOCK_MS_CONFIG,
                            MAX_BLOCK_MS,
                            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                            MAX_BLOCK_MS,
                            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                            DELIVERY_TIMEOUT_MS)),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
        } catch (KafkaException unusable) {
            throw new PipelineException(kafka + " is not the address of a Kafka cluster.");
        }
    }

    /** Names of the topics that others than the applications write. */
    static List<String> commandTopics(Topics topics) {
        return topics.commands().stream().map(Topic::name).toList();
    }

    ReplayResult run() {
        List<TopicPartition> letters = partitionsOf(topics.deadLetters().name());
        // Fixed now: what is put back and cannot be decided again comes behind these, or this would never end.
        Map<TopicPartition, Long> ends = endsOf(letters);
        Set<String> sources = new TreeSet<>();
        readEach(letters, ends, letter -> {
            if (isMeant(letter) && outcomeOf(letter) == Outcome.REPLAYED) {
                sources.add(LetterHeaders.text(letter, LetterHeaders.TOPIC));
            }
        });
        Set<String> before = replayedBefore(sources);
        readEach(letters, ends, letter -> replay(letter, before));
        flush();
        return result;
    }

    private Set<String> replayedBefore(Set<String> sources) {
        Set<String> places = new HashSet<>();
        for (String source : sources) {
            List<TopicPartition> partitions = partitionsOf(source);
            readEach(partitions, endsOf(partitions), command -> {
                String place = LetterHeaders.text(command, LetterHeaders.REPLAYED_FROM);
                if (!place.isEmpty() && places.add(place) && places.size() > MAX_REPLAYED) {
                    throw new PipelineException("More than " + MAX_REPLAYED + " dead letters have been replayed:"
                            + " which ones cannot be remembered, so nothing was replayed now.");
                }
            });
        }
        return places;
    }

    private void replay(ConsumerRecord<byte[], byte[]> letter, Set<String> before) {
        if (!isMeant(letter)) {
            return;
        }
        String topic = LetterHeaders.text(letter, LetterHeaders.TOPIC);
        Outcome outcome = before.contains(placeOf(letter)) ? Outcome.REPLAYED_BEFORE : outcomeOf(letter);
        if (outcome != Outcome.REPLAYED) {
            result.count(outcome, topic);
            return;
        }
        // No partition is named: the key's own one mends what was in the wrong one.
        ProducerRecord<byte[], byte[]> command =
                new ProducerRecord<>(topic, null, letter.key(), letter.value(), headersOf(letter));
        try {
            producer.send(command, (written, failed) -> {
                if (failed == null) {
                    result.count(Outcome.REPLAYED, topic);
                } else {
                    result.notTaken(topic, failed);
                }
            });
        } catch (KafkaException failed) {
            result.notTaken(topic, failed);
        }
    }

    private boolean isMeant(ConsumerRecord<byte[], byte[]> letter) {
        return selection.takes(letter, topics.prefix());
    }

    /** What would become of a letter, unless it was replayed before. */
    private Outcome outcomeOf(ConsumerRecord<byte[], byte[]> letter) {
        if (!commandTopics(topics).contains(LetterHeaders.text(letter, LetterHeaders.TOPIC))) {
            return Outcome.NO_COMMAND;
        }
        byte[] key = letter.key();
        if (key == null || key.length == 0) {
            return Outcome.NO_KEY;
        }
        byte[] value = letter.value();
        // Whatever was cut is longer than this, and would be a dead letter again if it were whole.
        boolean tooLong = key.length >= CUT_KEY_BYTES || (value != null && value.length > Limits.MAX_COMMAND_BYTES);
        return tooLong ? Outcome.TOO_LONG : Outcome.REPLAYED;
    }

    private static Headers headersOf(ConsumerRecord<byte[], byte[]> letter) {
        Headers headers = new RecordHeaders();
        for (Header header : letter.headers()) {
            if (!header.key().startsWith(LetterHeaders.PREFIX) && !LEFT_OUT.contains(header.key())) {
                headers.add(header);
            }
        }
        return headers.add(LetterHeaders.REPLAYED_FROM, placeOf(letter).getBytes(StandardCharsets.UTF_8));
    }

    private static String placeOf(ConsumerRecord<byte[], byte[]> letter) {
        return letter.topic() + "-" + letter.partition() + "@" + letter.offset();
    }

    private void flush() {
        try {
            producer.flush();
        } catch (KafkaException failed) {
            throw new PipelineException("Kafka did not take all of it (" + failed.getMessage()
                    + "): run it again, what was replayed will not be replayed twice.");
        }
    }

    private List<TopicPartition> partitionsOf(String topic) {
        return IntStream.range(0, log.partitionsOf(topic))
                .mapToObj(number -> new TopicPartition(topic, number))
                .toList();
    }

    private Map<TopicPartition, Long> endsOf(List<TopicPartition> partitions) {
        log.begin(partitions);
        return new HashMap<>(log.ends());
    }

    /** One after the other, so that only one of them is in memory. */
    private void readEach(
            List<TopicPartition> partitions, Map<TopicPartition, Long> ends, LogReader.Listener listener) {
        for (TopicPartition partition : partitions) {
            log.begin(List.of(partition));
            log.readTo(ends, listener);
        }
    }
}
