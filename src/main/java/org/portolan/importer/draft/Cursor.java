package org.portolan.importer.draft;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Position;
import org.portolan.servicefile.yaml.YamlNode;

/** A place in the input. Taking a text out of it, or saying what became of it, counts it as used. */
public final class Cursor {
    private final Intake intake;
    private final YamlNode node;
    private final String path;
    private final Position at;

    Cursor(Intake intake, YamlNode node, String path, Position at) {
        this.intake = intake;
        this.node = node;
        this.path = path;
        this.at = at;
    }

    /** A key of a map with its value. */
    public record Pair(String key, Cursor value) {}

    public Position at() {
        return at;
    }

    /** The path of keys that leads here. */
    public String path() {
        return path;
    }

    public YamlNode node() {
        return node;
    }

    public boolean isMap() {
        return node instanceof YamlNode.Mapping;
    }

    public boolean isList() {
        return node instanceof YamlNode.Sequence;
    }

    /** A single value that is not null. */
    public boolean isText() {
        return node instanceof YamlNode.Scalar scalar && !scalar.isNull();
    }

    public boolean isNull() {
        return YamlNode.isNull(node);
    }

    /** The value of a key; null when it is not there, or says nothing. */
    public @Nullable Cursor get(String key) {
        if (!(node instanceof YamlNode.Mapping map)) {
            return null;
        }
        YamlNode.Entry entry = map.entry(key);
        if (entry == null) {
            return null;
        }
        if (YamlNode.isNull(entry.value())) {
            intake.use(entry.value());
            return null;
        }
        return at(entry);
    }

    /** The text of a key; null when there is none. */
    public @Nullable String text(String key) {
        Cursor value = get(key);
        return value != null && value.isText() ? value.text() : null;
    }

    /** The entries of a map; none when it is not one. */
    public List<Pair> entries() {
        List<Pair> pairs = new ArrayList<>();
        if (node instanceof YamlNode.Mapping map) {
            map.entries().forEach(entry -> pairs.add(new Pair(entry.key().text(), at(entry))));
        }
        return pairs;
    }

    /** The items of a list; of anything else that is there, itself. */
    public List<Cursor> items() {
        if (!(node instanceof YamlNode.Sequence list)) {
            return isNull() ? List.of() : List.of(this);
        }
        List<Cursor> items = new ArrayList<>();
        for (YamlNode item : list.items()) {
            items.add(new Cursor(intake, item, path + "[" + items.size() + "]", item.at()));
        }
        return items;
    }

    /** The text here, which is used now; "" when there is none. */
    public String text() {
        if (node instanceof YamlNode.Scalar scalar) {
            intake.use(scalar);
            return scalar.isNull() ? "" : scalar.text();
        }
        return "";
    }

    /** The text here, without using it. */
    public String peek() {
        return node instanceof YamlNode.Scalar scalar && !scalar.isNull() ? scalar.text() : "";
    }

    /** The texts of a list, or of a single value. */
    public List<String> texts() {
        List<String> texts = new ArrayList<>();
        items().forEach(item -> {
            if (item.isText()) {
                texts.add(item.text());
            }
        });
        return texts;
    }

    /** Counts everything here as used. */
    public void use() {
        intake.use(node);
    }

    /** Reports that this is not in the Servicefile. */
    public void lost(String why) {
        use();
        intake.remark(at, Remark.Kind.LOST, path, why);
    }

    /** Reports that the Servicefile says this in another way. Of a list or map only what is read counts as used. */
    public void changed(String how) {
        useSingle();
        intake.remark(at, Remark.Kind.CHANGED, path, how);
    }

    /** Reports that a person must do something. Of a list or map only what is read counts as used. */
    public void toDo(String what) {
        useSingle();
        intake.remark(at, Remark.Kind.TO_DO, path, what);
    }

    private void useSingle() {
        if (node instanceof YamlNode.Scalar) {
            intake.use(node);
        }
    }

    private Cursor at(YamlNode.Entry entry) {
        return new Cursor(
                intake,
                entry.value(),
                Intake.join(path, entry.key().text()),
                entry.key().at());
    }
}
