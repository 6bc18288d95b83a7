package org.portolan.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.portolan.model.container.Network;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.JoinedNetworks;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.release.KeptVersions;
import org.portolan.store.Store;

/** Whether services may join the networks that they join, and whether those are there. */
final class JoinChecks {
    private final Examined examined;

    JoinChecks(Examined examined) {
        this.examined = examined;
    }

    List<Finding> find() {
        Optional<Store> store = examined.storeIfAny();
        String own = examined.home().knownInstallation().orElse("");
        if (store.isEmpty() || own.isEmpty()) {
            return List.of();
        }
        Map<String, DeploymentState> states = store.get().deployments();
        KeptVersions kept = KeptVersions.inPlace(store.get(), states, states.keySet());
        Set<String> networks = new TreeSet<>();
        for (Network network : examined.engine().observe().networks()) {
            if (Labels.areOf(network.labels(), own)) {
                networks.add(network.labels().getOrDefault(Labels.DEPLOYMENT, ""));
            }
        }
        List<Finding> findings = new ArrayList<>();
        int joins = 0;
        for (DeploymentState state : states.values()) {
            for (Map.Entry<String, Release.Placed> placed : state.services().entrySet()) {
                List<String> joined = kept.definition(
                                state.name(), placed.getKey(), placed.getValue().version())
                        .map(JoinedNetworks::of)
                        .orElse(List.of());
                joins += joined.size();
                for (String other : joined) {
                    String what = placed.getKey() + " of " + state.name() + " joins the network of " + other;
                    DeploymentState owner = states.get(other);
                    if (!networks.contains(other)) {
                        findings.add(
                                Finding.warning("joins", what + ", which is not there", "Deploy " + other + " first."));
                    } else if (owner != null && !owner.allows().contains(state.name())) {
                        findings.add(Finding.warning(
                                "joins",
                                what + ", which no longer allows it",
                                "Allow it in the file of " + other + ", or remove the join and deploy " + state.name()
                                        + "."));
                    }
                }
            }
        }
        if (findings.isEmpty() && joins > 0) {
            findings.add(Finding.ok("joins", joins + (joins == 1 ? " network is" : " networks are") + " joined"));
        }
        return findings;
    }
}
