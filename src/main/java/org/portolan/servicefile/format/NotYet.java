package org.portolan.servicefile.format;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.yaml.YamlNode;

/** A key that the format knows and this version cannot do: never ignored, always said. */
record NotYet(String name) implements Shape {
    @Override
    public @Nullable Object read(YamlNode node, Reading in) {
        in.fault(node, "\"" + name + "\" is not supported yet", "remove it: this version cannot do it");
        return null;
    }

    @Override
    public String words() {
        return "not supported yet";
    }

    @Override
    public Map<String, Object> schema() {
        return Map.of("not", Map.of());
    }
}
