package org.portolan.importer.draft;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.servicefile.yaml.Problems;
import org.portolan.servicefile.yaml.SourceText;
import org.portolan.servicefile.yaml.YamlNode;
import org.portolan.servicefile.yaml.YamlReader;
import org.portolan.source.FileTree;

/** The input and the files beside it. */
public final class InputFiles {
    private final FileTree tree;
    private final Problems problems;
    private final List<String> secretNames;

    /**
     * Reads nothing yet.
     *
     * @param problems gets the faults of files that are not valid YAML
     */
    public InputFiles(FileTree tree, Problems problems, List<String> secretNames) {
        this.tree = tree;
        this.problems = problems;
        this.secretNames = secretNames;
    }

    /** What is at a path. */
    public enum Presence {
        FILE,
        FOLDER,
        MISSING,
        /** Outside of what may be read. */
        OUTSIDE
    }

    public Presence presence(@Nullable String path) {
        if (path == null) {
            return Presence.OUTSIDE;
        }
        try {
            if (tree.children(path).isPresent()) {
                return Presence.FOLDER;
            }
            return tree.read(path).isPresent() ? Presence.FILE : Presence.MISSING;
        } catch (FileTree.OutsideTree outside) {
            return Presence.OUTSIDE;
        } catch (Failure unreadable) {
            return Presence.OUTSIDE;
        }
    }

    /** Whether a container can mount what is at a path, named relative to the Servicefile. */
    public boolean mountable(@Nullable String path) {
        try {
            return path != null && tree.onDisk() && tree.place(path).isPresent();
        } catch (FileTree.OutsideTree | Failure outside) {
            return false;
        }
    }

    /** The names in a folder; none when it is not one. */
    public SortedSet<String> children(String path) {
        try {
            return tree.children(path).orElseGet(TreeSet::new);
        } catch (FileTree.OutsideTree | Failure outside) {
            return new TreeSet<>();
        }
    }

    /** The bytes of a file; more than any limit when it cannot be read. */
    public long size(String path) {
        try {
            return tree.read(path).map(bytes -> (long) bytes.length).orElse(0L);
        } catch (FileTree.OutsideTree | Failure unreadable) {
            return Long.MAX_VALUE / 2;
        }
    }

    /** A file's text; empty when there is none that can be read. */
    public Optional<String> text(@Nullable String path) {
        if (presence(path) != Presence.FILE || path == null) {
            return Optional.empty();
        }
        String text = new String(tree.read(path).orElseThrow(), StandardCharsets.UTF_8);
        return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    /** A file's tree; empty when there is none, or it is not valid, which is reported as a problem. */
    public Optional<YamlNode> yaml(@Nullable String path, UnaryOperator<String> prepare) {
        Optional<String> text = text(path);
        if (text.isEmpty() || path == null) {
            return Optional.empty();
        }
        SourceText source = new SourceText(tree.shown(path), path, prepare.apply(text.get()), secretNames);
        problems.addFile(source);
        return Optional.ofNullable(YamlReader.read(source, problems));
    }

    /** The path that a name means in a file; null when it leads out of the tree. */
    public static @Nullable String resolve(String from, String name) {
        if (name.isEmpty() || name.startsWith("/") || name.startsWith("~")) {
            return null;
        }
        List<String> parts = new ArrayList<>();
        String folder = from.substring(0, from.lastIndexOf('/') + 1);
        for (String part : (folder + name).split("/", -1)) {
            if (part.equals("..")) {
                if (parts.isEmpty()) {
                    return null;
                }
                parts.remove(parts.size() - 1);
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return String.join("/", parts);
    }

    /** An absolute path of the machine, from a folder's and a relative one; {@code ~} is the home directory. */
    public static @Nullable String absolute(String name, ImportOptions options) {
        if (name.startsWith("/")) {
            return name;
        }
        if (name.equals("~") || name.startsWith("~/")) {
            return options.home().map(home -> home + name.substring(1)).orElse(null);
        }
        String joined = resolve(options.folder().substring(1) + "/", name);
        return joined == null ? null : "/" + joined;
    }
}
