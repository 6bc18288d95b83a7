package org.portolan.proxy.haproxy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;
import org.portolan.process.AtomicFiles;
import org.portolan.process.Commands;
import org.portolan.process.Listeners;
import org.portolan.process.OpenFiles;
import org.portolan.process.Programs;
import org.portolan.proxy.Capacity;
import org.portolan.proxy.ProxySettings;

/** HAProxy as a process: checked, started, reloaded, looked at. */
final class HaproxyProcess {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
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
                .orElseThrow(() -> new Failure(
                                ExitStatus.UNAVAILABLE, "the program " + program.program() + " is not on the PATH")
                        .withHint("install HAProxy 2.6 or newer, or set PORTOLAN_PROXY_HAPROXY_PROGRAM"))
                .toString();
    }

    /** Has HAProxy itself read a text; fails with what it says. */
    void validate(String text) {
        Path candidate = file.resolveSibling("." + file.getFileName() + ".candidate");
        AtomicFiles.write(candidate, text.getBytes(StandardCharsets.UTF_8), AtomicFiles.PRIVATE);
        try {
            Commands.Result result = Commands.run(List.of(binary(), "-c", "-f", candidate.toString()), DEADLINE);
            if (!result.succeeded()) {
                throw new Failure(
                                ExitStatus.FAILED,
                                "HAProxy refuses its new configuration; the last good one stays in force")
                        .withDetails(complaints(result.output()))
                        .withHint("a template of your own (proxy.templates) is the first thing to look at");
            }
        } finally {
            try {
                Files.deleteIfExists(candidate);
            } catch (IOException left) {
                // The next check overwrites it.
            }
        }
    }

    private static List<String> complaints(String output) {
        List<String> lines = new ArrayList<>();
        for (String line : output.split("\n", -1)) {
            if (!line.isBlank() && !line.startsWith("[NOTICE]") && lines.size() < 10) {
                lines.add(line.strip());
            }
        }
        return lines;
    }

    /** Fails when a listener that comes new is taken by somebody else, naming it: HAProxy's own reload would not say. */
    void requireFree(String before, String text) {
        Set<String> known = new HashSet<>(binds(before));
        for (String bind : binds(text)) {
            if (known.contains(bind)) {
                continue;
            }
            int colon = bind.lastIndexOf(':');
            Optional<String> refusal =
                    Listeners.refusal(bind.substring(0, colon), Integer.parseInt(bind.substring(colon + 1)));
            if (refusal.isPresent()) {
                throw cannotListen(bind, refusal.get());
            }
        }
    }

    private static List<String> binds(String text) {
        List<String> binds = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("    bind ")) {
                binds.add(line.substring(9).strip().split(" ", 2)[0]);
            }
        }
        return binds;
    }

    private static Failure cannotListen(String bind, String reason) {
        String port = bind.substring(bind.lastIndexOf(':') + 1);
        Failure failure = new Failure(ExitStatus.FAILED, "HAProxy cannot listen on " + bind + ": " + reason);
        if (Listeners.forbidden(Integer.parseInt(port), reason)) {
            return failure.withHint(
                    Listeners.PRIVILEGED + ", or choose a higher port (a wan_map's or a TCP domain's in the"
                            + " Servicefile, the statistics page's with PORTOLAN_STATS_PORT, the mesh's with PORTOLAN_MESH_PORTS)");
        }
        return failure.withHint("see who does with: ss -ltnp 'sport = :" + port
                + "'. The port is a wan_map's, a TCP domain's, the"
                + " statistics page's (PORTOLAN_STATS_PORT) or the mesh's (PORTOLAN_MESH_PORTS)");
    }

    /** Starts it in the background; it has bound its listeners when this returns. */
    void start() {
        if (program.system()) {
            command(program.reload(), "reload");
            return;
        }
        Commands.Result result = Commands.run(
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
                return cannotListen(
                        line.substring(open + 1, close), line.contains("denied") ? "permission denied" : "it is taken");
            }
        }
        return new Failure(ExitStatus.UNAVAILABLE, "HAProxy does not start").withDetails(complaints(output));
    }

    /** Reloads, and waits until a worker with the new file serves. */
    void reload() {
        Workers before = workers()
                .orElseThrow(() -> new Failure(ExitStatus.UNAVAILABLE, "HAProxy does not answer on " + socket)
                        .withHint("portolan system up starts it again"));
        if (program.system()) {
            command(program.reload(), "reload");
        } else {
            try (MasterSocket master = MasterSocket.open(socket)) {
                master.ask("reload");
            } catch (IOException closed) {
                // The master starts itself anew and closes the conversation; the outcome is seen below.
            }
        }
        Set<Long> known = new HashSet<>(before.current());
        known.addAll(before.old());
        await(known, before.failed());
    }

    private void command(List<String> words, String what) {
        if (words.isEmpty()) {
            throw new Failure(ExitStatus.INVALID, "the system's HAProxy has no " + what + " command")
                    .withHint("set PORTOLAN_PROXY_HAPROXY_RELOAD, for example to `systemctl reload haproxy`");
        }
        Commands.Result result = Commands.run(words, DEADLINE);
        if (!result.succeeded()) {
            throw new Failure(ExitStatus.FAILED, "the command that reloads HAProxy failed: " + String.join(" ", words))
                    .withDetails(complaints(result.output()));
        }
    }

    private void await(Set<Long> known, int failedBefore) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (System.nanoTime() < end) {
            Optional<Workers> now = workers();
            if (now.isPresent()) {
                boolean fresh = !now.get().current().isEmpty()
                        && now.get().current().stream().noneMatch(known::contains);
                if (fresh) {
                    return;
                }
                if (now.get().failed() > failedBefore) {
                    throw new Failure(
                            ExitStatus.FAILED, "HAProxy's reload failed; the worker of before goes on serving");
                }
            }
            pause();
        }
        throw new Failure(ExitStatus.UNAVAILABLE, "HAProxy did not come up within " + DEADLINE.toSeconds() + " s");
    }

    static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitStatus.FAILED, "interrupted while waiting for HAProxy").withCause(interrupted);
        }
    }

    /** Its processes; empty when nobody answers. */
    Optional<Workers> workers() {
        if (!Files.exists(socket)) {
            return Optional.empty();
        }
        try (MasterSocket master = MasterSocket.open(socket)) {
            return Optional.of(Workers.parse(master.ask("show proc")));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** What the present worker carries; empty when nobody answers, or it is the system's. */
    Optional<Capacity> capacity(long decided) {
        if (program.system()) {
            return Optional.empty();
        }
        Optional<Workers> known = workers().filter(all -> !all.current().isEmpty());
        if (known.isEmpty()) {
            return Optional.empty();
        }
        long worker = known.get().current().getFirst();
        try (MasterSocket master = MasterSocket.open(socket)) {
            master.enter(worker);
            String info = master.ask("show info");
            long connections = figure(info, "CurrConns: ");
            long most = figure(info, "Maxconn: ");
            return OpenFiles.of(worker)
                    .map(use -> new Capacity("haproxy", use.open(), use.limit(), decided, connections, most));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static long figure(String info, String name) throws IOException {
        for (String line : info.split("\n", -1)) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.substring(name.length()).strip());
            }
        }
        throw new IOException("HAProxy does not say " + name);
    }

    void stop() {
        if (program.system()) {
            return;
        }
        workers()
                .filter(known -> known.master() > 0)
                .flatMap(known -> ProcessHandle.of(known.master()))
                .ifPresent(master -> {
                    master.destroy();
                    long end = System.nanoTime() + DEADLINE.toNanos();
                    while (master.isAlive() && workers().isPresent() && System.nanoTime() < end) {
                        pause();
                    }
                });
    }
}
