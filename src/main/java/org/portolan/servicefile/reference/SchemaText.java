package org.portolan.servicefile.reference;

import java.util.List;
import java.util.Map;

/** Writes trees as indented JSON text, keys in their order. */
final class SchemaText {
    private SchemaText() {}

    static String write(Object tree) {
        StringBuilder out = new StringBuilder();
        write(tree, "", out);
        return out.append('\n').toString();
    }

    private static void write(Object node, String indent, StringBuilder out) {
        if (node instanceof Map<?, ?> map && !map.isEmpty()) {
            String separator = "{\n";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(separator).append(indent).append("  ");
                quote(String.valueOf(entry.getKey()), out);
                out.append(": ");
                write(entry.getValue(), indent + "  ", out);
                separator = ",\n";
            }
            out.append('\n').append(indent).append('}');
        } else if (node instanceof List<?> list && !list.isEmpty()) {
            String separator = "[";
            for (Object item : list) {
                out.append(separator);
                write(item, indent, out);
                separator = ", ";
            }
            out.append(']');
        } else if (node instanceof Map) {
            out.append("{}");
        } else if (node instanceof List) {
            out.append("[]");
        } else if (node instanceof String text) {
            quote(text, out);
        } else {
            out.append(node);
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                default -> out.append(c < 0x20 ? ' ' : c);
            }
        }
        out.append('"');
    }
}
