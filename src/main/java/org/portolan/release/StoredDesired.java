package org.portolan.release;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Position;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Domain;
import org.portolan.model.service.Origin;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.store.Commit.VersionId;
import org.portolan.store.Store;

/** Makes desired state of what the store keeps: of the deployment as it stands, or of an earlier release. */
public final class StoredDesired {
    private final Installation installation;
    private final Store store;
    private final RuntimeRecall recall;

    public StoredDesired(Installation installation) {
        this.installation = installation;
        this.store = installation.store();
        this.recall = new RuntimeRecall(installation);
    }

    /** As the store has it, corrected by what runs where the store is older. */
    public DeploymentState state(String deployment) {
        return store.deployment(deployment).map(this::corrected).orElseThrow(() -> UnknownDeployment.named(deployment));
    }

    /** A state of the store's, corrected by what runs where that is newer. */
    DeploymentState corrected(DeploymentState stored) {
        return StateRecovery.over(
                stored,
                installation.engine().observe(),
                installation.settings().installation(),
                installation.clock().instant());
    }

    /** The domains of the last good release; where the store lost that, or cannot read it any more, those that are served. */
    List<Domain> domains(DeploymentState state) {
        return domains(state, store.readableRelease(state.name(), state.goodRelease()));
    }

    private List<Domain> domains(DeploymentState state, Optional<Release> good) {
        return good.map(Release::domains).orElseGet(() -> installation
                .proxy()
                .applied(state.name())
                .map(RouteSet::domains)
                .orElse(List.of()));
    }

    /**
     * The deployment as its last good release left it; where the store lost that, or cannot read it any more, with the
     * domains that are served.
     */
    public Desired current(DeploymentState state) {
        Optional<Release> good = store.readableRelease(state.name(), state.goodRelease());
        Origin origin = good.map(Release::origin).orElse(Origin.of(state.owner()));
        return desired(state, origin, domains(state, good), state.services());
    }

    /** The deployment as a kept release had it. */
    public Desired release(DeploymentState state, Release release) {
        Origin origin = new Origin(
                state.owner(),
                release.origin().commit(),
                release.origin().dirty(),
                release.origin().author(),
                release.origin().subject());
        return desired(state, origin, release.domains(), release.services());
    }

    private Desired desired(
            DeploymentState state, Origin origin, List<Domain> domains, SortedMap<String, Release.Placed> placed) {
        Position at = Position.of("deployment " + state.name());
        List<VersionId> versions = new ArrayList<>();
        placed.forEach((name, place) -> versions.add(VersionId.of(name, place)));
        Map<VersionId, Definition> kept = recall.definitions(state.name(), versions);
        SortedMap<String, Desired.DesiredService> services = new TreeMap<>();
        placed.forEach((name, place) -> {
            Definition definition = kept.get(VersionId.of(name, place));
            if (definition == null) {
                throw new Failure(
                                Kind.FAILED,
                                "the definition of " + name + " version " + place.version() + " is no longer kept")
                        .withHint("deploy the deployment's files instead");
            }
            services.put(name, new Desired.DesiredService(name, place.routed(definition), place.scale(), at));
        });
        return new Desired(state.name(), origin, services, domains, "");
    }
}
