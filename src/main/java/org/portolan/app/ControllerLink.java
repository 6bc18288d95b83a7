package org.portolan.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.portolan.cli.CommandWays;
import org.portolan.cli.Lazy;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.operate.TakenOver;
import org.portolan.query.Queries;
import org.portolan.remote.RemoteController;

/** The controller that commands go through: that which {@code PORTOLAN_URL} names, else that of this state directory if one answers. */
final class ControllerLink {
    /** One that is not frozen answers within milliseconds, also on a machine that has much to do. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Longer than a leader takes to listen, and shorter than its lock lasts: whether one hangs is not for a command to find out. */
    private static final Duration WAIT = Duration.ofSeconds(10);

    private static final String SILENT = "it does not listen on its socket";
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration SAID_AFTER = Duration.ofSeconds(1);

    /** After such a break it is another wait. */
    private static final Duration ANEW = Duration.ofSeconds(5);

    private final Optional<String> elsewhere;
    private final Supplier<Path> socket;
    private final Lazy<Optional<RemoteController>> remote;
    private final Consumer<String> warnings;
    private volatile String silence = SILENT;
    private boolean otherVersion;
    private Optional<RemoteController> answering = Optional.empty();
    private long firstWait;
    private long lastWait;
    private boolean said;

    /** @param socket where the controller of this state directory listens */
    ControllerLink(Map<String, String> environment, Supplier<Path> socket, Consumer<String> warnings) {
        elsewhere = Optional.of(environment.getOrDefault("PORTOLAN_URL", "").strip())
                .filter(url -> !url.isEmpty());
        this.socket = socket;
        this.warnings = warnings;
        remote = new Lazy<>(() ->
                elsewhere.isPresent() ? elsewhere.map(url -> RemoteController.of(url, environment, warnings)) : near());
    }

    /** The one to ask. */
    Optional<RemoteController> remote() {
        return remote.get();
    }

    /** The one that {@code PORTOLAN_URL} names. */
    Optional<RemoteController> elsewhere() {
        return elsewhere.isPresent() ? remote() : Optional.empty();
    }

    /** Whether there may be a controller to ask; nobody is asked. */
    boolean mayBeAsked() {
        return elsewhere.isPresent() || Files.exists(socket.get());
    }

    /** What looking commands ask, where there is one. */
    Optional<Queries> queries(Supplier<Queries> own) {
        return remote().map(far -> elsewhere.isPresent() ? far.queries() : far.queriesBeside(own));
    }

    private Optional<RemoteController> near() {
        Path file = socket.get();
        silence = SILENT;
        otherVersion = false;
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        RemoteController controller = RemoteController.of("unix:" + file, Map.of(), warning -> {});
        try {
            String version = controller.version(PATIENCE);
            if (version.equals(ProgramVersion.text())) {
                return Optional.of(controller);
            }
            otherVersion = true;
            silence = "its version is " + version + ", not " + ProgramVersion.text() + " (start it again)";
        } catch (Failure noAnswer) {
            if (!RemoteController.isNobody(noAnswer)) {
                silence = "it does not answer on its socket";
            }
        }
        controller.close();
        return Optional.empty();
    }

    /**
     * Has something done by the controller, or here where none leads; if that changes before anything was asked for or begun, by who
     * leads then.
     */
    <T> T either(Function<RemoteController, T> far, Supplier<T> own) {
        if (elsewhere.isPresent()) {
            return far.apply(remote().orElseThrow());
        }
        Optional<RemoteController> asked = remote();
        while (true) {
            try {
                return asked.isPresent() ? far.apply(asked.get()) : own.get();
            } catch (TakenOver begun) {
                asked = answering;
            } catch (Failure failure) {
                if (asked.isEmpty() || !RemoteController.isNobody(failure)) {
                    throw failure;
                }
                asked = Optional.empty();
            }
        }
    }

    /**
     * Waits for the controller that leads and did not answer: it has just begun to, or is handing over. One that is frozen is not
     * waited for until its lock has ended.
     *
     * @throws TakenOver once it answers
     * @throws Failure when it does not in time
     */
    void await(String leader) {
        long now = System.nanoTime();
        if (lastWait == 0 || now - lastWait > ANEW.toNanos()) {
            firstWait = now;
            said = false;
        }
        answering = near();
        if (answering.isPresent()) {
            throw new TakenOver();
        }
        boolean over = System.nanoTime() - firstWait > WAIT.toNanos();
        if (otherVersion || over) {
            throw new Failure(Kind.UNREACHABLE, "a controller leads, and " + silence + ": " + leader)
                    .withHint(
                            "nothing was changed; if it hangs, end that process (kill -9): commands act without it once it"
                                    + " has ended, or 15 s after it stopped working");
        }
        if (!said && System.nanoTime() - firstWait > SAID_AFTER.toNanos()) {
            said = true;
            warnings.accept("waiting for the controller that leads, " + leader + ": " + silence);
        }
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Failure(Kind.UNREACHABLE, "stopped while waiting for the controller that leads: " + leader)
                    .withCause(stopped);
        }
        lastWait = System.nanoTime();
    }

    /** Why the controller that leads is not asked. */
    String silence() {
        return silence;
    }

    /** Nothing of this machine is touched by a command that was meant for a controller elsewhere. */
    void requireHere() {
        if (elsewhere.isPresent()) {
            throw CommandWays.refused();
        }
    }

    void close() {
        Optional<RemoteController> asked = remote.orNull();
        if (asked != null) {
            asked.ifPresent(RemoteController::close);
        }
        answering.ifPresent(RemoteController::close);
    }
}
