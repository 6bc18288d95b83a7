package org.portolan.servicefile.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/**
 * A map with known keys.
 *
 * @param what what the map is, for messages: {@code health}
 * @param free whether {@code x-} keys and {@code meta} may stand in it
 */
public record Fields(String what, List<Key> keys, boolean free) implements Shape {

    @Override
    public @Nullable SortedMap<String, Object> read(YamlNode node, Reading in) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            if (!YamlNode.isNull(node)) {
                in.fault(node, "expected a map for " + what + ", found " + in.found(node));
            }
            return null;
        }
        SortedMap<String, Object> values = new TreeMap<>();
        for (YamlNode.Entry entry : mapping.entries()) {
            Key key = key(entry, in);
            if (key == null) {
                continue;
            }
            if (key.shape() instanceof NotYet) {
                key.shape().read(entry.key(), in);
            } else if (!YamlNode.isNull(entry.value())) {
                Object value = key.shape().read(entry.value(), in);
                boolean empty = value instanceof Map<?, ?> map && map.isEmpty();
                if (value != null && !empty && !value.equals(key.standard())) {
                    values.put(key.name(), value);
                }
            }
        }
        return values;
    }

    /** The entry's key in the table; null for a free one, and for an unknown one, which is reported. */
    @Nullable
    Key key(YamlNode.Entry entry, Reading in) {
        String name = entry.key().text();
        if (entry.key().filled()) {
            in.fault(entry.key(), "a parameter cannot be used in the name of a key of " + what, "write the key itself");
            return null;
        }
        Key key = Key.find(keys, name);
        if (key == null && !(free && isFree(name))) {
            in.fault(entry.key(), "unknown key " + in.found(entry.key()) + " in " + what, advice(name));
        }
        return key;
    }

    /** Whether a map has a key that is reported as unknown. */
    public boolean hasUnknown(YamlNode.Mapping mapping) {
        for (YamlNode.Entry entry : mapping.entries()) {
            if (Key.find(keys, entry.key().text()) == null) {
                return true;
            }
        }
        return false;
    }

    public static boolean isFree(String name) {
        return name.equals("meta") || name.startsWith("x-");
    }

    private String advice(String name) {
        List<String> names = new ArrayList<>();
        for (Key key : keys) {
            names.add(key.name());
        }
        Optional<String> foreign = ComposeKeys.advice(what, name);
        if (foreign.isPresent()) {
            return foreign.get();
        }
        String known = keys.size() > 12 ? "docs/servicefile.md lists the keys" : "known: " + Wording.either(names);
        return Wording.suggest(name, names, known + (free ? "; keys that begin with x- are ignored" : ""));
    }

    @Override
    public String words() {
        return "map";
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (Key key : keys) {
            if (key.supported()) {
                properties.put(key.name(), Schemas.described(key));
            }
        }
        if (free) {
            properties.put("meta", Map.of());
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", List.of("object", "null"));
        schema.put("properties", properties);
        if (free) {
            schema.put("patternProperties", Map.of("^x-", Map.of()));
        }
        schema.put("additionalProperties", false);
        return schema;
    }
}
