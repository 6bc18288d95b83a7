package org.portolan.app;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.portolan.cli.Lazy;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.remote.RemoteController;

/** The controller that commands go through, if there is one. */
final class ControllerLink {
    private final Optional<String> elsewhere;
    private final Lazy<Optional<RemoteController>> remote;

    ControllerLink(Map<String, String> environment, Consumer<String> warnings) {
        elsewhere = Optional.of(environment.getOrDefault("PORTOLAN_URL", "").strip())
                .filter(url -> !url.isEmpty());
        remote = new Lazy<>(() -> elsewhere.map(url -> RemoteController.of(url, environment, warnings)));
    }

    /** That which {@code PORTOLAN_URL} names. */
    Optional<RemoteController> remote() {
        return remote.get();
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
