package io.flashsale.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class KeptValuesTest {

    private final KeyValueStore<String, String> store = Stores.keyValueStoreBuilder(
                    Stores.inMemoryKeyValueStore("store"), Serdes.String(), Serdes.String())
            .withLoggingDisabled()
            .build();

    @Test
    void theLastOfWhatWasPutIsStored() {
        KeptValues<String> values = valuesOf(10);

        values.put("a", "1");
        values.put("a", "2");
        values.put("b", "3");

        assertThat(values.get("a")).isEqualTo("2");
        assertThat(store.get("a")).isNull();

        values.storeAll();

        assertThat(store.get("a")).isEqualTo("2");
        assertThat(store.get("b")).isEqualTo("3");
    }

    @Test
    void whatIsStoredIsNotStoredAgain() {
        KeptValues<String> values = valuesOf(10);
        values.put("a", "1");
        values.storeAll();
        store.delete("a");

        values.storeAll();

        assertThat(store.get("a")).isNull();
    }

    @Test
    void whatGoesBeforeItWasStoredIsStored() {
        KeptValues<String> values = valuesOf(2);

        values.put("a", "1");
        values.put("b", "2");
        values.put("c", "3");

        assertThat(store.get("a")).isEqualTo("1");
        assertThat(values.get("a")).isEqualTo("1");
        values.storeAll();
        assertThat(store.get("b")).isEqualTo("2");
        assertThat(store.get("c")).isEqualTo("3");
    }

    @Test
    void aValueIsReadFromTheStoreOnce() {
        KeptValues<String> values = valuesOf(10);
        store.put("a", "1");
        assertThat(values.get("a")).isEqualTo("1");

        store.delete("a");

        assertThat(values.get("a")).isEqualTo("1");
        assertThat(new KeptValues<>(store, 10).get("a")).isNull();
    }

    @Test
    void whatIsNotThereYetIsLookedForAgain() {
        KeptValues<String> values = valuesOf(10);
        assertThat(values.get("a")).isNull();

        store.put("a", "1");

        assertThat(values.get("a")).isEqualTo("1");
    }

    @Test
    void beyondTheLimitTheOneThatWasNotUsedForTheLongestTimeGoes() {
        KeptValues<String> values = valuesOf(2);
        values.put("a", "1");
        values.put("b", "1");
        values.get("a");
        values.put("c", "1");

        store.put("a", "changed");
        store.put("b", "changed");

        assertThat(values.get("a")).isEqualTo("1");
        assertThat(values.get("b")).isEqualTo("changed");
    }

    private KeptValues<String> valuesOf(int limit) {
        store.init(new MockProcessorContext<>().getStateStoreContext(), store);
        return new KeptValues<>(store, limit);
    }
}
