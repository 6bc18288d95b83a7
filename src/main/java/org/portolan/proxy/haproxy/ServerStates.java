package org.portolan.proxy.haproxy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.routing.MeshBackend;

/**
 * The servers that a worker has, as {@code show servers state} lists them, and the commands that bring them to what a pool
 * shall have.
 *
 * @param pools backend to server name to what it is
 * @param limits whether it is known how many connections are opened to each server
 */
record ServerStates(Map<String, Map<String, Server>> pools, boolean limits) {
    private static final int FORCED_MAINTENANCE = 0x01;
    private static final int FORCED_DRAIN = 0x08;
    private static final int CHECK_CONFIGURED = 0x02;
    private static final int CHECK_ENABLED = 0x04;

    /**
     * One server: where it is, whether it is in maintenance or drained, its weight, the state of its check, how many
     * connections are opened to it at once (0: any number).
     */
    record Server(String address, int port, int admin, int weight, int check, int maxConnections) {
        Server limited(int most) {
            return new Server(address, port, admin, weight, check, most);
        }

        boolean maintenance() {
            return (admin & FORCED_MAINTENANCE) != 0;
        }

        boolean drained() {
            return (admin & FORCED_DRAIN) != 0;
        }

        /** Whether it has a check that somebody switched off. */
        boolean unchecked() {
            return (check & CHECK_CONFIGURED) != 0 && (check & CHECK_ENABLED) == 0;
        }
    }

    static ServerStates parse(String answer) {
        Map<String, Map<String, Server>> pools = new HashMap<>();
        Map<String, Integer> columns = Map.of();
        for (String line : answer.split("\n", -1)) {
            if (line.startsWith("# ")) {
                columns = columns(line.substring(2));
                continue;
            }
            String[] words = line.split(" ", -1);
            if (words.length < 10 || columns.isEmpty()) {
                continue;
            }
            pools.computeIfAbsent(word(words, columns, "be_name"), key -> new LinkedHashMap<>())
                    .put(
                            word(words, columns, "srv_name"),
                            new Server(
                                    word(words, columns, "srv_addr"),
                                    number(words, columns, "srv_port"),
                                    number(words, columns, "srv_admin_state"),
                                    number(words, columns, "srv_uweight"),
                                    number(words, columns, "srv_check_state"),
                                    0));
        }
        return new ServerStates(pools, false);
    }

    /** The same with how many connections are opened to each server, which its statistics alone tell. */
    ServerStates with(Statistics statistics) {
        for (Statistics.Server server : statistics.servers()) {
            Map<String, Server> pool = pools.getOrDefault(server.pool(), Map.of());
            Server known = pool.get(server.name());
            if (known != null) {
                pool.put(server.name(), known.limited(server.maxConnections()));
            }
        }
        return new ServerStates(pools, true);
    }

    private static Map<String, Integer> columns(String header) {
        Map<String, Integer> columns = new HashMap<>();
        String[] names = header.strip().split(" ", -1);
        for (int i = 0; i < names.length; i++) {
            columns.put(names[i], i);
        }
        return columns;
    }

    private static String word(String[] words, Map<String, Integer> columns, String name) {
        Integer at = columns.get(name);
        return at == null || at >= words.length ? "" : words[at];
    }

    private static int number(String[] words, Map<String, Integer> columns, String name) {
        String word = word(words, columns, name);
        return word.isEmpty() || word.equals("-") ? 0 : Integer.parseInt(word);
    }

    /** A step on the way to a pool's servers; each answer must be empty or contain {@code expected}. */
    record Step(String command, String expected) {}

    /**
     * What makes the worker's servers of a pool those that it shall have; empty when they are. HAProxy performs the
     * commands one by one and requests come in between them, so those that bring servers come before those that take some
     * away: a pool that is switched from one set of servers to another is never without any.
     */
    List<Step> towards(MeshBackend pool) {
        Map<String, Server> has = pools.getOrDefault(pool.name(), Map.of());
        Map<String, Server> extra = new LinkedHashMap<>(has);
        List<Step> steps = new ArrayList<>();
        List<Step> leaving = new ArrayList<>();
        boolean added = false;
        for (MeshBackend.Entry entry : pool.servers()) {
            Server server = extra.remove(entry.name());
            if (server == null) {
                add(pool, entry, steps);
                added = true;
            } else {
                change(pool, entry, server, steps, leaving);
                if (limited(entry, server) && !pool.takenOut(entry)) {
                    steps.add(new Step(
                            "set maxconn server " + pool.name() + "/" + entry.name() + " " + entry.maxConnections(),
                            ""));
                }
            }
        }
        if (added && pool.sticky()) {
            // HAProxy 2.6 gives a server its dynamic cookie when the backend's are switched on, not when it is added.
            steps.add(new Step("enable dynamic-cookie backend " + pool.name(), ""));
        }
        extra.forEach((name, server) -> {
            if (!server.maintenance()) {
                leaving.add(new Step("set server " + pool.name() + "/" + name + " state maint", ""));
            }
        });
        steps.addAll(leaving);
        return steps;
    }

