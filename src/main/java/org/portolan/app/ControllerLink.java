package org.portolan.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.portolan.cli.Lazy;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.query.Queries;
import org.portolan.remote.RemoteController;

/** The controller that commands go through: that which {@code PORTOLAN_URL} names, else that of this state directory if one answers. */
final class ControllerLink {
    /** One that is not frozen answers within milliseconds, also on a machine that has much to do. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Optional<String> elsewhere;
    private final Supplier<Path> socket;
    private final Lazy<Optional<RemoteController>> remote;
    private volatile String silence = "it does not listen on its socket";

    /** @param socket where the controller of this state directory listens */
    ControllerLink(Map<String, String> environment, Supplier<Path> socket, Consumer<String> warnings) {
        elsewhere = Optional.of(environment.getOrDefault("PORTOLAN_URL", "").strip())
                .filter(url -> !url.isEmpty());
        this.socket = socket;
        remote = new Lazy<>(() ->
                elsewhere.isPresent() ? elsewhere.map(url -> RemoteController.of(url, environment, warnings)) : near());
    }

    /** The one to ask. */
    Optional<RemoteController> remote() {
        return remote.get();
    }

    /** What looking commands ask, where there is one. */
    Optional<Queries> queries(Supplier<Queries> own) {
        return remote().map(far -> elsewhere.isPresent() ? far.queries() : far.queriesBeside(own));
    }

    private Optional<RemoteController> near() {
        Path file = socket.get();
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        RemoteController controller = RemoteController.of("unix:" + file, Map.of(), warning -> {});
        try {
            String version = controller.version(PATIENCE);
            if (version.equals(ProgramVersion.text())) {
                return Optional.of(controller);
            }
            silence = "its version is " + version + ", not " + ProgramVersion.text() + " (start it again)";
        } catch (Failure noAnswer) {
            if (!RemoteController.isNobody(noAnswer)) {
                silence = "it does not answer on its socket";
            }
        }
        controller.close();
        return Optional.empty();
    }

    /** Why the controller that leads is not asked. */
    String silence() {
        return silence;
    }

    /** Nothing of this machine is touched by a command that was meant for a controller elsewhere. */
    void requireHere() {
        if (elsewhere.isPresent()) {
            throw new Failure(Kind.REFUSED, "this command does not go through a controller, and PORTOLAN_URL names one")
                    .withHint("run it without PORTOLAN_URL on the controller's machine");
        }
    }

    void close() {
        Optional<RemoteController> asked = remote.orNull();
        if (asked != null) {
            asked.ifPresent(RemoteController::close);
        }
    }
}
