package io.flashsale.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.flashsale.contracts.Json;
import io.flashsale.endtoend.RequestFuzzer.Hostile;
import io.flashsale.endtoend.Shop.Answer;
import io.flashsale.local.Pipeline;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Thousands of requests that nobody should send, byte for byte. {@code -Dflashsale.fuzz.seed=N} takes others, {@code
 * -Dflashsale.fuzz.requests=N} more or fewer.
 */
@ExtendWith(TestPipeline.class)
class ITHostileRequests {

    private static final long SEED = Long.getLong("flashsale.fuzz.seed", 1);
    private static final int REQUESTS = Integer.getInteger("flashsale.fuzz.requests", 6_000);
    private static final int CLIENTS = 16;
    private static final int STALLED = 50;

    /** Much longer than the ingress waits for a byte (10 s), and a machine may be slow. */
    private static final int ANSWER_DEADLINE_MS = 60_000;

    private static final int STOCK = 20;

    private final URI ingress;
    private final Shop shop;

    ITHostileRequests(Pipeline pipeline) {
        this.ingress = URI.create(pipeline.ingressUrl(1));
        this.shop = new Shop(pipeline.ingressUrl(1));
    }

    /** What is being sold while all that comes. */
    private record Sale(String product, String hold, String order) {}

    /** @param status 0 if the connection was closed without an answer */
    private record Response(int status, String text) {}

    @Test
    void thousandsOfHostileRequestsAreNeverA500AndChangeNothing() throws Exception {
        System.out.println("hostile requests: -Dflashsale.fuzz.seed=" + SEED);
        Sale sale = sale();
        String before = stateOf(sale);
        RequestFuzzer fuzzer = new RequestFuzzer(SEED, sale.product(), sale.hold(), sale.order());
        List<Socket> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < STALLED; i++) {
                stalled.add(open(fuzzer.stalled()));
            }

            Queue<String> faults = sendAll(fuzzer);

            assertThat(faults.stream().limit(20)).isEmpty();
            assertThat(stalled)
                    .allSatisfy(socket -> assertThat(readAll(socket).status()).isIn(0, 400, 408, 415, 503));
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
        assertThat(stateOf(sale)).isEqualTo(before);
        assertThatItSells();
    }

    private Sale sale() {
        String product = shop.product(STOCK, 3_600);
        String hold = shop.hold(product, 2).expect(201).text("hold_id");
        return new Sale(product, hold, shop.orderOf(product, 3));
    }

    /** Everything that a request could have changed. */
    private String stateOf(Sale sale) {
        Answer product = shop.product(sale.product());
        return List.of(
                        product.text("name"),
                        product.text("price"),
                        product.number("total_stock"),
                        product.number("available_stock"),
                        product.number("reserved_stock"),
                        product.number("sold_stock"),
                        product.number("revision"),
                        shop.get("/api/holds/" + sale.hold()).expect(200).text("expires_at"),
                        shop.get("/api/holds/" + sale.hold()).expect(200).text("status"),
                        shop.get("/api/orders/" + sale.order()).expect(200).body())
                .toString();
    }

    private void assertThatItSells() {
        String product = shop.product(STOCK, 600);
        shop.pay(shop.orderOf(product, 2), "succeeded", product).expect(200);
        Shop.await()
                .untilAsserted(() ->
                        assertThat(shop.product(product).number("sold_stock")).isEqualTo(2));
    }

    // ---- sending

    private Queue<String> sendAll(RequestFuzzer fuzzer) throws InterruptedException {
        Queue<String> faults = new ConcurrentLinkedQueue<>();
        Semaphore places = new Semaphore(CLIENTS);
        long began = System.nanoTime();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < REQUESTS; i++) {
                Hostile hostile = fuzzer.next();
                places.acquire();
                clients.submit(() -> {
                    try (Socket socket = open(hostile.bytes())) {
                        socket.shutdownOutput();
                        String fault = fault(hostile, readAll(socket));
                        if (!fault.isEmpty()) {
                            faults.add(fault + "\n  to: " + hostile.text());
                        }
                    } catch (IOException | RuntimeException failed) {
                        faults.add(failed + "\n  to: " + hostile.text());
                    } finally {
                        places.release();
                    }
                });
            }
        }
        System.out.printf(
                "hostile requests: %d answered in %.1f s, %d not as foretold%n",
                REQUESTS, (System.nanoTime() - began) / 1e9, faults.size());
        return faults;
    }

    private static String fault(Hostile hostile, Response response) {
        int status = response.status();
        if (status == 0) {
            return hostile.mayBeCut() ? "" : "no answer";
        }
        boolean expected =
                hostile.statuses().isEmpty() ? status < 500 : hostile.statuses().contains(status);
        if (!expected) {
            return status + " instead of " + hostile.statuses() + ": " + response.text();
        }
        return status < 400 ? "" : problemFault(response);
    }

    /** An error is a problem, and tells nothing of the inside. */
    private static String problemFault(Response response) {
        String text = response.text();
        // Without the lines that chunks begin with.
        String body = text.substring(text.indexOf("\r\n\r\n") + 2).replaceAll("\r\n[0-9a-f]+\r\n", "");
        boolean problem = text.contains("application/problem+json")
                && Json.readTree(body.getBytes(StandardCharsets.UTF_8))
                                .path("status")
                                .asInt(0)
                        == response.status();
        return problem
                        && !text.contains("internal-error")
                        && !text.contains("Exception")
                        && !text.contains("\nSet-Cookie")
                ? ""
                : "no good problem: " + text;
    }

    private Socket open(byte[] request) throws IOException {
        Socket socket = new Socket(ingress.getHost(), ingress.getPort());
        socket.setSoTimeout(ANSWER_DEADLINE_MS);
        try {
            socket.getOutputStream().write(request);
        } catch (IOException refusedBeforeItsEnd) {
            // The answer is there to be read, or the connection was cut.
        }
        return socket;
    }

    private static Response readAll(Socket socket) throws IOException {
        byte[] answer;
        try {
            answer = socket.getInputStream().readAllBytes();
        } catch (SocketTimeoutException hangs) {
            throw new IOException("no answer in time, and the connection is still open", hangs);
        } catch (IOException reset) {
            return new Response(0, "");
        }
        String text = new String(answer, StandardCharsets.UTF_8);
        return text.startsWith("HTTP/1.1 ")
                ? new Response(Integer.parseInt(text.substring(9, 12)), text)
                : new Response(0, text);
    }
}
