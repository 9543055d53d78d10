package io.flashsale.ingress.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.HoldId;
import io.flashsale.ingress.config.Secret;
import io.flashsale.ingress.config.Secrets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IdDerivationTest {

    private final IdDerivation ids = withSecret("test-id-secret");

    @Test
    void derivesTheSameHoldForTheSameKey() {
        String first = ids.holdId("sneaker-1", "alice", "key-1");
        String throughAnotherInstance = withSecret("test-id-secret").holdId("sneaker-1", "alice", "key-1");

        assertThat(throughAnotherInstance).isEqualTo(first);
    }

    @Test
    void neverChangesWhatItDerives() {
        // Made with Python's hmac module. A change here loses the answers of every key in use.
        assertThat(ids.holdId("sneaker-1", "alice", "key-1")).isEqualTo("h_8dWGY3OaplK36ONxWYHEw3NuZWFrZXItMQ");
        assertThat(ids.orderKey("sneaker-1", "key-1")).isEqualTo("tqX_lFu6XScQEn0FhTItIFjOoQFtE5ysfpQuha1nhNM");
        assertThat(ids.extensionKey("h_1", "key-1")).isEqualTo("F5YdY6aCT1xAzaGowXJ2TwLWCQEu4swGSfSkXLP1BGk");
        assertThat(ids.adjustmentKey("sneaker-1", "key-1")).isEqualTo("s9mUN9WT6TcT3MQk028VlQ5bHXPOF0bMUBrvz6jUyXQ");
    }

    @Test
    void derivesAnotherHoldWhenAnyPartIsAnother() {
        assertThat(Stream.of(
                        ids.holdId("sneaker-1", "alice", "key-1"),
                        ids.holdId("sneaker-2", "alice", "key-1"),
                        ids.holdId("sneaker-1", "bob", "key-1"),
                        ids.holdId("sneaker-1", null, "key-1"),
                        ids.holdId("sneaker-1", "alice", "key-2"),
                        withSecret("another-secret").holdId("sneaker-1", "alice", "key-1")))
                .doesNotHaveDuplicates();
    }

    @Test
    void partsDoNotRunIntoEachOther() {
        assertThat(ids.holdId("p", "xp", "k")).isNotEqualTo(ids.holdId("p", "x", "pk"));
        assertThat(ids.orderKey("ab", "c")).isNotEqualTo(ids.orderKey("a", "bc"));
    }

    @Test
    void everyCallAndEveryHoldHasKeysOfItsOwn() {
        assertThat(Stream.of(
                        ids.orderKey("p", "key-1"),
                        ids.adjustmentKey("p", "key-1"),
                        ids.extensionKey("p", "key-1"),
                        ids.extensionKey("h_1", "key-1"),
                        ids.extensionKey("h_2", "key-1")))
                .doesNotHaveDuplicates();
    }

    @Test
    void theIdSaysTheProduct() {
        assertThat(HoldId.productOf(ids.holdId("sneaker-1", null, "key"))).contains("sneaker-1");
        assertThat(HoldId.productOf(ids.newHoldId("sneaker-1"))).contains("sneaker-1");
    }

    @Test
    void withoutAKeyEveryHoldIsNew() {
        assertThat(Stream.generate(() -> ids.newHoldId("p")).limit(1_000)).doesNotHaveDuplicates();
    }

    private static IdDerivation withSecret(String secret) {
        return new IdDerivation(new Secrets(new Secret("admin"), new Secret(secret), List.of(), List.of()));
    }
}
