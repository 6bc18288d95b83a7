package org.portolan.proxy.haproxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.routing.ProxyCapacity;
import org.portolan.process.CandidateFile;
import org.portolan.process.Commands;
import org.portolan.process.Complaints;
import org.portolan.process.Listeners;
import org.portolan.process.ListeningSockets;
import org.portolan.process.ProcessTable;
import org.portolan.process.Programs;
import org.portolan.routing.ProxySettings;

/** HAProxy as a process: checked, started, reloaded, looked at. */
final class HaproxyProcess {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String BIND = "    bind ";
    private static final Duration LETTING_GO = Duration.ofSeconds(5);
    private static final long PAUSE_MILLIS = 5;

    private final ProxySettings.Program program;
    private final Path file;
    private final Path pidFile;
    private final Path socket;

    HaproxyProcess(ProxySettings.Program program, Path file, Path pidFile, Path socket) {
        this.program = program;
        this.file = file;
        this.pidFile = pidFile;
        this.socket = socket;
    }

    private String binary() {
        return Programs.find(program.program())
                .orElseThrow(
                        () -> new Failure(Kind.UNAVAILABLE, "the program " + program.program() + " is not on the PATH")
                                .withHint("install HAProxy 2.6 or newer, or set PORTOLAN_PROXY_HAPROXY_PROGRAM"))
                .toString();
    }

    /** Has HAProxy itself read a text; fails with what it says. */
    void validate(String text) {
        CandidateFile.check(file, file.resolveSibling("." + file.getFileName() + ".candidate"), text, this::validate);
    }

    private void validate(Path written) {
        Commands.Result result = Commands.run(List.of(binary(), "-c", "-f", written.toString()), DEADLINE);
        if (!result.succeeded()) {
            throw new Failure(Kind.FAILED, "HAProxy rejected its new configuration; the last good one stays active")
                    .withDetails(Complaints.of(result.output()))
                    .withHint("check your custom templates (proxy.templates) first");
        }
    }

    /**
     * Fails when a listener that comes new is taken by somebody else, naming it: HAProxy's own reload would not say.
     *
     * @return new listeners that only HAProxy's own present ones keep, such as 0.0.0.0 where 127.0.0.1 has the port
     */
    Set<String> requireFree(String before, String text) {
        Set<String> known = new HashSet<>(binds(before));
        Set<String> clashes = new HashSet<>();
        ListeningSockets sockets = ListeningSockets.read();
        Set<ListeningSockets.Socket> own = held(sockets);
        for (String bind : binds(text)) {
            if (!known.contains(bind)) {
                int colon = bind.lastIndexOf(':');
                String address = bind.substring(0, colon);
                int port = Integer.parseInt(bind.substring(colon + 1));
                List<ListeningSockets.Socket> against = sockets.against(address, port);
                boolean ours = !against.isEmpty() && own.containsAll(against);
                Optional<String> obstacle = ours ? Optional.empty() : Listeners.obstacle(address, port);
                if (obstacle.isPresent()) {
                    throw cannotListen(bind, obstacle.get());
                }
                if (ours) {
                    clashes.add(bind);
                }
            }
        }
        return clashes;
    }

    /** A text without some of its listeners. */
    static String without(String text, Set<String> listeners) {
        StringBuilder rest = new StringBuilder(text.length());
        for (String line : text.split("(?<=\n)", -1)) {
            if (!line.startsWith(BIND)
                    || !listeners.contains(line.substring(BIND.length()).strip().split(" ", 2)[0])) {
                rest.append(line);
            }
        }
        return rest.toString();
    }

    /** Waits until nobody listens any more where listeners shall come. */
    void awaitFree(Set<String> listeners) {
        long end = System.nanoTime() + LETTING_GO.toNanos();
        for (String bind : listeners) {
            int colon = bind.lastIndexOf(':');
            while (System.nanoTime() < end
                    && Listeners.refusal(bind.substring(0, colon), Integer.parseInt(bind.substring(colon + 1)))
                            .isPresent()) {
                pause();
            }
        }
    }

