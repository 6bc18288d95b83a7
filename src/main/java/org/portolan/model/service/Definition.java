package org.portolan.model.service;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One service as it is to run, fully resolved, in canonical form: a tree of sorted maps, lists, strings, longs and
 * booleans that holds only what differs from the defaults. Two files that mean the same give equal definitions, and a
 * definition's {@link #hash()} is the identity of a version.
 *
 * <p>A secret value is the map {@code {secret: text}}; {@link #diff} and {@link #masked()} never show its text. The
 * normal form of each key is what the Servicefile's table says (docs/servicefile.md); {@link ServiceSpec} is the typed
 * view. An immutable value; a copy with another key shares the rest.
 */
public final class Definition {
    private static final String MASK = "••••";

    /** The addresses of the outside that carry a service's ports: routing, which is not part of a version. */
    public static final String WAN_MAP = "wan_map";

    /** How many connections the proxy opens to an instance at once: routing too. */
    public static final String MAX_CONNECTIONS = "max_connections";

    /** Marks what was made of a container, where the definition itself was lost; see {@link #recalled()}. */
    private static final String RECALLED = "recalled";

    private final SortedMap<String, Object> keys;

    /** Of keys that are canonical already. */
    private Definition(SortedMap<String, Object> canonical) {
        keys = Collections.unmodifiableSortedMap(canonical);
    }

    /**
     * A definition made of what a container shows: enough to make another like it. It stands for a version whose own
     * definition was lost and has no hash that means anything; it is kept only until the version's own is met again.
     */
    public static Definition recalled(Map<String, ?> keys) {
        return of(keys).with(RECALLED, true);
    }

    /** The same definition taken at its word from now on, as if somebody had written it. */
    public Definition adopted() {
        return with(RECALLED, null);
    }

    /** Whether it was made of what a container shows. */
    public boolean recalled() {
        return keys.containsKey(RECALLED);
    }

    public static Definition of(Map<String, ?> keys) {
        return new Definition(sorted(keys));
    }

    /** The keys of the service, sorted. */
    public SortedMap<String, Object> keys() {
        return keys;
    }

    /** A key's value, or null when it is left to its default. */
    public @Nullable Object get(String key) {
        return keys.get(key);
    }

    /** A copy with one key set; a null value takes the key away. */
    public Definition with(String key, @Nullable Object value) {
        SortedMap<String, Object> copy = new TreeMap<>(keys);
        if (value == null) {
            copy.remove(key);
        } else {
            copy.put(key, canonical(value));
        }
        return new Definition(copy);
    }

    /**
     * A copy with what makes a version: without what only the proxies carry out, without the content of files that instances
     * reload, and without notes on the image.
     */
    public Definition versioned() {
        Definition unbound = keys.containsKey(WAN_MAP) ? with(WAN_MAP, null) : this;
        return ImageContent.withoutKind(LiveFiles.withoutContent(unbound.unlimited()));
    }

    private Definition unlimited() {
        return keys.containsKey(MAX_CONNECTIONS) ? with(MAX_CONNECTIONS, null) : this;
    }

    /**
     * SHA-256 over the canonical form of {@link #versioned()}, in hex (64 digits): what makes a version.
     *
     * <p>A command check's {@code timeout: 1s} was left out as the default until that became 5 s; it still is, so that what
     * runs stays the version that it is.
     */
    public String hash() {
        return digest(versioned());
    }

    /**
     * The hash that Portolan gave to the same definition up to commit 1ce5309, where routing was a part of it and secrets
     * under {@code docker} were not marked: what the labels and the state of that time hold.
     */
    public String formerHash() {
        return digest(DockerKeys.unmarked(ImageContent.withoutKind(unlimited())));
    }

    /**
     * A strategy that is said and holds anyway, as far as the file alone tells, makes no other version than one that is not
     * said.
     */
    private SortedMap<String, Object> withoutDefaultStrategy() {
        if (!(keys.get("rollout") instanceof Map<?, ?> rollout)
                || !"rolling".equals(rollout.get("strategy"))
                || ServiceSpec.from("", this).exclusive()) {
            return keys;
        }
        SortedMap<String, Object> rest = new TreeMap<>(asMap(rollout));
        rest.remove("strategy");
        return with("rollout", rest.isEmpty() ? null : rest).keys;
    }

    static String digest(Definition definition) {
        StringBuilder text = new StringBuilder();
        write(hashed(definition.withoutDefaultStrategy()), text);
        return LiveFiles.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static SortedMap<String, Object> hashed(SortedMap<String, Object> keys) {
        if (keys.get("health") instanceof Map<?, ?> health
                && health.containsKey("exec")
                && "1s".equals(health.get("timeout"))) {
            SortedMap<String, Object> rest = new TreeMap<>(asMap(health));
            rest.remove("timeout");
            SortedMap<String, Object> copy = new TreeMap<>(keys);
            copy.put("health", rest);
            return copy;
        }
        return keys;
    }

    /** The same tree with every secret's text replaced by a mask, for output. */
    public Definition masked() {
        return of(asMap(maskTree(keys)));
    }

    /** What changed from {@code before} to this, as one line for each leaf, secrets masked. */
    public List<Change> diff(Definition before) {
        List<Change> changes = new ArrayList<>();
        diff("", before.keys, keys, changes);
        return changes;
    }

    /**
     * One difference between two definitions.
     *
     * @param path the key, dotted: {@code env.CACHE}
     * @param from the old value as shown to people, or "" when there was none
     * @param to the new value as shown to people, or "" when there is none
     */
    public record Change(String path, String from, String to) {
        @Override
        public String toString() {
            if (from.isEmpty()) {
                return path + " added: " + to;
            }
            if (to.isEmpty()) {
                return path + " removed (was " + from + ")";
            }
            return from.equals(to) ? path + " changed" : path + ": " + from + " → " + to;
        }
    }

    /** Whether a node of the tree is a secret value. */
    public static boolean isSecret(@Nullable Object node) {
        return node instanceof Map<?, ?> map && map.size() == 1 && map.get("secret") instanceof String;
    }

    /** The text of a scalar or secret node. */
    public static String text(Object node) {
        if (node instanceof Map<?, ?> map && isSecret(node)) {
            return String.valueOf(map.get("secret"));
        }
        return String.valueOf(node);
    }

    private static void diff(String path, @Nullable Object before, @Nullable Object after, List<Change> out) {
        if (Objects.equals(before, after)) {
            return;
        }
        // A section that comes or goes whole is reported by its entries.
        boolean section = path.indexOf('.') < 0;
        if (isBranch(before, section) && isBranch(after, section)) {
            Map<String, Object> old = before == null ? Map.of() : asMap(before);
            Map<String, Object> now = after == null ? Map.of() : asMap(after);
            Collection<String> names = new TreeSet<>(old.keySet());
            names.addAll(now.keySet());
            for (String name : names) {
                diff(path.isEmpty() ? name : path + "." + name, old.get(name), now.get(name), out);
            }
            return;
        }
        out.add(new Change(path, shown(before), shown(after)));
    }

    private static boolean isBranch(@Nullable Object node, boolean section) {
        return node == null ? section : node instanceof Map<?, ?> map && !map.isEmpty() && !isSecret(node);
    }

    private static String shown(@Nullable Object node) {
        if (node == null) {
            return "";
        }
        Object masked = maskTree(node);
        if (masked instanceof String text) {
            return text.isEmpty() ? "\"\"" : text;
        }
        StringBuilder json = new StringBuilder();
        write(masked, json);
        return json.toString();
    }

    private static Object maskTree(Object node) {
        if (isSecret(node)) {
            return MASK;
        }
        if (node instanceof Map<?, ?> map) {
            SortedMap<String, Object> copy = new TreeMap<>();
            map.forEach((key, value) -> copy.put(String.valueOf(key), maskTree(Objects.requireNonNull(value))));
            return copy;
        }
        if (node instanceof List<?> list) {
            return list.stream()
                    .map(item -> maskTree(Objects.requireNonNull(item)))
                    .toList();
        }
        return node;
    }

    private static void write(Object node, StringBuilder out) {
        if (node instanceof Map<?, ?> map) {
            out.append('{');
            String separator = "";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.append(separator);
                quote(String.valueOf(entry.getKey()), out);
                out.append(':');
                write(Objects.requireNonNull(entry.getValue()), out);
                separator = ",";
            }
            out.append('}');
        } else if (node instanceof List<?> list) {
            out.append('[');
            String separator = "";
            for (Object item : list) {
                out.append(separator);
                write(Objects.requireNonNull(item), out);
                separator = ",";
            }
            out.append(']');
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
                default -> {
                    if (c < 0x20) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asMap(Object node) {
        return (Map<String, Object>) node;
    }

    private static SortedMap<String, Object> sorted(Map<String, ?> map) {
        SortedMap<String, Object> copy = new TreeMap<>();
        map.forEach((key, value) -> copy.put(key, canonical(value)));
        return copy;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Definition that && keys.equals(that.keys);
    }

    @Override
    public int hashCode() {
        return keys.hashCode();
    }

    @Override
    public String toString() {
        return masked().keys.toString();
    }

    /** By instanceof, as {@link #write}: each JVM would make a switch over types again (docs/adr/0038). */
    private static Object canonical(Object node) {
        if (node instanceof Map<?, ?> map) {
            SortedMap<String, Object> copy = new TreeMap<>();
            map.forEach((key, value) -> copy.put(String.valueOf(key), canonical(Objects.requireNonNull(value))));
            return Collections.unmodifiableSortedMap(copy);
        }
        if (node instanceof Collection<?> list) {
            return list.stream()
                    .map(item -> canonical(Objects.requireNonNull(item)))
                    .toList();
        }
        if (node instanceof Integer number) {
            return (long) number;
        }
        if (node instanceof String || node instanceof Long || node instanceof Boolean) {
            return node;
        }
        throw new IllegalArgumentException("not a definition's node: " + node.getClass());
    }
}
