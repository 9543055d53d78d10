package io.flashsale.orders.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashsale.orders.domain.LatePaymentPolicy;
import io.flashsale.streams.runtime.StreamsSettings;
import io.flashsale.tracing.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class OrderSettingsTest {

    @Test
    void withoutSettingsThereAreDefaults() {
        assertThat(bound("flashsale.orders", OrderSettings.class, Map.of()))
                .isEqualTo(
                        new OrderSettings(Duration.ofMinutes(15), Duration.ofHours(24), LatePaymentPolicy.REACQUIRE));
    }

    @Test
    void latePaymentsMayBeRefundedAtOnceButNothingElse() {
        assertThat(bound("flashsale.orders", OrderSettings.class, Map.of("late-payments", "refund"))
                        .latePayments())
                .isEqualTo(LatePaymentPolicy.REFUND);
        assertThatThrownBy(() -> bound("flashsale.orders", OrderSettings.class, Map.of("late-payments", "keep")))
                .isInstanceOf(BindException.class);
    }

    @Test
    void aPaymentIsNotParkedLongerThanItsKeyIsKept() {
        assertThat(topologyWith("retention.webhook-keys", "24h")).isNotNull();
        assertThatThrownBy(() -> topologyWith("retention.webhook-keys", "23h"))
                .hasMessageContaining("flashsale.orders.parking-time");
    }

    private static Object topologyWith(String setting, String value) {
        return new OrderConfiguration()
                .topology(
                        bound("flashsale", StreamsSettings.class, Map.of("state.dir", "state", setting, value)),
                        bound("flashsale.orders", OrderSettings.class, Map.of()),
                        new SimpleMeterRegistry(),
                        Tracing.OFF);
    }

    private static <T> T bound(String prefix, Class<T> type, Map<String, String> settings) {
        Map<String, String> named = new HashMap<>();
        settings.forEach((name, value) -> named.put(prefix + "." + name, value));
        return new Binder(new MapConfigurationPropertySource(named)).bindOrCreate(prefix, type);
    }
}
