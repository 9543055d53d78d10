package io.flashsale.streams.query;

import io.flashsale.streams.runtime.StreamsService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsNotStartedException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Finds who can answer a query: the instance that owns the product's partition, or a standby while the owner is away. An
 * instance that is cut off from Kafka cannot know whether it is the owner, and answers as a standby does.
 * All stores of a topology are partitioned by product, whatever their own key is.
 */
public final class QueryRouter {

    /** A request that carries it was forwarded already and is answered here or not at all. */
    public static final String FORWARDED_HEADER = "X-Flashsale-Forwarded";

    /** Says that a standby answered, whose state may be behind. */
    public static final String STALE_HEADER = "X-Flashsale-Stale";

    /** Less than half of the ingress' own patience, so that a standby is asked in time when the owner hangs. */
    private static final Duration FORWARD_TIMEOUT = Duration.ofMillis(600);

    private final StreamsService service;
    private final HostInfo self;
    private final int partitions;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(FORWARD_TIMEOUT).build();

    /**
     * @param advertised this instance's {@code host:port}
     * @param partitions of every store
     */
    public QueryRouter(StreamsService service, String advertised, int partitions) {
        this.service = service;
        this.partitions = partitions;
        this.self = HostInfo.buildFromEndpoint(advertised);
    }

    /**
     * Answers a query about one product.
     *
     * @param path of the request, to forward it
     * @param lookup what to do with the store of the product's partition
     * @param <V> the store's values
     */
    public <V> QueryAnswer ask(
            String store,
            String productId,
            String path,
            boolean forwarded,
            Function<ReadOnlyKeyValueStore<String, V>, QueryAnswer> lookup) {
        KeyQueryMetadata owners;
        try {
            owners = service.streams().queryMetadataForKey(store, productId, new StringSerializer());
        } catch (StreamsNotStartedException | IllegalStateException notRunning) {
            return QueryAnswer.unavailable();
        }
        if (owners.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
            return QueryAnswer.unavailable();
        }
        if (forwarded) {
            return here(store, owners, lookup);
        }
        for (HostInfo host : inOrder(owners)) {
            QueryAnswer answer = host.equals(self) ? here(store, owners, lookup) : there(host, path);
            if (answer.isAvailable()) {
                return answer;
            }
        }
        return QueryAnswer.unavailable();
    }

    /**
     * The part of a store that this instance owns, one read-only view a partition.
     *
     * @throws InvalidStateStoreException while a partition of it changes hands, or may have without its knowing
     */
    public <V> List<ReadOnlyKeyValueStore<String, V>> owned(String store) {
        if (service.isCutOff()) {
            throw new InvalidStateStoreException("Kafka is not heard of: another instance may be the owner now.");
        }
        return service.streams().metadataForLocalThreads().stream()
                .flatMap(thread -> thread.activeTasks().stream())
                .map(task -> this.<V>fresh(store, task.taskId().partition()))
                .toList();
    }

    /**
     * All of a store, as far as this instance has copies of what others own.
     *
     * @throws InvalidStateStoreException if it lacks the copy of a partition
     */
    public <V> List<ReadOnlyKeyValueStore<String, V>> copies(String store) {
        return IntStream.range(0, partitions)
                .mapToObj(partition -> this.<V>stale(store, partition))
                .toList();
    }

    /** The other instances. */
    public List<HostInfo> others() {
        return service.streams().metadataForAllStreamsClients().stream()
                .map(StreamsMetadata::hostInfo)
                .filter(host -> !host.equals(self))
                .toList();
    }

    /** Forwards a request to another instance. */
    public QueryAnswer there(HostInfo host, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host.host() + ":" + host.port() + path))
                .timeout(FORWARD_TIMEOUT)
                .header(FORWARDED_HEADER, "true")
                .build();
        try {
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            Optional<String> stale = response.headers().firstValue(STALE_HEADER);
            return new QueryAnswer(response.statusCode(), response.body(), stale.isPresent());
        } catch (IOException unreachable) {
            return QueryAnswer.unavailable();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return QueryAnswer.unavailable();
        }
    }

    private <V> QueryAnswer here(
            String store, KeyQueryMetadata owners, Function<ReadOnlyKeyValueStore<String, V>, QueryAnswer> lookup) {
        // Without Kafka it cannot know that it is still the owner.
        if (owners.activeHost().equals(self) && !service.isCutOff()) {
            try {
                return lookup.apply(fresh(store, owners.partition()));
            } catch (InvalidStateStoreException changingHands) {
                // What there is of it is still good to look at.
            }
        }
        try {
            return lookup.apply(stale(store, owners.partition())).asStale();
        } catch (InvalidStateStoreException notHere) {
            return QueryAnswer.unavailable();
        }
    }

    private <V> ReadOnlyKeyValueStore<String, V> fresh(String store, int partition) {
        return service.streams().store(parameters(store, partition));
    }

    private <V> ReadOnlyKeyValueStore<String, V> stale(String store, int partition) {
        return service.streams().store(this.<V>parameters(store, partition).enableStaleStores());
    }

    private <V> StoreQueryParameters<ReadOnlyKeyValueStore<String, V>> parameters(String store, int partition) {
        return StoreQueryParameters.fromNameAndType(store, QueryableStoreTypes.<String, V>keyValueStore())
                .withPartition(partition);
    }

    private static List<HostInfo> inOrder(KeyQueryMetadata owners) {
        List<HostInfo> hosts = new ArrayList<>();
        addIfKnown(hosts, owners.activeHost());
        owners.standbyHosts().forEach(host -> addIfKnown(hosts, host));
        return hosts;
    }

    private static void addIfKnown(List<HostInfo> hosts, @Nullable HostInfo host) {
        if (host != null && !host.equals(HostInfo.unavailable())) {
            hosts.add(host);
        }
    }
}
