package org.portolan.servicefile.format;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.yaml.YamlNode;

/** What an HTTP check sends as {@code Host}: a name or an IP address, with or without a port. Normal form: lower case. */
record CheckHost() implements Shape {
    private static final String PATTERN =
            "^([A-Za-z0-9]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?$";

    @Override
    public @Nullable Object read(YamlNode node, Reading in) {
        String text = in.text(node, "a host");
        if (text == null) {
            return null;
        }
        if (!text.matches(PATTERN) || text.contains("..")) {
            in.fault(
                    node,
                    "expected a host name or an address, with or without a port, found " + in.found(node),
                    "for example host: example.org");
            return null;
        }
        return text.toLowerCase(Locale.ROOT);
    }

    @Override
    public String words() {
        return "host name or address, with or without a port";
    }

    @Override
    public Map<String, Object> schema() {
        return Schemas.TEXT;
    }
}
