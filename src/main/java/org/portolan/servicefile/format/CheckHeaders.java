package org.portolan.servicefile.format;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.portolan.model.ProxyText;
import org.portolan.model.service.CheckRequest;
import org.portolan.servicefile.yaml.YamlNode;

/**
 * Headers that an HTTP check sends. Both Portolan and HAProxy send them, so a name is what HTTP calls a token, and a value
 * has one line of printable ASCII. Normal form: names as written, secret values marked.
 */
record CheckHeaders() implements Shape {
    /** HAProxy takes 64 words in a line of its file. */
    private static final int MOST = 12;

    private static final String NAME = "^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$";
    private static final Set<String> SECRET = Set.of("authorization", "proxy-authorization", "cookie");

    @Override
    public @Nullable SortedMap<String, Object> read(YamlNode node, Reading in) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            in.fault(
                    node,
                    "expected a map of headers, found " + in.found(node),
                    "for example {X-Forwarded-Proto: https}");
            return null;
        }
        SortedMap<String, Object> headers = new TreeMap<>();
        Set<String> seen = new TreeSet<>();
        for (YamlNode.Entry entry : mapping.entries()) {
            String name = entry.key().text();
            String lower = name.toLowerCase(Locale.ROOT);
            if (!name.matches(NAME)) {
                in.fault(
                        entry.key(), "invalid header name " + in.found(entry.key()) + ": use letters, digits, - and _");
            } else if (lower.equals("host")) {
                in.fault(entry.key(), "Host cannot be set in headers", "write host: beside headers:");
            } else if (CheckRequest.OWN.contains(lower)) {
                in.fault(
                        entry.key(),
                        "the header " + in.found(entry.key()) + " cannot be set: the check sets it itself");
            } else if (!seen.add(lower)) {
                in.fault(entry.key(), "duplicate header " + in.found(entry.key()));
            } else {
                value(lower, entry, headers, in);
            }
        }
        if (mapping.entries().size() > MOST) {
            in.fault(node, "a check can send at most " + MOST + " headers");
        }
        return headers;
    }

    private static void value(String lower, YamlNode.Entry entry, SortedMap<String, Object> headers, Reading in) {
        YamlNode value = entry.value();
        boolean marked = value instanceof YamlNode.Mapping map
                && map.entries().size() == 1
                && map.entries().getFirst().key().text().equals("secret");
        YamlNode told = marked ? ((YamlNode.Mapping) value).entries().getFirst().value() : value;
        String text = in.text(told, "a text, or {secret: text}");
        if (text == null || !(told instanceof YamlNode.Scalar scalar)) {
            return;
        }
        if (ProxyText.HEADER_VALUE.fault(text) != null || !text.equals(text.strip())) {
            in.fault(
                    told,
                    "expected one line of printable ASCII, " + ProxyText.HEADER_VALUE.longest()
                            + " characters at most, found " + in.found(told));
            return;
        }
        boolean secret = marked || scalar.secret() || SECRET.contains(lower) || in.secretName(lower);
        headers.put(entry.key().text(), secret ? Map.of("secret", text) : text);
    }

    @Override
    public String words() {
        return "map of texts (or `{secret: text}`)";
    }

    @Override
    public Map<String, Object> schema() {
        return new EnvShape().schema();
    }
}
