package org.portolan.doctor;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.model.state.Standing;
import org.portolan.store.Store;

/** Whether a controller runs where one should: it is installed as a service, or sources are to be followed. */
final class ControllerCheck {
    /** The script in the state directory that the service runs. */
    private static final String SCRIPT = "controller";

    private final Examined examined;

    ControllerCheck(Examined examined) {
        this.examined = examined;
    }

    List<Finding> find() {
        List<Finding> findings = new ArrayList<>(runs());
        examined.storeIfAny().map(Store::standings).orElse(List.of()).stream()
                .filter(standing -> standing.subject() == Standing.Subject.CONFIGURATION
                        && standing.condition() != Standing.Condition.OK)
                .forEach(standing -> findings.add(Finding.warning(
                        "configuration",
                        standing.name() + ": " + standing.what(),
                        standing.condition() == Standing.Condition.FAILING
                                ? "Correct the file; the controller takes it over within seconds."
                                : "Restart the controller, or change these keys back.")));
        return findings;
    }

    private List<Finding> runs() {
        Optional<String> leader = examined.storeIfAny().flatMap(store -> store.holder(Store.LEADER));
        boolean installed = Files.exists(examined.home().file(SCRIPT));
        boolean wanted = installed
                || examined.configuration().sources().stream()
                        .anyMatch(source -> source.watch().isPresent());
        if (leader.isPresent()) {
            return List.of(Finding.ok(
                    "controller", leader.get() + (installed ? "; installed as a service" : "; not a service")));
        }
        if (!wanted) {
            return List.of();
        }
        return List.of(Finding.warning(
                "controller",
                installed ? "its service is installed, but none runs" : "sources are to be followed, but none runs",
                installed
                        ? "See why: systemctl status portolan-controller, or its log (controller.log in the state"
                                + " directory); commands work without it."
                        : "Start it with `serve`, or as a service with `system install --controller`."));
    }
}
