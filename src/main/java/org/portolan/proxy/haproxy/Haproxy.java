package org.portolan.proxy.haproxy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;
import org.portolan.model.InstanceId;
import org.portolan.process.AtomicFiles;
import org.portolan.proxy.DeploymentRoutes;
import org.portolan.proxy.Proxy.ServerView;
import org.portolan.proxy.ProxySettings;
import org.portolan.proxy.render.HaproxyConfig;
import org.portolan.proxy.render.Pool;
import org.portolan.proxy.render.RoutingTable;

/**
 * HAProxy of this machine: brought to a routing table, by the runtime API where that suffices, and watched. Its callers
 * hold the proxies' lock while they change it.
 */
public final class Haproxy {
    private static final long STOPPING_MILLIS = 5000;

    private final Path file;
    private final Path map;
    private final Path socket;
    private final HaproxyProcess process;

    /**
     * HAProxy with its files.
     *
     * @param folder where map, candidate and (for a process of our own) the configuration lie
     * @param run for pid file and socket
     */
    public Haproxy(ProxySettings.Program program, Path folder, Path run) {
        file = program.system()
                ? program.folder()
                        .orElseThrow(() -> new Failure(
                                        ExitStatus.INVALID, "the system's HAProxy needs proxy.haproxy.folder")
                                .withHint("the folder that HAProxy is started with (-f), such as /etc/haproxy/conf.d"))
                        .resolve("portolan.cfg")
                : folder.resolve("haproxy.cfg");
        map = folder.resolve("routes.map");
        socket = program.socket().orElse(run.resolve("haproxy-master.sock"));
        process = new HaproxyProcess(program, file, run.resolve("haproxy.pid"), socket);
    }

    /** The map's file, which the configuration names. */
    public Path map() {
        return map;
    }

    /** Whether it runs and answers. */
    public boolean running() {
        return process.workers().filter(known -> !known.current().isEmpty()).isPresent();
    }

    /** Whether it has had a configuration of ours; the system's own may run without. */
    public boolean configured() {
        return Files.exists(file);
    }

    /** A line for people: since when it runs, with which processes. */
    public String describe() {
        return process.workers()
                .map(known -> "haproxy  running  process " + known.master() + ", version " + known.version() + ", up "
                        + known.uptime() + (known.old().isEmpty() ? "" : ", old workers " + known.old()))
                .orElse("haproxy  stopped");
    }

    /** Starts it with the table; with the last good file when the new one is refused. */
    public void start(RoutingTable table, HaproxyConfig config) {
        Optional<String> before = read(file);
        ensureMap(table);
        try {
            process.validate(config.text());
        } catch (Failure refused) {
            if (before.isPresent()) {
                process.start();
            }
            throw refused;
        }
        AtomicFiles.write(map, bytes(MapChanges.text(table.routes())), AtomicFiles.PRIVATE);
        write(config.text());
        if (process.workers().isPresent()) {
            process.reload();
        } else {
            process.start();
        }
    }

    /**
     * Brings it to the table and returns when its present worker has acknowledged.
     *
     * @param suspicious whether an earlier change may have been broken off: then the files' word is not believed
     * @return whether it was reloaded
     */
    public boolean apply(RoutingTable table, HaproxyConfig config, boolean suspicious) {
        Optional<String> before = read(file);
        ensureMap(table);
        boolean structural = suspicious
                || before.isEmpty()
                || !HaproxyConfig.structureOf(before.get()).equals(config.structure());
        if (structural) {
            reload(table, config, before);
            run(table);
            return true;
        }
        boolean agreed = run(table);
        AtomicFiles.write(map, bytes(MapChanges.text(table.routes())), AtomicFiles.PRIVATE);
        write(config.text());
        if (!agreed) {
            process.reload();
        }
        return !agreed;
    }

    private void reload(RoutingTable table, HaproxyConfig config, Optional<String> before) {
        process.validate(config.text());
        process.requireFree(before.orElse(""), config.text());
        Optional<String> mapBefore = read(map);
        // What leaves must leave the workers that become old as well.
        forgetRoutes(table);
        AtomicFiles.write(map, bytes(MapChanges.text(table.routes())), AtomicFiles.PRIVATE);
        write(config.text());
        try {
            process.reload();
        } catch (Failure failed) {
            mapBefore.ifPresent(text -> AtomicFiles.write(map, bytes(text), AtomicFiles.PRIVATE));
            if (before.isPresent()) {
                write(before.get());
                process.reload();
            }
            throw failed;
        }
        awaitOldStopping();
    }

