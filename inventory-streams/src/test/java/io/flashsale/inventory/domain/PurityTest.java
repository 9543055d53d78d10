package io.flashsale.inventory.domain;

import io.flashsale.streams.testing.DomainPurity;

class PurityTest extends DomainPurity {

    PurityTest() {
        super("io.flashsale.inventory.domain");
    }
}
