package org.portolan.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path with names in braces, each of which stands for one segment: {@code /v1/deployments/{deployment}/plan}. That of a source before
 * other segments stands for as many as there are, as sources that patterns stand for have names with slashes.
 */
record PathTemplate(String text, List<String> segments) {
    private static final String SOURCE = "{source}";

    static PathTemplate of(String text) {
        return new PathTemplate(text, split(text));
    }

    private static List<String> split(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    /** The names in braces, in order. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        for (String segment : segments) {
            if (isName(segment)) {
                names.add(name(segment));
            }
        }
        return names;
    }

    /** How many segments stand for themselves: of two that match, the one with more does. */
    long literals() {
        return segments.stream().filter(segment -> !isName(segment)).count();
    }

    /** What the names stand for; empty when the path is another. */
    Optional<Map<String, String>> match(String path) {
        List<String> given = path.startsWith("/") ? joined(split(path)) : List.of();
        if (given.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> names = new LinkedHashMap<>();
        for (int index = 0; index < given.size(); index++) {
            String segment = segments.get(index);
            String value = given.get(index);
            if (isName(segment) && !value.isEmpty()) {
                names.put(name(segment), value);
            } else if (!segment.equals(value)) {
                return Optional.empty();
            }
        }
        return Optional.of(names);
    }

    /** The parts of a path, with those of a source's name as one. */
    private List<String> joined(List<String> parts) {
        int at = segments.indexOf(SOURCE);
        int more = parts.size() - segments.size();
        if (at < 0 || at == segments.size() - 1 || more <= 0) {
            return parts;
        }
        List<String> name = parts.subList(at, at + more + 1);
        if (name.contains("")) {
            return parts;
        }
        List<String> all = new ArrayList<>(parts.subList(0, at));
        all.add(String.join("/", name));
        all.addAll(parts.subList(at + more + 1, parts.size()));
        return all;
    }

    private static boolean isName(String segment) {
        return segment.startsWith("{");
    }

    private static String name(String segment) {
        return segment.substring(1, segment.length() - 1);
    }

    @Override
    public String toString() {
        return text;
    }
}
