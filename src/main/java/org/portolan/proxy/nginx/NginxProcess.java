package org.portolan.proxy.nginx;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.CandidateFile;
import org.portolan.process.Commands;
import org.portolan.process.Complaints;
import org.portolan.process.Daemon;
import org.portolan.process.Listeners;
import org.portolan.process.ListeningSockets;
import org.portolan.process.Programs;
import org.portolan.routing.ProxySettings;

/** nginx as a process: checked, started, reloaded, looked at. */
final class NginxProcess {
    private static final Pattern FORBIDDEN = Pattern.compile("bind\\(\\) to (\\S+) failed \\(13:");
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration LISTENER_PATIENCE = Duration.ofSeconds(2);

    private final ProxySettings.Program program;
    private final ProxySettings.Edge edge;
    private final Path file;
    private final Path folder;
    private final Path run;
    private final NginxMasters masters;

    NginxProcess(ProxySettings.Program program, ProxySettings.Edge edge, Path file, Path folder, Path run) {
        this.program = program;
        this.edge = edge;
        this.file = file;
        this.folder = folder;
        this.run = run;
        masters = new NginxMasters(file, run.resolve("nginx.pid"), log());
    }

    private String binary() {
        return Programs.find(program.program())
                .orElseThrow(
                        () -> new Failure(Kind.UNAVAILABLE, "the program " + program.program() + " is not on the PATH")
                                .withHint("install nginx, or set PORTOLAN_PROXY_NGINX_PROGRAM"))
                .toString();
    }

    /** Such as {@code 1.22.1}. */
    String version() {
        String said = Commands.run(List.of(binary(), "-v"), DEADLINE).output();
        int slash = said.indexOf('/');
        int end = slash + 1;
        while (end < said.length() && (Character.isDigit(said.charAt(end)) || said.charAt(end) == '.')) {
            end++;
        }
        if (slash < 0 || end == slash + 1) {
            throw new Failure(Kind.UNAVAILABLE, program.program() + " does not report its version");
        }
        return said.substring(slash + 1, end);
    }

    private List<String> command(Path config, String... more) {
        List<String> words = new ArrayList<>(
                List.of(binary(), "-p", folder.toString(), "-c", config.toString(), "-e", log().toString()));
        words.addAll(List.of(more));
        return words;
    }

    /** Has nginx itself read a text; fails with what it says. */
    void validate(String text) {
        String whole = program.system()
                ? "pid " + run.resolve("nginx-test.pid") + ";\nevents {}\nhttp {\n" + text + "\n}\n"
                : text;
        CandidateFile.check(file, folder.resolve(".nginx.candidate"), whole, this::validate);
    }

    private void validate(Path written) {
        Commands.Result result = Commands.run(command(written, "-t", "-q"), DEADLINE);
        if (!result.succeeded()) {
            forbidden(result.output()).ifPresent(failure -> {
                throw failure;
            });
            throw new Failure(Kind.FAILED, "nginx rejected its new configuration; the last good one stays active")
                    .withDetails(Complaints.of(result.output()))
                    .withHint("check your custom templates (proxy.templates) first");
        }
    }

    /** The cause of a refusal that is not the file's fault: its check binds the listeners, which the user may not do. */
    static Optional<Failure> forbidden(String output) {
        Matcher bind = FORBIDDEN.matcher(output);
        return bind.find()
                ? Optional.of(
                        new Failure(Kind.FAILED, "nginx cannot listen on " + bind.group(1) + ": permission denied")
                                .withHint(Listeners.PRIVILEGED
                                        + ", or set PORTOLAN_EDGE_HTTP and PORTOLAN_EDGE_HTTPS to higher ports"))
                : Optional.empty();
    }

    /** Has workers whose master was killed let go of their listeners; they end with their last request. */
    void dismissOrphans() {
        List<Long> workers = masters.orphans().dismiss("-QUIT");
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (workers.stream().anyMatch(masters::listens) && System.nanoTime() < end) {
            Pause.shortly();
        }
    }

    /** Starts it in the background; it has bound its listeners and is known by its number when this returns. */
    void start(String text) {
        if (program.system()) {
            system();
            return;
        }
        dismissOrphans();
        requireFree(Listen.in(text));
        Commands.Result result = Commands.start(command(file), DEADLINE);
        if (!result.succeeded()) {
            throw new Failure(Kind.UNAVAILABLE, "nginx does not start").withDetails(Complaints.of(result.output()));
        }
        // It goes into the background before it writes its number; until then it would be taken for not running.
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (pid().isEmpty() && System.nanoTime() < end) {
            Pause.shortly();
        }
    }

    /**
     * Has the one that runs let go of its listeners and end with its last request, and starts it again: for what a reload
     * cannot do. Between the two, nobody answers.
     */
    void restart(String text) {
        if (program.system()) {
            system();
            return;
        }
        pid().ifPresent(old -> {
            masters.signal("-QUIT", List.of(old));
            long end = System.nanoTime() + DEADLINE.toNanos();
            while (masters.listens(old) && System.nanoTime() < end) {
                Pause.shortly();
            }
        });
        start(text);
    }

