package org.portolan.servicefile;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code basic}; {@code digest} is known and not supported yet. */
record AuthModeShape() implements Shape {
    private static final Shapes.OneOf MODES = new Shapes.OneOf(List.of("basic", "digest"));

    @Override
    public @Nullable Object read(Node node, Reading in) {
        Object mode = MODES.read(node, in);
        if ("digest".equals(mode)) {
            in.fault(node, "\"digest\" authentication is not supported yet", "write auth_mode: basic");
        }
        return mode;
    }

    @Override
    public String words() {
        return "basic";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.orExpanded(Map.of("enum", List.of("basic")));
    }
}
