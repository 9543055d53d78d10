package io.flashsale.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceInstanceTest {

    private static final ServiceInstance INSTANCE =
            new ServiceInstance("flashsale.inventory-streams", "node-1.shop.internal:8082");

    @Test
    void isFoundAgainInTheNameOfEachOfItsClients() {
        assertThat(INSTANCE.clientId()).isEqualTo("flashsale.inventory-streams@node-1.shop.internal:8082");
        assertThat(ServiceInstance.ofClient(INSTANCE.clientId())).contains(INSTANCE);
        assertThat(ServiceInstance.ofClient(INSTANCE.clientId() + "-StreamThread-12-consumer"))
                .contains(INSTANCE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "flashsale.inventory-streams-0b6c1a5e-StreamThread-1-consumer",
                "@localhost:8082",
                "flashsale.inventory-streams@localhost",
                "flashsale.inventory-streams@localhost:8082-admin"
            })
    void isNotFoundInOtherNames(String clientId) {
        assertThat(ServiceInstance.ofClient(clientId)).isEmpty();
    }
}
