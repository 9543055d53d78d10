package io.flashsale.benchmarks;

import java.net.URI;

/** The whole pipeline. */
final class OurShop implements Shop {

    static final String NAME = "flashsale";

    private final Workbench workbench;
    private final StockQuery stock;

    OurShop(Workbench workbench) {
        this.workbench = workbench;
        this.stock = new StockQuery(workbench);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public URI url() {
        return URI.create(workbench.pipeline().ingressUrl(1));
    }

    @Override
    public void defineProduct(String productId) {
        try (Commands commands = new Commands(workbench)) {
            commands.defineProduct(productId);
        }
        stock.awaitDefined(productId);
    }

    @Override
    public void requireHolds(String productId, long holds) {
        stock.requireHolds(productId, holds);
    }

    @Override
    public void requireHealth() {
        workbench.requireHealth();
    }

    @Override
    public CpuTimes cpuTimes() {
        return workbench.cpuTimes(Workbench.INGRESS, Workbench.INVENTORY, Workbench.ORDERS, Workbench.BROKER);
    }
}
