package org.portolan.servicefile.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/** The shapes of a container's options. */
final class OptionShapes {
    private OptionShapes() {}

    /** An image reference. */
    record Image() implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            String text = in.text(node, "an image such as company/web:1.4");
            if (text == null) {
                return null;
            }
            String fault = Names.checkImage(text);
            if (fault != null) {
                in.fault(node, "invalid image " + in.found(node) + ": " + fault);
                return null;
            }
            return text;
        }

        @Override
        public String words() {
            return "image reference";
        }

        @Override
        public Map<String, Object> schema() {
            return Map.of("type", "string");
        }
    }

    /** What the engine does when the container's process ends. */
    record Restart() implements Shape {
        private static final List<String> WORDS = List.of("no", "on-failure", "always", "unless-stopped");

        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            String text = in.text(node, Wording.either(WORDS));
            if (text == null || WORDS.contains(text)) {
                return text;
            }
            if (text.startsWith("on-failure:")) {
                long times = Shapes.Whole.parse(text.substring("on-failure:".length()))
                        .orElse(0L);
                if (times >= 1 && times <= 1000) {
                    return text;
                }
            }
            in.fault(
                    node,
                    "expected " + Wording.either(WORDS) + ", found " + in.found(node),
                    Wording.suggest(text, WORDS, "on-failure:5 gives up after five times"));
            return null;
        }

        @Override
        public String words() {
            return "`no`, `on-failure`, `on-failure:5`, `always` or `unless-stopped`";
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.pattern("^(no|always|unless-stopped|on-failure(:[0-9]+)?)$");
        }
    }

    /** A signal's name or number. Normal form: {@code SIGTERM}, or the number. */
    record Signal() implements Shape {
        private static final List<String> NAMES = List.of(
                "SIGTERM",
                "SIGINT",
                "SIGQUIT",
                "SIGHUP",
                "SIGUSR1",
                "SIGUSR2",
                "SIGKILL",
                "SIGWINCH",
                "SIGABRT",
                "SIGALRM",
                "SIGCONT",
                "SIGPIPE",
                "SIGPWR",
                "SIGSTOP",
                "SIGTSTP",
                "SIGRTMIN+3");

        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            String text = in.text(node, "a signal such as SIGINT");
            if (text == null) {
                return null;
            }
            String upper = text.toUpperCase(Locale.ROOT);
            String name = upper.startsWith("SIG") ? upper : "SIG" + upper;
            long number = Shapes.Whole.parse(text).orElse(0L);
            if (NAMES.contains(name)) {
                return name;
            }
            if (number >= 1 && number <= 64) {
                return text;
            }
            in.fault(
                    node,
                    "unknown signal " + in.found(node),
                    Wording.suggest(name, NAMES, "for example SIGTERM or SIGINT"));
            return null;
        }

        @Override
        public String words() {
            return "signal";
        }

        @Override
        public Map<String, Object> schema() {
            return Map.of("type", List.of("string", "integer"));
        }
    }

    /** Paths in the container that live in memory: a path, a list of {@code path:options}, or a map. */
    record Tmpfs() implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            SortedMap<String, Object> mounts = new TreeMap<>();
            if (node instanceof YamlNode.Mapping mapping) {
                for (YamlNode.Entry entry : mapping.entries()) {
                    String options =
                            YamlNode.isNull(entry.value()) ? "" : in.text(entry.value(), "options such as size=64m");
                    put(entry.key(), entry.key().text(), options == null ? "" : options, mounts, in);
                }
            } else {
                List<YamlNode> items = node instanceof YamlNode.Sequence list ? list.items() : List.of(node);
                for (YamlNode item : items) {
                    String text = in.text(item, "a path");
                    if (text != null) {
                        int colon = text.indexOf(':');
                        String path = colon < 0 ? text : text.substring(0, colon);
                        put(item, path, colon < 0 ? "" : text.substring(colon + 1), mounts, in);
                    }
                }
            }
            return mounts.isEmpty() ? null : mounts;
        }

        private static void put(YamlNode at, String path, String options, Map<String, Object> mounts, Reading in) {
            String fault = Names.checkFilePath(path);
            if (fault != null) {
                in.fault(at, "invalid path " + Wording.quote(path) + ": " + fault);
            } else {
                mounts.put(path, options);
            }
        }

        @Override
        public String words() {
            return "path, list of `path:options`, or map of paths to options";
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.either(List.of(Shapes.TEXT_MAP.schema(), Map.of("type", "string")));
        }
    }

    /** Process limits: a number, or soft and hard. Normal form: always both. */
    record Ulimits() implements Shape {
        private static final Shapes.Whole LIMIT = new Shapes.Whole("a limit (-1: none)", -1, Long.MAX_VALUE);
        private static final Fields BOTH = new Fields(
                "a limit",
                List.of(
                        Key.of("soft", LIMIT, "", "The limit in effect.", ""),
                        Key.of("hard", LIMIT, "", "The value up to which the process may raise it.", "")),
                false);

        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            if (!(node instanceof YamlNode.Mapping mapping)) {
                in.fault(node, "expected a map of limits, found " + in.found(node), "for example: {nofile: 65536}");
                return null;
            }
            SortedMap<String, Object> limits = new TreeMap<>();
            for (YamlNode.Entry entry : mapping.entries()) {
                Object limit = null;
                if (entry.value() instanceof YamlNode.Mapping) {
                    SortedMap<String, Object> both = BOTH.read(entry.value(), in);
                    if (both != null && both.size() == 2) {
                        limit = both;
                    } else if (both != null) {
                        in.fault(entry.value(), "a limit needs soft and hard", "for example: {soft: 1024, hard: 4096}");
                    }
                } else if (LIMIT.read(entry.value(), in) instanceof Long number) {
                    limit = Map.of("soft", number, "hard", number);
                }
                if (limit != null) {
                    limits.put(entry.key().text(), limit);
                }
            }
            return limits.isEmpty() ? null : limits;
        }

        @Override
        public String words() {
            return "map of names to numbers or `{soft, hard}`";
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.mapOf(Schemas.either(List.of(LIMIT.schema(), BOTH.schema())));
        }
    }

    /** Capabilities. Normal form: upper-case, sorted, without {@code CAP_}. */
    record Capabilities() implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            Object texts = Shapes.TEXTS.read(node, in);
            if (!(texts instanceof List<?> list)) {
                return null;
            }
            TreeSet<String> names = new TreeSet<>();
            for (Object text : list) {
                String name = ((String) text).toUpperCase(Locale.ROOT);
                name = name.startsWith("CAP_") ? name.substring(4) : name;
                for (int i = 0; i < name.length(); i++) {
                    if ((name.charAt(i) < 'A' || name.charAt(i) > 'Z') && name.charAt(i) != '_') {
                        in.fault(node, "expected a capability such as NET_ADMIN, found " + Wording.quote(name));
                        return null;
                    }
                }
                names.add(name);
            }
            return new ArrayList<>(names);
        }

        @Override
        public String words() {
            return "capability or list of capabilities";
        }

        @Override
        public Map<String, Object> schema() {
            return Shapes.TEXTS.schema();
        }
    }

    /** Labels; Portolan's own cannot be set by a file. */
    record Labels() implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            Object labels = Shapes.TEXT_MAP.read(node, in);
            if (labels instanceof Map<?, ?> map && node instanceof YamlNode.Mapping written) {
                for (Object name : map.keySet()) {
                    if (org.portolan.model.labels.Labels.isOwn((String) name) || ((String) name).isEmpty()) {
                        YamlNode.Entry entry = written.entry((String) name);
                        in.fault(
                                entry == null ? node : entry.key(),
                                "the label " + Wording.quote((String) name) + " is reserved for Portolan",
                                "choose another name");
                        return null;
                    }
                }
            }
            return labels;
        }

        @Override
        public String words() {
            return Shapes.TEXT_MAP.words();
        }

        @Override
        public Map<String, Object> schema() {
            return Shapes.TEXT_MAP.schema();
        }
    }

    /** A map with a word that stands for one of its keys: {@code network: host} is {@code network: {mode: host}}. */
    record Abbreviated(String key, Fields fields) implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            if (node instanceof YamlNode.Scalar) {
                Key meant = Key.find(fields.keys(), key);
                Object value = meant == null ? null : meant.shape().read(node, in);
                return value == null ? null : new TreeMap<>(Map.of(key, value));
            }
            SortedMap<String, Object> values = fields.read(node, in);
            return values == null || values.isEmpty() ? null : values;
        }

        @Override
        public String words() {
            return "map, or text for `" + key + "`";
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.either(List.of(Schemas.TEXT, fields.schema()));
        }
    }
}
