package org.portolan.servicefile.format;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/** Path prefixes with their targets. Normal form: path without a slash at its end, to {@link Route}. */
public record PathsShape() implements Shape {
    /** Targets with the place of their path. */
    public record Route(YamlNode.Scalar at, List<TargetsShape.Written> targets) {}

    @Override
    public @Nullable SortedMap<String, Route> read(YamlNode node, Reading in) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            in.fault(node, "expected a map of paths, found " + in.found(node), "for example: {/api: shop:website}");
            return null;
        }
        SortedMap<String, Route> routes = new TreeMap<>();
        for (YamlNode.Entry entry : mapping.entries()) {
            String path = entry.key().text();
            String fault = Names.checkPath(path);
            if (fault != null) {
                in.fault(entry.key(), "invalid path " + in.found(entry.key()) + ": " + fault);
                continue;
            }
            List<TargetsShape.Written> targets = new TargetsShape().read(entry.value(), in);
            String prefix = path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
            if (targets != null && routes.put(prefix, new Route(entry.key(), targets)) != null) {
                in.fault(entry.key(), "duplicate path " + Wording.quote(prefix), "a slash at the end is ignored");
            }
        }
        return routes.isEmpty() ? null : routes;
    }

    @Override
    public String words() {
        return "map of paths to targets";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.mapOf(new TargetsShape().schema());
    }
}
