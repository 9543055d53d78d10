package io.flashsale.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands in for a service: takes the same settings, answers readiness, and as an ingress plays the story of one sale
 * with as little logic as that needs. It notes in the data directory when it is stopped.
 */
public final class StandInService {

    /** Names a role that shall end at once instead. */
    static final String FAILING = "FLASHSALE_STAND_IN_FAILING";

    /** How long it takes to stop. */
    static final String STOP_MILLIS = "FLASHSALE_STAND_IN_STOP_MILLIS";

    static final Path STOPS = Path.of("stops.txt");

    private static final Path PRODUCT = Path.of("product-1.txt");

    private StandInService() {}

    static Installation installation() {
        Program standIn = new Program(testClasses(), StandInService.class.getName());
        return new Installation(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                Map.of(
                        Role.BROKER, Installation.broker(Installation.projectDirectory()),
                        Role.INVENTORY, standIn,
                        Role.ORDERS, standIn,
                        Role.INGRESS, standIn),
                Installation.codeSource().toString());
    }

    static String testClasses() {
        return new File(StandInService.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .getPath();
    }

    public static void main(String[] args) throws IOException {
        Map<String, String> settings = System.getenv();
        boolean ingress = settings.containsKey("FLASHSALE_INSTANCE");
        String role = ingress ? "ingress" : settings.get("FLASHSALE_STATE_DIR").replaceAll(".*/(.*)-.*", "$1");
        System.out.println("I am " + role + " of profile " + settings.get("SPRING_PROFILES_ACTIVE"));
        System.out.println("arguments " + String.join(" ", args));
        System.out.println("options " + ManagementFactory.getRuntimeMXBean().getInputArguments());
        settings.forEach((name, value) -> System.out.println(name + "=" + value));
        if (role.equals(settings.get(FAILING))) {
            System.err.println("I was told to fail.");
            System.exit(3);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopSlowly(role)));
        serve(settings, "SERVER", ingress ? StandInService::sale : StandInService::notFound);
        serve(settings, "MANAGEMENT_SERVER", exchange -> answer(exchange, 200, "{\"status\":\"UP\"}"));
    }

    private static void serve(Map<String, String> settings, String prefix, Handler handler) throws IOException {
        HttpServer server = HttpServer.create(
                new InetSocketAddress(
                        settings.get(prefix + "_ADDRESS"), Integer.parseInt(settings.get(prefix + "_PORT"))),
                0);
        server.createContext("/", handler::handle);
        server.start();
    }

    private static void sale(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String call = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        switch (call) {
            case "GET /api/products/1" -> product(exchange);
            case "PUT /api/products/1" -> {
                Files.writeString(PRODUCT, "available 100");
                answer(
                        exchange,
                        System.getenv("FLASHSALE_ADMIN_KEY")
                                        .equals(exchange.getRequestHeaders().getFirst("X-Api-Key"))
                                ? 201
                                : 401,
                        body);
            }
            case "POST /api/holds" -> {
                Files.writeString(PRODUCT, "held 2");
                answer(exchange, 201, "{\"hold_id\":\"h_1-x\",\"product_id\":\"1\",\"status\":\"active\"}");
            }
            case "POST /api/orders" ->
                answer(exchange, 201, "{\"order_id\":\"o_1-x\",\"hold_id\":\"" + field(body, "hold_id") + "\"}");
            case "POST /api/payments/webhook" -> {
                Files.writeString(PRODUCT, "sold 2");
                String signature = exchange.getRequestHeaders().getFirst("X-Webhook-Signature");
                answer(
                        exchange,
                        200,
                        "{\"paid\":\"" + field(body, "order_id") + "\",\"signed\":\"" + signature + "\"}");
            }
            default -> notFound(exchange);
        }
    }

    private static void product(HttpExchange exchange) throws IOException {
        if (Files.exists(PRODUCT)) {
            answer(exchange, 200, "{\"id\":\"1\",\"stock\":\"" + Files.readString(PRODUCT) + "\"}");
        } else {
            notFound(exchange);
        }
    }

    private static String field(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\": *\"([^\"]*)\"").matcher(json);
        return matcher.find() ? matcher.group(1) : "no " + name + " in " + json;
    }

    private static void notFound(HttpExchange exchange) throws IOException {
        answer(exchange, 404, "");
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** As a real service has work to finish: long enough to see whether the next one waits for it. */
    private static void stopSlowly(String role) {
        try {
            note("begin " + role);
            long millis = Long.parseLong(System.getenv().getOrDefault(STOP_MILLIS, "200"));
            new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
            note("end " + role);
        } catch (IOException | InterruptedException failed) {
            System.err.println(failed);
        }
    }

    private static void note(String line) throws IOException {
        Files.writeString(STOPS, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }
}
