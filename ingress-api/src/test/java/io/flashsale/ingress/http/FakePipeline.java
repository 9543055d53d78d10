package io.flashsale.ingress.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.flashsale.contracts.Command;
import io.flashsale.contracts.Reply;
import io.flashsale.contracts.ReplyTo;
import io.flashsale.ingress.gateway.CommandPublisher;
import io.flashsale.ingress.gateway.KafkaStatus;
import io.flashsale.ingress.gateway.PendingReplies;
import io.flashsale.ingress.gateway.ReadsUnavailableException;
import io.flashsale.ingress.gateway.TopicTail;
import io.flashsale.ingress.live.PipelineSource;
import io.flashsale.ingress.live.PipelineState;
import io.flashsale.ingress.live.SaleEvents;
import io.flashsale.ingress.live.StockStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** Stands behind the ingress in place of Kafka and the applications: says what it is told to say, and remembers. */
final class FakePipeline
        implements CommandPublisher, KafkaStatus, StockStatus, SaleEvents, PipelineSource, AutoCloseable {

    /** A decision that never comes. */
    static final Function<Command, @Nullable Reply> SILENCE = command -> null;

    final List<Command> commands = new CopyOnWriteArrayList<>();
    final List<String> queries = new CopyOnWriteArrayList<>();
    volatile Function<Command, @Nullable Reply> decide = SILENCE;
    volatile CompletableFuture<Void> taken = CompletableFuture.completedFuture(null);
    volatile Optional<String> problem = Optional.empty();
    volatile int queryStatus = 404;
    volatile String queryBody = "";
    volatile boolean stale;
    volatile @Nullable PipelineState state;
    final List<TopicTail.Listener> listeners = new CopyOnWriteArrayList<>();

    private final HttpServer queryPort;
    private final List<ReplyTo> waiting = new CopyOnWriteArrayList<>();
    private @Nullable ObjectProvider<PendingReplies> pending;

    FakePipeline() {
        try {
            queryPort = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        queryPort.createContext("/internal/", this::answer);
        queryPort.start();
    }

    String queryUrl() {
        return "http://127.0.0.1:" + queryPort.getAddress().getPort();
    }

    FakePipeline connect(ObjectProvider<PendingReplies> replies) {
        pending = replies;
        return this;
    }

    void reset() {
        commands.clear();
        queries.clear();
        waiting.clear();
        decide = SILENCE;
        taken = CompletableFuture.completedFuture(null);
        problem = Optional.empty();
        queryStatus = 404;
        queryBody = "";
        stale = false;
        state = null;
    }

    /** Answers the call that has waited longest. */
    void replyToFirst(Reply reply) {
        pending.getObject().complete(waiting.removeFirst().correlationId(), reply);
    }

    @Override
    public CompletableFuture<Void> publish(Command command, @Nullable ReplyTo replyTo) {
        if (replyTo != null) {
            waiting.add(replyTo);
        }
        commands.add(command);
        Reply reply = decide.apply(command);
        if (reply != null && replyTo != null) {
            pending.getObject().complete(replyTo.correlationId(), reply);
        }
        return taken;
    }

    @Override
    public Optional<String> problem() {
        return problem;
    }

    @Override
    public Runnable listen(TopicTail.Listener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public PipelineState look() {
        PipelineState told = state;
        if (told == null) {
            throw new ReadsUnavailableException("nobody says it");
        }
        return told;
    }

    @Override
    public void letGo() {}

    @Override
    public void close() {
        queryPort.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        queries.add(exchange.getRequestURI().toString());
        byte[] body = queryBody.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        if (stale) {
            exchange.getResponseHeaders().set("X-Flashsale-Stale", "true");
        }
        exchange.sendResponseHeaders(queryStatus, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
