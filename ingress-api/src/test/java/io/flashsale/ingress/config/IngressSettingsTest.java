package io.flashsale.ingress.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.ingress.config.IngressSettings.RateLimitSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

class IngressSettingsTest {

    private final ApplicationContextRunner context = new ApplicationContextRunner().withUserConfiguration(Bound.class);

    @Test
    void hasDefaults() {
        context.run(started -> {
            IngressSettings settings = started.getBean(IngressSettings.class);

            assertThat(settings.kafka()).isEqualTo("localhost:9092");
            assertThat(settings.topics().toTopics().replies().name()).isEqualTo("flashsale.replies");
            assertThat(settings.topics().partitions()).isEqualTo(12);
            assertThat(settings.instance()).isZero();
            assertThat(settings.drainTime()).isEqualTo(Duration.ofSeconds(5));
            assertThat(settings.inventory().urls()).containsExactly(URI.create("http://localhost:8082"));
            assertThat(settings.orders().urls()).containsExactly(URI.create("http://localhost:8083"));
            assertThat(settings.request().timeout()).isEqualTo(Duration.ofSeconds(15));
            assertThat(settings.reply().timeout()).isEqualTo(Duration.ofSeconds(5));
            assertThat(settings.reply().inflight()).isEqualTo(4096);
            assertThat(settings.reply().limitPerProduct()).isEqualTo(2048);
            assertThat(settings.query().timeout()).isEqualTo(Duration.ofSeconds(2));
            assertThat(settings.query().freshFor()).isEqualTo(Duration.ofMillis(10));
            assertThat(settings.query().sharedProducts()).isEqualTo(10_000);
            assertThat(settings.live().watchers()).isEqualTo(1000);
            assertThat(settings.live().limitPerProduct()).isEqualTo(500);
            assertThat(settings.live().limitPerClient()).isEqualTo(100);
            assertThat(settings.live().products()).isEqualTo(100);
            assertThat(settings.admin().key()).isNull();
            assertThat(settings.ratelimit()).isEqualTo(new RateLimitSettings(100, 200, 1000, 50_000, List.of()));
        });
    }

    @Test
    void readsNeedNotBeShared() {
        context.withPropertyValues("flashsale.query.fresh-for=0")
                .run(started -> assertThat(
                                started.getBean(IngressSettings.class).query().freshFor())
                        .isZero());
    }

    @Test
    void takesLists() {
        context.withPropertyValues("flashsale.ratelimit.trusted-proxies=10.0.0.0/8, ::1")
                .run(started -> assertThat(started.getBean(IngressSettings.class)
                                .ratelimit()
                                .trustedProxies())
                        .containsExactly(IpRange.of("10.0.0.0/8"), IpRange.of("::1")));
        context.withPropertyValues("flashsale.inventory.urls=http://a:1,https://b:2")
                .run(started -> assertThat(started.getBean(IngressSettings.class)
                                .inventory()
                                .urls())
                        .containsExactly(URI.create("http://a:1"), URI.create("https://b:2")));
    }

    @Test
    void oneProductMayTakeHalfOfTheCallsUnlessToldOtherwise() {
        context.withPropertyValues("flashsale.reply.inflight=1")
                .run(started -> assertThat(perProduct(started)).isEqualTo(1));
        context.withPropertyValues("flashsale.reply.inflight=10", "flashsale.reply.inflight-per-product=10")
                .run(started -> assertThat(perProduct(started)).isEqualTo(10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flashsale.instance=-1",
                "flashsale.instance=12",
                "flashsale.topics.partitions=0",
                "flashsale.topics.prefix=no spaces",
                "flashsale.kafka=",
                "flashsale.request.timeout=0s",
                "flashsale.request.timeout=61s",
                "flashsale.reply.timeout=0s",
                "flashsale.reply.timeout=61s",
                "flashsale.drain-time=-1s",
                "flashsale.drain-time=61s",
                "flashsale.reply.inflight=0",
                "flashsale.reply.inflight-per-product=0",
                "flashsale.reply.inflight-per-product=4097",
                "flashsale.query.timeout=-1s",
                "flashsale.query.fresh-for=-1ms",
                "flashsale.query.fresh-for=61s",
                "flashsale.query.shared-products=0",
                "flashsale.ratelimit.requests=-1",
                "flashsale.ratelimit.burst=0",
                "flashsale.ratelimit.webhook-requests=-1",
                "flashsale.ratelimit.clients=0",
                "flashsale.ratelimit.trusted-proxies=10.0.0.1,proxy.example",
                "flashsale.live.watchers=0",
                "flashsale.live.watchers-per-product=0",
                "flashsale.live.watchers-per-product=1001",
                "flashsale.live.watchers-per-client=0",
                "flashsale.live.watchers-per-client=1001",
                "flashsale.live.products=101",
                "flashsale.inventory.urls=localhost:8082",
                "flashsale.inventory.urls=",
                "flashsale.orders.urls=ftp://orders",
                "flashsale.traces.endpoint=collector:4318",
                "flashsale.traces.endpoint=/v1/traces",
                "flashsale.traces.sample-ratio=-0.1",
                "flashsale.traces.sample-ratio=1.1",
                "flashsale.traces.sample-ratio=NaN",
                "flashsale.traces.queue=0",
            })
    void refusesWhatCannotWork(String property) {
        context.withPropertyValues(property)
                .run(started -> assertThat(started).hasFailed().getFailure().hasMessageContaining("flashsale"));
    }

    @Test
    void theLocalProfileLimitsNoRatesBecauseAllLoadComesFromOneAddress() {
        context.withInitializer(new ConfigDataApplicationContextInitializer())
                .withPropertyValues("spring.profiles.active=local")
                .run(started -> {
                    RateLimitSettings limits =
                            started.getBean(IngressSettings.class).ratelimit();

                    assertThat(limits.requests()).isZero();
                    assertThat(limits.webhookRequests()).isZero();
                });
    }

    @Test
    void neverShowsASecret() {
        context.withPropertyValues("flashsale.admin.key=top-secret").run(started -> {
            IngressSettings settings = started.getBean(IngressSettings.class);

            assertThat(settings.toString()).doesNotContain("top-secret").contains("***");
        });
    }

    private static int perProduct(ApplicationContext started) {
        return started.getBean(IngressSettings.class).reply().limitPerProduct();
    }

    @EnableConfigurationProperties(IngressSettings.class)
    static class Bound {}
}
