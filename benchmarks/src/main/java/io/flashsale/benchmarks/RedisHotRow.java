package io.flashsale.benchmarks;

import io.flashsale.benchmarks.ClosedLoop.Worker;
import io.flashsale.local.PipelineException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/** One key is the product, and each hold is another one; a script decides, so nobody comes between. */
final class RedisHotRow implements HotRow {

    /** How many calls are sent before the answers are waited for, where they are sent in batches. */
    private static final int BATCH = 64;

    /** Of one answer: a slow disk shall be measured, not broken off. */
    private static final int TIMEOUT_MILLIS = 60_000;

    private static final String AVAILABLE = "available_stock";
    private static final String SCRIPT = """
            local available = tonumber(redis.call('HGET', KEYS[1], 'available_stock'))
            local quantity = tonumber(ARGV[1])
            if not available or available < quantity then return -1 end
            redis.call('HINCRBY', KEYS[1], 'available_stock', -quantity)
            redis.call('HSET', KEYS[2], 'product_id', ARGV[2], 'quantity', quantity, 'status', 'active', 'expires_at', ARGV[3])
            return available - quantity
            """;

    private final PeerServer server;
    private final boolean pipelined;
    private final String product;

    /** @param pipelined whether calls are sent in batches, as a consumer of a log could */
    RedisHotRow(PeerServer server, boolean pipelined) {
        this.server = server;
        this.pipelined = pipelined;
        this.product = pipelined ? "hot-pipelined" : "hot";
        try (Jedis jedis = connect()) {
            jedis.hset(product, AVAILABLE, Integer.toString(SqlHotRow.STOCK));
        }
    }

    @Override
    public String name() {
        return server.kind().name().toLowerCase(Locale.ROOT) + (pipelined ? "_pipelined" : "");
    }

    @Override
    public String label() {
        return server.kind().label() + ", Lua" + (pipelined ? ", batches of " + BATCH : "");
    }

    @Override
    public Worker newWorker() {
        Jedis jedis = connect();
        byte[] script = jedis.scriptLoad(SCRIPT).getBytes(StandardCharsets.US_ASCII);
        return new RedisWorker(jedis, script);
    }

    @Override
    public void requireHolds(long placed) {
        try (Jedis jedis = connect()) {
            long taken = SqlHotRow.STOCK - Long.parseLong(jedis.hget(product, AVAILABLE));
            // All other keys are holds.
            long held = jedis.dbSize() - 1;
            if (taken != placed || held != placed) {
                throw new PipelineException("The result of %s is wrong: expected %,d, taken %,d, held %,d"
                        .formatted(label(), placed, taken, held));
            }
        }
    }

    @Override
    public void close() {
        try (Jedis jedis = connect()) {
            // So that the next one counts its own keys.
            jedis.flushAll();
        }
    }

    private Jedis connect() {
        return new Jedis("127.0.0.1", server.port(), TIMEOUT_MILLIS);
    }

    private final class RedisWorker implements Worker {

        private final Jedis jedis;
        private final byte[] script;
        private final byte[] key = product.getBytes(StandardCharsets.US_ASCII);

        RedisWorker(Jedis jedis, byte[] script) {
            this.jedis = jedis;
            this.script = script;
        }

        @Override
        public int work() {
            if (!pipelined) {
                requireTaken(jedis.evalsha(script, keys(), arguments()));
                return 1;
            }
            Pipeline batch = jedis.pipelined();
            List<Response<Object>> answers = new ArrayList<>(BATCH);
            for (int i = 0; i < BATCH; i++) {
                answers.add(batch.evalsha(script, keys(), arguments()));
            }
            batch.sync();
            answers.forEach(answer -> requireTaken(answer.get()));
            return BATCH;
        }

        @Override
        public void close() {
            jedis.close();
        }

        private List<byte[]> keys() {
            return List.of(key, UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII));
        }

        private List<byte[]> arguments() {
            String expiresAt = Long.toString(System.currentTimeMillis() + 120_000);
            return List.of(new byte[] {'1'}, key, expiresAt.getBytes(StandardCharsets.US_ASCII));
        }

        private static void requireTaken(Object left) {
            if ((Long) left < 0) {
                throw new PipelineException("The stock of the benchmark is sold out.");
            }
        }
    }
}
