package org.portolan.release;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.portolan.engine.Engine;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.container.Container;
import org.portolan.model.container.Observation;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.Notice;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.DesiredRelease;
import org.portolan.plan.HandChanges;
import org.portolan.store.Lease;

/** Takes back what somebody did to containers by hand and that needs no other container, before a release looks at them. */
final class HandRepairs {
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Installation installation;
    private final Engine engine;
    private final Lease lease;
    private final DesiredRelease goal;
    private boolean changed;

    HandRepairs(Installation installation, Lease lease, DesiredRelease goal) {
        this.installation = installation;
        engine = installation.engine();
        this.lease = lease;
        this.goal = goal;
    }

    /** Whether a container was changed, or may have been. */
    boolean changed() {
        return changed;
    }

    /** Does so; returns the containers that others have to take the place of. */
    Set<String> repair(Observation seen) {
        List<Container> own = seen.containers().stream()
                .filter(container -> container.isOf(installation.settings().installation(), goal.deployment()))
                .filter(container -> container.instance().isPresent())
                .toList();
        Set<String> doubles = HandChanges.doubles(own);
        Set<String> replace = new HashSet<>();
        for (Container container : own) {
            Optional<ServiceSpec> spec = spec(container);
            if (doubles.contains(container.id())) {
                require();
                engine.stop(container.id(), Optional.empty(), GRACE);
                engine.remove(container.id(), true);
                say("removed " + container.name() + ", which had the labels of " + name(container));
            } else if (spec.isPresent()) {
                repair(container, spec.get(), replace);
            }
        }
        return replace;
    }

    private void repair(Container container, ServiceSpec spec, Set<String> replace) {
        if (container.state() == Container.State.PAUSED) {
            require();
            engine.unpause(container.id());
            say("continued " + container.name() + ", which was paused");
        }
        if (HandChanges.renamed(container)) {
            require();
            engine.rename(container.id(), name(container));
            say("renamed " + container.name() + " to " + name(container));
        }
        if (HandChanges.otherPolicy(spec, container)) {
            require();
            engine.setRestart(container.id(), spec.restart());
        }
        if (HandChanges.limits(spec, container).isPresent()) {
            replace.add(container.id());
        }
    }

    private Optional<ServiceSpec> spec(Container container) {
        return container.instance().flatMap(id -> Optional.ofNullable(
                        goal.services().get(id.service()))
                .filter(service -> service.version() == id.version())
                .map(DesiredRelease.ServiceGoal::spec));
    }

    private static String name(Container container) {
        return container.instance().orElseThrow().name();
    }

    /** Before each change: another process may have taken over. */
    private void require() {
        changed = true;
        if (!lease.held()) {
            throw new Failure(Kind.FENCED, "the lock of " + goal.deployment() + " was lost");
        }
    }

    private void say(String what) {
        installation.publish(goal.deployment(), new Notice(EventLevel.JOB, what));
    }
}
