package org.portolan.importer.draft;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.portolan.servicefile.yaml.YamlNode;

/** One document laid over another: maps are merged, everything else is replaced. */
public final class Overlay {
    private final Intake intake;
    private final boolean append;

    /**
     * Lays documents over each other.
     *
     * @param append whether lists are appended instead of replaced
     */
    public Overlay(Intake intake, boolean append) {
        this.intake = intake;
        this.append = append;
    }

    /** The merged document; what is replaced counts as used. */
    public YamlNode over(YamlNode base, YamlNode top) {
        if (base instanceof YamlNode.Mapping lower && top instanceof YamlNode.Mapping upper) {
            Map<String, YamlNode.Entry> merged = new LinkedHashMap<>();
            lower.entries().forEach(entry -> merged.put(entry.key().text(), entry));
            for (YamlNode.Entry entry : upper.entries()) {
                YamlNode.Entry below = merged.get(entry.key().text());
                YamlNode value = below == null ? entry.value() : over(below.value(), entry.value());
                merged.put(entry.key().text(), new YamlNode.Entry(entry.key(), value));
            }
            return new YamlNode.Mapping(new ArrayList<>(merged.values()), lower.at());
        }
        if (append && base instanceof YamlNode.Sequence lower && top instanceof YamlNode.Sequence upper) {
            List<YamlNode> items = new ArrayList<>(lower.items());
            items.addAll(upper.items());
            return new YamlNode.Sequence(items, lower.at());
        }
        intake.use(base);
        return top;
    }
}
