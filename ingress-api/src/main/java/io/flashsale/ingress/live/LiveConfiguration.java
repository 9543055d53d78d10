package io.flashsale.ingress.live;

import io.flashsale.ingress.config.IngressSettings;
import io.flashsale.ingress.config.IngressSettings.LiveSettings;
import io.flashsale.ingress.gateway.DecisionTimes;
import io.flashsale.ingress.gateway.KafkaStatus;
import io.flashsale.ingress.gateway.ProductReads;
import io.flashsale.ingress.gateway.QueryClient;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What needs no broker. */
@Configuration(proxyBeanMethods = false)
class LiveConfiguration {

    @Bean
    StockFeeds stockFeeds(
            ProductReads productReads, QueryClient inventoryQueries, IngressSettings settings, MeterRegistry meters) {
        LiveSettings limits = settings.live();
        // Of all products there is one list, and a crowd that comes at once shares the answer.
        ProductReads lists = new ProductReads(
                ignored -> inventoryQueries.get("/internal/products?limit=" + limits.products()),
                settings.query().freshFor(),
                1,
                System::nanoTime,
                meters);
        return new StockFeeds(productReads, lists, limits, meters);
    }

    @Bean
    PipelineWatch pipelineWatch(PipelineSource pipelineSource) {
        return new PipelineWatch(pipelineSource, System::nanoTime);
    }

    @Bean
    Pulse pulse(
            StockFeeds feeds,
            SaleEvents saleEvents,
            DecisionTimes times,
            KafkaStatus kafkaStatus,
            PipelineWatch pipeline) {
        return new Pulse(feeds, saleEvents, times, kafkaStatus, pipeline);
    }
}
