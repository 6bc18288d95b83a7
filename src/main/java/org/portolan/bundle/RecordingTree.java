package org.portolan.bundle;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.source.FileTree;

/** Hands on what a tree has, and keeps it: what was read through it is all that the same reading needs elsewhere. */
final class RecordingTree implements FileTree {
    private final int most;
    private FileTree tree;
    private long handed;
    private final SortedMap<String, byte[]> contents = new TreeMap<>();
    private final Set<String> programs = new TreeSet<>();
    private final SortedMap<String, SortedSet<String>> folders = new TreeMap<>();
    private final Map<String, String> shown = new LinkedHashMap<>();
    private final Map<String, String> places = new LinkedHashMap<>();

    RecordingTree(FileTree tree) {
        this(tree, Integer.MAX_VALUE);
    }

    /** @param most bytes that are handed on; a file counts as often as it is read, since whoever reads it keeps it each time */
    RecordingTree(FileTree tree, int most) {
        this.tree = tree;
        this.most = most;
    }

    @Override
    public Optional<byte[]> read(String path) {
        Optional<byte[]> found = tree.read(path);
        found.ifPresent(content -> {
            handed += content.length;
            if (handed > most) {
                throw new Failure(
                                Kind.INVALID,
                                "the Servicefile names files of more than " + most / 1024 + " KiB, each time counted")
                        .withHint("keep data in volumes or images");
            }
            contents.put(path, content);
        });
        return found;
    }

    @Override
    public Optional<SortedSet<String>> children(String path) {
        Optional<SortedSet<String>> found = tree.children(path);
        found.ifPresent(names -> folders.put(path, names));
        return found;
    }

    @Override
    public boolean executable(String path) {
        boolean program = tree.executable(path);
        if (program) {
            programs.add(path);
        }
        return program;
    }

    @Override
    public String apart() {
        return tree.apart();
    }

    @Override
    public boolean onDisk() {
        return tree.onDisk();
    }

    @Override
    public Optional<Path> place(String path) {
        Optional<Path> found = tree.place(path);
        found.ifPresent(real -> places.put(path, real.toString()));
        return found;
    }

    @Override
    public String shown(String path) {
        String text = tree.shown(path);
        shown.put(path, text);
        return text;
    }

    @Override
    public String describe() {
        return tree.describe();
    }

    /** Lets go of what was not read so far. */
    void keep() {
        tree = recorded();
    }

    /** The bytes of what was read, here and with whoever read it. */
    long bytes() {
        return handed
                + contents.values().stream()
                        .mapToLong(content -> content.length)
                        .sum();
    }

    /** What was read so far. */
    BundledFiles recorded() {
        // A name that stands for itself says nothing.
        Map<String, String> otherwise = new LinkedHashMap<>(shown);
        otherwise.entrySet().removeIf(entry -> entry.getKey().equals(entry.getValue()));
        return new BundledFiles(
                describe(), new TreeMap<>(contents), Set.copyOf(programs), new TreeMap<>(folders), otherwise, places);
    }
}
