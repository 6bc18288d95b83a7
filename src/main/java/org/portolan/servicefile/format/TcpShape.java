package org.portolan.servicefile.format;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.yaml.YamlNode;

/** A TCP domain: {@code "2222, shop:redis"}, {@code [2222, shop:redis]} or {@code {port: 2222, to: shop:redis}}. */
public record TcpShape() implements Shape {
    private static final List<Key> KEYS = List.of(
            Key.of("port", new Shapes.Whole("a port", 1, 65535), "", "The port of the edge.", "port: 2222"),
            Key.of("to", new Shapes.Text("a target"), "", "What answers.", "to: shop:redis"));
    private static final Fields FIELDS = new Fields("tcp", KEYS, false);
    private static final String EXAMPLE = "for example: \"2222, shop:redis\"";

    /** A port of the edge with its target. */
    public record Listener(int port, TargetsShape.Written target) {}

    @Override
    public @Nullable Listener read(YamlNode node, Reading in) {
        if (node instanceof YamlNode.Mapping mapping) {
            FIELDS.read(node, in);
            YamlNode port = mapping.get("port");
            YamlNode to = mapping.get("to");
            if (port == null || to == null) {
                in.fault(node, "tcp needs port and to", EXAMPLE);
                return null;
            }
            return listener(port, to, in);
        }
        if (node instanceof YamlNode.Sequence list) {
            if (list.items().size() != 2) {
                in.fault(node, "tcp needs a port and a target", EXAMPLE);
                return null;
            }
            return listener(list.items().get(0), list.items().get(1), in);
        }
        String text = in.text(node, "a port and a target");
        if (text == null) {
            return null;
        }
        int comma = text.indexOf(',');
        if (comma < 0) {
            in.fault(node, "expected a port and a target, found " + in.found(node), EXAMPLE);
            return null;
        }
        YamlNode.Scalar whole = (YamlNode.Scalar) node;
        String port = text.substring(0, comma).strip();
        String target = text.substring(comma + 1).strip();
        return listener(whole.expanded(port, port), whole.expanded(target, target), in);
    }

    private static @Nullable Listener listener(YamlNode port, YamlNode to, Reading in) {
        Object number = KEYS.get(0).shape().read(port, in);
        TargetsShape.Written target = TargetsShape.target(to, 100, in);
        return number instanceof Long listen && target != null ? new Listener(listen.intValue(), target) : null;
    }

    @Override
    public String words() {
        return "text `port, target`, a list of both, or `{port, to}`";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.either(List.of(Map.of("type", "string"), Schemas.listOf(Schemas.TEXT), FIELDS.schema()));
    }
}
