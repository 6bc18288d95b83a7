package org.portolan.servicefile;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.source.FileTree;

/** A file tree of a test's own. */
final class MemoryTree implements FileTree {
    private final Map<String, byte[]> files = new TreeMap<>();
    private boolean disk;

    static MemoryTree of(String servicefile) {
        return new MemoryTree().with("Servicefile", servicefile);
    }

    MemoryTree with(String path, String text) {
        files.put(path, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    MemoryTree withBytes(String path, byte[] bytes) {
        files.put(path, bytes);
        return this;
    }

    @Override
    public Optional<byte[]> read(String path) {
        if (path.startsWith("linked/")) {
            throw new OutsideTree(path);
        }
        return Optional.ofNullable(files.get(path));
    }

    @Override
    public Optional<SortedSet<String>> children(String path) {
        String start = path.isEmpty() ? "" : path + "/";
        SortedSet<String> names = new TreeSet<>();
        for (String file : files.keySet()) {
            if (file.startsWith(start)) {
                String rest = file.substring(start.length());
                names.add(rest.contains("/") ? rest.substring(0, rest.indexOf('/')) : rest);
            }
        }
        return names.isEmpty() ? Optional.empty() : Optional.of(names);
    }

    @Override
    public boolean executable(String path) {
        return path.endsWith(".sh");
    }

    /** From now on its files are on disk, in {@code /repository}. */
    MemoryTree onDisk(boolean really) {
        disk = really;
        return this;
    }

    @Override
    public boolean onDisk() {
        return disk;
    }

    @Override
    public Optional<Path> place(String path) {
        if (path.startsWith("linked/")) {
            throw new OutsideTree(path);
        }
        return files.containsKey(path) || children(path).isPresent()
                ? Optional.of(Path.of("/repository", path))
                : Optional.empty();
    }

    @Override
    public String shown(String path) {
        return path;
    }

    @Override
    public String describe() {
        return "the test's tree";
    }
}
