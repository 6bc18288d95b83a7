package org.portolan.release;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.jobs.JobStep;
import org.portolan.model.container.Container;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventData;
import org.portolan.model.event.EventSink;
import org.portolan.model.event.InstanceEvent.Change;
import org.portolan.model.event.InstanceEvent.InstanceChanged;
import org.portolan.model.event.InstanceEvent.InstanceFailed;
import org.portolan.model.event.InstanceEvent.InstanceImpaired;
import org.portolan.model.event.InstanceEvent.InstanceServing;
import org.portolan.model.event.InstanceEvent.InstanceSilent;
import org.portolan.model.event.InstanceEvent.StepBegins;
import org.portolan.model.event.JobEvent.JobCompleted;
import org.portolan.model.event.JobEvent.JobFailed;
import org.portolan.model.event.JobEvent.JobOutput;
import org.portolan.model.event.JobEvent.JobStarted;
import org.portolan.model.event.JobEvent.JobStepBegins;
import org.portolan.model.event.ReleaseEvent.CanaryReached;
import org.portolan.model.event.ReleaseEvent.StillWaiting;
import org.portolan.model.event.ReleaseEvent.Waiting;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.state.JobRun;
import org.portolan.plan.DesiredRelease.ServiceGoal;
import org.portolan.plan.DueJobs.Due;
import org.portolan.rollout.InstanceView;
import org.portolan.rollout.Phase;
import org.portolan.rollout.RolloutProgress;
import org.portolan.rollout.Step;

/** Publishes what a release does: to whoever watches at once, to the store in batches before and after steps. */
final class EventRecorder {
    private final EventSink sink;
    private final InstantSource clock;
    private final String deployment;
    private final int release;
    private final List<Event> pending = new ArrayList<>();
    private final Map<InstanceId, Phase> phases = new TreeMap<>();
    private final Set<String> silent = new HashSet<>();
    private final Set<InstanceId> impaired = new HashSet<>();
    private final SlowWaitNotice patience = new SlowWaitNotice();
    private SortedMap<String, String> waits = new TreeMap<>();

    EventRecorder(EventSink sink, InstantSource clock, String deployment, int release) {
        this.sink = sink;
        this.clock = clock;
        this.deployment = deployment;
        this.release = release;
    }

    void publish(EventData data) {
        Event event = new Event(clock.instant(), deployment, release, data);
        if (data.kind().stored()) {
            pending.add(event);
        }
        sink.accept(event);
    }

    void begins(Step step) {
        publish(new StepBegins(step.operation(), step.instance()));
    }

    void ended(Step step) {
        publish(new InstanceChanged(step.change(), step.instance()));
    }

    void begins(JobStep step) {
        switch (step) {
            case JobStep.Create create -> {
                Due job = create.job();
                publish(new JobStarted(job.service(), job.version(), job.name(), create.attempt(), create.name()));
            }
            case JobStep.Start start -> publish(new JobStepBegins(start.verb(), start.name()));
            case JobStep.Kill kill -> publish(new JobStepBegins(kill.verb(), kill.name()));
            case JobStep.Remove remove -> publish(new JobStepBegins(remove.verb(), remove.name()));
        }
    }

    /** How a job's attempt ended, with the last lines of its output. */
    void job(JobRun end, String container, List<String> output) {
        output.forEach(line -> publish(new JobOutput(end.service(), end.job(), container, line)));
        publish(
                end.completed()
                        ? new JobCompleted(
                                end.service(), end.version(), end.job(), end.attempt(), end.took(), container)
                        : new JobFailed(
                                end.service(),
                                end.version(),
                                end.job(),
                                end.attempt(),
                                end.exitStatus(),
                                end.timedOut(),
                                end.took(),
                                container));
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
                case HEALTHY -> publish(new InstanceChanged(Change.HEALTHY, view.id()));
                case SERVING -> {
                    if (before != null) {
                        publish(new InstanceServing(view.id(), view.ports()));
                    }
                }
                case DRAINING -> publish(new InstanceChanged(Change.DRAINING, view.id()));
                case DRAINED -> publish(new InstanceChanged(Change.DRAINED, view.id()));
                case FAILED ->
                    publish(new InstanceFailed(view.id(), view.failure().orElse("failed")));
                case CREATED, STARTED, ROUTED, STOPPED -> {
                    // Told by the steps.
                }
            }
        }
    }

    /** Tells once of a service whose instances need not listen and do not. */
    void silent(Instances.Silence found) {
        if (silent.add(found.instance().service())) {
            publish(new InstanceSilent(found.instance(), found.message()));
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
            publish(new InstanceImpaired(view.id(), trouble));
        }
    }

    /** Tells that a canary's step carries its share of the traffic. */
    void canary(ServiceGoal goal, RolloutProgress progress) {
        progress.describe(deployment, goal.spec().rollout().steps())
                .ifPresent(where -> publish(new CanaryReached(goal.name(), goal.version(), where)));
    }

    /** Tells what services wait for: passing, when it changed; as a line, once it has taken a while. */
    void progress(SortedMap<String, String> now) {
        patience.over(now, clock.instant()).forEach((service, wait) -> publish(new StillWaiting(service, wait)));
        now.forEach((service, wait) -> {
            if (!wait.equals(waits.get(service))) {
                publish(new Waiting(service, wait));
            }
        });
        for (String service : waits.keySet()) {
            if (!now.containsKey(service)) {
                publish(new Waiting(service, ""));
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
}