    /**
     * What it listens on by the kernel's list; empty where that cannot be seen.
     *
     * @param wanted the listeners that its configuration names
     */
    Optional<Set<Listen>> listens(Set<Listen> wanted, ListeningSockets sockets) {
        if (!sockets.known()) {
            return Optional.empty();
        }
        // The system's own belongs to root, whose files are closed to us: what listens there is taken for it.
        Collection<ListeningSockets.Socket> held = program.system()
                ? sockets.all().stream()
                        .filter(socket ->
                                wanted.stream().anyMatch(listen -> listen.is(socket.address(), socket.port())))
                        .toList()
                : masters.serving(sockets).flatMap(sockets::heldBy).orElse(Set.of());
        Set<Listen> listens = new LinkedHashSet<>();
        for (ListeningSockets.Socket socket : held) {
            // Whether `::` takes IPv4 too is not in the list; the configuration that it was made from tells.
            boolean sixOnly = wanted.contains(new Listen(socket.address(), socket.port(), false));
            listens.add(
                    new Listen(socket.address(), socket.port(), socket.address().equals("::") && !sixOnly));
        }
        return Optional.of(listens);
    }

    /** Fails when a listener is taken by somebody else, naming it. Workers that were asked to end let go a moment later. */
    void requireFree(Collection<Listen> listens) {
        if (program.system()) {
            return;
        }
        long end = System.nanoTime() + LISTENER_PATIENCE.toNanos();
        for (Listen listen : listens) {
            Optional<String> obstacle = Listeners.obstacle(listen.address(), listen.port());
            while (obstacle.isPresent() && System.nanoTime() < end) {
                Pause.shortly();
                obstacle = Listeners.obstacle(listen.address(), listen.port());
            }
            if (obstacle.isPresent()) {
                String key = listen.port() == edge.https() ? "edge.https" : "edge.http";
                throw new Failure(Kind.UNAVAILABLE, "nginx cannot listen on " + listen + ": " + obstacle.get())
                        .withHint(
                                Listeners.forbidden(listen.port(), obstacle.get())
                                        ? Listeners.PRIVILEGED + ", or set " + key + " to a higher port"
                                        : "stop the process that listens there, or set " + key + " to another port");
            }
        }
    }

    /** What it complained of last, in its error log. */
    List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        for (String line : Daemon.lastLines(log(), 20)) {
            if (line.contains("[emerg]") || line.contains("[alert]")) {
                complaints.add(line);
            }
        }
        return complaints.size() > 3 ? complaints.subList(complaints.size() - 3, complaints.size()) : complaints;
    }

    private Path log() {
        return run.resolve("nginx-error.log");
    }

    void reload() {
        if (program.system()) {
            system();
            return;
        }
        long pid = pid().orElseThrow(() -> new Failure(Kind.UNAVAILABLE, "nginx is not running"));
        masters.signal("-HUP", List.of(pid));
    }

    private void system() {
        if (program.reload().isEmpty()) {
            throw new Failure(Kind.INVALID, "the system's nginx has no reload command")
                    .withHint("set PORTOLAN_PROXY_NGINX_RELOAD, for example to `systemctl reload nginx`");
        }
        Commands.Result result = Commands.run(program.reload(), DEADLINE);
        if (!result.succeeded()) {
            throw new Failure(
                            Kind.FAILED, "the command that reloads nginx failed: " + String.join(" ", program.reload()))
                    .withDetails(Complaints.of(result.output()));
        }
    }

    boolean running() {
        return program.system() ? answers() : running(ListeningSockets.read());
    }

    /** @param sockets what listens, as it was read for this question and others beside it */
    boolean running(ListeningSockets sockets) {
        return program.system() ? answers() : masters.serving(sockets).isPresent();
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(Listeners.address(edge.nearest()), edge.http()), 2000);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /** The master of our own nginx that serves, if it lives. */
    Optional<Long> pid() {
        return program.system() ? Optional.empty() : masters.serving(ListeningSockets.read());
    }

    List<Long> processes() {
        if (program.system()) {
            return List.of();
        }
        List<Long> all = new ArrayList<>(masters.all());
        all.addAll(masters.orphans().find());
        return all;
    }

    /** Ends every nginx with this configuration file, whatever its pid file says; they are gone when this returns. */
    void stop() {
        if (program.system()) {
            return;
        }
        List<Long> left = masters.all();
        masters.signal("-TERM", left);
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!left.isEmpty() && System.nanoTime() < end) {
            Pause.shortly();
            left = masters.all();
        }
        masters.orphans().dismiss("-TERM");
        if (!left.isEmpty()) {
            throw new Failure(
                            Kind.UNAVAILABLE,
                            "nginx (process " + left.getFirst() + ") did not stop within " + DEADLINE.toSeconds()
                                    + " s")
                    .withHint("kill it: kill -9 " + left.getFirst());
        }
    }
}