    /** From its soft stop on, an old worker relays; before, it would answer by the routes of before. */
    private void awaitOldStopping() {
        long end = System.nanoTime() + STOPPING_MILLIS * 1_000_000;
        for (long old : process.workers().map(Workers::old).orElse(List.of())) {
            while (System.nanoTime() < end
                    && askOld(old, "show info")
                            .filter(said -> !said.contains("\nStopping: 1"))
                            .isPresent()) {
                HaproxyProcess.pause();
            }
        }
    }

    /** Asks a worker over a conversation of its own; empty when it has ended, which also ends the conversation. */
    private Optional<String> askOld(long worker, String command) {
        try (MasterSocket master = MasterSocket.open(socket)) {
            master.enter(worker);
            return Optional.of(master.ask(command));
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    private void forgetRoutes(RoutingTable table) {
        process.workers().ifPresent(workers -> all(workers).forEach(worker -> forget(worker, table)));
    }

    /** Takes routes that are no more out of a worker's map. */
    private void forget(long worker, RoutingTable table) {
        try (MasterSocket master = MasterSocket.open(socket)) {
            master.enter(worker);
            for (String command : MapChanges.between(master.ask("show map " + map), table.routes(), map.toString())) {
                if (command.startsWith("del ")) {
                    master.ask(command);
                }
            }
        } catch (IOException ended) {
            // A worker that has just ended answers nobody any more.
        }
    }

    private static List<Long> all(Workers workers) {
        List<Long> all = new ArrayList<>(workers.current());
        all.addAll(workers.old());
        return all;
    }

    /** Brings servers and map of the present worker to the table; false when it does not agree with the table then. */
    private boolean run(RoutingTable table) {
        try (MasterSocket master = MasterSocket.open(socket)) {
            Workers workers = Workers.parse(master.ask("show proc"));
            if (workers.current().isEmpty()) {
                throw new IOException("it has no worker");
            }
            master.enter(workers.current().getLast());
            boolean said = servers(master, table);
            for (String command : MapChanges.between(master.ask("show map " + map), table.routes(), map.toString())) {
                String answer = master.ask(command);
                said &= answer.isBlank();
            }
            boolean agreed = said && agrees(ServerStates.parse(master.ask("show servers state")), table);
            workers.old().forEach(old -> forget(old, table));
            return agreed;
        } catch (IOException problem) {
            throw MasterSocket.failure(socket, problem);
        }
    }

    private static boolean servers(MasterSocket master, RoutingTable table) throws IOException {
        ServerStates states = ServerStates.parse(master.ask("show servers state"));
        boolean said = true;
        for (Pool pool : table.pools().values()) {
            for (ServerStates.Step step : states.towards(pool)) {
                String answer = master.ask(step.command());
                said &= step.expected().isEmpty() ? answer.isBlank() : answer.contains(step.expected());
            }
            for (String extra : states.extra(pool)) {
                // Refused while a connection is open; it is in maintenance, and the next change tries again.
                master.ask("del server " + pool.name() + "/" + extra);
            }
        }
        return said;
    }

    private static boolean agrees(ServerStates states, RoutingTable table) {
        for (Pool pool : table.pools().values()) {
            if (!states.towards(pool).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** What all workers say of a deployment's servers. */
    public Map<InstanceId, List<ServerView>> observe(DeploymentRoutes part) {
        try (MasterSocket master = MasterSocket.open(socket)) {
            Workers workers = Workers.parse(master.ask("show proc"));
            if (workers.current().isEmpty()) {
                throw new IOException("it has no worker");
            }
            ServerWatch watch = new ServerWatch(part);
            master.enter(workers.current().getLast());
            watch.current(Statistics.parse(master.ask("show stat -1 5 -1")));
            for (long old : workers.old()) {
                askOld(old, "show stat -1 5 -1").ifPresent(said -> watch.old(Statistics.parse(said)));
            }
            return watch.views();
        } catch (IOException problem) {
            throw MasterSocket.failure(socket, problem);
        }
    }

    private void ensureMap(RoutingTable table) {
        if (!Files.exists(map)) {
            AtomicFiles.write(map, bytes(MapChanges.text(table.routes())), AtomicFiles.PRIVATE);
        }
    }

    private void write(String text) {
        AtomicFiles.write(file, bytes(text), AtomicFiles.PRIVATE);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Optional<String> read(Path path) {
        try {
            return Optional.of(Files.readString(path));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (IOException problem) {
            throw new Failure(ExitStatus.UNAVAILABLE, "cannot read " + path + ": " + problem.getMessage())
                    .withCause(problem);
        }
    }

    /** Ends it (a process of our own only); requests in flight are cut off. */
    public void stop() {
        process.stop();
    }
}
