package org.portolan.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a tree in one of the program's own formats. It knows its path: what is missing or of another type is a
 * {@link JsonMismatch} with that path. Fields that are not asked for are ignored, since a newer version may have written them.
 */
public final class StrictJson {
    private final @Nullable StrictJson above;
    private final String separator;
    private final String step;
    private final @Nullable Object value;

    private StrictJson(@Nullable StrictJson above, String separator, String step, @Nullable Object value) {
        this.above = above;
        this.separator = separator;
        this.step = step;
        this.value = value;
    }

    /** A whole tree. */
    public static StrictJson of(@Nullable Object tree) {
        return of("", tree);
    }

    /** A tree that stands somewhere, such as a field of an entry of the store. */
    public static StrictJson of(String place, @Nullable Object tree) {
        return new StrictJson(null, "", place, tree);
    }

    /** Reads a whole text; see {@link JsonTree#read}. */
    public static StrictJson read(byte[] text) throws NotJson {
        return of(JsonTree.read(text));
    }

    /** The way to this part, dotted; "" for the whole. Put together when it is asked for, which is in an error. */
    public String path() {
        if (above == null) {
            return step;
        }
        String way = above.path();
        return way.isEmpty() ? step : way + separator + step;
    }

    /** What is there; null where it is missing. */
    public @Nullable Object value() {
        return value;
    }

    public StrictJson at(String key) {
        return new StrictJson(this, ".", key, map().get(key));
    }

    /** The field, unless it is missing or null. */
    public Optional<StrictJson> find(String key) {
        StrictJson found = at(key);
        return found.value == null ? Optional.empty() : Optional.of(found);
    }

    public String text() {
        if (value instanceof String text) {
            return text;
        }
        throw wrong("a text");
    }

    public String text(String key) {
        return at(key).text();
    }

    /** The field's text, or "" when it is missing. */
    public String textOrEmpty(String key) {
        return find(key).map(StrictJson::text).orElse("");
    }

    public boolean flag() {
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong("true or false");
    }

    public boolean flag(String key) {
        return at(key).flag();
    }

    public long whole() {
        if (value instanceof Long number) {
            return number;
        }
        throw wrong("a whole number");
    }

    /** A whole number of 32 bits. */
    public int number() {
        long number = whole();
        if (number < Integer.MIN_VALUE || number > Integer.MAX_VALUE) {
            throw wrong("a whole number of 32 bits");
        }
        return (int) number;
    }

    public int number(String key) {
        return at(key).number();
    }

    /** The constant of this name. */
    public <E extends Enum<E>> E constant(E[] all) {
        String name = text();
        for (E each : all) {
            if (each.name().equals(name)) {
                return each;
            }
        }
        throw new JsonMismatch(path() + " is one that this version does not know");
    }

    public List<StrictJson> list() {
        if (!(value instanceof List<?> list)) {
            throw wrong("a list");
        }
        List<StrictJson> nodes = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            nodes.add(new StrictJson(this, "", "[" + i + "]", list.get(i)));
        }
        return nodes;
    }

    public <T> List<T> list(String key, Function<StrictJson, T> decode) {
        List<StrictJson> nodes = at(key).list();
        List<T> values = new ArrayList<>(nodes.size());
        for (StrictJson node : nodes) {
            values.add(decode.apply(node));
        }
        return values;
    }

    public List<String> texts(String key) {
        return list(key, StrictJson::text);
    }

    public SortedSet<String> textSet(String key) {
        return new TreeSet<>(texts(key));
    }

    public <T> SortedMap<String, T> sorted(String key, Function<StrictJson, T> decode) {
        StrictJson node = at(key);
        SortedMap<String, T> sorted = new TreeMap<>();
        for (String name : node.map().keySet()) {
            sorted.put(name, decode.apply(node.at(name)));
        }
        return sorted;
    }

    /** As {@link #sorted}, empty when the field is missing. */
    public <T> SortedMap<String, T> sortedOrEmpty(String key, Function<StrictJson, T> decode) {
        return find(key).isPresent() ? sorted(key, decode) : new TreeMap<>();
    }

    @SuppressWarnings("unchecked")
    public Map<String, @Nullable Object> map() {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw wrong("a map");
    }

    /** What to throw when this is not what was expected. */
    public JsonMismatch wrong(String expected) {
        String path = path();
        String where = path.isEmpty() ? "it" : path;
        return new JsonMismatch(where + (value == null ? " is missing, it" : "") + " should be " + expected);
    }
}
