package io.flashsale.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaClusterTest {

    @Test
    void aClientHasTheServersTheSecurityAndItsOwn() {
        KafkaCluster cluster = new KafkaCluster("kafka:9092", Map.of("security.protocol", "SASL_SSL"));

        assertThat(cluster.client(Map.of("acks", "all")))
                .containsAllEntriesOf(
                        Map.of("bootstrap.servers", "kafka:9092", "security.protocol", "SASL_SSL", "acks", "all"));
    }

    /** Kafka raises the first of them up to the second, each time that nobody answers. */
    @Test
    void aMachineThatIsGoneHoldsNobodyUpForLong() {
        assertThat(KafkaCluster.open("kafka:9092").client(Map.of()))
                .containsEntry("socket.connection.setup.timeout.ms", 2_000L)
                .containsEntry("socket.connection.setup.timeout.max.ms", 2_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"isolation.level", "bootstrap.servers", "acks", "saslx"})
    void whatPromisesHangOnCannotBeSetFromOutside(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KafkaCluster("kafka:9092", Map.of(name, "any")))
                .withMessageContaining(name);
    }

    @Test
    void neverShowsAPassword() {
        assertThat(new KafkaCluster("kafka:9092", Map.of("sasl.jaas.config", "top-secret")))
                .hasToString("kafka:9092");
    }
}
