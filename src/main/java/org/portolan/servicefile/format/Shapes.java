package org.portolan.servicefile.format;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Durations;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/** The plain shapes: single values, lists and maps of them. */
public final class Shapes {
    static final Shape TEXT = new Text("text");
    static final Shape FLAG = new Flag();
    static final Shape TEXTS = new Texts("text", false);
    static final Shape TEXT_MAP = new TextMap("value");
    static final Shape SIZE = new Size(0);
    static final Shape DURATION = new Time(Duration.ZERO);
    static final Shape POSITIVE_DURATION = new Time(Duration.ofMillis(1));

    private Shapes() {}

    /** Any text; {@code what} names it in messages. */
    record Text(String what) implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            String text = in.text(node, what);
            if (text != null && text.indexOf('\0') >= 0) {
                in.fault(node, "text cannot contain the character U+0");
                return null;
            }
            return text;
        }

        @Override
        public String words() {
            return "text";
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.TEXT;
        }
    }

    /** {@code true} or {@code false}; yes, no, on and off are words. */
    record Flag() implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            String text = in.text(node, "true or false");
            if (text == null) {
                return null;
            }
            if (text.equals("true") || text.equals("false")) {
                return text.equals("true");
            }
            String meant =
                    switch (text.toLowerCase(Locale.ROOT)) {
                        case "yes", "on", "true" -> "write true";
                        case "no", "off", "false" -> "write false";
                        default -> "write true or false";
                    };
            in.fault(node, "expected true or false, found " + in.found(node), meant);
            return null;
        }

        @Override
        public String words() {
            return "true or false";
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.orExpanded(Map.of("type", "boolean"));
        }
    }

    /** A whole number within bounds. */
    public record Whole(String what, long least, long most) implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            String text = in.text(node, what);
            if (text == null) {
                return null;
            }
            Optional<Long> number = parse(text);
            if (number.isEmpty() || number.get() < least || number.get() > most) {
                String range = most == Long.MAX_VALUE ? " of at least " + least : " from " + least + " to " + most;
                in.fault(node, "expected " + what + range + ", found " + in.found(node));
                return null;
            }
            return number.get();
        }

        public static Optional<Long> parse(String text) {
            int start = text.startsWith("-") ? 1 : 0;
            int digits = text.length() - start;
            if (digits == 0 || digits > 18 || (digits > 1 && text.charAt(start) == '0')) {
                return Optional.empty();
            }
            for (int i = start; i < text.length(); i++) {
                if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                    return Optional.empty();
                }
            }
            return Optional.of(Long.parseLong(text));
        }

        @Override
        public String words() {
            return "whole number";
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.whole(least, most);
        }
    }

    /** A number with decimals, kept as its shortest text. */
    record Decimal(String what, double least, double most) implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            String text = in.text(node, what);
            if (text == null) {
                return null;
            }
            String number = canonical(text);
            if (number == null || Double.parseDouble(number) < least || Double.parseDouble(number) > most) {
                in.fault(
                        node,
                        "expected " + what + " from " + shown(least) + " to " + shown(most) + ", found "
                                + in.found(node));
                return null;
            }
            return number;
        }

        static @Nullable String canonical(String text) {
            int dots = 0;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                dots += c == '.' ? 1 : 0;
                if (c != '.' && (c < '0' || c > '9')) {
                    return null;
                }
            }
            if (text.isEmpty() || text.length() > 18 || dots > 1 || text.length() == dots) {
                return null;
            }
            BigDecimal number = new BigDecimal(text);
            return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
        }

        private static String shown(double bound) {
            return bound == Math.rint(bound) ? String.valueOf((long) bound) : String.valueOf(bound);
        }

        @Override
        public String words() {
            return "number";
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.either(List.of(Map.of("type", "number"), Schemas.pattern("^[0-9.]+$")));
        }
    }

    /** A duration with its unit, in its shortest form. */
    record Time(Duration least) implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            String text = in.text(node, "a duration such as 250ms, 2s or 1m30s");
            if (text == null) {
                return null;
            }
            Optional<Duration> duration = Durations.parse(text);
            if (duration.isEmpty()) {
                String hint = Whole.parse(text).isPresent() ? "add the unit: " + text + "s" : "units are h, m, s, ms";
                in.fault(node, "expected a duration such as 250ms, 2s or 1m30s, found " + in.found(node), hint);
                return null;
            }
            if (duration.get().compareTo(least) < 0) {
                in.fault(node, "expected at least " + Durations.format(least) + ", found " + in.found(node));
                return null;
            }
            return Durations.format(duration.get());
        }

        @Override
        public String words() {
            return "duration";
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.either(
                    List.of(Map.of("const", 0), Schemas.pattern("^(0|([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$")));
        }
    }

    /** A size in bytes, with k, m, g or t for powers of 1024. */
    record Size(long least) implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            String text = in.text(node, "a size such as 512m or 2g");
            if (text == null) {
                return null;
            }
            long bytes = parse(text.toLowerCase(Locale.ROOT));
            if (bytes < 0) {
                in.fault(node, "expected a size such as 512m or 2g, found " + in.found(node));
                return null;
            }
            if (bytes < least) {
                in.fault(node, "expected at least " + least / 1024 / 1024 + "m, found " + in.found(node));
                return null;
            }
            return bytes;
        }

        private static long parse(String text) {
            int end = 0;
            while (end < text.length() && (Character.digit(text.charAt(end), 10) >= 0 || text.charAt(end) == '.')) {
                end++;
            }
            String number = Decimal.canonical(text.substring(0, end));
            int power =
                    switch (text.substring(end).strip()) {
                        case "", "b" -> 0;
                        case "k", "kb", "kib" -> 1;
                        case "m", "mb", "mib" -> 2;
                        case "g", "gb", "gib" -> 3;
                        case "t", "tb", "tib" -> 4;
                        default -> -1;
                    };
            if (number == null || power < 0) {
                return -1;
            }
            double bytes = Double.parseDouble(number) * (1L << (10 * power));
            return bytes > 1L << 60 ? -1 : (long) bytes;
        }

        @Override
        public String words() {
            return "size";
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.either(
                    List.of(Map.of("type", "number"), Schemas.pattern("^[0-9.]+ *([kKmMgGtT]([iI]?[bB])?|[bB])?$")));
        }
    }

    /** One of some words. */
    record OneOf(List<String> choices) implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            String expected = Wording.either(choices);
            String text = in.text(node, expected);
            if (text == null || choices.contains(text)) {
                return text;
            }
            in.fault(
                    node,
                    "expected " + expected + ", found " + in.found(node),
                    Wording.suggest(text, choices, "write one of them"));
            return null;
        }

        @Override
        public String words() {
            return Wording.either(choices);
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.orExpanded(Map.of("enum", choices));
        }
    }

    /** A text or a list of texts; {@code asSet} when order and repetition mean nothing. */
    record Texts(String what, boolean asSet) implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            List<String> texts = new ArrayList<>();
            if (node instanceof YamlNode.Sequence list) {
                for (YamlNode item : list.items()) {
                    String text = in.text(item, what);
                    if (text != null) {
                        texts.add(text);
                    }
                }
            } else {
                String text = in.text(node, what + " or a list");
                if (text != null) {
                    texts.add(text);
                }
            }
            if (texts.isEmpty()) {
                return null;
            }
            return asSet ? List.copyOf(new TreeSet<>(texts)) : Collections.unmodifiableList(texts);
        }

        @Override
        public String words() {
            return "text or list of texts";
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.either(List.of(Schemas.TEXT, Schemas.listOf(Schemas.TEXT)));
        }
    }

    /** A map of texts, or a list of {@code name=value}. */
    record TextMap(String what) implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            SortedMap<String, Object> texts = new TreeMap<>();
            if (node instanceof YamlNode.Mapping mapping) {
                for (YamlNode.Entry entry : mapping.entries()) {
                    String text = YamlNode.isNull(entry.value()) ? "" : in.text(entry.value(), what);
                    if (text != null) {
                        String name = entry.key().text();
                        texts.put(
                                name,
                                in.secretName(name) ? Map.of("secret", text) : Reading.marked(entry.value(), text));
                    }
                }
            } else if (node instanceof YamlNode.Sequence list) {
                for (YamlNode item : list.items()) {
                    String text = in.text(item, "name=value");
                    if (text != null) {
                        int equals = text.indexOf('=');
                        String name = equals < 0 ? text : text.substring(0, equals);
                        String value = equals < 0 ? "" : text.substring(equals + 1);
                        texts.put(name, in.secretName(name) ? Map.of("secret", value) : Reading.marked(item, value));
                    }
                }
            } else {
                in.fault(node, "expected a map, found " + in.found(node));
            }
            return texts.isEmpty() ? null : texts;
        }

        @Override
        public String words() {
            return "map, or list of `name=value`";
        }

        @Override
        public Map<String, Object> schema() {
            Map<String, Object> value = Map.of("type", List.of("string", "number", "boolean", "null"));
            return Schemas.either(List.of(Schemas.mapOf(value), Schemas.listOf(Schemas.TEXT)));
        }
    }
}
