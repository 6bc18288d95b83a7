package org.portolan.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.operate.ArchiveFile;
import org.portolan.process.Home;

/**
 * The archive of a restore that somebody sends. All of it is in a file of this machine before anything of the volume is touched: a
 * connection that breaks changes nothing, and a volume is never half of one and half of another for as long as a slow line takes.
 */
final class ReceivedArchive implements AutoCloseable {
    /** Below the state directory. */
    static final String FOLDER = "uploads";

    /** Of the disk so much stays free, or a tenth where that is less. */
    private static final long FREE = 1L << 30;

    private static final int LOOK_EVERY = 16 << 20;
    private static final String UNCHANGED = "nothing was changed";

    private final Path folder;
    private final Path file;
    private final String shown;

    /**
     * One that is not there yet.
     *
     * @param folder where it may lie
     * @param id of its operation
     * @param shown what people call it
     */
    ReceivedArchive(Path folder, String id, String shown) {
        this.folder = folder;
        this.file = folder.resolve(id + ".archive");
        this.shown = shown;
    }

    /** As a restore reads it. */
    ArchiveFile archive() {
        return new ArchiveFile(file, shown);
    }

    /** Those that a process left which was killed. */
    static void sweep(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "*.archive")) {
            for (Path each : left) {
                Files.deleteIfExists(each);
            }
        } catch (IOException notNow) {
            // They only take room; the next leader tries it again.
        }
    }

    /**
     * Takes it.
     *
     * @param bytes how many there are
     * @param stopped becomes true when it is no longer wanted
     * @param stands whether whoever sends it still may
     * @throws Failure when it is not there whole afterwards
     */
    void take(Operation operation, long bytes, BooleanSupplier stopped, BooleanSupplier stands) {
        requireRoom(bytes);
        operation.lines().add(Map.of("archive", "wanted"));
        ArchiveHandover.Carrier carrier;
        try {
            carrier = operation.archive().await(stopped, UNCHANGED);
        } catch (Failure nobody) {
            throw stopped.getAsBoolean() ? stopped() : nobody;
        }
        try {
            take(carrier.in(), bytes, stopped, stands);
            carrier.done(true);
        } finally {
            carrier.done(false);
        }
    }

    private void take(InputStream in, long bytes, BooleanSupplier stopped, BooleanSupplier stands) {
        Home.makeFolder(folder);
        long size = 0;
        try (OutputStream out = Files.newOutputStream(
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
                StandardOpenOption.WRITE)) {
            byte[] part = new byte[1 << 16];
            long look = LOOK_EVERY;
            for (int read = read(in, part); read >= 0; read = read(in, part)) {
                size += read;
                if (size > bytes) {
                    throw new Failure(Kind.INVALID, "more was sent of " + shown + " than was announced")
                            .withHint(UNCHANGED);
                }
                if (stopped.getAsBoolean()) {
                    throw stopped();
                }
                if (!stands.getAsBoolean()) {
                    throw new Failure(Kind.REFUSED, "the token was removed, or has expired").withHint(UNCHANGED);
                }
                out.write(part, 0, read);
                if (size >= look) {
                    look += LOOK_EVERY;
                    requireRoom(bytes - size);
                }
            }
        } catch (IOException unwritten) {
            throw new Failure(
                            Kind.UNAVAILABLE, "cannot keep " + shown + " in " + folder + ": " + unwritten.getMessage())
                    .withHint(UNCHANGED)
                    .withCause(unwritten);
        }
        if (size < bytes) {
            throw broke(new IOException(size + " of " + bytes + " bytes came"));
        }
    }

    private static int read(InputStream in, byte[] part) {
        try {
            return in.read(part);
        } catch (IOException broken) {
            throw broke(broken);
        }
    }

    private static Failure broke(IOException cause) {
        return new Failure(Kind.UNREACHABLE, "the connection broke before the archive was there whole")
                .withHint(UNCHANGED)
                .withCause(cause);
    }

    private static Failure stopped() {
        return new Failure(Kind.FAILED, "the restore was stopped").withHint(UNCHANGED);
    }

    private void requireRoom(long more) {
        Home.makeFolder(folder);
        long free = folder.toFile().getUsableSpace();
        if (free - more < reserve(folder.toFile().getTotalSpace())) {
            throw new Failure(
                            Kind.REFUSED,
                            shown + " does not fit on the disk of " + folder + ": " + megabytes(more) + " more, and "
                                    + megabytes(free) + " are free")
                    .withHint(
                            "bring it to the controller's machine, and restore it there; its disk keeps 1 GiB free, or a tenth");
        }
    }

    static long reserve(long total) {
        return Math.min(FREE, total / 10);
    }

    private static String megabytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException left) {
            // The next leader removes it.
        }
    }
}
