package io.flashsale.endtoend;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of its own under a directory, in memory, that can be filled and emptied. Needs the right to mount. */
final class SmallDisk implements AutoCloseable {

    private static final int CHUNK_BYTES = 64 * 1024;

    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    static SmallDisk mount(Path directory, int megabytes) throws IOException {
        Files.createDirectories(directory);
        boolean mounted = Needs.runs(
                "mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "flashsale-test", directory.toString());
        Needs.require(mounted, "the right to mount a tmpfs");
        return new SmallDisk(directory);
    }

    /** A file takes all the room that there is. */
    void fill() {
        byte[] chunk = new byte[CHUNK_BYTES];
        try (OutputStream ballast = Files.newOutputStream(ballast())) {
            while (true) {
                ballast.write(chunk);
            }
        } catch (IOException full) {
            System.out.println("disk: " + directory.toFile().getUsableSpace() + " bytes are left");
        }
    }

    void free() throws IOException {
        Files.delete(ballast());
    }

    private Path ballast() {
        return directory.resolve("ballast");
    }

    /** Also while somebody still has files open there. */
    @Override
    public void close() {
        if (!Needs.runs("umount", directory.toString())) {
            Needs.runs("umount", "--lazy", directory.toString());
        }
    }
}
