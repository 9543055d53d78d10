package io.flashsale.tracing;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where traces go. All services have these settings.
 *
 * @param endpoint that takes spans by OTLP over HTTP, the whole URL; without one traces are off
 * @param sampleRatio of the traces that begin here those that are recorded, 0 to 1; one that a caller began is recorded if
 *     the caller says so
 * @param queue spans that may wait for their export; a further one is dropped
 */
public record TraceSettings(
        @Nullable URI endpoint,
        @DefaultValue("0.01") double sampleRatio,
        @DefaultValue("2048") @Min(1) @Max(1_000_000) int queue) {

    @AssertTrue(message = "flashsale.traces.endpoint must be an http or https URL")
    boolean isEndpointHttp() {
        return endpoint == null
                || ("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()))
                        && endpoint.getHost() != null;
    }

    @AssertTrue(message = "flashsale.traces.sample-ratio must be 0 to 1")
    boolean isSampleRatioInRange() {
        return sampleRatio >= 0 && sampleRatio <= 1;
    }
}
