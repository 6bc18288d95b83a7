package org.portolan.servicefile.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.yaml.YamlNode;

/** A free tree, read with YAML 1.2's core types: texts, whole numbers, truth values, lists and maps. */
public record FreeShape() implements Shape {
    @Override
    public @Nullable Object read(YamlNode node, Reading in) {
        if (!(node instanceof YamlNode.Mapping)) {
            in.fault(node, "expected a map, found " + in.found(node));
            return null;
        }
        Object tree = tree(node, in);
        return tree instanceof Map<?, ?> map && map.isEmpty() ? null : tree;
    }

    static @Nullable Object tree(YamlNode node, Reading in) {
        if (node instanceof YamlNode.Mapping mapping) {
            SortedMap<String, Object> map = new TreeMap<>();
            for (YamlNode.Entry entry : mapping.entries()) {
                Object value = tree(entry.value(), in);
                if (value != null) {
                    map.put(entry.key().text(), value);
                }
            }
            return map;
        }
        if (node instanceof YamlNode.Sequence list) {
            List<Object> items = new ArrayList<>();
            for (YamlNode item : list.items()) {
                Object value = tree(item, in);
                if (value != null) {
                    items.add(value);
                }
            }
            return items;
        }
        YamlNode.Scalar scalar = (YamlNode.Scalar) node;
        if (scalar.isNull()) {
            in.fault(scalar, "expected a value, found nothing", "remove the key");
            return null;
        }
        Object typed = typed(scalar);
        if (typed == null && !scalar.unresolved()) {
            in.fault(scalar, "expected a whole number, found " + in.found(scalar), "quote it if it is text");
        }
        return typed;
    }

    /** The scalar's value by YAML 1.2's core schema; null for a number that is not whole. */
    static @Nullable Object typed(YamlNode.Scalar scalar) {
        String text = scalar.text();
        if (scalar.unresolved()) {
            return null;
        }
        if (!scalar.plain() || scalar.filled()) {
            return text;
        }
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        java.util.Optional<Long> whole = Shapes.Whole.parse(text);
        if (whole.isPresent()) {
            return whole.get();
        }
        return Shapes.Decimal.canonical(text.startsWith("-") ? text.substring(1) : text) == null ? text : null;
    }

    /** A free tree for people: what {@code meta} and {@code x-} keys hold. Everything is a text. */
    public static Object note(YamlNode node) {
        if (node instanceof YamlNode.Mapping mapping) {
            SortedMap<String, Object> map = new TreeMap<>();
            mapping.entries().forEach(entry -> map.put(entry.key().text(), note(entry.value())));
            return map;
        }
        if (node instanceof YamlNode.Sequence list) {
            List<Object> items = new ArrayList<>();
            list.items().forEach(item -> items.add(note(item)));
            return items;
        }
        return ((YamlNode.Scalar) node).text();
    }

    @Override
    public String words() {
        return "free map";
    }

    @Override
    public Map<String, Object> schema() {
        return Map.of("type", "object");
    }
}
