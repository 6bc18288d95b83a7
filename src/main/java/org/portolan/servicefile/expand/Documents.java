package org.portolan.servicefile.expand;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Position;
import org.portolan.servicefile.format.Reading;
import org.portolan.servicefile.yaml.SourceText;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;
import org.portolan.servicefile.yaml.YamlReader;

/** Reads Servicefiles with what they include. A file that several deployments use is read once. */
public final class Documents {
    private final Reading in;
    private final Macros macros;
    private final Map<String, Document> read = new HashMap<>();

    public Documents(Macros macros, Reading in) {
        this.macros = macros;
        this.in = in;
    }

    /** A file with its includes merged, not expanded yet. */
    public record Document(String path, String shown, YamlNode.Mapping root) {}

    /** The file of the command; null when it cannot be read, which is reported. */
    public @Nullable Document main(String path) {
        String shown = in.tree().orElseThrow().shown(path);
        Reading.FileText file = in.read(path, Position.of(shown), "the Servicefile", Wording.clip(shown));
        return file == null ? null : document(file);
    }

    /** The template that a scalar names; null when it cannot be read, which is reported. */
    public @Nullable Document template(YamlNode.Scalar name, String deployment) {
        Reading.FileText file = file(name, "template");
        if (file == null) {
            return null;
        }
        in.problems().addPlace(file.shown(), "template of " + deployment + " at " + name.at());
        return document(file);
    }

    /**
     * The file that a scalar names: of the tree, or shipped with this program. Paths in a shipped one are relative to the
     * file that names it.
     */
    private Reading.@Nullable FileText file(YamlNode.Scalar name, String what) {
        if (!name.text().startsWith(AppTemplates.PREFIX)) {
            return in.file(name, what);
        }
        String shipped = name.text().substring(AppTemplates.PREFIX.length());
        Optional<String> text = AppTemplates.text(shipped);
        if (text.isEmpty()) {
            in.fault(
                    name,
                    "no shipped template is named " + Wording.quote(shipped),
                    Wording.suggest(shipped, AppTemplates.names(), "known: " + Wording.either(AppTemplates.names())));
            return null;
        }
        SourceText from = in.problems().file(name.at().file());
        String path = from == null ? "" : from.path();
        return new Reading.FileText(
                path.substring(0, path.lastIndexOf('/') + 1) + name.text(), name.text(), text.get());
    }

    private @Nullable Document document(Reading.FileText file) {
        Document known = read.get(file.path());
        if (known != null) {
            return known;
        }
        YamlNode.Mapping own = mapping(file);
        if (own == null) {
            return null;
        }
        Map<String, YamlNode.Entry> merged = new LinkedHashMap<>();
        YamlNode includes = own.get("Includes");
        if (includes != null && !YamlNode.isNull(includes)) {
            YamlNode expanded = new Expander(Map.of(), Set.of(), macros, in).expand(includes);
            List<YamlNode> names = expanded instanceof YamlNode.Sequence list ? list.items() : List.of(expanded);
            for (YamlNode name : names) {
                include(name, file, merged);
            }
        }
        for (YamlNode.Entry entry : own.entries()) {
            merge(entry, merged);
        }
        Document document = new Document(
                file.path(), file.shown(), new YamlNode.Mapping(new ArrayList<>(merged.values()), own.at()));
        read.put(file.path(), document);
        return document;
    }

    private void include(YamlNode name, Reading.FileText from, Map<String, YamlNode.Entry> merged) {
        if (in.text(name, "a file's path") == null || !(name instanceof YamlNode.Scalar scalar)) {
            return;
        }
        Reading.FileText file = file(scalar, "included file");
        if (file == null) {
            return;
        }
        if (file.path().equals(from.path())) {
            in.fault(name, "the file includes itself");
            return;
        }
        in.problems().addPlace(file.shown(), "included at " + name.at());
        YamlNode.Mapping included = mapping(file);
        if (included == null) {
            return;
        }
        for (YamlNode.Entry entry : included.entries()) {
            if (entry.key().text().equals("Includes")) {
                in.fault(entry.key(), "an included file cannot include others", "include them in " + from.shown());
            } else {
                merge(entry, merged);
            }
        }
    }

    /** Lays an entry over what was included: sections key by key, services and everything else whole. */
    private static void merge(YamlNode.Entry entry, Map<String, YamlNode.Entry> merged) {
        String key = entry.key().text();
        YamlNode.Entry below = merged.get(key);
        boolean section = !key.isEmpty() && Character.isUpperCase(key.charAt(0));
        if (below != null
                && section
                && below.value() instanceof YamlNode.Mapping base
                && entry.value() instanceof YamlNode.Mapping over) {
            Map<String, YamlNode.Entry> keys = new LinkedHashMap<>();
            base.entries().forEach(inner -> keys.put(inner.key().text(), inner));
            over.entries().forEach(inner -> keys.put(inner.key().text(), inner));
            YamlNode.Mapping both = new YamlNode.Mapping(new ArrayList<>(keys.values()), over.at());
            merged.put(key, new YamlNode.Entry(entry.key(), both));
        } else if (below == null || !section || !YamlNode.isNull(entry.value())) {
            merged.put(key, entry);
        }
    }

    private YamlNode.@Nullable Mapping mapping(Reading.FileText file) {
        SourceText source = new SourceText(file.shown(), file.path(), file.text(), in.secretNames());
        in.problems().addFile(source);
        int faults = in.problems().errorCount();
        YamlNode root = YamlReader.read(source, in.problems());
        if (root instanceof YamlNode.Mapping mapping) {
            return mapping;
        }
        source.hide();
        if (root != null) {
            in.problems().error(root.at(), "expected a map of services and sections, found " + root.kind());
        } else if (in.problems().errorCount() == faults) {
            in.problems()
                    .error(new Position(file.shown(), 1, 1), "the file is empty", "a service is a line such as redis:");
        }
        return null;
    }
}
