package io.flashsale.ingress.live;

import io.flashsale.ingress.gateway.KafkaReaders;
import io.flashsale.ingress.gateway.TopicTail;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What talks to the broker. Nothing here needs it at the start. */
@Configuration(proxyBeanMethods = false)
class LiveKafkaConfiguration {

    /**
     * Runs always: a hot product is published ten times a second, so it costs next to nothing, and whoever begins to
     * watch can be told at once what is, without a change in between that nobody heard of.
     */
    @Bean
    TopicTail stockTail(KafkaReaders readers, StockFeeds feeds) {
        return readers.tail(readers.topics().productStock(), 0, received -> {
            if (received.value() != null) {
                feeds.change(received.value());
            }
        });
    }

    @Bean
    StockStatus stockStatus(TopicTail stockTail) {
        return stockTail::problem;
    }

    @Bean
    SaleEvents saleEvents(KafkaReaders readers) {
        return listener -> {
            TopicTail tail = readers.tail(readers.topics().inventoryEvents(), 0, listener);
            tail.start();
            return tail::stop;
        };
    }

    @Bean
    PipelineSource pipelineSource(KafkaReaders readers) {
        return new KafkaPipelineSource(readers);
    }
}
