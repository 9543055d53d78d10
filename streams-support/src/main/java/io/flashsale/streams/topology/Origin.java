package io.flashsale.streams.topology;

/** Where an input stands in the log. */
public record Origin(String topic, int partition, long offset) {

    @Override
    public String toString() {
        return topic + "-" + partition + "-" + offset;
    }
}
