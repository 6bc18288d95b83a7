package org.portolan.proxy.haproxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.ProxyCapacity;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.ServerView;
import org.portolan.process.AtomicFiles;
import org.portolan.process.FileProblems;
import org.portolan.process.ListeningSockets;
import org.portolan.process.OwnFile;
import org.portolan.process.StateFiles;
import org.portolan.routing.HaproxyConfig;
import org.portolan.routing.MeshBackend;
import org.portolan.routing.ProxySettings;
import org.portolan.routing.RouteMaps;
import org.portolan.routing.RoutingTable;

/**
 * HAProxy of this machine: brought to a routing table, by the runtime API where that suffices, and watched. Its callers
 * hold the proxies' lock while they change it.
 */
public final class Haproxy {
    private static final long STOPPING_MILLIS = 5000;

    private final Path file;
    private final OwnFile own;
    private final MapFiles maps;
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
                        .orElseThrow(() -> new Failure(Kind.INVALID, "the system's HAProxy needs proxy.haproxy.folder")
                                .withHint("set it to the folder that HAProxy loads (-f), such as /etc/haproxy/conf.d"))
                        .resolve("portolan.cfg")
                : folder.resolve("haproxy.cfg");
        maps = new MapFiles(folder.resolve("maps"));
        socket = program.socket().orElse(run.resolve("haproxy-master.sock"));
        own = new OwnFile(file, run.resolve("haproxy.cfg.sum"));
        process = new HaproxyProcess(program, file, run.resolve("haproxy.pid"), socket);
    }

    /** Its configuration. */
    public Path file() {
        return file;
    }

    /** The folder of the maps, which the configuration names. */
    public Path mapFolder() {
        return maps.folder();
    }

    /** The maps as they were written last; empty before the first time. */
    public RouteMaps maps() {
        return maps.read();
    }

    /** Whether there are the maps, and the script that its file names: a HAProxy of an earlier version has none of these. */
    public boolean hasMaps() {
        return maps.exist()
                && (maps.hasScript()
                        || read(file)
                                .filter(text -> text.contains(HaproxyConfig.SCRIPT))
                                .isEmpty());
    }

    /** Whether it runs and answers. */
    public boolean running() {
        return process.workers().filter(known -> !known.current().isEmpty()).isPresent();
    }

    /** What is to be told if somebody else wrote its configuration; empty: nobody did. */
    public Optional<ProxyDefect> altered() {
        return own.altered()
                ? Optional.of(ProxyDefect.repairable(
                        ProxyDefect.Subject.MESH,
                        "HAProxy's configuration " + file + " was changed by hand",
                        "write it again and reload HAProxy"))
                : Optional.empty();
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
                .orElseGet(() -> anyProcess()
                        .map(pid -> "haproxy  running  process " + pid + ", but it does not answer on " + socket)
                        .orElse("haproxy  stopped"));
    }

    /** What its present worker carries, in its own words and the kernel's; empty when it does not run or say. */
    public Optional<ProxyCapacity> capacity(long decided) {
        return process.capacity(decided);
    }

    /** Starts it with the maps; with the last good file when the new one is refused or cannot be written. */
    public void start(RouteMaps wanted, HaproxyConfig config) {
        Optional<String> before = read(file);
        try {
            maps.write(wanted);
            maps.script(config.script());
            process.validate(config.text());
            write(config.text());
        } catch (Failure refused) {
            if (before.isPresent()) {
                process.start();
            }
            throw refused;
        }
        if (process.workers().isPresent()) {
            process.reload();
        } else {
            process.start();
        }
    }

    /**
     * Brings it to the table and returns when its present worker has acknowledged.
     *
     * @param wanted the maps that go with it
     * @param suspicious whether an earlier change may have been interrupted: then the files are not trusted
     * @return whether it was reloaded
     */
    public boolean apply(RoutingTable table, RouteMaps wanted, HaproxyConfig config, boolean suspicious) {
        Optional<String> before = read(file);
        maps.script(config.script());
        boolean structural = suspicious
                || !maps.exist()
                || before.isEmpty()
                || !HaproxyConfig.structureOf(before.get()).equals(config.structure());
        if (structural) {
            reload(wanted, config, before);
            run(table, wanted, before);
            return true;
        }
        boolean agreed = run(table, wanted, before);
        maps.write(wanted);
        write(config.text());
        if (!agreed) {
            process.reload();
        }
        return !agreed;
    }

    /** Brings its maps alone to others; workers of before a reload hand requests on and have no say. */
    public void settle(RouteMaps wanted) {
        boolean agreed = present(master -> maps.bring(master, wanted));
        maps.write(wanted);
        if (!agreed) {
            process.reload();
        }
    }

    private void reload(RouteMaps wanted, HaproxyConfig config, Optional<String> before) {
        RouteMaps mapsBefore = maps.read();
        if (!maps.exist()) {
            maps.write(wanted);
        }
        process.validate(config.text());
        Set<String> clashes = process.requireFree(before.orElse(""), config.text());
        maps.write(wanted);
        try {
            if (!clashes.isEmpty()) {
                // HAProxy would quiet the old worker to have the port, and with it the listeners that both share.
                write(HaproxyProcess.without(config.text(), clashes));
                process.reload();
                process.awaitFree(clashes);
            }
            write(config.text());
            process.reload();
        } catch (Failure failed) {
            maps.write(mapsBefore);
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
        for (long old : process.workers().map(HaproxyWorkers::old).orElse(List.of())) {
            while (System.nanoTime() < end
                    && askOld(old, "show info")
                            .filter(said -> !said.contains("\nStopping: 1"))
                            .isPresent()) {
                HaproxyProcess.pause();
            }
        }
    }

    /** Asks a worker over a separate conversation; empty when it has ended, which also ends the conversation. */
    private Optional<String> askOld(long worker, String command) {
        try (MasterSocket master = MasterSocket.open(socket)) {
            master.enter(worker);
            return Optional.of(master.ask(command));
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    /** Brings servers and maps of the present worker to the table; false when it does not agree with the table then. */
    private boolean run(RoutingTable table, RouteMaps wanted, Optional<String> before) {
        return present(master -> {
            boolean limits = limited(table, before);
            boolean said = servers(master, table, limits);
            said &= maps.bring(master, wanted);
            return said && agrees(states(master, limits), table);
        });
    }

    /** Whether servers have or had a limit of connections: only then their statistics are asked too. */
    private static boolean limited(RoutingTable table, Optional<String> before) {
        return table.pools().values().stream().anyMatch(MeshBackend::limited)
                || before.filter(HaproxyConfig::limited).isPresent();
    }

    private static ServerStates states(MasterSocket master, boolean limits) throws IOException {
        ServerStates states = ServerStates.parse(master.ask("show servers state"));
        return limits ? states.with(Statistics.parse(master.ask("show stat -1 4 -1"))) : states;
    }

    private interface Talk {
        boolean with(MasterSocket master) throws IOException;
    }

    /** Talks with the present worker. */
    private boolean present(Talk talk) {
        try (MasterSocket master = MasterSocket.open(socket)) {
            HaproxyWorkers workers = HaproxyWorkers.parse(master.ask("show proc"));
            if (workers.current().isEmpty()) {
                throw new IOException("it has no worker");
            }
            master.enter(workers.current().getLast());
            return talk.with(master);
        } catch (IOException problem) {
            throw MasterSocket.failure(socket, problem);
        }
    }

    private static boolean servers(MasterSocket master, RoutingTable table, boolean limits) throws IOException {
        ServerStates states = states(master, limits);
        boolean said = true;
        for (MeshBackend pool : table.pools().values()) {
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

    /**
     * What its present worker serves otherwise than a table says, in its own words. Asked in one conversation.
     *
     * @param wanted the table's maps; what was retired since is known by the files
     * @return empty when it agrees, or is not there to be asked
     */
    public List<ProxyDefect> differences(RoutingTable table, RouteMaps wanted) {
        List<ProxyDefect> found = new ArrayList<>();
        try (MasterSocket master = MasterSocket.open(socket)) {
            HaproxyWorkers workers = HaproxyWorkers.parse(master.ask("show proc"));
            if (workers.current().isEmpty()) {
                return found;
            }
            master.enter(workers.current().getLast());
            ServerStates states = states(master, limited(table, read(file)));
            for (MeshBackend pool : table.pools().values()) {
                states.differences(pool).forEach(line -> found.add(differs("in HAProxy " + line)));
            }
            int entries = maps.differences(master, maps.read().settled(wanted, 0));
            if (entries > 0) {
                found.add(differs("in HAProxy's maps " + entries + (entries == 1 ? " entry differs" : " entries differ")
                        + " from the routes"));
            }
        } catch (IOException gone) {
            found.add(differs("HAProxy's socket " + socket + " does not answer: " + gone.getMessage()));
        }
        return found;
    }

    private static ProxyDefect differs(String found) {
        return ProxyDefect.repairable(ProxyDefect.Subject.SERVERS, found, "update HAProxy's servers and maps");
    }

    private static boolean agrees(ServerStates states, RoutingTable table) {
        for (MeshBackend pool : table.pools().values()) {
            if (!states.towards(pool).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** What all workers say of a deployment's servers. */
    public Map<InstanceId, List<ServerView>> observe(RouteSet part) {
        try (MasterSocket master = MasterSocket.open(socket)) {
            HaproxyWorkers workers = HaproxyWorkers.parse(master.ask("show proc"));
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

    private void write(String text) {
        own.write(text, AtomicFiles.PRIVATE);
    }

    private static Optional<String> read(Path path) {
        try {
            return StateFiles.text(path);
        } catch (IOException problem) {
            throw FileProblems.failure("read", path, problem);
        }
    }

    /** The sockets, of those that listen on this machine, that its present workers hold. */
    public Set<ListeningSockets.Socket> held(ListeningSockets sockets) {
        return process.held(sockets);
    }

    /** All processes of it that may hold its ports, whether or not it can be spoken to. */
    public List<Long> processes() {
        List<Long> all = new ArrayList<>();
        for (long master : process.masters()) {
            all.add(master);
            ProcessHandle.of(master).ifPresent(handle -> handle.children().forEach(child -> all.add(child.pid())));
        }
        return all;
    }

    /** A process of it that runs, whether or not it can be spoken to; empty when none does, or it is the system's own. */
    public Optional<Long> anyProcess() {
        return process.masters().stream().findFirst();
    }

    /** Has one that nobody can speak to any more let go of its ports, and end with its last request. */
    public void dismissLost() {
        process.dismissLost();
    }

    /** Ends it (a process of our own only); requests in flight are cut off. */
    public void stop() {
        process.stop();
    }
}
