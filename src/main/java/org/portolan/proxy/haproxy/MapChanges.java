package org.portolan.proxy.haproxy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** A map: its file's text, and the commands that bring a worker's map to it. */
final class MapChanges {
    private MapChanges() {}

    /** The file: a line {@code key value} each. */
    static String text(SortedMap<String, String> routes) {
        StringBuilder text = new StringBuilder();
        routes.forEach((key, pool) -> text.append(key).append(' ').append(pool).append('\n'));
        return text.toString();
    }

    /**
     * Commands after which the worker's map is the wanted one. What comes and what changes is said before what goes, so
     * that a path that moves is never without an answer.
     *
     * @param shown the answer of {@code show map FILE}: an address, key and value on each line
     */
    static List<String> between(String shown, SortedMap<String, String> wanted, String file) {
        Map<String, String> has = new HashMap<>();
        List<String> doubles = new ArrayList<>();
        for (String line : shown.split("\n", -1)) {
            String[] words = line.strip().split(" ", 3);
            if (words.length == 3 && has.put(words[1], words[2]) != null) {
                doubles.add(words[1]);
            }
        }
        List<String> commands = new ArrayList<>();
        for (String key : doubles) {
            commands.add("del map " + file + " " + key);
            has.remove(key);
        }
        wanted.forEach((key, pool) -> {
            String before = has.remove(key);
            if (before == null) {
                commands.add("add map " + file + " " + key + " " + pool);
            } else if (!before.equals(pool)) {
                commands.add("set map " + file + " " + key + " " + pool);
            }
        });
        has.keySet().forEach(key -> commands.add("del map " + file + " " + key));
        return commands;
    }
}
