package io.flashsale.benchmarks;

import io.flashsale.benchmarks.ClosedLoop.Worker;
import io.flashsale.local.PipelineException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/** One row of a table is the product, and each hold is a row of another one, inserted in the same transaction. */
final class SqlHotRow implements HotRow {

    /** How the stock is taken. */
    enum Way {
        LOCK("SELECT … FOR UPDATE"),
        ATOMIC("atomic UPDATE");

        private final String label;

        Way(String label) {
            this.label = label;
        }
    }

    static final int STOCK = 1_000_000_000;

    private static final Duration TTL = Duration.ofMinutes(2);
    private static final String SCHEMA_PRODUCTS =
            "CREATE TABLE products (id VARCHAR(64) PRIMARY KEY, name VARCHAR(200) NOT NULL, price DECIMAL(16, 4) NOT NULL,"
                    + " currency CHAR(3) NOT NULL, total_stock INT NOT NULL, available_stock INT NOT NULL)";
    private static final String SCHEMA_HOLDS =
            "CREATE TABLE holds (id UUID PRIMARY KEY, product_id VARCHAR(64) NOT NULL, quantity INT NOT NULL,"
                    + " status VARCHAR(10) NOT NULL, expires_at TIMESTAMP NOT NULL)";
    private static final String SELECT = "SELECT available_stock FROM products WHERE id = ? FOR UPDATE";
    private static final String TAKE = "UPDATE products SET available_stock = available_stock - ? WHERE id = ?";
    private static final String TAKE_IF_THERE = TAKE + " AND available_stock >= ?";
    private static final String INSERT =
            "INSERT INTO holds (id, product_id, quantity, status, expires_at) VALUES (?, ?, ?, 'active', ?)";

    private final PeerServer server;
    private final Way way;
    private final String product;

    SqlHotRow(PeerServer server, Way way) {
        this.server = server;
        this.way = way;
        this.product = "hot-" + way.name().toLowerCase(Locale.ROOT);
        defineProduct(server, product);
    }

    /** Makes the tables of an empty server. */
    static void createTables(PeerServer server) {
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement()) {
            statement.execute(SCHEMA_PRODUCTS);
            statement.execute(SCHEMA_HOLDS);
        } catch (SQLException failed) {
            throw failed(failed);
        }
    }

    static void defineProduct(PeerServer server, String id) {
        String insert = "INSERT INTO products VALUES (?, ?, 9.99, 'EUR', ?, ?)";
        try (Connection connection = connect(server);
                PreparedStatement statement = connection.prepareStatement(insert)) {
            statement.setString(1, id);
            statement.setString(2, "Benchmark " + id);
            statement.setInt(3, STOCK);
            statement.setInt(4, STOCK);
            statement.executeUpdate();
        } catch (SQLException failed) {
            throw failed(failed);
        }
    }

    /** What a driver is told; statements are prepared on the server. */
    static String jdbcUrl(PeerServer server) {
        return switch (server.kind()) {
            case MARIADB ->
                "jdbc:mariadb://127.0.0.1:" + server.port()
                        + "/shop?createDatabaseIfNotExist=true&user=root&useServerPrepStmts=true&cachePrepStmts=true&tcpNoDelay=true";
            case POSTGRESQL ->
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres?user=root&prepareThreshold=1";
            case REDIS_EVERYSEC, REDIS_ALWAYS -> throw new IllegalArgumentException("Redis speaks no SQL");
        };
    }

    static void requireHolds(PeerServer server, String product, long placed) {
        String sum = "SELECT p.total_stock - p.available_stock, (SELECT COALESCE(SUM(h.quantity), 0) FROM holds h"
                + " WHERE h.product_id = p.id) FROM products p WHERE p.id = ?";
        try (Connection connection = connect(server);
                PreparedStatement statement = connection.prepareStatement(sum)) {
            statement.setString(1, product);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (row.getLong(1) != placed || row.getLong(2) != placed) {
                    throw new PipelineException("The result of %s is wrong: expected %,d, taken %,d, held %,d"
                            .formatted(server.kind().label(), placed, row.getLong(1), row.getLong(2)));
                }
            }
        } catch (SQLException failed) {
            throw failed(failed);
        }
    }

    @Override
    public String name() {
        return server.kind().name().toLowerCase(Locale.ROOT) + "_" + way.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String label() {
        return server.kind().label() + ", " + way.label;
    }

    @Override
    public Worker newWorker() {
        try {
            Connection connection = connect(server);
            connection.setAutoCommit(false);
            return switch (way) {
                case LOCK -> new LockingWorker(connection);
                case ATOMIC -> new AtomicWorker(connection);
            };
        } catch (SQLException failed) {
            throw failed(failed);
        }
    }

    @Override
    public void requireHolds(long placed) {
        requireHolds(server, product, placed);
    }

    @Override
    public void close() {
        // The tables end with the server.
    }

    private static Connection connect(PeerServer server) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(server));
    }

    private static PipelineException failed(SQLException failed) {
        return new PipelineException("The database failed: " + failed.getMessage());
    }

    /** What both ways share: the hold, and the end. */
    private abstract class SqlWorker implements Worker {

        final Connection connection;
        private final PreparedStatement insert;

        SqlWorker(Connection connection) throws SQLException {
            this.connection = connection;
            this.insert = connection.prepareStatement(INSERT);
        }

        abstract boolean take() throws SQLException;

        @Override
        public final int work() throws SQLException {
            if (!take()) {
                throw new PipelineException("The stock of the benchmark is sold out.");
            }
            insert.setObject(1, UUID.randomUUID());
            insert.setString(2, product);
            insert.setInt(3, 1);
            insert.setTimestamp(4, Timestamp.from(Instant.now().plus(TTL)));
            insert.executeUpdate();
            connection.commit();
            return 1;
        }

        @Override
        public final void close() {
            try {
                connection.close();
            } catch (SQLException gone) {
                // That is what was wanted.
            }
        }
    }

    private final class LockingWorker extends SqlWorker {

        private final PreparedStatement select;
        private final PreparedStatement update;

        LockingWorker(Connection connection) throws SQLException {
            super(connection);
            this.select = connection.prepareStatement(SELECT);
            this.update = connection.prepareStatement(TAKE);
        }

        @Override
        boolean take() throws SQLException {
            select.setString(1, product);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next() || row.getInt(1) < 1) {
                    return false;
                }
            }
            update.setInt(1, 1);
            update.setString(2, product);
            return update.executeUpdate() == 1;
        }
    }

    private final class AtomicWorker extends SqlWorker {

        private final PreparedStatement update;

        AtomicWorker(Connection connection) throws SQLException {
            super(connection);
            this.update = connection.prepareStatement(TAKE_IF_THERE);
        }

        @Override
        boolean take() throws SQLException {
            update.setInt(1, 1);
            update.setString(2, product);
            update.setInt(3, 1);
            return update.executeUpdate() == 1;
        }
    }
}
