package org.portolan.store.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.AtomicFiles;
import org.portolan.process.FileProblems;
import org.portolan.process.Home;

/**
 * Where the embedded server's socket is: in its folder, or, since the kernel takes at most 108 bytes, in a short folder of
 * the user's own whose path is written in the file {@code socket}.
 */
final class SocketPath {
    private static final int LONGEST = 100;
    private static final String NAME = "redis.sock";
    private static final String POINTER = "socket";

    private SocketPath() {}

    /** The socket's path as it stands; the socket need not exist. */
    static Path of(Path directory) {
        Path near = directory.resolve(NAME);
        if (fits(near)) {
            return near;
        }
        Path pointer = directory.resolve(POINTER);
        try {
            return Files.exists(pointer) ? Path.of(Files.readString(pointer).strip()) : elsewhere(directory);
        } catch (IOException problem) {
            throw FileProblems.failure("read", pointer, problem);
        }
    }

    /** The socket's path, with a folder to put it in. */
    static Path make(Path directory) {
        Path near = directory.resolve(NAME);
        if (fits(near)) {
            return near;
        }
        Path socket = elsewhere(directory);
        Path folder = socket.resolveSibling("");
        Home.makeFolder(folder);
        checkOwn(folder);
        AtomicFiles.write(
                directory.resolve(POINTER), (socket + "\n").getBytes(StandardCharsets.UTF_8), AtomicFiles.PRIVATE);
        return socket;
    }

    private static boolean fits(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST;
    }

    private static Path elsewhere(Path directory) {
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        Path own = runtime == null || runtime.isEmpty() || !Files.isDirectory(Path.of(runtime))
                ? Path.of("/tmp", "portolan-" + System.getProperty("user.name", "") + "-" + hash(directory))
                : Path.of(runtime, "portolan-" + hash(directory));
        return own.resolve(NAME);
    }

    // FNV-1a, 64 bits: a name that is the same in every process, without loading a digest.
    private static String hash(Path directory) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : directory.toString().getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return Long.toHexString(hash);
    }

    // In a folder that everybody can write in, somebody else may have made this one first.
    private static void checkOwn(Path folder) {
        try {
            PosixFileAttributes attributes =
                    Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            boolean closed =
                    PosixFilePermissions.toString(attributes.permissions()).endsWith("------");
            if (!attributes.isDirectory()
                    || !closed
                    || !attributes.owner().getName().equals(System.getProperty("user.name"))) {
                throw new Failure(Kind.CONFLICT, folder + " is accessible to other users")
                        .withHint("remove it, or set PORTOLAN_HOME to a path shorter than " + LONGEST + " bytes");
            }
        } catch (IOException problem) {
            throw FileProblems.failure("inspect", folder, problem);
        }
    }
}
