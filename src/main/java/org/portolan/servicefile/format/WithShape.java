package org.portolan.servicefile.format;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.yaml.YamlNode;

/** Parameters' values: single values only, taken as their raw text. Normal form: name to {@link Given}. */
public record WithShape() implements Shape {
    /** A value with its place. */
    public record Given(String text, YamlNode.Scalar name, YamlNode.Scalar value) {}

    @Override
    public @Nullable SortedMap<String, Given> read(YamlNode node, Reading in) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            in.fault(node, "expected a map of parameters, found " + in.found(node), "for example: {tag: \"1.4\"}");
            return null;
        }
        SortedMap<String, Given> values = new TreeMap<>();
        for (YamlNode.Entry entry : mapping.entries()) {
            if (entry.value() instanceof YamlNode.Scalar scalar) {
                if (!scalar.unresolved()) {
                    values.put(
                            entry.key().text(), new Given(scalar.isNull() ? "" : scalar.text(), entry.key(), scalar));
                }
            } else {
                in.fault(
                        entry.value(),
                        "the parameter " + in.found(entry.key()) + " takes a single value, found "
                                + entry.value().kind());
            }
        }
        return values;
    }

    @Override
    public String words() {
        return "map of parameters to texts";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.mapOf(Map.of("type", java.util.List.of("string", "number", "boolean", "null")));
    }
}
