package org.portolan.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/**
 * A folder's files. A path is followed through its symbolic links to the real file, which must lie under the real root;
 * Git's own folder is not part of the tree. Not for use by several threads.
 */
public final class LocalFiles implements FileTree {
    private static final String GIT_FOLDER = ".git";

    private final Path root;
    private final Path workingDirectory;
    private final boolean absolute;
    private final Map<String, String> given = new LinkedHashMap<>();
    private final Map<String, byte[]> known = new HashMap<>();
    private final Map<Path, byte[]> contents = new LinkedHashMap<>();
    private final Set<String> missing = new HashSet<>();
    private final Map<String, Optional<SortedSet<String>>> listed = new HashMap<>();

    /**
     * @param root the folder's real path
     * @param workingDirectory what shown paths are relative to
     * @param absolute whether paths are shown absolute, as the user wrote them
     */
    public LocalFiles(Path root, Path workingDirectory, boolean absolute) {
        this.root = root;
        this.workingDirectory = workingDirectory;
        this.absolute = absolute;
    }

    /** Shows a path the way the user wrote it. */
    public LocalFiles showing(String path, String asWritten) {
        given.put(path, asWritten);
        return this;
    }

    @Override
    public Optional<byte[]> read(String path) {
        byte[] seen = known.get(path);
        if (seen != null) {
            return Optional.of(seen.clone());
        }
        Optional<byte[]> found = find(path);
        if (found.isEmpty()) {
            missing.add(path);
        }
        return found;
    }

    /** Whether a file that was read is another now, or one that was not there is there; what cannot be read counts too. */
    public boolean changed() {
        LocalFiles now = new LocalFiles(root, workingDirectory, absolute);
        try {
            for (Map.Entry<String, byte[]> entry : known.entrySet()) {
                if (!Arrays.equals(now.read(entry.getKey()).orElse(null), entry.getValue())) {
                    return true;
                }
            }
            for (String path : missing) {
                if (now.read(path).isPresent()) {
                    return true;
                }
            }
            for (Map.Entry<String, Optional<SortedSet<String>>> entry : listed.entrySet()) {
                if (!now.children(entry.getKey()).equals(entry.getValue())) {
                    return true;
                }
            }
            return false;
        } catch (OutsideTree | Failure unreadable) {
            return true;
        }
    }

    @Override
    public Optional<SortedSet<String>> children(String path) {
        Optional<SortedSet<String>> names = seen(path, () -> {
            Path real = inside(path);
            if (!Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            try (Stream<Path> entries = Files.list(real)) {
                return Optional.of(entries.map(entry -> String.valueOf(entry.getFileName()))
                        .filter(name -> !name.equals(GIT_FOLDER))
                        .collect(Collectors.toCollection(TreeSet::new)));
            }
        });
        listed.put(path, names);
        return names;
    }

    @Override
    public boolean executable(String path) {
        return seen(path, () -> Optional.of(Files.isExecutable(inside(path)))).orElse(false);
    }

    @Override
    public boolean onDisk() {
        return true;
    }

    @Override
    public Optional<Path> place(String path) {
        return seen(path, () -> {
            Path real = inside(path);
            if (Files.exists(real.resolve(GIT_FOLDER), LinkOption.NOFOLLOW_LINKS)) {
                throw new Failure(Kind.INVALID, "Git's own folder is in " + shown(path) + ": name a folder below it");
            }
            return Optional.of(real);
        });
    }

    private Optional<byte[]> find(String path) {
        return seen(path, () -> {
            Path real = inside(path);
            byte[] content = content(path, real);
            known.put(path, content);
            contents.put(real, content);
            return Optional.of(content.clone());
        });
    }

    /** Looks at a path. */
    private interface Look<T> {
        Optional<T> look() throws IOException;
    }

    /** What is seen there; empty when nothing is there. */
    private <T> Optional<T> seen(String path, Look<T> look) {
        try {
            return look.look();
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (FileSystemLoopException loop) {
            throw failure(path, "symbolic link loop");
        } catch (AccessDeniedException denied) {
            throw failure(path, "permission denied");
        } catch (FileSystemException problem) {
            String reason = problem.getReason();
            if ("Not a directory".equals(reason)) {
                return Optional.empty();
            }
            throw failure(path, reason == null ? "the file system gave no reason" : reason);
        } catch (IOException problem) {
            throw failure(path, String.valueOf(problem.getMessage()));
        }
    }

    /** What was read so far, by real path. */
    public Map<Path, byte[]> contents() {
        return Collections.unmodifiableMap(contents);
    }

    public Path root() {
        return root;
    }

    @Override
    public String shown(String path) {
        String written = given.get(path);
        if (written != null) {
            return written;
        }
        Path target = root.resolve(path).normalize();
        return absolute
                ? target.toString()
                : workingDirectory.relativize(target).toString();
    }

    @Override
    public String describe() {
        return root.toString();
    }

    private Path inside(String path) throws IOException {
        Path wanted;
        try {
            wanted = root.resolve(path).normalize();
        } catch (InvalidPathException invalid) {
            throw new NoSuchFileException(path);
        }
        if (!isInside(wanted)) {
            throw new OutsideTree(path);
        }
        Path real;
        try {
            real = wanted.toRealPath();
        } catch (NoSuchFileException missing) {
            // A link whose target is missing must not tell whether something is there outside the root.
            if (Files.isSymbolicLink(wanted)
                    && !isInside(wanted.resolveSibling(Files.readSymbolicLink(wanted))
                            .normalize())) {
                throw new OutsideTree(path);
            }
            throw missing;
        }
        if (!isInside(real)) {
            throw new OutsideTree(path);
        }
        return real;
    }

    private boolean isInside(Path path) {
        if (!path.startsWith(root)) {
            return false;
        }
        for (int i = root.getNameCount(); i < path.getNameCount(); i++) {
            if (path.getName(i).toString().equals(GIT_FOLDER)) {
                return false;
            }
        }
        return true;
    }

    private byte[] content(String path, Path real) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isDirectory()) {
            throw failure(path, "it is a folder");
        }
        if (!attributes.isRegularFile()) {
            // A pipe or a device would block for ever.
            throw failure(path, "it is not a regular file");
        }
        // The path is real, so a link that stands there now was put there after the check.
        try (InputStream in = Files.newInputStream(real, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                throw TooLarge.of(shown(path));
            }
            return bytes;
        }
    }

    private Failure failure(String path, String reason) {
        return new Failure(Kind.INVALID, "cannot read " + shown(path) + ": " + reason);
    }
}
