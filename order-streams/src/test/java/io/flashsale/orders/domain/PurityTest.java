package io.flashsale.orders.domain;

import io.flashsale.streams.testing.DomainPurity;

class PurityTest extends DomainPurity {

    PurityTest() {
        super("io.flashsale.orders.domain");
    }
}
