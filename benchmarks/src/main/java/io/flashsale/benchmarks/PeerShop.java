package io.flashsale.benchmarks;

import io.flashsale.benchmarks.peer.PeerApplication;
import io.flashsale.local.ChildProcess;
import io.flashsale.local.Readiness;
import io.flashsale.local.Role;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** The service that a team would write instead, with MariaDB. */
final class PeerShop implements Shop, AutoCloseable {

    /** In the database: more only wait for the same row. */
    private static final int POOL = 64;

    private static final String READY_PRODUCT = "ready";

    private final PeerServer database;
    private final URI url;

    private PeerShop(PeerServer database, int port) {
        this.database = database;
        this.url = URI.create("http://127.0.0.1:" + port);
    }

    /** Starts both, and returns when calls are answered. */
    static PeerShop start(Progress progress) {
        PeerServer database = PeerServer.start(ServerKind.MARIADB, progress);
        try {
            SqlHotRow.createTables(database);
            SqlHotRow.defineProduct(database, READY_PRODUCT);
            PeerShop shop = new PeerShop(database, database.freePort());
            progress.step("starting Spring Boot with HikariCP");
            database.start(
                    "spring", shop.command(), new Readiness.HttpOk(shop.url.resolve("/api/products/" + READY_PRODUCT)));
            return shop;
        } catch (RuntimeException failed) {
            database.close();
            throw failed;
        }
    }

    @Override
    public String name() {
        return "Spring Boot + HikariCP + MariaDB";
    }

    @Override
    public URI url() {
        return url;
    }

    @Override
    public void defineProduct(String productId) {
        SqlHotRow.defineProduct(database, productId);
    }

    @Override
    public void requireHolds(String productId, long holds) {
        SqlHotRow.requireHolds(database, productId, holds);
    }

    @Override
    public void requireHealth() {
        database.requireHealth();
    }

    @Override
    public CpuTimes cpuTimes() {
        return database.cpuTimes();
    }

    @Override
    public void close() {
        database.close();
    }

    private static List<String> jvmOptions() {
        List<String> options = new ArrayList<>(Role.INGRESS.jvmOptions());
        // The class path has several ways of logging, of which none is set up for this.
        options.add("-Dorg.springframework.boot.logging.LoggingSystem=none");
        return options;
    }

    private List<String> command() {
        return ChildProcess.javaCommand(
                System.getProperty("java.class.path"),
                PeerApplication.class.getName(),
                jvmOptions(),
                List.of(
                        "--server.address=" + url.getHost(),
                        "--server.port=" + url.getPort(),
                        // As our own ingress.
                        "--server.tomcat.max-connections=8192",
                        "--server.tomcat.processor-cache=8192",
                        "--server.tomcat.accept-count=1024",
                        "--spring.threads.virtual.enabled=true",
                        "--spring.main.banner-mode=off",
                        "--spring.jackson.property-naming-strategy=SNAKE_CASE",
                        "--spring.datasource.url=" + SqlHotRow.jdbcUrl(database),
                        "--spring.datasource.hikari.maximum-pool-size=" + POOL,
                        // A call waits for a connection rather than to fail.
                        "--spring.datasource.hikari.connection-timeout=60000"));
    }
}
