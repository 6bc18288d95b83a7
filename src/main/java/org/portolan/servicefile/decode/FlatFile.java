package org.portolan.servicefile.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.portolan.model.Position;
import org.portolan.model.service.Definition;
import org.portolan.servicefile.format.Reading;
import org.portolan.servicefile.yaml.Problems;
import org.portolan.servicefile.yaml.SourceText;
import org.portolan.servicefile.yaml.YamlNode;
import org.portolan.servicefile.yaml.YamlReader;

/**
 * Other YAML files of Portolan, such as its configuration, read with the same rules, messages and limits as Servicefiles:
 * a list of values, each with its path of keys and its place.
 */
public final class FlatFile {
    private final SourceText source;
    private final Problems problems = new Problems();
    private final List<Value> values = new ArrayList<>();

    private FlatFile(SourceText source) {
        this.source = source;
        problems.addFile(source);
    }

    /**
     * A single value or a list of them.
     *
     * @param path the keys that lead to it, joined by dots
     * @param items one for a single value
     * @param at where its key stands
     */
    public record Value(String path, List<String> items, Position at) {}

    /**
     * Reads a file.
     *
     * @param shown its path as people know it
     * @throws org.portolan.model.InvalidInput when it cannot be read as maps of values and lists
     */
    public static List<Value> read(String shown, String text, List<String> secretNames) {
        return read(shown, text, secretNames, nothing -> {});
    }

    /**
     * The same.
     *
     * @param empty gets maps without a key and keys without a value, which are no values
     */
    public static List<Value> read(String shown, String text, List<String> secretNames, Consumer<Key> empty) {
        FlatFile file = new FlatFile(new SourceText(shown, shown, text, secretNames));
        YamlNode root = YamlReader.read(file.source, file.problems);
        file.problems.check();
        if (root instanceof YamlNode.Mapping mapping) {
            file.collect("", mapping, empty);
        } else if (root != null) {
            file.problems.error(
                    root.at(), "expected a map of keys, found " + root.kind(), "for example: edge.http: 80");
        }
        file.problems.check();
        return file.values;
    }

    /**
     * Reads a file of variables, {@code NAME=value} a line.
     *
     * @param shown its path as people know it
     * @throws org.portolan.model.InvalidInput when a line is none; no text of the file is shown
     */
    public static SortedMap<String, String> variables(String shown, String text) {
        Problems problems = new Problems();
        SortedMap<String, Object> read = new TreeMap<>();
        EnvFile.read(new Reading.FileText(shown, shown, text), read, problems);
        problems.check();
        SortedMap<String, String> variables = new TreeMap<>();
        read.forEach((name, value) -> variables.put(name, Definition.text(value)));
        return variables;
    }

    /**
     * A key as it is written.
     *
     * @param path the keys that lead to it and itself, joined by dots
     * @param within the path of the map that it is in; "" for the whole file
     * @param at where it begins
     */
    public record Key(String path, String within, Position at) {}

    /**
     * Every key of a file, in its order: for whoever changes a file as a person would.
     *
     * @param shown its path as people know it
     * @throws org.portolan.model.InvalidInput when it cannot be read
     */
    public static List<Key> keys(String shown, String text, List<String> secretNames) {
        FlatFile file = new FlatFile(new SourceText(shown, shown, text, secretNames));
        YamlNode root = YamlReader.read(file.source, file.problems);
        file.problems.check();
        List<Key> keys = new ArrayList<>();
        if (root instanceof YamlNode.Mapping mapping) {
            keys("", mapping, keys);
        }
        return keys;
    }

    private static void keys(String within, YamlNode.Mapping mapping, List<Key> keys) {
        for (YamlNode.Entry entry : mapping.entries()) {
            String path = within.isEmpty()
                    ? entry.key().text()
                    : within + "." + entry.key().text();
            keys.add(new Key(path, within, entry.key().at()));
            if (entry.value() instanceof YamlNode.Mapping inner) {
                keys(path, inner, keys);
            }
        }
    }

    private void collect(String before, YamlNode.Mapping mapping, Consumer<Key> empty) {
        for (YamlNode.Entry entry : mapping.entries()) {
            String path = before + entry.key().text();
            switch (entry.value()) {
                case YamlNode.Mapping inner -> {
                    collect(path + ".", inner, empty);
                    if (inner.entries().isEmpty()) {
                        empty.accept(new Key(path, before, entry.key().at()));
                    }
                }
                case YamlNode.Sequence list -> list(path, entry, list);
                case YamlNode.Scalar scalar -> {
                    if (!scalar.isNull()) {
                        values.add(new Value(
                                path, List.of(scalar.text()), entry.key().at()));
                    } else {
                        empty.accept(new Key(path, before, entry.key().at()));
                    }
                }
            }
        }
    }

    private void list(String path, YamlNode.Entry entry, YamlNode.Sequence list) {
        List<String> items = new ArrayList<>();
        for (YamlNode item : list.items()) {
            if (item instanceof YamlNode.Scalar scalar) {
                items.add(scalar.text());
            } else {
                problems.error(
                        item.at(),
                        "expected a single value, found " + item.kind(),
                        "a list of " + path + " contains single values");
            }
        }
        values.add(new Value(path, items, entry.key().at()));
    }
}
