package org.portolan.servicefile.reference;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.portolan.json.JsonTree;
import org.portolan.servicefile.decode.ServiceDecoder;
import org.portolan.servicefile.format.Format;
import org.portolan.servicefile.format.Key;
import org.portolan.servicefile.format.Schemas;

/** Writes the format's table as a JSON Schema for editors (draft 2020-12). */
public final class JsonSchema {
    private JsonSchema() {}

    /** The schema's text. */
    public static String text() {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (Key section : Format.SECTIONS) {
            properties.put(section.name(), section.supported() ? Schemas.described(section) : Map.of("not", Map.of()));
        }
        properties.put("meta", Map.of());
        Map<String, Object> patterns = new LinkedHashMap<>();
        patterns.put("^x-", Map.of());
        patterns.put("^(?!x-)(?!meta$)[a-z0-9{%]", Map.of("$ref", "#/$defs/service"));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "Servicefile");
        schema.put("description", "Keys that start with an upper-case letter are sections, all others are services.");
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("patternProperties", patterns);
        schema.put("additionalProperties", false);
        schema.put("$defs", Map.of("service", ServiceDecoder.SERVICE.schema()));
        return JsonTree.page(ordered(schema));
    }

    /** The same tree with a fixed order: written order where there is one, else by name. */
    private static Object ordered(Object node) {
        if (node instanceof LinkedHashMap<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((key, value) -> copy.put(key, ordered(value)));
            return copy;
        }
        if (node instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new TreeMap<>();
            map.forEach((key, value) -> copy.put(key, ordered(value)));
            return copy;
        }
        return node instanceof List<?> list
                ? list.stream().map(JsonSchema::ordered).toList()
                : node;
    }
}