    /** What its present workers have open of all that listens; nothing where that cannot be seen. */
    Set<ListeningSockets.Socket> held(ListeningSockets sockets) {
        Set<ListeningSockets.Socket> held = new HashSet<>();
        for (long worker : workers().map(HaproxyWorkers::current).orElse(List.of())) {
            held.addAll(sockets.heldBy(worker).orElse(Set.of()));
        }
        return held;
    }

    static List<String> binds(String text) {
        List<String> binds = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            if (line.startsWith(BIND)) {
                binds.add(line.substring(BIND.length()).strip().split(" ", 2)[0]);
            }
        }
        return binds;
    }

    private static Failure cannotListen(String bind, String reason) {
        String port = bind.substring(bind.lastIndexOf(':') + 1);
        Failure failure = new Failure(Kind.FAILED, "HAProxy cannot listen on " + bind + ": " + reason);
        if (Listeners.forbidden(number(port), reason)) {
            return failure.withHint(Listeners.PRIVILEGED + ", or choose a higher port (wan_map or TCP domain in the"
                    + " Servicefile, PORTOLAN_STATS_PORT for the statistics page, PORTOLAN_MESH_PORTS for the mesh)");
        }
        return failure.withHint("stop the process that listens on port " + port
                + ", or choose another port: it belongs to a wan_map, a TCP domain, the"
                + " statistics page (PORTOLAN_STATS_PORT) or the mesh (PORTOLAN_MESH_PORTS)");
    }

    /** Starts it in the background; it has bound its listeners when this returns. */
    void start() {
        if (program.system()) {
            command(program.reload(), "reload");
            return;
        }
        Commands.Result result = Commands.start(
                List.of(
                        binary(),
                        "-W",
                        "-D",
                        "-p",
                        pidFile.toString(),
                        "-S",
                        socket + ",mode,600",
                        "-f",
                        file.toString()),
                DEADLINE);
        if (!result.succeeded()) {
            throw refused(result.output());
        }
        await(Set.of(), 0);
    }

    private static Failure refused(String output) {
        for (String line : output.split("\n", -1)) {
            int open = line.lastIndexOf('[');
            int close = line.lastIndexOf(']');
            boolean bind = line.contains("cannot bind") || line.contains("cannot listen");
            if (bind && open >= 0 && close > open) {
                String at = line.substring(open + 1, close);
                int colon = at.lastIndexOf(':');
                return cannotListen(
                        at,
                        line.contains("denied") || colon < 0
                                ? "permission denied"
                                : Listeners.obstacle(at.substring(0, colon), number(at.substring(colon + 1)))
                                        .orElse("the port is in use"));
            }
        }
        return new Failure(Kind.UNAVAILABLE, "HAProxy does not start").withDetails(Complaints.of(output));
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    /**
     * Masters with this configuration file that live, found by their command line: the socket, by which they would answer,
     * may be lost.
     */
    List<Long> masters() {
        if (program.system()) {
            return List.of();
        }
        List<ProcessTable.Entry> found = new ArrayList<>();
        Set<Long> numbers = new HashSet<>();
        for (ProcessTable.Entry process : ProcessTable.own()) {
            if (process.hasOption("-f", file.toString()) && process.arguments().contains("-W")) {
                found.add(process);
                numbers.add(process.pid());
            }
        }
        List<Long> masters = new ArrayList<>();
        for (ProcessTable.Entry process : found) {
            if (!numbers.contains(process.parent())) {
                masters.add(process.pid());
            }
        }
        return masters;
    }

    /** One that nobody can speak to any more lets go of its ports, and ends with its last request. */
    void dismissLost() {
        List<Long> lost = masters();
        for (long master : lost) {
            Commands.run(List.of("/bin/kill", "-USR1", String.valueOf(master)), DEADLINE);
        }
        long end = System.nanoTime() + LETTING_GO.toNanos();
        while (!lost.isEmpty() && System.nanoTime() < end && anyTaken()) {
            pause();
        }
    }

    private boolean anyTaken() {
        try {
            for (String bind : binds(Files.readString(file))) {
                int colon = bind.lastIndexOf(':');
                if (Listeners.refusal(bind.substring(0, colon), Integer.parseInt(bind.substring(colon + 1)))
                        .isPresent()) {
                    return true;
                }
            }
        } catch (IOException unreadable) {
            return false;
        }
        return false;
    }

    /** Reloads, and waits until a worker with the new file serves. */
    void reload() {
        HaproxyWorkers before = workers()
                .orElseThrow(() -> new Failure(Kind.UNREACHABLE, "HAProxy does not answer on " + socket)
                        .withRemedy(Remedy.of(Call.of(Verb.SYSTEM_UP)).and(" starts it again")));
        if (program.system()) {
            command(program.reload(), "reload");
        } else {
            try (MasterSocket master = MasterSocket.open(socket)) {
                master.ask("reload");
            } catch (IOException closed) {
                // The master restarts itself and closes the conversation; the outcome is seen below.
            }
        }
        Set<Long> known = new HashSet<>(before.current());
        known.addAll(before.old());
        await(known, before.failed());
    }

    private void command(List<String> words, String what) {
        if (words.isEmpty()) {
            throw new Failure(Kind.INVALID, "the system's HAProxy has no " + what + " command")
                    .withHint("set PORTOLAN_PROXY_HAPROXY_RELOAD, for example to `systemctl reload haproxy`");
        }
        Commands.Result result = Commands.run(words, DEADLINE);
        if (!result.succeeded()) {
            throw new Failure(Kind.FAILED, "the command that reloads HAProxy failed: " + String.join(" ", words))
                    .withDetails(Complaints.of(result.output()));
        }
    }

    private void await(Set<Long> known, int failedBefore) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (System.nanoTime() < end) {
            Optional<HaproxyWorkers> now = workers();
            if (now.isPresent()) {
                boolean fresh = !now.get().current().isEmpty()
                        && now.get().current().stream().noneMatch(known::contains);
                if (fresh) {
                    return;
                }
                if (now.get().failed() > failedBefore) {
                    throw new Failure(Kind.FAILED, "HAProxy's reload failed; the old worker is still serving");
                }
            }
            pause();
        }
        throw new Failure(Kind.UNAVAILABLE, "HAProxy did not start within " + DEADLINE.toSeconds() + " s");
    }

    static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Failure(Kind.UNAVAILABLE, "interrupted while waiting for HAProxy").withCause(interrupted);
        }
    }

    /** Its processes; empty when nobody answers. */
    Optional<HaproxyWorkers> workers() {
        if (!Files.exists(socket)) {
            return Optional.empty();
        }
        try (MasterSocket master = MasterSocket.open(socket)) {
            return Optional.of(HaproxyWorkers.parse(master.ask("show proc")));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** What the present worker carries; empty when nobody answers, or it is the system's. */
    Optional<ProxyCapacity> capacity(long decided) {
        return program.system()
                ? Optional.empty()
                : workers().flatMap(known -> StatisticsLoad.of(known, socket, decided));
    }

    void stop() {
        if (program.system()) {
            return;
        }
        List<Long> left = masters();
        for (long master : left) {
            ProcessHandle.of(master).ifPresent(ProcessHandle::destroy);
        }
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!left.isEmpty() && System.nanoTime() < end) {
            pause();
            left = masters();
        }
        if (!left.isEmpty()) {
            throw new Failure(
                            Kind.UNAVAILABLE,
                            "HAProxy (process " + left.getFirst() + ") did not stop within " + DEADLINE.toSeconds()
                                    + " s")
                    .withHint("kill it: kill -9 " + left.getFirst());
        }
    }
}
