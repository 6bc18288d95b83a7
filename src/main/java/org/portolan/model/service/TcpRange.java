package org.portolan.model.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive TCP ports under one name: {@code passive: 30000-30010} stands for the ports {@code passive-30000} to
 * {@code passive-30010}. A definition holds the range; everything behind it sees its ports one by one.
 *
 * @param last belongs to the range
 */
public record TcpRange(String name, int first, int last) {
    /** The most ports of a range: each is a listener and a backend of HAProxy, and a published port of each instance. */
    public static final int MOST = 100;

    /** What a definition holds of a port, where that is a range; empty for a number and for {@code assign}. */
    public static Optional<TcpRange> of(String name, @Nullable Object port) {
        if (!(port instanceof String text)) {
            return Optional.empty();
        }
        int dash = text.indexOf('-');
        return dash < 0
                ? Optional.empty()
                : Optional.of(new TcpRange(
                        name, Integer.parseInt(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1))));
    }

    /** The name of one of its ports. */
    public String name(int port) {
        return name + "-" + port;
    }

    /** The range as it is written and as a definition holds it. */
    public String text() {
        return first + "-" + last;
    }

    /** A definition's ports one by one, by name; empty where it names none. */
    public static SortedMap<String, Object> spread(@Nullable Object ports) {
        SortedMap<String, Object> all = new TreeMap<>();
        if (ports instanceof Map<?, ?> written) {
            for (Map.Entry<?, ?> entry : written.entrySet()) {
                String name = String.valueOf(entry.getKey());
                Optional<TcpRange> range = of(name, entry.getValue());
                if (range.isEmpty()) {
                    all.put(name, entry.getValue());
                } else {
                    for (int port = range.get().first; port <= range.get().last; port++) {
                        all.put(range.get().name(port), (long) port);
                    }
                }
            }
        }
        return all;
    }

    /** Ports with consecutive numbers and such names as a range again, as far as names and numbers can tell. */
    public static SortedMap<String, Object> join(Map<String, Long> ports) {
        SortedMap<String, Object> joined = new TreeMap<>(ports);
        SortedMap<Long, String> ranged = new TreeMap<>();
        ports.forEach((name, port) -> {
            if (name.endsWith("-" + port)
                    && name.length() > String.valueOf(port).length() + 1) {
                ranged.put(port, name.substring(0, name.lastIndexOf('-')));
            }
        });
        List<Long> run = new ArrayList<>();
        for (Long port : ranged.keySet()) {
            boolean next = !run.isEmpty()
                    && port == run.getLast() + 1
                    && String.valueOf(ranged.get(port)).equals(ranged.get(run.getLast()));
            if (!next) {
                join(run, ranged, joined);
                run.clear();
            }
            run.add(port);
        }
        join(run, ranged, joined);
        return joined;
    }

    private static void join(List<Long> run, Map<Long, String> names, Map<String, Object> joined) {
        if (run.size() > 1) {
            String name = String.valueOf(names.get(run.getFirst()));
            run.forEach(port -> joined.remove(name + "-" + port));
            joined.put(name, run.getFirst() + "-" + run.getLast());
        }
    }
}
