package io.flashsale.ingress.http;

import io.flashsale.ingress.gateway.ReadsUnavailableException;
import io.flashsale.ingress.live.PipelineState;
import io.flashsale.ingress.live.PipelineWatch;
import io.flashsale.ingress.live.StockFeeds;
import io.flashsale.ingress.live.StockStatus;
import io.flashsale.ingress.live.Watch;
import io.flashsale.ingress.security.Clients;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What there is to watch: stock and rates for anybody, the pipeline for who has the admin key. */
@RestController
final class LiveController {

    private final StockFeeds feeds;
    private final StockStatus status;
    private final PipelineWatch pipeline;
    private final Admins admins;
    private final Clients clients;

    LiveController(StockFeeds feeds, StockStatus status, PipelineWatch pipeline, Admins admins, Clients clients) {
        this.feeds = feeds;
        this.status = status;
        this.clients = clients;
        this.pipeline = pipeline;
        this.admins = admins;
    }

    @GetMapping(path = "/api/products/{productId}/events", produces = EventStream.MEDIA_TYPE)
    void product(@PathVariable String productId, HttpServletRequest request, HttpServletResponse response) {
        ProductsController.requireProductId(productId);
        requireStock();
        Watch watch = feeds.watch(productId, clients.of(request)).orElseThrow(ProductsController::notFound);
        EventStream.write(watch, request, response);
    }

    @GetMapping(path = "/api/live", produces = EventStream.MEDIA_TYPE)
    void all(HttpServletRequest request, HttpServletResponse response) {
        requireStock();
        EventStream.write(feeds.watchAll(clients.of(request)), request, response);
    }

    /** Asked for again and again, not a stream: it needs a key, which a browser's event source cannot send. */
    @GetMapping(path = "/api/live/pipeline", produces = MediaType.APPLICATION_JSON_VALUE)
    PipelineState pipeline(HttpServletRequest request) {
        admins.require(request);
        return pipeline.look();
    }

    /** Who began to watch while changes are not heard would be shown the past for as long as he watches. */
    private void requireStock() {
        status.problem().ifPresent(problem -> {
            throw new ReadsUnavailableException(problem);
        });
    }
}
