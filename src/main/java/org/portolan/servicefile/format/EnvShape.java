package org.portolan.servicefile.format;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/** Variables: a map of texts or {@code {secret: text}}, or a list of {@code NAME=value}. */
public record EnvShape() implements Shape {

    /** Linux refuses a longer {@code NAME=value} when the process is started, without saying which one it was. */
    private static final int LONGEST_BYTES = 128 * 1024 - 1;

    public static final String TOO_LONG = "longer than 128 KiB, the limit of Linux";
    public static final String TOO_LONG_ADVICE =
            "put it into a file of the image or of a volume, and pass the file's path";

    public static boolean tooLong(String name, String value) {
        boolean possible = name.length() + 1 + 3L * value.length() > LONGEST_BYTES;
        return possible && name.length() + 1 + value.getBytes(StandardCharsets.UTF_8).length > LONGEST_BYTES;
    }

    @Override
    public @Nullable SortedMap<String, Object> read(YamlNode node, Reading in) {
        SortedMap<String, Object> env = new TreeMap<>();
        if (node instanceof YamlNode.Mapping mapping) {
            for (YamlNode.Entry entry : mapping.entries()) {
                add(entry.key(), entry.value(), env, in);
            }
        } else if (node instanceof YamlNode.Sequence list) {
            for (YamlNode item : list.items()) {
                assignment(item, env, in);
            }
        } else {
            in.fault(node, "expected a map of variables, found " + node.kind());
        }
        return env.isEmpty() ? null : env;
    }

    /** Adds one variable, in normal form. */
    static void add(YamlNode.Scalar name, YamlNode value, SortedMap<String, Object> env, Reading in) {
        String fault = Names.checkVariable(name.text());
        if (fault != null) {
            in.fault(name, "invalid variable name " + in.found(name) + ": " + fault);
            return;
        }
        boolean marked = value instanceof YamlNode.Mapping map
                && map.entries().size() == 1
                && map.entries().get(0).key().text().equals("secret");
        YamlNode told = marked ? ((YamlNode.Mapping) value).entries().get(0).value() : value;
        if (!(told instanceof YamlNode.Scalar scalar)) {
            in.fault(
                    told,
                    "expected a text for the variable " + name.shown() + ", found " + told.kind(),
                    "a value is text, or {secret: text}");
            return;
        }
        if (scalar.unresolved()) {
            return;
        }
        put(name.text(), scalar, marked, env, in);
    }

    /** {@code X:}, {@code X: ~} and {@code X: null} are all the empty text. */
    private static void put(
            String name, YamlNode.Scalar value, boolean marked, SortedMap<String, Object> env, Reading in) {
        String text = value.isNull() ? "" : value.text();
        String interpolated = Interpolation.named(text);
        if (interpolated != null) {
            in.problems()
                    .warning(
                            value.at(),
                            "${" + Wording.clip(interpolated) + "} is not substituted: the value stays as written",
                            Interpolation.advice(interpolated));
        }
        if (text.indexOf('\0') >= 0) {
            in.fault(value, "a variable cannot contain the character U+0");
            return;
        }
        if (tooLong(name, text)) {
            in.fault(value, "the variable " + Wording.quote(name) + " is " + TOO_LONG, TOO_LONG_ADVICE);
            return;
        }
        boolean secret = marked || value.secret() || in.secretName(name) || Reading.hasCredentials(text);
        env.put(name, secret ? Map.of("secret", text) : text);
    }

    static void assignment(YamlNode item, SortedMap<String, Object> env, Reading in) {
        String text = in.text(item, "NAME=value");
        if (text == null) {
            return;
        }
        int equals = text.indexOf('=');
        String name = equals < 0 ? "" : text.substring(0, equals);
        if (equals < 0 || Names.checkVariable(name) != null) {
            boolean bare = equals < 0 && Names.checkVariable(text) == null;
            in.fault(
                    item,
                    "expected NAME=value in the list of variables",
                    bare
                            ? "to pass a variable of the deploying environment: NAME=%%NAME%%"
                            : "for example: [MODE=fast]");
            return;
        }
        YamlNode.Scalar scalar = (YamlNode.Scalar) item;
        put(name, scalar.expanded(text.substring(equals + 1), scalar.shown()), false, env, in);
    }

    @Override
    public String words() {
        return "map of texts (or `{secret: text}`), or list of `NAME=value`";
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> secret = Map.of(
                "type",
                "object",
                "properties",
                Map.of("secret", Schemas.TEXT),
                "required",
                List.of("secret"),
                "additionalProperties",
                false);
        Map<String, Object> value =
                Schemas.either(List.of(Map.of("type", List.of("string", "number", "boolean", "null")), secret));
        return Schemas.either(List.of(Schemas.mapOf(value), Schemas.listOf(Schemas.TEXT)));
    }
}
