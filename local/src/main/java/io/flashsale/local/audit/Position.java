package io.flashsale.local.audit;

/** Where a record stands in Kafka. */
public record Position(String topic, int partition, long offset) {

    /** {@code topic-partition@offset}, as Kafka's own tools write it. */
    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
