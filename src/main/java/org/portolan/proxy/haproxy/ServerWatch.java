package org.portolan.proxy.haproxy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.routing.ServerView;
import org.portolan.model.routing.ServerView.Check;
import org.portolan.model.routing.ServerView.Result;
import org.portolan.model.routing.ServerView.Status;

/** Puts together what several workers say of a deployment's servers. Pure. */
final class ServerWatch {
    private final RouteSet part;
    private final Map<String, Seen> seen = new HashMap<>();

    ServerWatch(RouteSet part) {
        this.part = part;
    }

    /** All pools' words for one instance's port. */
    private static final class Seen {
        private final List<Statistics.Server> now = new ArrayList<>();
        private long sessions;
        private long responses;
        private long errors;
        private long weightedTime;
        private long weights;

        void count(Statistics.Server server) {
            sessions += server.sessions();
            responses += server.responses();
            errors += server.errors();
            long share = Math.max(1, server.responses());
            if (server.averageMillis() > 0) {
                weightedTime += server.averageMillis() * share;
                weights += share;
            }
        }
    }

    /** Takes the present worker's word. */
    void current(Statistics statistics) {
        for (Statistics.Server server : statistics.servers()) {
            String key = key(server);
            if (key != null) {
                Seen found = seen.computeIfAbsent(key, name -> new Seen());
                found.now.add(server);
                found.count(server);
            }
        }
    }

    /**
     * Takes the word of a worker of before a reload. Requests of kept connections it relays to the present worker; only
     * those that came in from the outside past the edge (wan_map) it may still send to any server that it has not in
     * maintenance, so each such connection that is idle counts as a session of each such server.
     */
    void old(Statistics statistics) {
        long idle = idle(statistics);
        for (Statistics.Server server : statistics.servers()) {
            String key = key(server);
            if (key != null) {
                Seen found = seen.computeIfAbsent(key, name -> new Seen());
                found.count(server);
                found.sessions += server.status().startsWith("MAINT") ? 0 : idle;
            }
        }
    }

    /** Connections from the outside; one that is at work may be counted twice, which only makes waiting safer. */
    private static long idle(Statistics statistics) {
        long open = 0;
        for (Map.Entry<String, Long> frontend : statistics.frontendSessions().entrySet()) {
            open += frontend.getKey().startsWith("wan::") ? frontend.getValue() : 0;
        }
        return open;
    }

    /** The instance and port that a row speaks of, when it is this deployment's. */
    private @org.jspecify.annotations.Nullable String key(Statistics.Server server) {
        String pool = server.pool();
        int special = pool.indexOf("::");
        if (pool.startsWith("mix::")) {
            return server.name();
        }
        String natural = special < 0 ? pool : pool.substring(special + 2);
        if (!natural.startsWith(part.deployment() + ":")) {
            return null;
        }
        int service = natural.indexOf(':');
        int port = natural.indexOf(':', service + 1);
        return port < 0 ? server.name() : server.name() + ":" + natural.substring(port + 1);
    }

    Map<InstanceId, List<ServerView>> views() {
        Map<InstanceId, List<ServerView>> views = new TreeMap<>();
        for (RouteSet.Backend backend : part.backends()) {
            for (RouteSet.Server server : backend.servers()) {
                String name = server.instance().name();
                Seen found = seen.get(backend.port().isEmpty() ? name : name + ":" + backend.port());
                if (found != null && !found.now.isEmpty()) {
                    views.computeIfAbsent(server.instance(), id -> new ArrayList<>())
                            .add(view(backend, server, found));
                }
            }
        }
        return views;
    }

    private static ServerView view(RouteSet.Backend backend, RouteSet.Server server, Seen found) {
        Status status = null;
        for (Statistics.Server row : found.now) {
            Status said = status(row, server);
            // Of two pools' words the one counts that speaks against what was asked for.
            status =
                    status == null || severity(said, server.state()) > severity(status, server.state()) ? said : status;
        }
        return new ServerView(
                backend.port(),
                status == null ? Status.DOWN : status,
                server.weight(),
                found.sessions,
                found.responses,
                found.errors,
                Duration.ofMillis(found.weights == 0 ? 0 : found.weightedTime / found.weights),
                backend.checked() ? check(found.now) : Check.UNCHECKED,
                // A pool of checks has no limit.
                found.now.stream()
                        .mapToInt(Statistics.Server::maxConnections)
                        .max()
                        .orElse(0));
    }

    /** Of several pools' words one of a failure counts most, then one that has not checked yet. */
    private static Check check(List<Statistics.Server> rows) {
        Check word = rows.getFirst().check();
        for (Statistics.Server row : rows) {
            boolean failed =
                    row.check().result() != Result.PASSED && row.check().result() != Result.NONE;
            word = failed || word.result() == Result.PASSED ? row.check() : word;
        }
        return word;
    }

    private static int severity(Status status, State wanted) {
        int index =
                switch (status) {
                    case UP -> 0;
                    case DRAIN -> 1;
                    case DOWN -> 2;
                    case MAINT -> 3;
                };
        return wanted == State.READY ? index : 3 - index;
    }

    private static Status status(Statistics.Server row, RouteSet.Server server) {
        String word = row.status();
        if (word.startsWith("MAINT")) {
            // A sticky pool drains a server by maintenance; see MeshBackend.
            return server.state() == State.DRAIN ? Status.DRAIN : Status.MAINT;
        }
        if (word.startsWith("DRAIN")) {
            return server.state() == State.READY && server.weight() == 0 ? Status.UP : Status.DRAIN;
        }
        return word.startsWith("UP") || word.startsWith("no check") ? Status.UP : Status.DOWN;
    }
}
