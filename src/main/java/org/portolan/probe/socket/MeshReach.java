package org.portolan.probe.socket;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.portolan.engine.Engine;
import org.portolan.model.Failure;
import org.portolan.probe.ReachProbe;
import org.portolan.process.Commands;
import org.portolan.process.Listeners;
import org.portolan.process.Programs;

/**
 * Tries whether a running container reaches an address of this machine, as a firewall may keep it from. Root enters the
 * container's network with nsenter and connects with this machine's own bash, whatever the image holds; anybody else asks
 * the container for bash or nc. Nothing is started but these commands, and nothing is changed.
 */
public final class MeshReach implements ReachProbe {
    private static final Path PROCESSES = Path.of("/proc");
    private static final Duration LONGEST = Duration.ofSeconds(8);
    private static final String CONNECT = "exec 3<>\"/dev/tcp/$0/$1\"";
    private static final int NO_TOOL = 120;
    private static final int TIMED_OUT = 124;

    /** What an image may hold; nc that connected stays until timeout ends it, since its own limit is for connecting. */
    private static final String ASK = """
            if command -v bash >/dev/null; then timeout 2 bash -c '%s' "$0" "$1"
            elif command -v nc >/dev/null && command -v timeout >/dev/null; then
              timeout 4 nc -w 2 "$0" "$1" </dev/null >/dev/null
              case $? in 0|124|143) exit 0;; *) exit 1;; esac
            else exit %d; fi
            """.formatted(CONNECT, NO_TOOL);

    private final Engine engine;

    public MeshReach(Engine engine) {
        this.engine = engine;
    }

    @Override
    public Trial tryFrom(String container, String address, int port) {
        // Not by connecting: a rule about the containers' addresses may mean their gateway's own too.
        if (Listeners.refusal(address, port).isEmpty()) {
            return new Trial(Reach.UNKNOWN, "nothing listens at " + address + ":" + port);
        }
        Optional<Trial> entered = engine.local() ? enter(container, address, port) : Optional.empty();
        return entered.orElseGet(() -> ask(container, address, port));
    }

    private static Optional<Trial> enter(String container, String address, int port) {
        Optional<Path> nsenter = Programs.find("nsenter");
        Optional<Path> bash = Programs.find("bash");
        Optional<Path> network = networkOf(container);
        if (nsenter.isEmpty() || bash.isEmpty() || network.isEmpty()) {
            return Optional.empty();
        }
        Commands.Result result = Commands.run(
                List.of(
                        nsenter.get().toString(),
                        "--net=" + network.get(),
                        "timeout",
                        "2",
                        bash.get().toString(),
                        "-c",
                        CONNECT,
                        address,
                        String.valueOf(port)),
                LONGEST);
        boolean tried = result.succeeded()
                || result.exitCode() == TIMED_OUT
                || result.output().contains("/dev/tcp/");
        return tried
                ? Optional.of(new Trial(result.succeeded() ? Reach.REACHES : Reach.BLOCKED, "in its network"))
                : Optional.empty();
    }

    /** The network namespace of a container of this machine: one of its processes has the engine's files for it mounted. */
    private static Optional<Path> networkOf(String container) {
        String mark = "/containers/" + container + "/";
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (Path process : processes) {
                if (mounts(process).contains(mark)) {
                    return Optional.of(process.resolve("ns/net"));
                }
            }
        } catch (IOException notLinux) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static String mounts(Path process) {
        try {
            return Files.readString(process.resolve("mountinfo"));
        } catch (IOException endedOrNotOurs) {
            return "";
        }
    }

    private Trial ask(String container, String address, int port) {
        try {
            Engine.ExecResult result =
                    engine.exec(container, List.of("sh", "-c", ASK, address, String.valueOf(port)), LONGEST);
            return switch (result.exitCode()) {
                case 0 -> new Trial(Reach.REACHES, "by a command in it");
                case 1, TIMED_OUT -> new Trial(Reach.BLOCKED, "by a command in it");
                default ->
                    new Trial(Reach.UNKNOWN, "its image has neither bash nor nc, and entering its network needs root");
            };
        } catch (Failure noShell) {
            return new Trial(Reach.UNKNOWN, "its image has no shell, and entering its network needs root");
        }
    }
}
