package org.portolan.servicefile.format;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.yaml.YamlNode;

/** A map of free names to values of one shape. */
record MapOf(String what, String one, Shape values) implements Shape {
    @Override
    public @Nullable SortedMap<String, Object> read(YamlNode node, Reading in) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            in.fault(node, "expected a map of " + what + ", found " + in.found(node));
            return null;
        }
        SortedMap<String, Object> read = new TreeMap<>();
        for (YamlNode.Entry entry : mapping.entries()) {
            Object value = YamlNode.isNull(entry.value()) ? Map.of() : values.read(entry.value(), in);
            if (value != null) {
                read.put(entry.key().text(), value);
            }
        }
        return read;
    }

    @Override
    public String words() {
        return "map of names to " + one;
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.mapOf(values.schema());
    }
}
