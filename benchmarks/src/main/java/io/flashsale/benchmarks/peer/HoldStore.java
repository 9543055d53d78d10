package io.flashsale.benchmarks.peer;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The two tables. */
@Repository
public class HoldStore {

    private static final Duration TTL = Duration.ofMinutes(2);
    private static final String TAKE =
            "UPDATE products SET available_stock = available_stock - ? WHERE id = ? AND available_stock >= ?";
    private static final String INSERT =
            "INSERT INTO holds (id, product_id, quantity, status, expires_at) VALUES (?, ?, ?, 'active', ?)";
    private static final String FIND =
            "SELECT id, name, price, currency, total_stock, available_stock FROM products WHERE id = ?";

    private final JdbcTemplate jdbc;

    HoldStore(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Takes stock and notes the hold; empty if there is not enough. */
    @Transactional
    public Optional<HoldAnswer> place(String productId, int quantity) {
        if (jdbc.update(TAKE, quantity, productId, quantity) == 0) {
            return Optional.empty();
        }
        UUID id = UUID.randomUUID();
        Instant expiresAt = Instant.now().plus(TTL).truncatedTo(ChronoUnit.SECONDS);
        jdbc.update(INSERT, id, productId, quantity, Timestamp.from(expiresAt));
        return Optional.of(
                new HoldAnswer(id.toString(), productId, quantity, "active", expiresAt, (int) TTL.toSeconds()));
    }

    /** Empty if there is none. */
    public Optional<ProductAnswer> find(String productId) {
        return jdbc
                .query(
                        FIND,
                        (row, number) -> new ProductAnswer(
                                row.getString(1),
                                row.getString(2),
                                row.getBigDecimal(3),
                                row.getString(4),
                                row.getInt(5),
                                row.getInt(6),
                                row.getInt(5) - row.getInt(6)),
                        productId)
                .stream()
                .findFirst();
    }
}
