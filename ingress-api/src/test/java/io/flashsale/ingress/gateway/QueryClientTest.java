package io.flashsale.ingress.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryClientTest {

    private static final Duration DEADLINE = Duration.ofSeconds(4);

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Instance> instances = new ArrayList<>();
    private final List<ServerSocket> silent = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        instances.forEach(Instance::stop);
        for (ServerSocket socket : silent) {
            socket.close();
        }
        http.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 404, 409})
    void passesAnswersOn(int status) throws IOException {
        Instance only = instance(status, "{\"id\":\"p\"}");

        QueryAnswer answer = client(only.url()).get("/internal/products/p");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo("{\"id\":\"p\"}");
        assertThat(answer.stale()).isFalse();
        assertThat(only.asked).containsExactly("/internal/products/p");
    }

    @Test
    void saysThatAStandbyAnswered() throws IOException {
        Instance standby = instance(200, "{}");
        standby.stale = true;

        assertThat(client(standby.url()).get("/x").stale()).isTrue();
    }

    @Test
    void prefersAnAnswerThatIsNotStaleAndRemembersWhoGaveIt() throws IOException {
        Instance cutOff = instance(200, "old");
        cutOff.stale = true;
        Instance owner = instance(200, "new");
        QueryClient client = client(cutOff.url(), owner.url());

        assertThat(text(client.get("/1"))).isEqualTo("new");
        assertThat(text(client.get("/2"))).isEqualTo("new");
        assertThat(cutOff.asked).containsExactly("/1");
    }

    @Test
    void takesAStaleAnswerIfTheOthersHaveNone() throws IOException {
        Instance standby = instance(200, "old");
        standby.stale = true;

        QueryAnswer answer = client(standby.url(), instance(503, "").url()).get("/x");

        assertThat(text(answer)).isEqualTo("old");
        assertThat(answer.stale()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {503, 500, 302})
    void asksTheNextWhenOneIsInTrouble(int status) throws IOException {
        Instance troubled = instance(status, "");
        Instance good = instance(200, "good");

        assertThat(text(client(troubled.url(), good.url()).get("/x"))).isEqualTo("good");
    }

    @Test
    void remembersWhoAnsweredLast() throws IOException {
        Instance troubled = instance(503, "");
        Instance good = instance(200, "good");
        QueryClient client = client(troubled.url(), good.url());

        client.get("/1");
        client.get("/2");

        assertThat(troubled.asked).containsExactly("/1");
        assertThat(good.asked).containsExactly("/1", "/2");
    }

    @Test
    void asksTheNextWhenOneIsGone() throws IOException {
        Instance gone = instance(200, "gone");
        gone.stop();
        Instance good = instance(200, "good");

        assertThat(text(client(gone.url(), good.url()).get("/x"))).isEqualTo("good");
    }

    @Test
    void asksTheNextInTimeWhenOneHangs() throws IOException {
        Instance good = instance(200, "good");

        assertThat(text(client(hanging(), good.url()).get("/x"))).isEqualTo("good");
    }

    @Test
    void isUnavailableWhenNobodyAnswers() throws IOException {
        Instance troubled = instance(503, "");
        QueryClient client = client(troubled.url(), hanging());

        long start = System.nanoTime();
        assertThatThrownBy(() -> client.get("/x")).isInstanceOf(ReadsUnavailableException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(DEADLINE.multipliedBy(2));
    }

    private QueryClient client(URI... urls) {
        return new QueryClient(http, List.of(urls), DEADLINE);
    }

    private Instance instance(int status, String body) throws IOException {
        Instance instance = new Instance(status, body);
        instances.add(instance);
        return instance;
    }

    /** Takes connections and never answers. */
    private URI hanging() throws IOException {
        ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        silent.add(socket);
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    private static String text(QueryAnswer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static final class Instance {

        private final HttpServer server;
        private final List<String> asked = new ArrayList<>();
        private volatile boolean stale;

        Instance(int status, String body) throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            server.createContext("/", exchange -> {
                asked.add(exchange.getRequestURI().toString());
                if (stale) {
                    exchange.getResponseHeaders().set(QueryClient.STALE_HEADER, "true");
                }
                exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
                exchange.close();
            });
            server.start();
        }

        URI url() {
            return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        }

        void stop() {
            server.stop(0);
        }
    }
}
