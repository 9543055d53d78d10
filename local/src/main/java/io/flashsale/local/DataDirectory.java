package io.flashsale.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The directory that keeps everything of one pipeline between runs. One process at a time uses it, and only what this
 * program made is ever deleted: a marker file says so.
 */
final class DataDirectory implements AutoCloseable {

    static final String MARKER = ".made-by-flashsale";

    private static final String LOCK = ".lock";
    private static final String CLUSTER_ID = "cluster-id";

    /** Longer than children take to end when their parent is gone. */
    private static final Duration LEFTOVERS_DEADLINE = Duration.ofSeconds(20);

    private final Path root;
    private final FileChannel lock;

    private DataDirectory(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /**
     * Makes the directory if it is missing, locks it, and waits for the children of an earlier run whose parent was
     * killed: they still write here, and hold ports.
     *
     * @param fresh delete what it contains
     */
    static DataDirectory open(Path directory, boolean fresh) {
        Path root = directory.toAbsolutePath().normalize();
        try {
            claim(root);
            // A link is followed once, here: what walks through the directory would take it for a file.
            Path real = root.toRealPath();
            DataDirectory data = new DataDirectory(real, lock(real));
            try {
                if (fresh) {
                    data.empty();
                } else {
                    data.awaitLeftovers();
                }
                return data;
            } catch (IOException | RuntimeException failed) {
                data.close();
                throw failed;
            }
        } catch (IOException failed) {
            throw new PipelineException(root + " cannot be used as the data directory: " + failed + ".", failed);
        }
    }

    /** Locks a directory that is there already, made by this program, and changes nothing in it. */
    static DataDirectory openExisting(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        if (!Files.exists(root)) {
            throw new PipelineException("There is no " + root + ".");
        }
        if (!Files.exists(root.resolve(MARKER))) {
            throw new PipelineException(root + " was not made by this program.");
        }
        try {
            Path real = root.toRealPath();
            return new DataDirectory(real, lock(real));
        } catch (IOException failed) {
            throw new PipelineException(root + " cannot be read: " + failed + ".", failed);
        }
    }

    Path root() {
        return root;
    }

    Path logs() {
        return root.resolve("logs");
    }

    Path log(String name) {
        return logs().resolve(name + ".log");
    }

    Path processes() {
        return root.resolve("processes");
    }

    Path processFile(String name) {
        return processes().resolve(name);
    }

    Path temporary(String name) {
        return root.resolve("tmp").resolve(name);
    }

    Path state(String name) {
        return root.resolve("state").resolve(name);
    }

    Path kafka(String name) {
        return root.resolve("kafka").resolve(name);
    }

    /** The id of the local broker's cluster: made once, then kept with its data. */
    String localClusterId() {
        return readOrWrite(kafka(CLUSTER_ID), Uuid.randomUuid().toString());
    }

    /** The topics' copies and the nodes' votes are laid out for so many brokers. */
    void requireBrokers(int count) {
        // Before this was written down, there was always one.
        int before = Files.exists(kafka(CLUSTER_ID)) ? 1 : count;
        int known = Integer.parseInt(readOrWrite(kafka("brokers"), Integer.toString(before)));
        if (known != count) {
            throw new PipelineException("Kafka's data in " + root + " is laid out for " + known
                    + (known == 1 ? " broker" : " brokers") + ", not for " + count
                    + ": choose another directory with --data, or begin anew with --fresh.");
        }
    }

    /** Local state is a copy of one cluster's topics; with another cluster it would be silently wrong. */
    void requireStateOf(String clusterId) {
        String known = readOrWrite(root.resolve("state").resolve(CLUSTER_ID), clusterId);
        if (!known.equals(clusterId)) {
            throw new PipelineException("The state in " + root + " belongs to the Kafka cluster " + known + ", not to "
                    + clusterId + ": choose another directory with --data, or begin anew with --fresh.");
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException harmless) {
            // The lock ends with this process anyway.
        }
    }

    private static String readOrWrite(Path file, String initial) {
        try {
            if (!Files.exists(file)) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, initial);
            }
            return Files.readString(file).trim();
        } catch (IOException failed) {
            throw new PipelineException(file + " cannot be read or written: " + failed + ".", failed);
        }
    }

    private static void claim(Path root) throws IOException {
        if (Files.exists(root.resolve(MARKER))) {
            return;
        }
        if (Files.exists(root) && !isEmptyDirectory(root)) {
            throw new PipelineException(
                    root + " was not made by this program: choose an empty or a new directory with --data.");
        }
        Files.createDirectories(root);
        Files.writeString(
                root.resolve(MARKER),
                "This directory belongs to ./flashsale, which may delete everything in it (--fresh).\n");
    }

    private static boolean isEmptyDirectory(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (Stream<Path> contents = Files.list(path)) {
            return contents.findAny().isEmpty();
        }
    }

    private static FileChannel lock(Path root) throws IOException {
        FileChannel channel = FileChannel.open(root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException inThisProcess) {
            // Answered below.
        }
        channel.close();
        throw new PipelineException(
                root + " is in use by another run: stop that one first, or choose another directory with --data.");
    }

    private void awaitLeftovers() throws IOException {
        ProcessFile.awaitLeftovers(processes(), LEFTOVERS_DEADLINE);
    }

    /** Files and bytes. */
    record Size(long files, long bytes) {

        private Size plus(Size other) {
            return new Size(files + other.files, bytes + other.bytes);
        }
    }

    /** What {@link #empty} would delete, by the name of the file or folder in the directory. */
    SortedMap<String, Size> contents() throws IOException {
        SortedMap<String, Size> contents = new TreeMap<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (!isOurs(file)) {
                    contents.merge(
                            root.relativize(file).getName(0).toString(), new Size(1, attributes.size()), Size::plus);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return contents;
    }

    /** Deletes everything but the directory itself, its mark and its lock; waits for who still writes there. */
    void empty() throws IOException {
        // Before the deletion, which takes the notes of living children away too.
        awaitLeftovers();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!isOurs(file)) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed) throws IOException {
                if (failed != null) {
                    throw failed;
                }
                if (!directory.equals(root)) {
                    Files.delete(directory);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private boolean isOurs(Path file) {
        return file.equals(root.resolve(MARKER)) || file.equals(root.resolve(LOCK));
    }
}
