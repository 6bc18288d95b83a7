package org.portolan.proxy.nginx;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;
import org.portolan.process.AtomicFiles;
import org.portolan.process.Commands;
import org.portolan.process.Listeners;
import org.portolan.process.Programs;
import org.portolan.proxy.ProxySettings;

/** nginx as a process: checked, started, reloaded, looked at. */
final class NginxProcess {
    private static final Pattern FORBIDDEN = Pattern.compile("bind\\(\\) to (\\S+) failed \\(13:");
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Duration LISTENER_PATIENCE = Duration.ofMillis(500);

    private final ProxySettings.Program program;
    private final ProxySettings.Edge edge;
    private final Path file;
    private final Path folder;
    private final Path run;

    NginxProcess(ProxySettings.Program program, ProxySettings.Edge edge, Path file, Path folder, Path run) {
        this.program = program;
        this.edge = edge;
        this.file = file;
        this.folder = folder;
        this.run = run;
    }

    private String binary() {
        return Programs.find(program.program())
                .orElseThrow(() -> new Failure(
                                ExitStatus.UNAVAILABLE, "the program " + program.program() + " is not on the PATH")
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
            throw new Failure(ExitStatus.UNAVAILABLE, program.program() + " does not say its version");
        }
        return said.substring(slash + 1, end);
    }

    private List<String> command(Path config, String... more) {
        List<String> words = new ArrayList<>(List.of(
                binary(),
                "-p",
                folder.toString(),
                "-c",
                config.toString(),
                "-e",
                run.resolve("nginx-error.log").toString()));
        words.addAll(List.of(more));
        return words;
    }

    /** Has nginx itself read a text; fails with what it says. */
    void validate(String text) {
        Path candidate = folder.resolve(".nginx.candidate");
        String whole = program.system()
                ? "pid " + run.resolve("nginx-test.pid") + ";\nevents {}\nhttp {\n" + text + "\n}\n"
                : text;
        AtomicFiles.write(candidate, whole.getBytes(StandardCharsets.UTF_8), AtomicFiles.PRIVATE);
        try {
            Commands.Result result = Commands.run(command(candidate, "-t", "-q"), DEADLINE);
            if (!result.succeeded()) {
                forbidden(result.output()).ifPresent(failure -> {
                    throw failure;
                });
                throw new Failure(
                                ExitStatus.FAILED,
                                "nginx refuses its new configuration; the last good one stays in force")
                        .withDetails(lines(result.output()))
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

    /** The cause of a refusal that is no fault of the file: its check binds the listeners, which the user may not do. */
    static Optional<Failure> forbidden(String output) {
        Matcher bind = FORBIDDEN.matcher(output);
        return bind.find()
                ? Optional.of(new Failure(
                                ExitStatus.FAILED, "nginx cannot listen on " + bind.group(1) + ": permission denied")
                        .withHint(Listeners.PRIVILEGED
                                + ", or set PORTOLAN_EDGE_HTTP and PORTOLAN_EDGE_HTTPS to higher ports"))
                : Optional.empty();
    }

    private static List<String> lines(String output) {
        List<String> lines = new ArrayList<>();
        for (String line : output.split("\n", -1)) {
            if (!line.isBlank() && lines.size() < 10) {
                lines.add(line.strip());
            }
        }
        return lines;
    }

    /** Starts it in the background; it has bound its listeners and is known by its number when this returns. */
    void start() {
        if (program.system()) {
            system();
            return;
        }
        orphans().dismiss();
        requireFree(edge.http(), "PORTOLAN_EDGE_HTTP");
        requireFree(edge.https(), "PORTOLAN_EDGE_HTTPS");
        Commands.Result result = Commands.run(command(file), DEADLINE);
        if (!result.succeeded()) {
            throw new Failure(ExitStatus.UNAVAILABLE, "nginx does not start").withDetails(lines(result.output()));
        }
        // It goes into the background before it writes its number; until then it would be taken for not running.
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (pid().isEmpty() && System.nanoTime() < end) {
            Pause.shortly();
        }
    }

    private OrphanWorkers orphans() {
        return new OrphanWorkers(run.resolve("nginx.pid"), run.resolve("nginx-error.log"));
    }

    /** Workers that were told to end close their listeners a moment later. */
    private void requireFree(int port, String variable) {
        long end = System.nanoTime() + LISTENER_PATIENCE.toNanos();
        Optional<String> refusal = Listeners.refusal(edge.address(), port);
        while (refusal.isPresent() && System.nanoTime() < end) {
            Pause.shortly();
            refusal = Listeners.refusal(edge.address(), port);
        }
        if (refusal.isPresent()) {
            boolean forbidden = Listeners.forbidden(port, refusal.get());
            throw new Failure(
                            ExitStatus.UNAVAILABLE,
                            "nginx cannot listen on " + edge.address() + ":" + port + ": " + refusal.get())
                    .withHint(
                            forbidden
                                    ? Listeners.PRIVILEGED + ", or set " + variable + " to a higher port"
                                    : "see who does with: ss -ltnp 'sport = :" + port + "', or set " + variable
                                            + " to another port");
        }
    }

    void reload() {
        if (program.system()) {
            system();
            return;
        }
        long pid = pid().orElseThrow(() -> new Failure(ExitStatus.UNAVAILABLE, "nginx does not run"));
        Commands.run(List.of("/bin/kill", "-HUP", String.valueOf(pid)), DEADLINE);
    }

    private void system() {
        if (program.reload().isEmpty()) {
            throw new Failure(ExitStatus.INVALID, "the system's nginx has no reload command")
                    .withHint("set PORTOLAN_PROXY_NGINX_RELOAD, for example to `systemctl reload nginx`");
        }
        Commands.Result result = Commands.run(program.reload(), DEADLINE);
        if (!result.succeeded()) {
            throw new Failure(
                            ExitStatus.FAILED,
                            "the command that reloads nginx failed: " + String.join(" ", program.reload()))
                    .withDetails(lines(result.output()));
        }
    }

    boolean running() {
        return program.system() ? answers() : pid().isPresent();
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            InetAddress address = Listeners.address(edge.address());
            socket.connect(
                    new InetSocketAddress(
                            address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address, edge.http()),
                    2000);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /** The master of our own nginx, if it lives: a number in a stale file may be another's by now. */
    Optional<Long> pid() {
        try {
            long pid = Long.parseLong(Files.readString(run.resolve("nginx.pid")).strip());
            byte[] line = Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline"));
            String command = new String(line, StandardCharsets.ISO_8859_1);
            return command.contains("master") && command.contains(file.toString())
                    ? Optional.of(pid)
                    : Optional.empty();
        } catch (IOException | NumberFormatException gone) {
            return Optional.empty();
        }
    }

    void stop() {
        if (program.system()) {
            return;
        }
        Optional<Long> pid = pid();
        if (pid.isPresent()) {
            Commands.run(List.of("/bin/kill", "-TERM", String.valueOf(pid.get())), DEADLINE);
            long end = System.nanoTime() + DEADLINE.toNanos();
            while (pid().isPresent() && System.nanoTime() < end) {
                Pause.shortly();
            }
        } else {
            orphans().dismiss();
        }
    }
}
