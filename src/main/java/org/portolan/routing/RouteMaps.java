package org.portolan.routing;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * HAProxy's maps for requests by domain. HAProxy finds the name that answers a host itself (exact, else {@code *.parent},
 * else {@code *}), and then a route for this name and the mark that nginx set on the request. So a request is routed only
 * if nginx treated it by a policy of that very name; whatever nginx lost, or still has from before, leads nowhere.
 *
 * @param names every name that is known, to itself
 * @param routes {@code name|mark/path/} to a pool's name or {@link RoutingTable#NOWHERE}
 * @param retired {@code name|mark} that nginx gives no more, to the moment (milliseconds since 1970) when it ceased to:
 *     such a mark is good for requests that nginx let in before, which are in progress
 * @param credentials what Digest is checked by, of the policies that have routes; secret
 */
public record RouteMaps(
        SortedMap<String, String> names,
        SortedMap<String, String> routes,
        SortedMap<String, Long> retired,
        SortedMap<String, String> credentials) {

    /** How long a retired mark is kept for requests in progress: an upload that nginx takes before it asks HAProxy. */
    static final Duration KEPT = Duration.ofMinutes(10);

    /** What an unknown host is answered with: nginx has no policy for it. */
    private static final SortedMap<String, SortedMap<String, String>> UNKNOWN = new TreeMap<>(Map.of(
            "http.", new TreeMap<>(Map.of("/", RoutingTable.NOWHERE)),
            "https.", new TreeMap<>(Map.of("/", RoutingTable.NOWHERE))));

    /** Maps without a name. */
    public static RouteMaps empty() {
        return new RouteMaps(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }

    /**
     * The maps of a table, with nothing from before.
     *
     * @param key the installation's secret
     */
    public static RouteMaps of(RoutingTable table, byte[] key) {
        return of(table, Policy.of(table.sites(), key));
    }

    /**
     * The same of policies that are known.
     *
     * @param policies of the table's sites, by name
     */
    public static RouteMaps of(RoutingTable table, SortedMap<String, Policy> policies) {
        RouteMaps maps = empty();
        SortedMap<String, SortedMap<String, String>> paths = new TreeMap<>();
        table.routes().forEach((place, pool) -> {
            int slash = place.indexOf('/');
            paths.computeIfAbsent(place.substring(0, slash), name -> new TreeMap<>())
                    .put(place.substring(slash), pool);
        });
        policies.forEach((name, policy) -> {
            maps.names.put(name, name);
            for (String mark : policy.marks()) {
                maps.add(name, mark, paths.getOrDefault(name, new TreeMap<>()));
            }
            maps.credentials.putAll(policy.credentials());
        });
        return maps;
    }

    /** The maps while nginx goes over from these to others: each name has its routes of before and of afterwards. */
    public RouteMaps during(RouteMaps after, long now) {
        return towards(after, now, false);
    }

    /** The maps once nginx went over: what it marked before {@code now} by policies that are no more is let end. */
    public RouteMaps settled(RouteMaps after, long now) {
        if (retired.isEmpty() && same(after)) {
            return after;
        }
        return onlyRetired(after, now) ? this : towards(after, now, true);
    }

    /**
     * Whether these are the others and marks that are retired, none of which is over: then they stay as they are. Each look at
     * the proxies asks this, for as long as nothing changes the maps. Where credentials are needed it is not tried.
     */
    private boolean onlyRetired(RouteMaps after, long now) {
        if (!names.equals(after.names) || !credentials.isEmpty() || !after.credentials.isEmpty()) {
            return false;
        }
        Map<String, String> good = new LinkedHashMap<>();
        Set<String> gone = new HashSet<>();
        routes.forEach((place, pool) -> {
            String mark = place.substring(0, place.indexOf('/'));
            if (retired.containsKey(mark)) {
                gone.add(mark);
            } else {
                good.put(place, pool);
            }
        });
        long over = now - KEPT.toMillis();
        return after.routes.equals(good)
                && gone.equals(retired.keySet())
                && gone.stream().allMatch(mark -> names.containsKey(mark.substring(0, mark.indexOf('|'))))
                && retired.values().stream().allMatch(until -> until > over);
    }

    /** Mostly nothing changes; piece by piece, as each JVM would make a record's own comparison again (ADR 38). */
    private boolean same(RouteMaps other) {
        return other.retired.isEmpty()
                && routes.equals(other.routes)
                && names.equals(other.names)
                && credentials.equals(other.credentials);
    }

    private RouteMaps towards(RouteMaps after, long now, boolean retire) {
        RouteMaps maps = empty();
        Set<String> all = new TreeSet<>(names.keySet());
        all.addAll(after.names.keySet());
        for (String name : all) {
            SortedMap<String, SortedMap<String, String>> to = after.answers(name);
            SortedMap<String, SortedMap<String, String>> leaving = answers(name);
            leaving.keySet().removeAll(to.keySet());
            SortedMap<String, SortedMap<String, String>> old = marks(name, true);
            old.keySet().removeAll(to.keySet());
            old.keySet().removeIf(mark -> until(name, mark) <= now - KEPT.toMillis());
            if (!after.names.containsKey(name) && leaving.isEmpty() && old.isEmpty()) {
                continue;
            }
            maps.names.put(name, name);
            to.forEach((mark, paths) -> maps.add(name, mark, paths));
            leaving.forEach((mark, paths) -> {
                maps.add(name, mark, paths);
                if (retire) {
                    maps.retired.put(key(name, mark), now);
                }
            });
            old.forEach((mark, paths) -> {
                maps.add(name, mark, paths);
                maps.retired.put(key(name, mark), until(name, mark));
            });
        }
        // What is in progress by an earlier policy is checked by its users.
        Set<String> tokens = maps.tokens();
        for (RouteMaps one : List.of(this, after)) {
            one.credentials.forEach((entry, value) -> {
                if (tokens.contains(entry.split("\\|", 2)[0])) {
                    maps.credentials.put(entry, value);
                }
            });
        }
        return maps;
    }

    /** The tokens that requests may be marked with, those in progress included. */
    public Set<String> tokens() {
        Set<String> tokens = new TreeSet<>();
        for (String place : routes.keySet()) {
            String mark = place.substring(place.indexOf('|') + 1, place.indexOf('/'));
            String token = mark.substring(mark.indexOf('.') + 1);
            tokens.add(token.endsWith(Policy.CHECKED) ? token.substring(0, token.length() - 1) : token);
        }
        tokens.remove("");
        return tokens;
    }

    /** The key under which a mark of a name is routed or retired. */
    static String key(String name, String mark) {
        return name + "|" + mark;
    }

    private void add(String name, String mark, SortedMap<String, String> paths) {
        paths.forEach((path, pool) -> routes.put(key(name, mark) + path, pool));
    }

    private long until(String name, String mark) {
        return retired.getOrDefault(key(name, mark), Long.MAX_VALUE);
    }

    /** Mark to path to pool by which a name, declared or not, is answered now. */
    private SortedMap<String, SortedMap<String, String>> answers(String name) {
        if (names.containsKey(name)) {
            return marks(name, false);
        }
        int dot = name.indexOf('.');
        String parent = dot < 0 || name.startsWith("*") ? "" : "*" + name.substring(dot);
        return names.containsKey(parent)
                ? marks(parent, false)
                : names.containsKey("*") ? marks("*", false) : new TreeMap<>(UNKNOWN);
    }

    private SortedMap<String, SortedMap<String, String>> marks(String name, boolean gone) {
        SortedMap<String, SortedMap<String, String>> marks = new TreeMap<>();
        // "}" follows "|": what lies between begins with the name.
        routes.subMap(name + "|", name + "}").forEach((place, pool) -> {
            int slash = place.indexOf('/');
            String mark = place.substring(name.length() + 1, slash);
            if (retired.containsKey(key(name, mark)) == gone) {
                marks.computeIfAbsent(mark, one -> new TreeMap<>()).put(place.substring(slash), pool);
            }
        });
        return marks;
    }

    @Override
    public String toString() {
        return "RouteMaps[" + names.keySet() + "]";
    }
}
