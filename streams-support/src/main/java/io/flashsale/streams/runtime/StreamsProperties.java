package io.flashsale.streams.runtime;

import io.flashsale.contracts.KafkaCluster;
import io.flashsale.contracts.ServiceInstance;
import io.flashsale.streams.topology.RecordBatch;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** The settings of Kafka Streams, in this one place, each with its reason. */
final class StreamsProperties {

    /** A dead letter may be longer than any record that was received, see the topic's own limit. */
    private static final int MAX_REQUEST_BYTES = 2_097_152;

    private static final int MAX_HEARTBEAT_MS = 300;
    private static final int BUFFERED_RECORDS = 1_000;

    /** Some hundred records; the producer's buffer.memory has room for a batch of each partition it writes. */
    private static final int BATCH_BYTES = 131_072;

    private StreamsProperties() {}

    static Properties of(
            StreamsSettings settings, KafkaCluster cluster, String applicationId, SharedRocksDbMemory memory) {
        Properties properties = new Properties();
        // Without a prefix: consumers, producers and the admin client all get it.
        properties.putAll(cluster.client(Map.of()));
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, settings.advertised());
        // Threads, metrics, logs and the members of the group are called after it; otherwise by a random number, and
        // nobody could say which process owns a partition.
        properties.put(
                StreamsConfig.CLIENT_ID_CONFIG, new ServiceInstance(applicationId, settings.advertised()).clientId());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.state().dir());
        exactlyOnce(properties, settings);
        lowLatency(properties);
        quickTakeover(properties, settings);
        thriftyCopies(properties);
        boundedMemory(properties, settings, memory);
        return properties;
    }

    private static void exactlyOnce(Properties properties, StreamsSettings settings) {
        // Decision, state and reply are one transaction: a crash loses all of them or none.
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        // Internal topics are as safe as the cluster's own default says.
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, -1);
        // Two copies before a decision counts as committed; of a topic with one replica Kafka asks no more than that.
        properties.put(StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG), "2");
        // A tick waits behind what is already in the other inputs: a backlog never eats a valid order.
        properties.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, 0L);
        // A first start must not skip what was written before it.
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        // A dead instance's open transaction holds back the readers of every partition it wrote.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), (int)
                settings.streams().transactionTimeout().toMillis());
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), MAX_REQUEST_BYTES);
    }

    private static void lowLatency(Properties properties) {
        // While somebody may wait for an answer, the processors ask for a commit every 5 ms (CommitPace). This is for
        // the rest: a backlog, what punctuators send, and idling, where each of their calls asks for a transaction with
        // the offsets of all partitions.
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100L);
        // Commits happen between polls, so the poll's wait is a floor under light load.
        properties.put(StreamsConfig.POLL_MS_CONFIG, 5L);
        // The commit flushes the producer, so a record waits no longer than until then: what is written to a partition
        // meanwhile goes as one batch instead of many small ones, each with a request and buffers of its own.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 10);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
        // A transaction that begins before the last one's markers are written is told CONCURRENT_TRANSACTIONS and
        // backs off: 100 ms by default, which made the tail of the latency.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 2L);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG), 10L);
        // JSON of one product repeats itself.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    }

    private static void quickTakeover(Properties properties, StreamsSettings settings) {
        // A copy of the state elsewhere makes takeover a matter of the session timeout alone.
        properties.put(
                StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.streams().standbys());
        properties.put(
                StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.streams().threads());
        int sessionMs = (int) settings.streams().sessionTimeout().toMillis();
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), sessionMs);
        // By its heartbeat an instance hears that another came or went, twice until all partitions decide again.
        // Kafka's
        // proportion, a third of the session, would make each restart a stall of seconds.
        properties.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                Math.min(sessionMs / 3, MAX_HEARTBEAT_MS));
        // A broker that comes back is noticed at once instead of after a second.
        properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200L);
        // Who comes back opens hundreds of files, and must not keep the group waiting meanwhile.
        properties.put(StreamsConfig.TASK_ASSIGNOR_CLASS_CONFIG, WarmTaskAssignor.class.getName());
        properties.put(
                StreamsConfig.clientTagPrefix(WarmTaskAssignor.STARTED), Long.toString(System.currentTimeMillis()));
        // A copy that is kept up to date is that far behind in a rush; one that was away for seconds is more.
        properties.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, 1_000L);
    }

    /**
     * A copy follows in steps: each commit of the others would be a fetch, and a look at every partition, of its own. What
     * it is behind by then is read when it takes over.
     */
    private static void thriftyCopies(Properties properties) {
        properties.put(StreamsConfig.restoreConsumerPrefix(ConsumerConfig.FETCH_MIN_BYTES_CONFIG), 64 * 1024);
        properties.put(StreamsConfig.restoreConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 100);
    }

    private static void boundedMemory(Properties properties, StreamsSettings settings, SharedRocksDbMemory memory) {
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SharedRocksDbMemory.Setter.class);
        properties.put(SharedRocksDbMemory.SETTING, memory);
        // Of what is fetched and may not be decided yet. A batch counts as one record, so these are the thousand
        // records that Kafka Streams keeps by default.
        properties.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, BUFFERED_RECORDS / RecordBatch.MAX_RECORDS);
        // Only the product store and timers use it: all decisions of one transaction write one changelog record.
        properties.put(
                StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
                settings.state().cache());
    }
}