    /** What of a pool is otherwise than it shall be, for people, a line each; empty exactly when {@link #towards} is. */
    List<String> differences(MeshBackend pool) {
        List<String> found = new ArrayList<>();
        Map<String, Server> extra = new LinkedHashMap<>(pools.getOrDefault(pool.name(), Map.of()));
        for (MeshBackend.Entry entry : pool.servers()) {
            Server server = extra.remove(entry.name());
            List<String> differs = server == null ? List.of("is missing") : differences(pool, entry, server);
            differs.forEach(what -> found.add("server " + entry.name() + " of " + pool.name() + " " + what));
        }
        extra.forEach((name, server) -> {
            if (!server.maintenance()) {
                found.add("server " + name + " of " + pool.name() + " is one too many");
            }
        });
        return found;
    }

    /** Whether its number of connections is known to be limited otherwise than it shall be. */
    private boolean limited(MeshBackend.Entry entry, Server server) {
        return limits && server.maxConnections() != entry.maxConnections();
    }

    private List<String> differences(MeshBackend pool, MeshBackend.Entry entry, Server server) {
        List<String> differs = new ArrayList<>();
        if (!server.address().equals(bare(entry.address())) || server.port() != entry.listen()) {
            differs.add("is at " + server.address() + ":" + server.port() + " instead of " + bare(entry.address()) + ":"
                    + entry.listen());
        }
        if (server.unchecked()) {
            differs.add("is not checked");
        }
        if (pool.takenOut(entry)) {
            if (!server.maintenance()) {
                differs.add("is not in maintenance");
            }
            return differs;
        }
        boolean drain = entry.state() == State.DRAIN;
        if (server.maintenance()) {
            differs.add("is in maintenance");
        } else if (drain != server.drained()) {
            differs.add(drain ? "is not drained" : "is drained");
        }
        if (server.weight() != entry.weight()) {
            differs.add("has weight " + server.weight() + " instead of " + entry.weight());
        }
        if (limited(entry, server)) {
            differs.add("takes " + connections(server.maxConnections()) + " instead of "
                    + connections(entry.maxConnections()));
        }
        return differs;
    }

    private static String connections(int most) {
        return most == 0 ? "any number of connections" : "at most " + most + " connections";
    }

    /** Servers of a pool that it shall not have. */
    List<String> extra(MeshBackend pool) {
        List<String> names =
                new ArrayList<>(pools.getOrDefault(pool.name(), Map.of()).keySet());
        pool.servers().forEach(entry -> names.remove(entry.name()));
        return names;
    }

    private static void add(MeshBackend pool, MeshBackend.Entry entry, List<Step> steps) {
        String full = pool.name() + "/" + entry.name();
        steps.add(new Step(
                "add server " + full + " " + entry.address() + ":" + entry.listen() + " weight " + entry.weight()
                        + pool.words(entry),
                "New server registered"));
        if (entry.checked()) {
            steps.add(new Step("enable health " + full, ""));
        }
        if (!pool.takenOut(entry)) {
            if (entry.state() == State.DRAIN) {
                steps.add(new Step("set server " + full + " state drain", ""));
            } else {
                steps.add(new Step("enable server " + full, ""));
            }
        }
    }

    private static void change(
            MeshBackend pool, MeshBackend.Entry entry, Server server, List<Step> steps, List<Step> leaving) {
        String full = pool.name() + "/" + entry.name();
        if (!server.address().equals(bare(entry.address())) || server.port() != entry.listen()) {
            steps.add(new Step(
                    "set server " + full + " addr " + bare(entry.address()) + " port " + entry.listen(), "changed"));
        }
        if (server.unchecked()) {
            steps.add(new Step("enable health " + full, ""));
        }
        if (pool.takenOut(entry)) {
            if (!server.maintenance()) {
                leaving.add(new Step("set server " + full + " state maint", ""));
            }
            return;
        }
        boolean drain = entry.state() == State.DRAIN;
        if (drain && (!server.drained() || server.maintenance())) {
            leaving.add(new Step("set server " + full + " state drain", ""));
        }
        if (server.weight() != entry.weight()) {
            // One that comes back carries nothing yet: it gets its weight first, be it lower than before.
            boolean comes = !drain && (entry.weight() > server.weight() || server.maintenance() || server.drained());
            (comes ? steps : leaving).add(new Step("set server " + full + " weight " + entry.weight(), ""));
        }
        if (!drain && (server.maintenance() || server.drained())) {
            steps.add(new Step("set server " + full + " state ready", ""));
        }
    }

    private static String bare(String address) {
        return address.startsWith("[") ? address.substring(1, address.length() - 1) : address;
    }
}
