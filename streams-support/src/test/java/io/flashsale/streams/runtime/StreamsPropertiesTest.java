package io.flashsale.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.KafkaCluster;
import io.flashsale.contracts.ServiceInstance;
import io.flashsale.streams.topology.RecordBatch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The settings a promise hangs on, as Kafka Streams will understand them. */
class StreamsPropertiesTest {

    private static final StreamsSettings DEFAULTS = new Binder(new MapConfigurationPropertySource(
                    Map.of("flashsale.advertised", "localhost:8082", "flashsale.state.dir", "unused")))
            .bindOrCreate("flashsale", StreamsSettings.class);

    private static final KafkaCluster KAFKA =
            new KafkaCluster("kafka:9092", Map.of("security.protocol", "SASL_SSL", "sasl.mechanism", "SCRAM-SHA-512"));

    private final StreamsConfig config = new StreamsConfig(properties());

    @Test
    void decisionStateAndReplyAreOneTransaction() {
        assertThat(config.getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG))
                .isEqualTo(StreamsConfig.EXACTLY_ONCE_V2);
        assertThat(config.getMainConsumerConfigs("group", "client", 0))
                .containsEntry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
                .containsEntry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    }

    @Test
    void aTickWaitsBehindWhatIsThere() {
        assertThat(config.getLong(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG)).isZero();
    }

    /** It counts batches of records. */
    @Test
    void noMoreIsKeptUndecidedThanKafkaStreamsKeepsByDefault() {
        assertThat(config.getInt(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG) * RecordBatch.MAX_RECORDS)
                .isEqualTo(1_000);
    }

    @Test
    void aDeadInstanceHoldsNobodyUpForLong() {
        assertThat(config.getProducerConfigs("client")).containsEntry(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 1_500);
        assertThat(config.getMainConsumerConfigs("group", "client", 0))
                .containsEntry(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
        assertThat(config.getInt(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG)).isEqualTo(1);
    }

    @Test
    void whatIsCommittedOutlivesTheLossOfABroker() {
        assertThat(config.getInt(StreamsConfig.REPLICATION_FACTOR_CONFIG)).isEqualTo(-1);
        assertThat(config.originalsWithPrefix(StreamsConfig.TOPIC_PREFIX)).containsEntry("min.insync.replicas", "2");
        assertThat(new ProducerConfig(producerConfig()).getString(ProducerConfig.ACKS_CONFIG))
                .isEqualTo("-1");
    }

    @Test
    void anInstanceThatComesOrGoesHoldsNobodyUpForLong() {
        assertThat(config.getMainConsumerConfigs("group", "client", 0))
                .containsEntry(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 300);
    }

    @Test
    void theLongestDeadLetterFitsIntoARequest() {
        assertThat(config.getProducerConfigs("client"))
                .containsEntry(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 2_097_152);
    }

    @Test
    void theMembersOfTheGroupSayWhichProcessTheyAre() {
        assertThat(config.getString(StreamsConfig.CLIENT_ID_CONFIG)).isEqualTo("test@localhost:8082");
        assertThat(ServiceInstance.ofClient(
                        config.getString(StreamsConfig.CLIENT_ID_CONFIG) + "-StreamThread-1-consumer"))
                .contains(new ServiceInstance("test", DEFAULTS.advertised()));
    }

    @Test
    void everyClientShowsWhoItIs() {
        assertThat(List.of(
                        config.getMainConsumerConfigs("group", "client", 0),
                        config.getRestoreConsumerConfigs("client"),
                        config.getProducerConfigs("client"),
                        config.getAdminConfigs("client")))
                .allSatisfy(client -> assertThat(client)
                        .containsEntry("bootstrap.servers", "kafka:9092")
                        .containsEntry("security.protocol", "SASL_SSL")
                        .containsEntry("sasl.mechanism", "SCRAM-SHA-512"));
    }

    private Map<String, Object> producerConfig() {
        Map<String, Object> producer = new HashMap<>(config.getProducerConfigs("client"));
        producer.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "id");
        producer.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        producer.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return producer;
    }

    private static Properties properties() {
        try (SharedRocksDbMemory memory = new SharedRocksDbMemory(8_388_608)) {
            return StreamsProperties.of(DEFAULTS, KAFKA, "test", memory);
        }
    }
}
