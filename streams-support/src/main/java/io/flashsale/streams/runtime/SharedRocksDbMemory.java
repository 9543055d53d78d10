package io.flashsale.streams.runtime;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * One bound for the memory of all RocksDB stores of an instance. Without it each store of each partition takes a block
 * cache and write buffers of its own, about 100 MB.
 */
final class SharedRocksDbMemory implements AutoCloseable {

    /** Streams makes the setter itself, for each store, and hands it the settings: the memory travels in them. */
    static final String SETTING = "flashsale.rocksdb.shared.memory";

    /** Index and filter blocks count too, and may not be pushed out by data that is read once. */
    private static final double HIGH_PRIORITY_RATIO = 0.2;

    /** Of a write buffer: two bytes for each record of a hundred. */
    private static final double MEMTABLE_FILTER_RATIO = 0.02;

    private final Cache cache;
    private final WriteBufferManager writeBuffers;

    SharedRocksDbMemory(long bytes) {
        RocksDB.loadLibrary();
        this.cache = new LRUCache(bytes, -1, false, HIGH_PRIORITY_RATIO);
        // The write buffers are charged to the cache, half of it at the most.
        this.writeBuffers = new WriteBufferManager(bytes / 2, cache);
    }

    @Override
    public void close() {
        writeBuffers.close();
        cache.close();
    }

    /** Named in {@code rocksdb.config.setter}. */
    public static final class Setter implements RocksDBConfigSetter {

        @Override
        public void setConfig(String storeName, Options options, Map<String, Object> configs) {
            SharedRocksDbMemory memory =
                    (SharedRocksDbMemory) Objects.requireNonNull(configs.get(SETTING), "no shared RocksDB memory");
            BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
            table.setBlockCache(memory.cache);
            table.setCacheIndexAndFilterBlocks(true);
            table.setCacheIndexAndFilterBlocksWithHighPriority(true);
            table.setPinTopLevelIndexAndFilter(true);
            options.setWriteBufferManager(memory.writeBuffers);
            // Most look-ups are of a hold, an order or a key that is new: filters answer them, in every level and in
            // memory.
            options.setOptimizeFiltersForHits(false);
            options.setMemtablePrefixBloomSizeRatio(MEMTABLE_FILTER_RATIO);
            options.setMemtableWholeKeyFiltering(true);
            options.setTableFormatConfig(table);
        }

        /** The memory belongs to the instance, not to a store. */
        @Override
        public void close(String storeName, Options options) {}
    }
}
