package org.portolan.operate;

import java.util.List;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.NameRule;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.event.DeploymentEvent.DeploymentCreated;
import org.portolan.model.event.DeploymentEvent.DeploymentUnpinned;
import org.portolan.model.event.Event;
import org.portolan.model.event.ReleaseEvent.Ordered;
import org.portolan.model.event.ResourceEvent.ValueChange;
import org.portolan.model.event.ResourceEvent.ValueChanged;
import org.portolan.model.service.GenerateSpec;
import org.portolan.model.service.GeneratedValue;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.DeploymentState;
import org.portolan.release.DeployOptions;
import org.portolan.release.GeneratedValues;
import org.portolan.release.Installation;
import org.portolan.release.StoredDesired;
import org.portolan.store.Commit;
import org.portolan.store.Lease;

/** Carries out the requests that change no more than what the store keeps of a deployment. */
final class StateChanges {
    private static final int LONGEST_SECRET = 64 * 1024;

    private final Installation installation;

    StateChanges(Installation installation) {
        this.installation = installation;
    }

    void create(Request.Create request, DeployOptions options) {
        String name = request.deployment();
        NameRule.requireDeployment(name);
        try (Lease lease = new Locks(installation).take(name, request.mandate().caller(), options)) {
            if (installation.store().deployment(name).isPresent()) {
                throw new Failure(Kind.INVALID, "the deployment " + name + " already exists")
                        .withRemedy(Remedy.of(Call.on(name, Verb.STATUS)).and(" shows it"));
            }
            DeploymentState state = DeploymentState.empty(
                    name, SourceId.HAND, installation.clock().instant());
            installation.store().commit(lease, Commit.of(state));
        }
        installation.publish(name, new DeploymentCreated());
    }

    void unpin(Request.Unpin request, DeployOptions options) {
        String name = request.deployment();
        try (Lease lease = new Locks(installation).take(name, request.mandate().caller(), options)) {
            DeploymentState state = new StoredDesired(installation).state(name);
            installation
                    .store()
                    .commit(
                            lease,
                            Commit.of(state.change().pinned(Optional.empty()).build()));
        }
        installation.publish(name, new DeploymentUnpinned());
    }

    /** The process that brings the release about sees it within a second or two. */
    void order(Request.Order request, DeployOptions options) {
        String name = request.deployment();
        Mandate mandate = request.mandate();
        DeploymentState state = new StoredDesired(installation).state(name);
        DeploymentState.Running running = state.running()
                .orElseThrow(() -> new Failure(Kind.NOT_RUNNING, "no release of " + name + " is in progress")
                        .withRemedy(Remedy.of(Call.on(name, Verb.STATUS)).and(" shows its state")));
        String word = request.order().word();
        if (installation.store().holder(name).isEmpty()) {
            throw new Failure(
                            Kind.NOT_RUNNING,
                            "release " + running.release() + " of " + name
                                    + " was interrupted: no process is running that could " + word + " it")
                    .withRemedy(Remedy.of("redeploy to continue it, or use ").and(Call.on(name, Verb.ROLLBACK)));
        }
        Ordered ordered = new Ordered(request.order(), mandate.caller().name(), mandate.reason());
        Event event = installation.event(name, running.release(), ordered);
        // A separate lock, under a name that no deployment has: the release's is held by whom the order is for.
        try (Lease lease = new Locks(installation).take(name + "/orders", mandate.caller(), options)) {
            installation.store().commit(lease, Commit.events(name, List.of(event)));
        }
        installation.publish(event);
    }

    void setSecret(Request.SetSecret request, DeployOptions options) {
        String deployment = request.deployment();
        String name = request.name();
        if (request.value().isEmpty() || request.value().length() > LONGEST_SECRET) {
            throw new Failure(
                    Kind.INVALID, "the value of " + name + " must have 1 to " + LONGEST_SECRET + " characters");
        }
        if (installation.store().deployment(deployment).isEmpty()) {
            // It is stored before the first deploy.
            NameRule.requireDeployment(deployment);
        }
        try (Lease lease =
                new Locks(installation).take(deployment, request.mandate().caller(), options)) {
            List<GeneratedValue> versions =
                    installation.store().generated(deployment).getOrDefault(name, List.of());
            GenerateSpec spec = versions.isEmpty()
                    ? GenerateSpec.of(GenerateSpec.Kind.HEX)
                    : versions.getLast().spec();
            new GeneratedValues(installation).set(lease, name, spec, request.value());
        }
        installation.publish(deployment, new ValueChanged(ValueChange.SET, name));
    }
}
