package io.flashsale.ingress.gateway;

import io.flashsale.contracts.KafkaCluster;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The settings of the Kafka clients, each with its reason. Times are milliseconds. */
final class KafkaClients {

    private KafkaClients() {}

    static Map<String, Object> producer(KafkaCluster cluster) {
        return cluster.client(Map.of(
                CommonClientConfigs.CLIENT_ID_CONFIG,
                "flashsale-ingress-commands",
                // A caller that is told "pending" must be able to rely on it.
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                // A caller waits: nothing is gained by waiting for a second record.
                ProducerConfig.LINGER_MS_CONFIG,
                0,
                // Those that come while a request is under way go together with the next one. Five at a time would be
                // five requests of one record each, and it is requests that cost the broker most.
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                1,
                // Batches are small: to compress them costs more than their bytes.
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "none",
                // How long a request may be held up while metadata is missing or the buffer is full.
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                1_000,
                // Shorter than the default wait for a reply, so that its end finds the outcome of the publish known.
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                4_000,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                2_000));
    }

    static Map<String, Object> replyConsumer(KafkaCluster cluster) {
        return committedOnly(cluster, "flashsale-ingress-replies");
    }

    /** Of what is shown and nobody waits for: several topics beside the calls, in a small heap. */
    static Map<String, Object> reader(KafkaCluster cluster, String clientId) {
        Map<String, Object> settings = new HashMap<>(committedOnly(cluster, clientId));
        // A record that is longer comes nevertheless.
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4_194_304);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 262_144);
        return settings;
    }

    private static Map<String, Object> committedOnly(KafkaCluster cluster, String clientId) {
        return cluster.client(Map.of(
                CommonClientConfigs.CLIENT_ID_CONFIG,
                clientId,
                // An answered decision is never undone.
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                // If its place is gone it must not jump over replies; those nobody waits for are dropped.
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                2_000,
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                2_000));
    }

    /** Whoever asks asks again by itself. */
    static Map<String, Object> admin(KafkaCluster cluster, String clientId) {
        return cluster.client(Map.of(
                CommonClientConfigs.CLIENT_ID_CONFIG,
                clientId,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                2_000,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                2_000));
    }
}
