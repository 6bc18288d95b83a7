package org.portolan.release;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.container.Container;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.state.StoredEvent;
import org.portolan.plan.DesiredRelease.ServiceGoal;
import org.portolan.release.Reporter.Level;
import org.portolan.release.Reporter.Report;
import org.portolan.rollout.InstanceView;
import org.portolan.rollout.Phase;
import org.portolan.rollout.RolloutProgress;
import org.portolan.rollout.Step;

/** Tells what happens: to people at once, to the store in batches before and after steps. */
final class EventRecorder {
    private final Reporter reporter;
    private final InstantSource clock;
    private final String deployment;
    private final int release;
    private final List<StoredEvent> pending = new ArrayList<>();
    private final Map<InstanceId, Phase> phases = new TreeMap<>();
    private final Set<String> silent = new HashSet<>();
    private final Set<InstanceId> impaired = new HashSet<>();
    private final SlowWaitNotice patience = new SlowWaitNotice();
    private SortedMap<String, String> waits = new TreeMap<>();

    EventRecorder(Reporter reporter, InstantSource clock, String deployment, int release) {
        this.reporter = reporter;
        this.clock = clock;
        this.deployment = deployment;
        this.release = release;
    }

    void warn(String message) {
        tell(Level.WARNING, "warning", "", "", message);
    }

    void reloaded() {
        event("proxy-reloaded", "", "", "the proxy was reloaded");
    }

    /** Before a step: only to the store. */
    void begins(Step step) {
        event(
                step.verb() + "-begins",
                step.instance().service(),
                step.instance().name(),
                step.verb());
    }

    void ended(Step step) {
        InstanceId id = step.instance();
        switch (step) {
            case Step.Create create -> both(Level.JOB, "instance-created", id, "New instance id " + id);
            case Step.Start start -> event("instance-started", id.service(), id.name(), "started");
            case Step.KeepRunning keep -> event("instance-kept", id.service(), id.name(), "restart policy set");
            case Step.Stop stop -> event("instance-stopped", id.service(), id.name(), "stopped");
            case Step.Remove remove -> both(Level.DETAIL, "instance-removed", id, "removed " + id);
        }
    }

    /** Tells which instances came to another phase. */
    void phases(List<InstanceView> views) {
        for (InstanceView view : views) {
            Phase phase = view.phase();
            Phase before = phases.put(view.id(), phase);
            if (phase == before) {
                continue;
            }
            switch (phase) {
                case HEALTHY ->
                    event("instance-healthy", view.id().service(), view.id().name(), "healthy");
                case SERVING -> {
                    if (before != null) {
                        both(
                                Level.DETAIL,
                                "instance-serving",
                                view.id(),
                                view.id() + (view.ports() ? " is serving" : " is running"));
                    }
                }
                case DRAINING ->
                    event("instance-draining", view.id().service(), view.id().name(), "draining");
                case DRAINED ->
                    event("instance-drained", view.id().service(), view.id().name(), "drained");
                case FAILED ->
                    both(
                            Level.DETAIL,
                            "instance-failed",
                            view.id(),
                            view.id() + " " + view.failure().orElse("failed"));
                case CREATED, STARTED, ROUTED, STOPPED -> {
                    // Told by the steps.
                }
            }
        }
    }

    /** Tells once of a service whose instances need not listen and do not. */
    void silent(Instances.Silence found) {
        if (silent.add(found.instance().service())) {
            both(Level.DETAIL, "instance-silent", found.instance(), found.message());
        }
    }

    /** Warns once of an instance that is out of order, which the run did not start and does not wait for. */
    void impaired(InstanceView view) {
        if (impaired.add(view.id())) {
            String trouble = view.state() == Container.State.PAUSED
                    ? view.id() + " is paused"
                    : view.route().trouble().isEmpty()
                            ? view.id() + " is not serving"
                            : view.route().trouble();
            String message = trouble + "; this release did not start it and does not wait for it";
            both(Level.WARNING, "instance-impaired", view.id(), message);
        }
    }

    /** Tells that a canary's step carries its share of the traffic. */
    void canary(ServiceGoal goal, RolloutProgress progress) {
        progress.describe(deployment, goal.spec().rollout().steps()).ifPresent(where -> {
            String message = goal.name() + "  version " + goal.version() + ", " + where;
            event("canary-step", goal.name(), "", message);
            tell(Level.DETAIL, "canary-step", goal.name(), "", message);
        });
    }

    /** Tells what services wait for: passing, when it changed; as a line, once it has taken a while. */
    void progress(SortedMap<String, String> now) {
        patience.over(now, clock.instant())
                .forEach((service, wait) -> tell(Level.DETAIL, "still-waiting", service, "", service + ": " + wait));
        now.forEach((service, wait) -> {
            if (!wait.equals(waits.get(service))) {
                tell(Level.PROGRESS, "waiting", service, "", wait);
            }
        });
        for (String service : waits.keySet()) {
            if (!now.containsKey(service)) {
                tell(Level.PROGRESS, "waiting", service, "", "");
            }
        }
        waits = now;
    }

    /** Writes what is pending; it stays pending when the store does not take it. */
    void flush(Recorder recorder, Map<String, RolloutProgress> progresses) {
        if (pending.isEmpty() && progresses.isEmpty()) {
            return;
        }
        recorder.record(List.copyOf(pending), progresses);
        pending.clear();
    }

    private void both(Level level, String kind, InstanceId id, String message) {
        event(kind, id.service(), id.name(), message);
        tell(level, kind, id.service(), id.name(), message);
    }

    private void event(String kind, String service, String instance, String message) {
        pending.add(new StoredEvent("", clock.instant(), deployment, release, kind, service, instance, message));
    }

    private void tell(Level level, String kind, String service, String instance, String message) {
        reporter.report(new Report(
                clock.instant(), level, kind, deployment, service, instance, Objects.requireNonNull(message)));
    }
}
