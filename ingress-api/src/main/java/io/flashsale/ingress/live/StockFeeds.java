package io.flashsale.ingress.live;

import io.flashsale.contracts.Json;
import io.flashsale.contracts.ProductView;
import io.flashsale.ingress.config.IngressSettings.LiveSettings;
import io.flashsale.ingress.gateway.ProductReads;
import io.flashsale.ingress.gateway.QueryAnswer;
import io.flashsale.ingress.gateway.ReadsUnavailableException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import tools.jackson.core.JacksonException;

/**
 * Who watches which stock. Bounded in all, for each product, and for each client: the crowd of one product leaves places
 * for the others, and so does a client that opens as many streams as it can. What is kept of a product is kept while
 * somebody watches it.
 */
public final class StockFeeds implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(StockFeeds.class);

    /** In place of a product's id; it can be none. */
    private static final String ALL = "*";

    private final ProductReads products;
    private final ProductReads lists;
    private final LiveSettings limits;
    private final ConcurrentMap<String, StockFeed> feeds = new ConcurrentHashMap<>();
    private final Map<String, Integer> watchersOfClients = new HashMap<>();
    private final Counter refused;
    private volatile int watchers;
    private volatile boolean running;
    private volatile boolean ended;

    /** The products of one page, as inventory-streams answers it. */
    private record Page(List<ProductView> products) {}

    /** @param lists reads the list of the products, whatever id it is asked for */
    StockFeeds(ProductReads products, ProductReads lists, LiveSettings limits, MeterRegistry meters) {
        this.products = products;
        this.lists = lists;
        this.limits = limits;
        this.refused = Counter.builder("live.watchers.refused")
                .description("Callers who wanted to watch and found no place")
                .register(meters);
        Gauge.builder("live.watchers", this, StockFeeds::watchers)
                .description("Streams that are open")
                .register(meters);
    }

    /**
     * Watches one product. Close it to give the place back.
     *
     * @param client who watches
     * @return empty if there is no such product
     * @throws TooManyWatchersException if there is no place
     * @throws ReadsUnavailableException if nobody says what it is like now
     */
    public Optional<Watch> watch(String productId, String client) {
        return watch(productId, client, () -> load(productId));
    }

    /**
     * Watches all products, or as many of them as may be. Close it to give the place back.
     *
     * @param client who watches
     * @throws TooManyWatchersException if there is no place
     * @throws ReadsUnavailableException if nobody says what they are like now
     */
    public Watch watchAll(String client) {
        return watch(ALL, client, this::loadAll).orElseThrow();
    }

    /** Takes a product as it was published. */
    public void change(byte[] product) {
        if (feeds.isEmpty()) {
            return;
        }
        Stock stock;
        try {
            stock = Stock.of(product);
        } catch (JacksonException unreadable) {
            LOG.error("A product's published stock is unreadable.", unreadable);
            return;
        }
        changeIn(stock.productId(), stock);
        changeIn(ALL, stock);
    }

    /** Whether somebody watches all products. */
    boolean isAllWatched() {
        return feeds.containsKey(ALL);
    }

    /** Tells everybody who watches all products. */
    void tellAll(Event event) {
        StockFeed feed = feeds.get(ALL);
        if (feed != null) {
            feed.tell(event);
        }
    }

    int watchers() {
        return watchers;
    }

    /** Of all products somebody watches, and one for all of them together. */
    int size() {
        return feeds.size();
    }

    /** @param load says whether there is what is to be watched */
    private Optional<Watch> watch(String key, String client, BooleanSupplier load) {
        Watch watch = join(key, client);
        try {
            if (load.getAsBoolean()) {
                return Optional.of(watch);
            }
        } catch (RuntimeException failed) {
            watch.close();
            throw failed;
        }
        watch.close();
        return Optional.empty();
    }

    private boolean load(String productId) {
        StockFeed feed = feeds.get(productId);
        if (feed == null || feed.isLoaded()) {
            return true;
        }
        QueryAnswer answer = present(products.get(productId));
        if (answer.status() != 200) {
            return false;
        }
        feed.load(List.of(Stock.of(answer.body())));
        return true;
    }

    private boolean loadAll() {
        StockFeed feed = feeds.get(ALL);
        if (feed == null || feed.isLoaded()) {
            return true;
        }
        QueryAnswer answer = present(lists.get(ALL));
        if (answer.status() != 200) {
            throw new ReadsUnavailableException("The list of the products was answered " + answer.status() + ".");
        }
        feed.load(Json.MAPPER.readValue(answer.body(), Page.class).products().stream()
                .map(product -> Stock.of(Json.MAPPER.writeValueAsBytes(product)))
                .toList());
        return true;
    }

    /** What a standby lags behind by was published before anybody heard it: it would be shown until the next change. */
    private static QueryAnswer present(QueryAnswer answer) {
        if (answer.stale()) {
            throw new ReadsUnavailableException("Only a standby answered, which may lag behind.");
        }
        return answer;
    }

    private Watch join(String key, String client) {
        Watch watch = new Watch(closed -> leave(key, client, closed));
        enter(key, client, watch);
        if (ended) {
            watch.end();
        }
        return watch;
    }

    private synchronized void enter(String key, String client, Watch watch) {
        int ofClient = watchersOfClients.getOrDefault(client, 0);
        if (watchers >= limits.watchers() || ofClient >= limits.limitPerClient()) {
            throw refused();
        }
        StockFeed present = feeds.get(key);
        StockFeed feed = present == null ? new StockFeed(key.equals(ALL) ? limits.products() : 1) : present;
        if (!feed.join(watch, limits.limitPerProduct())) {
            throw refused();
        }
        watchers++;
        watchersOfClients.put(client, ofClient + 1);
        if (present == null) {
            feeds.put(key, feed);
            // An answer from before it hears of changes must not be its first: what came between would be lost.
            (key.equals(ALL) ? lists : products).forget(key);
        }
    }

    private TooManyWatchersException refused() {
        refused.increment();
        return new TooManyWatchersException();
    }

    private synchronized void leave(String key, String client, Watch watch) {
        feeds.computeIfPresent(key, (ignored, feed) -> feed.leave(watch) ? null : feed);
        watchersOfClients.computeIfPresent(client, (ignored, count) -> count == 1 ? null : count - 1);
        watchers--;
    }

    private void changeIn(String key, Stock stock) {
        StockFeed feed = feeds.get(key);
        if (feed != null) {
            feed.change(stock);
        }
    }

    @Override
    public void start() {
        running = true;
    }

    /** A stream would hold up the web server's stop until it is ended by force. */
    @Override
    public void stop() {
        running = false;
        ended = true;
        feeds.values().forEach(StockFeed::end);
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After the drain time, in which this instance serves as ever; before the web server waits for what is under way. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 1;
    }
}
