package org.portolan.model.service;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds a generated value again in what was made with it: the text that a file writes, {@code redis://:{Password}@cache}, is
 * compared with the text that a container shows in the same place. Pure.
 */
public final class ValueRecovery {
    private static final Pattern NAME = Pattern.compile("\\{[A-Za-z_][A-Za-z0-9_]*}");

    private ValueRecovery() {}

    /**
     * The value of a name.
     *
     * @param written the service as its file has it, with names in braces
     * @param shown the same service with values in their place
     * @return empty where no place shows a text that {@code spec} can have given
     */
    public static Optional<String> find(String name, GenerateSpec spec, Definition written, Definition shown) {
        return find(name, spec.pattern(), written, shown);
    }

    /** The same for a value that may have been set by hand: any text without blanks in its place. */
    public static Optional<String> findSet(String name, Definition written, Definition shown) {
        return find(name, "\\S+", written, shown);
    }

    private static Optional<String> find(String name, String values, Definition written, Definition shown) {
        SortedMap<String, String> places = ValueFilling.texts(shown);
        for (Map.Entry<String, String> place : ValueFilling.texts(written).entrySet()) {
            String text = places.get(place.getKey());
            if (text != null && uses(place.getValue(), name)) {
                Matcher matcher = pattern(place.getValue(), name, values).matcher(text);
                if (matcher.matches()) {
                    return Optional.of(matcher.group("value"));
                }
            }
        }
        return Optional.empty();
    }

    /** Whether a text has a place for the value. */
    public static boolean uses(String text, String name) {
        return !Placeholders.fill(text, Map.of(name, "")).equals(text);
    }

    /** Whether a service has a place for the value. */
    public static boolean uses(Definition written, String name) {
        return ValueFilling.texts(written).values().stream().anyMatch(text -> uses(text, name));
    }

    private static Pattern pattern(String written, String name, String values) {
        StringBuilder pattern = new StringBuilder();
        Matcher names = NAME.matcher(written);
        int from = 0;
        boolean seen = false;
        while (names.find()) {
            pattern.append(Pattern.quote(written.substring(from, names.start())));
            if (!names.group().equals("{" + name + "}")) {
                pattern.append(".*?");
            } else if (seen) {
                pattern.append("\\k<value>");
            } else {
                pattern.append("(?<value>").append(values).append(')');
                seen = true;
            }
            from = names.end();
        }
        pattern.append(Pattern.quote(written.substring(from)));
        return Pattern.compile(pattern.toString(), Pattern.DOTALL);
    }
}
