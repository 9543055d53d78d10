package io.flashsale.ingress.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;

/** The settings a promise hangs on. */
class KafkaClientsTest {

    @Test
    void failure26_anAnswerIsReadFromCommittedTransactionsAlone() {
        assertThat(KafkaClients.replyConsumer("kafka:9092"))
                .containsEntry(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed")
                .containsEntry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    }

    @Test
    void aCommandIsTakenByAllReplicasOnce() {
        assertThat(KafkaClients.producer("kafka:9092"))
                .containsEntry(ProducerConfig.ACKS_CONFIG, "all")
                .containsEntry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    }
}
