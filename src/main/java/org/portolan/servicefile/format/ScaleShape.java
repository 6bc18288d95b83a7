package org.portolan.servicefile.format;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.yaml.YamlNode;

/** Instances by service, or one number. Normal form: service to number, or the number. */
public record ScaleShape() implements Shape {
    private static final Shapes.Whole NUMBER = new Shapes.Whole("a number of instances", 0, 1000);

    @Override
    public @Nullable Object read(YamlNode node, Reading in) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            return NUMBER.read(node, in);
        }
        SortedMap<String, Object> scale = new TreeMap<>();
        for (YamlNode.Entry entry : mapping.entries()) {
            Object number = NUMBER.read(entry.value(), in);
            if (number != null) {
                scale.put(entry.key().text(), number);
            }
        }
        return scale;
    }

    @Override
    public String words() {
        return "number, or map of services to numbers";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.either(List.of(NUMBER.schema(), Schemas.mapOf(NUMBER.schema())));
    }
}
