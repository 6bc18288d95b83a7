package org.portolan.importer.compose;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.portolan.importer.draft.Intake;
import org.portolan.servicefile.yaml.YamlNode;

/** Compose's rules for laying one definition of a service over another: maps are merged, lists appended, values replaced. */
final class ComposeMerge {
    /** Lists that replace the other's. */
    private static final Set<String> REPLACED = Set.of("command", "entrypoint", "test");
    /** Maps that may be written as a list of {@code NAME=value}. */
    private static final Set<String> ASSIGNMENTS = Set.of("environment", "labels", "sysctls", "args", "annotations");
    /** Maps that may be written as a list of names. */
    private static final Set<String> NAMES = Set.of("depends_on", "networks");

    private final Intake intake;

    ComposeMerge(Intake intake) {
        this.intake = intake;
    }

    /** The base with another laid over it; what is replaced counts as used. */
    YamlNode.Mapping over(YamlNode.Mapping base, YamlNode.Mapping top) {
        Map<String, YamlNode.Entry> merged = new LinkedHashMap<>();
        base.entries().forEach(entry -> merged.put(entry.key().text(), entry));
        for (YamlNode.Entry entry : top.entries()) {
            String key = entry.key().text();
            YamlNode.Entry below = merged.get(key);
            YamlNode value = below == null ? entry.value() : value(key, below.value(), entry.value());
            merged.put(key, new YamlNode.Entry(entry.key(), value));
        }
        return new YamlNode.Mapping(new ArrayList<>(merged.values()), top.at());
    }

    private YamlNode value(String key, YamlNode base, YamlNode top) {
        YamlNode below = mapped(key, base);
        YamlNode above = mapped(key, top);
        if (below instanceof YamlNode.Mapping lower && above instanceof YamlNode.Mapping upper) {
            return over(lower, upper);
        }
        if (below instanceof YamlNode.Sequence lower
                && above instanceof YamlNode.Sequence upper
                && !REPLACED.contains(key)) {
            List<YamlNode> items = new ArrayList<>(lower.items());
            items.addAll(upper.items());
            return new YamlNode.Sequence(items, upper.at());
        }
        intake.use(base);
        return top;
    }

    /** A list that means a map, as that map. */
    private YamlNode mapped(String key, YamlNode node) {
        boolean names = NAMES.contains(key);
        if (!(node instanceof YamlNode.Sequence list) || !(names || ASSIGNMENTS.contains(key))) {
            return node;
        }
        List<YamlNode.Entry> entries = new ArrayList<>();
        for (YamlNode item : list.items()) {
            if (!(item instanceof YamlNode.Scalar scalar)) {
                return node;
            }
            intake.use(item);
            int equals = names ? -1 : scalar.text().indexOf('=');
            String name = equals < 0 ? scalar.text() : scalar.text().substring(0, equals);
            String text = equals < 0 ? "" : scalar.text().substring(equals + 1);
            YamlNode.Scalar value = new YamlNode.Scalar(
                    text, text, equals < 0, false, false, false, scalar.at(), scalar.endLine(), scalar.endColumn());
            entries.add(new YamlNode.Entry(YamlNode.Scalar.of(name, scalar.at()), value));
        }
        return new YamlNode.Mapping(entries, list.at());
    }
}
