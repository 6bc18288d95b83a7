package org.portolan.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/**
 * Files that are whole or as they were, whenever the machine stops: written beside, flushed to the disk, then renamed.
 */
public final class AtomicFiles {
    /** Permissions of a file that only its owner may read. */
    public static final String PRIVATE = "rw-------";

    /** Permissions of a file that everybody may read. */
    public static final String READABLE = "rw-r--r--";

    private static final AtomicLong COUNTER = new AtomicLong();

    private AtomicFiles() {}

    /**
     * Writes or replaces a file. Its folder must exist.
     *
     * @param permissions as {@code ls} shows them, whatever the umask: {@link #PRIVATE}, {@link #READABLE}
     * @throws org.portolan.model.Failure when it cannot be written; the old content is then still there
     */
    public static void write(Path file, byte[] content, String permissions) {
        try {
            Path beside = writeBeside(file, content, permissions);
            try {
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    // Whoever made a folder of this name: a file cannot take its place.
                    StateFiles.setAside(file);
                }
                Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException problem) {
                Files.deleteIfExists(beside);
                throw problem;
            }
            flushFolder(file);
        } catch (IOException problem) {
            throw FileProblems.failure("write", file, problem);
        }
    }

    /**
     * Replaces a file, whose owner, group and permissions stay.
     *
     * @param as whose and for whom the file is
     * @throws org.portolan.model.Failure when it cannot be written, or this user may not leave it to its owner and group; the old
     *     content is then still there
     */
    public static void replace(Path file, byte[] content, PosixFileAttributes as) {
        try {
            Path beside = writeBeside(file, content, PRIVATE);
            try {
                give(file, beside, as);
                Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(beside);
            }
            flushFolder(file);
        } catch (IOException problem) {
            throw FileProblems.failure("write", file, problem);
        }
    }

    private static void give(Path file, Path beside, PosixFileAttributes as) throws IOException {
        PosixFileAttributeView made =
                Files.getFileAttributeView(beside, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        PosixFileAttributes now = made.readAttributes();
        try {
            if (!now.group().equals(as.group())) {
                made.setGroup(as.group());
            }
            if (!now.owner().equals(as.owner())) {
                made.setOwner(as.owner());
            }
        } catch (IOException denied) {
            throw new Failure(
                            Kind.REFUSED,
                            "cannot replace " + file + ": it is of "
                                    + as.owner().getName() + " and the group "
                                    + as.group().getName() + ", and would not be afterwards")
                    .withHint("run as " + as.owner().getName() + " or root, or change it by hand")
                    .withCause(denied);
        }
        made.setPermissions(as.permissions());
    }

    /**
     * Makes an empty file that tells other processes something. It is not flushed to the disk: use it only for what means
     * nothing any more once the machine was down.
     */
    public static void mark(Path file) {
        try {
            if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                StateFiles.setAside(file);
            }
            FileChannel.open(
                            file,
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)))
                    .close();
        } catch (IOException problem) {
            throw FileProblems.failure("write", file, problem);
        }
    }

    /**
     * Writes a file unless there is one already: of many that try at once, one wins and all then see its content whole.
     *
     * @return whether this call made it
     */
    public static boolean create(Path file, byte[] content, String permissions) {
        try {
            Path beside = writeBeside(file, content, permissions);
            try {
                Files.createLink(file, beside);
            } catch (FileAlreadyExistsException already) {
                return false;
            } finally {
                Files.deleteIfExists(beside);
            }
            flushFolder(file);
            return true;
        } catch (IOException problem) {
            throw FileProblems.failure("create", file, problem);
        }
    }

    private static Path writeBeside(Path file, byte[] content, String permissions) throws IOException {
        Set<PosixFilePermission> wanted = PosixFilePermissions.fromString(permissions);
        Path beside = file.resolveSibling("." + file.getFileName() + "."
                + ProcessHandle.current().pid() + "." + COUNTER.incrementAndGet() + ".new");
        // A process of this number may have been killed here before.
        Files.deleteIfExists(beside);
        try (FileChannel channel = FileChannel.open(
                beside,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)))) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            if (!permissions.equals(PRIVATE)) {
                Files.setPosixFilePermissions(beside, wanted);
            }
            channel.force(true);
        } catch (IOException problem) {
            Files.deleteIfExists(beside);
            throw problem;
        }
        return beside;
    }

    private static void flushFolder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
