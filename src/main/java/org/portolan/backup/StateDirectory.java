package org.portolan.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which files below the state directory a backup holds: all but what is saved otherwise (the store, the key), what is made again
 * (mirrors, the proxies' files, what starts Portolan at boot), logs, and volumes.
 */
final class StateDirectory {
    /** Beginnings of the names of files that are written at the moment, and of what restores set aside. */
    static final String STAGED = ".restore-";

    static final String REPLACED = "replaced-";

    private static final Set<String> LEFT_OUT = Set.of(
            "store",
            "key",
            "data",
            "git",
            "proxies",
            "boot",
            "boot.log",
            "controller",
            "controller.log",
            "logs",
            "uploads");
    /** Of the proxies' files those that the others are made of. */
    private static final String SECRETS = "proxies/secret-";

    private static final String ROUTES = "proxies/parts";

    private static final List<PosixFilePermission> RIGHTS = List.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE,
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private final Path root;
    private final Path volumes;

    StateDirectory(Path root, Path volumes) {
        this.root = root;
        this.volumes = volumes.toAbsolutePath().normalize();
    }

    /** Whether there is nothing in it. */
    static boolean isEmpty(Path root) {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        try (Stream<Path> files = Files.list(root)) {
            return files.allMatch(file -> String.valueOf(file.getFileName()).startsWith(STAGED));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** The files and empty folders, in order. Symbolic links, sockets and the like are none. */
    List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        if (!Files.isDirectory(root)) {
            return files;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return !folder.equals(root) && leftOut(folder)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException problem) throws IOException {
                if (!folder.equals(root) && isEmpty(folder)) {
                    files.add(folder);
                }
                return super.postVisitDirectory(folder, problem);
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !leftOut(file) && !passing(file)) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
                if (problem instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw problem;
            }
        });
        files.sort(Path::compareTo);
        return files;
    }

    private boolean leftOut(Path file) {
        if (file.startsWith(volumes)) {
            return true;
        }
        String path = path(file);
        String first = path.substring(0, path.indexOf('/') < 0 ? path.length() : path.indexOf('/'));
        if (first.equals("proxies")) {
            return !path.equals(first)
                    && !path.startsWith(SECRETS)
                    && !Path.of(path).startsWith(ROUTES);
        }
        return LEFT_OUT.contains(first) || first.startsWith(STAGED) || first.startsWith(REPLACED);
    }

    private static boolean passing(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".lock")
                || name.endsWith(".pid")
                || name.endsWith(".part")
                || (name.startsWith(".") && name.endsWith(".new"));
    }

    /** A file's path below the directory. */
    String path(Path file) {
        return root.relativize(file).toString();
    }

    /** A file's permissions as a number, as {@code chmod} takes it. */
    static int mode(Path file) throws IOException {
        Set<PosixFilePermission> given = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        int mode = 0;
        for (PosixFilePermission right : RIGHTS) {
            mode = mode << 1 | (given.contains(right) ? 1 : 0);
        }
        return mode;
    }

    /** The permissions that {@link #mode} gave. */
    static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        int left = mode;
        for (PosixFilePermission right : RIGHTS.reversed()) {
            if ((left & 1) != 0) {
                permissions.add(right);
            }
            left >>= 1;
        }
        return permissions;
    }
}
