package org.portolan.operate;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.container.FileArchive;

/**
 * A tar archive of a volume's data in a file.
 *
 * @param path where it is
 * @param shown what people call it; it is compressed if that ends with {@code .gz} or {@code .tgz}
 */
public record ArchiveFile(Path path, String shown) implements ArchiveTarget {
    private static final int BUFFER = 1 << 16;

    /** The file of that name. */
    public static ArchiveFile of(Path path) {
        return new ArchiveFile(path, path.toString());
    }

    private boolean compressed() {
        return shown.endsWith(".gz") || shown.endsWith(".tgz");
    }

    @Override
    public void requireNew() {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new Failure(Kind.REFUSED, shown + " exists already").withHint("choose another name, or remove it");
        }
    }

    /** The bytes of the archive itself. */
    InputStream open() throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(path), BUFFER);
        return compressed() ? new GZIPInputStream(raw, BUFFER) : raw;
    }

    /**
     * Looks at it to its end.
     *
     * @throws Failure with {@link Kind#INVALID} when it is not a whole archive
     */
    public void check() {
        try (InputStream archive = open()) {
            FileArchive.check(archive);
        } catch (IOException problem) {
            throw new Failure(Kind.INVALID, shown + " is not a whole tar archive: " + reason(problem))
                    .withHint("nothing was changed");
        }
    }

    /** It could not be written. */
    public Failure unwritten(IOException problem) {
        return new Failure(Kind.FAILED, "cannot write " + shown + ": " + reason(problem)).withCause(problem);
    }

    static String reason(IOException problem) {
        return problem instanceof NoSuchFileException
                ? "no such file or folder"
                : problem instanceof AccessDeniedException ? "permission denied" : String.valueOf(problem.getMessage());
    }

    @Override
    public Writing begin() throws IOException {
        // A name that nobody uses, in the same folder, so that it can be renamed.
        Path beside = path.resolveSibling("." + path.getFileName() + "." + UUID.randomUUID() + ".part");
        Files.createFile(beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        OutputStream raw = new BufferedOutputStream(Files.newOutputStream(beside, StandardOpenOption.WRITE), BUFFER);
        return new Part(beside, compressed() ? new GZIPOutputStream(raw, BUFFER) : raw);
    }

    private final class Part implements Writing {
        private final Path beside;
        private final OutputStream out;

        Part(Path beside, OutputStream out) {
            this.beside = beside;
            this.out = out;
        }

        @Override
        public OutputStream out() {
            return out;
        }

        @Override
        public long commit() throws IOException {
            out.close();
            Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
            return Files.size(path);
        }

        @Override
        public void close() {
            try {
                out.close();
            } catch (IOException full) {
                // What was not committed is not wanted.
            }
            try {
                Files.deleteIfExists(beside);
            } catch (IOException left) {
                // A leftover hinders no other backup.
            }
        }
    }
}
