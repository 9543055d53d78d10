package io.flashsale.ingress.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.KafkaCluster;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;

/** The settings a promise hangs on. */
class KafkaClientsTest {

    private static final KafkaCluster KAFKA = new KafkaCluster("kafka:9092", Map.of("security.protocol", "SASL_SSL"));

    @Test
    void failure26_anAnswerIsReadFromCommittedTransactionsAlone() {
        assertThat(List.of(KafkaClients.replyConsumer(KAFKA), KafkaClients.reader(KAFKA, "shown")))
                .allSatisfy(client -> assertThat(client)
                        .containsEntry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
                        .containsEntry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"));
    }

    @Test
    void aCommandIsTakenByAllReplicasOnce() {
        assertThat(KafkaClients.producer(KAFKA))
                .containsEntry(ProducerConfig.ACKS_CONFIG, "all")
                .containsEntry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    }

    @Test
    void everyClientShowsWhoItIs() {
        assertThat(List.of(
                        KafkaClients.producer(KAFKA),
                        KafkaClients.replyConsumer(KAFKA),
                        KafkaClients.reader(KAFKA, "shown"),
                        KafkaClients.admin(KAFKA, "asks")))
                .allSatisfy(client -> assertThat(client)
                        .containsEntry("bootstrap.servers", "kafka:9092")
                        .containsEntry("security.protocol", "SASL_SSL"));
    }
}
