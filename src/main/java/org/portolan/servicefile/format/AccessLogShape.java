package org.portolan.servicefile.format;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.service.Domain.AccessLog;
import org.portolan.servicefile.yaml.YamlNode;

/** Whether requests are written down: {@code true}, or {@code {query: true}} with their query strings. */
public record AccessLogShape() implements Shape {
    private static final List<Key> KEYS = List.of(Key.withDefault(
            "query",
            Shapes.FLAG,
            false,
            "Whether query strings are written down, too. They may contain secrets.",
            "query: true"));
    private static final Fields FIELDS = new Fields("access_log", KEYS, false);

    @Override
    public @Nullable AccessLog read(YamlNode node, Reading in) {
        if (node instanceof YamlNode.Mapping) {
            SortedMap<String, Object> said = FIELDS.read(node, in);
            return said == null || said.isEmpty() ? AccessLog.ON : AccessLog.QUERY;
        }
        if (node instanceof YamlNode.Sequence) {
            in.fault(node, "expected true, false or a map, found " + in.found(node), "for example: access_log: true");
            return null;
        }
        return Shapes.FLAG.read(node, in) instanceof Boolean on ? on ? AccessLog.ON : AccessLog.OFF : null;
    }

    @Override
    public String words() {
        return "true or false, or `{query: true}`";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.either(List.of(Shapes.FLAG.schema(), FIELDS.schema()));
    }
}
