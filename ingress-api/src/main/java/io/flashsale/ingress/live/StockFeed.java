package io.flashsale.ingress.live;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the same people watch: one product, or all of them. Nobody is shown a product as it was before what he has been
 * shown of it already.
 */
final class StockFeed {

    private final int maxProducts;
    private final Map<String, Stock> latest = new TreeMap<>();
    private final List<Watch> watches = new ArrayList<>();
    private boolean loaded;

    /** @param maxProducts beyond which a further one is not shown */
    StockFeed(int maxProducts) {
        this.maxProducts = maxProducts;
    }

    /** @return false if it has as many as that already */
    synchronized boolean join(Watch watch, int maxWatches) {
        if (watches.size() >= maxWatches) {
            return false;
        }
        watches.add(watch);
        latest.values().forEach(stock -> watch.put(stock.productId(), stock.event()));
        return true;
    }

    /** @return whether nobody is left */
    synchronized boolean leave(Watch watch) {
        watches.remove(watch);
        return watches.isEmpty();
    }

    /** Whether it was read what there was before anybody watched. */
    synchronized boolean isLoaded() {
        return loaded;
    }

    /** Takes what was read. It may be older than what has come meanwhile. */
    synchronized void load(List<Stock> read) {
        loaded = true;
        read.forEach(stock -> {
            Stock known = latest.get(stock.productId());
            if (known == null || stock.revision() > known.revision()) {
                show(stock);
            }
        });
    }

    /**
     * Takes what was published. It counts for more than what was read with the same revision: a read sees what is not
     * committed yet, and is undone if its instance dies then.
     */
    synchronized void change(Stock published) {
        Stock known = latest.get(published.productId());
        if (known == null
                || published.revision() > known.revision()
                || (published.revision() == known.revision() && !published.equals(known))) {
            show(published);
        }
    }

    /** Tells everybody something else. */
    synchronized void tell(Event event) {
        // No product is called so.
        watches.forEach(watch -> watch.put("*" + event.name(), event));
    }

    synchronized void end() {
        watches.forEach(Watch::end);
    }

    private void show(Stock stock) {
        if (latest.size() >= maxProducts && !latest.containsKey(stock.productId())) {
            return;
        }
        latest.put(stock.productId(), stock);
        watches.forEach(watch -> watch.put(stock.productId(), stock.event()));
    }
}
