package org.portolan.servicefile.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The merge key {@code <<}: a map, or a list of maps, whose entries hold where the map itself says nothing. */
final class MergeKeys {
    private MergeKeys() {}

    /**
     * The entries with merged ones after them.
     *
     * @param keys the keys that the map has itself; those that are merged in are added
     */
    static List<YamlNode.Entry> merge(List<YamlNode.Entry> entries, Set<String> keys, Problems problems) {
        List<YamlNode.Entry> merged = new ArrayList<>();
        List<YamlNode> sources = new ArrayList<>();
        for (YamlNode.Entry entry : entries) {
            if (entry.key().plain() && entry.key().text().equals("<<")) {
                if (entry.value() instanceof YamlNode.Sequence list) {
                    sources.addAll(list.items());
                } else {
                    sources.add(entry.value());
                }
            } else {
                merged.add(entry);
            }
        }
        for (YamlNode source : sources) {
            if (!(source instanceof YamlNode.Mapping mapping)) {
                problems.error(source.at(), "<< merges maps, found " + source.kind());
                continue;
            }
            for (YamlNode.Entry entry : mapping.entries()) {
                if (keys.add(entry.key().text())) {
                    merged.add(entry);
                }
            }
        }
        return merged;
    }
}
