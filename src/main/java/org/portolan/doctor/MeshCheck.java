package org.portolan.doctor;

import java.util.Optional;
import java.util.SortedMap;
import org.portolan.config.Configuration;
import org.portolan.model.container.Container;
import org.portolan.model.container.Network;
import org.portolan.model.container.Observation;
import org.portolan.model.labels.InstanceLabels;
import org.portolan.model.labels.Labels;
import org.portolan.probe.ReachProbe;

/** Whether the containers of this installation reach the mesh: tried from a running one, else read from the rules. */
final class MeshCheck {
    private final Examined examined;
    private final Configuration configuration;

    MeshCheck(Examined examined) {
        this.examined = examined;
        configuration = examined.configuration();
    }

    /** A container that runs, and where it would connect. */
    private record Start(Container container, String address, int port) {}

    /** What is found; empty when nothing can be said. */
    Optional<Finding> find(Optional<String> deployment) {
        Firewall firewall = Firewall.read(configuration);
        Optional<Start> start = start(deployment);
        String untried = "no instance is running to test it";
        if (start.isPresent()) {
            Start from = start.get();
            ReachProbe.Trial trial = examined.reach().tryFrom(from.container().id(), from.address(), from.port());
            String at = "the mesh at " + from.address() + ":" + from.port();
            String tried = " (tested from " + from.container().name() + ", " + trial.how() + ")";
            switch (trial.answer()) {
                case REACHES -> {
                    return Optional.of(Finding.ok("firewall", "containers reach " + at + tried));
                }
                case BLOCKED -> {
                    return Optional.of(Finding.warning(
                            "firewall",
                            "containers cannot reach " + at + tried
                                    + firewall.refusal()
                                            .map(rule -> "; a rule here: " + rule)
                                            .orElse(""),
                            "Allow it: " + firewall.opening()));
                }
                case UNKNOWN -> untried = from.container().name() + ": " + trial.how();
            }
        }
        return firewall.isKnown() ? Optional.of(read(firewall, untried)) : Optional.empty();
    }

    private static Finding read(Firewall firewall, String untried) {
        String only = "; checked only the rules (" + untried + ")";
        return firewall.looksClosed()
                ? Finding.warning(
                        "firewall",
                        "containers may be unable to reach the mesh: "
                                + firewall.refusal().orElse("") + only,
                        "Allow it: " + firewall.opening())
                : Finding.ok("firewall", "no INPUT rule blocks containers from the mesh" + only);
    }

    private Optional<Start> start(Optional<String> deployment) {
        String own = examined.home().knownInstallation().orElse("");
        Observation observed = examined.engine().observe();
        for (Container container : observed.containers()) {
            String of = container.label(Labels.DEPLOYMENT);
            SortedMap<String, Integer> ports = InstanceLabels.mesh(container.label(Labels.MESH));
            if (container.state() == Container.State.RUNNING
                    && container.isOf(own)
                    && deployment.filter(asked -> !asked.equals(of)).isEmpty()
                    && !ports.isEmpty()) {
                Optional<String> address = address(observed, own, of);
                if (address.isPresent()) {
                    int port = ports.values().iterator().next();
                    return Optional.of(new Start(container, address.get(), port));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> address(Observation observed, String installation, String deployment) {
        for (String address : configuration.mesh().addresses()) {
            if (!address.equals("0.0.0.0") && !address.equals("::")) {
                return Optional.of(address);
            }
        }
        return observed.networks().stream()
                .filter(network -> Labels.areOf(network.labels(), installation, deployment))
                .map(Network::gateway)
                .filter(gateway -> !gateway.isEmpty())
                .findFirst();
    }
}
