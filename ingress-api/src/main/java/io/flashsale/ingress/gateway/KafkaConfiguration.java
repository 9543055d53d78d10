package io.flashsale.ingress.gateway;

import io.flashsale.contracts.KafkaCluster;
import io.flashsale.contracts.Topics;
import io.flashsale.ingress.config.IngressSettings;
import io.flashsale.tracing.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;

/** What talks to the broker. Nothing here needs it at the start: each client is made when it is first used. */
@Configuration(proxyBeanMethods = false)
class KafkaConfiguration {

    private final KafkaCluster cluster;
    private final Topics topics;

    KafkaConfiguration(IngressSettings settings, Environment environment) {
        this.cluster = new KafkaCluster(settings.kafka(), security(environment));
        this.topics = settings.topics().toTopics();
    }

    /** Bound by itself and not in the settings: there are passwords among them, and names that have dots. */
    static Map<String, String> security(Environment environment) {
        return Binder.get(environment)
                .bind("flashsale.kafka-properties", Bindable.mapOf(String.class, String.class))
                .orElse(Map.of());
    }

    @Bean
    ProducerFactory<String, byte[]> producerFactory() {
        return new DefaultKafkaProducerFactory<>(
                KafkaClients.producer(cluster), new StringSerializer(), new ByteArraySerializer());
    }

    @Bean
    KafkaCommandPublisher commandPublisher(ProducerFactory<String, byte[]> producers, Tracing tracing) {
        KafkaTemplate<String, byte[]> kafka = new KafkaTemplate<>(producers);
        // The gateway counts; the template's own timers would cost every call and say the same.
        kafka.setMicrometerEnabled(false);
        return new KafkaCommandPublisher(topics, kafka, tracing);
    }

    @Bean
    KafkaReaders kafkaReaders() {
        return new KafkaReaders(cluster, topics);
    }

    @Bean
    TopicTail replyTail(
            KafkaReaders readers,
            IngressSettings settings,
            PendingReplies pending,
            MeterRegistry meters,
            Tracing tracing) {
        return new TopicTail(
                "reply-listener",
                List.of(new TopicPartition(topics.replies().name(), settings.instance())),
                0,
                readers::forReplies,
                new ReplyListener(pending, meters, tracing));
    }

    @Bean
    AdminClusterCheck clusterCheck(KafkaReaders readers) {
        return new AdminClusterCheck(topics, () -> readers.admin("flashsale-ingress-probe"));
    }

    @Bean
    KafkaProbe kafkaProbe(AdminClusterCheck clusterCheck, KafkaCommandPublisher publisher) {
        ClusterCheck both = () -> {
            clusterCheck.check();
            publisher.connect();
        };
        return new KafkaProbe(both, cluster.servers());
    }

    @Bean
    KafkaStatus kafkaStatus(KafkaProbe probe, TopicTail replyTail) {
        return () -> probe.problem().or(replyTail::problem);
    }
}
