package org.portolan.model.json;

import java.util.LinkedHashMap;
import java.util.Map;
import org.portolan.json.StrictJson;
import org.portolan.model.Position;

/** A place in a file as JSON: {@code {"file": …, "line": …, "column": …}}. */
public final class PositionJson {
    private PositionJson() {}

    public static Map<String, Object> tree(Position at) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("file", at.file());
        tree.put("line", at.line());
        tree.put("column", at.column());
        return tree;
    }

    public static Position read(StrictJson node) {
        return new Position(node.text("file"), node.number("line"), node.number("column"));
    }
}
