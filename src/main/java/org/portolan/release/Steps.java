package org.portolan.release;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.portolan.engine.Engine;
import org.portolan.engine.EngineException;
import org.portolan.model.Failure;
import org.portolan.model.container.ContainerFile;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.InstanceLabels;
import org.portolan.model.labels.InstanceLabels.Published;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.ServiceSpec.Health;
import org.portolan.plan.DesiredRelease.ServiceGoal;
import org.portolan.probe.Prober;
import org.portolan.rollout.InstanceState;
import org.portolan.rollout.InstanceView;
import org.portolan.rollout.Leaving;
import org.portolan.rollout.Step;

/**
 * Performs steps and asks checks, each at most once at a time for an instance, elsewhere than on the loop's thread; the
 * loop collects what they brought.
 */
final class Steps {
    private final Engine engine;
    private final ReleaseRequest run;
    private final Instances instances;
    private final Background work;
    private final InstantSource clock;
    private final PortAllocator allocator;
    private final EventRecorder events;
    private final VolumeSlots slots;
    private final Retries<InstanceId> retries = new Retries<>();
    /** Made by this run with their restart policy. */
    private final Set<InstanceId> complete = new HashSet<>();

    private ReleaseRequest.Result.@Nullable Failed refusal;

    Steps(
            Engine engine,
            ReleaseRequest run,
            Instances instances,
            Tasks tasks,
            InstantSource clock,
            PortAllocator allocator,
            EventRecorder events) {
        this.engine = engine;
        this.run = run;
        this.instances = instances;
        this.work = new Background(tasks);
        this.clock = clock;
        this.allocator = allocator;
        this.events = events;
        this.slots = new VolumeSlots(run);
    }

    /** Takes over what steps and checks brought since the last time; on the loop's thread, before it observes. */
    void collect() {
        work.collect();
    }

    /** A step that the engine refuses for good. */
    Optional<ReleaseRequest.Result.Failed> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** Instances whose container is being made: for the state machine they are there already. */
    List<InstanceView> beingMade() {
        List<InstanceView> views = new ArrayList<>();
        for (Step step : instances.underWay()) {
            if (step.starts() && instances.find(step.instance()).isEmpty()) {
                views.add(InstanceView.beingMade(step.instance()));
            }
        }
        return views;
    }

    boolean busy() {
        return !instances.underWay().isEmpty();
    }

    /** So many that the engine has enough to do without the next step. */
    boolean many() {
        return instances.underWay().size() > 3;
    }

    /** Begins the steps whose instance has none in progress, after writing down that they begin. */
    boolean submit(List<Step> steps, Recorder recorder) {
        List<Step> fresh = new ArrayList<>();
        Instant now = clock.instant();
        for (Step step : steps) {
            if (retries.due(step.instance(), now)
                    && instances.underWay(step.instance()).isEmpty()) {
                fresh.add(step);
                events.begins(step);
            }
        }
        if (fresh.isEmpty()) {
            return false;
        }
        events.flush(recorder, Map.of());
        for (Step step : fresh) {
            instances.begins(step);
            Action action = action(step);
            work.submit(() -> perform(step, action));
        }
        return true;
    }

    /** What a step does elsewhere; gives the start that follows at once, if one does. */
    @FunctionalInterface
    private interface Action {
        Optional<Step.Start> perform();

        static Action only(Runnable work) {
            return () -> {
                work.run();
                return Optional.empty();
            };
        }
    }

    /** What the step does; all that it needs is read here, on the loop's thread. */
    private Action action(Step step) {
        ServiceGoal goal = run.goal().services().get(step.instance().service());
        // By instanceof: a switch over types is made again by each JVM, on the way of every change (ADR 38).
        if (step instanceof Step.Create create) {
            return create(create, java.util.Objects.requireNonNull(goal).spec());
        }
        if (step instanceof Step.Start start) {
            // Made by somebody who ended before it had its files and networks, or stopped since.
            ContainerSetup setup = setup(start.instance(), goal);
            return () -> {
                setup.carryOut(engine, start.container());
                return start(start).perform();
            };
        }
        if (step instanceof Step.KeepRunning keep) {
            String policy = java.util.Objects.requireNonNull(goal).spec().restart();
            return Action.only(() -> {
                if (!policy.equals("no")) {
                    engine.setRestart(keep.container(), policy);
                }
            });
        }
        if (step instanceof Step.Reload reload) {
            ServiceSpec spec = java.util.Objects.requireNonNull(goal).spec();
            SortedMap<String, List<ContainerFile>> live =
                    run.factory().live(reload.instance(), ports(reload.instance()));
            return Action.only(() -> Reloads.perform(engine, reload.container(), reload.runs(), spec, live));
        }
        if (step instanceof Step.Stop stop) {
            ServiceSpec.Stop how = goal != null
                    ? goal.spec().stop()
                    : run.leaving()
                            .getOrDefault(stop.instance().service(), Leaving.UNKNOWN)
                            .stop();
            return Action.only(() -> engine.stop(stop.container(), how.signal(), how.grace()));
        }
        Step.Remove remove = (Step.Remove) step;
        boolean files = instances
                .find(remove.instance())
                .filter(there -> there.container().hasFileVolumes())
                .isPresent();
        return Action.only(() -> engine.remove(remove.container(), false, files));
    }

    private Action create(Step.Create create, ServiceSpec spec) {
        Collection<Integer> used = instances.usedPorts();
        int slot = slots.choose(create.instance(), instances.all());
        int attempt = retries.failures(create.instance());
        return () -> {
            SortedMap<String, Published> ports =
                    allocator.allocate(create.instance(), publishable(spec), used, attempt);
            String container = engine.create(run.factory().container(create.instance(), ports, slot));
            setup(create.instance(), ports).carryOut(engine, container);
            return Optional.of(new Step.Start(create.instance(), container));
        };
    }

    /** What an instance gets whose container is there. */
    private ContainerSetup setup(InstanceId id, @Nullable ServiceGoal goal) {
        return goal == null
                        || goal.version() != id.version()
                        || instances.find(id).isEmpty()
                ? ContainerSetup.NONE
                : setup(id, ports(id));
    }

    /** The ports of the container that is there. */
    private SortedMap<String, Published> ports(InstanceId id) {
        return InstanceLabels.ports(instances
                .find(id)
                .map(there -> there.container().label(Labels.PORTS))
                .orElse(""));
    }

    private ContainerSetup setup(InstanceId id, SortedMap<String, Published> ports) {
        return new ContainerSetup(
                run.factory().joins(id.service()), run.factory().files(id, ports));
    }

    private Action start(Step.Start start) {
        return Action.only(() -> engine.start(start.container()));
    }

    /** Ports that can be published: none where the service uses another container's or the host's network. */
    private static List<ServiceSpec.Port> publishable(ServiceSpec spec) {
        return spec.ownNetwork() ? spec.ports() : List.of();
    }

    private void perform(Step step, Action action) {
        try {
            Optional<Step.Start> next = action.perform();
            if (next.isEmpty()) {
                work.arrive(() -> done(step));
                return;
            }
            // What was made is started at once: a round between the two would only find out that it can be started. It
            // is one piece of news, so that the instance is never seen without a step in progress.
            work.arrive(() -> {
                done(step);
                begins(next.get());
            });
            perform(next.get(), start(next.get()));
        } catch (EngineException refused) {
            Runnable remedy = remedy(step, refused);
            work.arrive(remedy);
        } catch (Failure refused) {
            work.arrive(() -> refuse(step, refused));
        }
    }

    private Runnable remedy(Step step, EngineException refused) {
        return switch (refused.reason()) {
            // Whether it happened is not known; the next round looks and decides again.
            case UNREACHABLE, NOT_FOUND -> () -> unanswered(step, refused);
            case IN_USE -> {
                if (step instanceof Step.Start start) {
                    discard(start);
                }
                yield () -> again(step, refused, Retries.TRIES);
            }
            case CONFLICT -> () -> again(step, refused, step instanceof Step.Create ? 1 : Retries.TRIES);
            case REFUSED ->
                () -> again(step, refused, step.starts() || step instanceof Step.Reload ? 1 : Retries.TRIES);
        };
    }

    /** Removes a container that never ran, if the engine lets it: else it is started again, and refused again. */
    private void discard(Step.Start start) {
        try {
            ServiceGoal goal = run.goal().services().get(start.instance().service());
            boolean files = goal != null && !goal.spec().fileVolumes().isEmpty();
            engine.remove(start.container(), true, files);
        } catch (EngineException stays) {
            // The next round decides again.
        }
    }

    private void begins(Step.Start step) {
        instances.begins(step);
        events.begins(step);
    }

    private void done(Step step) {
        instances.ended(step);
        retries.done(step.instance());
        ServiceGoal goal = run.goal().services().get(step.instance().service());
        if (step instanceof Step.Create && goal != null && goal.spec().trustedAtOnce()) {
            complete.add(step.instance());
        }
        if (step instanceof Step.Start) {
            instances.started(
                    step.instance(),
                    new InstanceState.Started(clock.instant(), true, complete.contains(step.instance())));
        } else if (step instanceof Step.KeepRunning) {
            instances.kept(step.instance());
        } else if (step instanceof Step.Reload) {
            instances.reloaded(step.instance(), clock.instant());
        }
        events.ended(step);
    }

    /** Again for a while: the engine may be on its way down, and up again. */
    private void unanswered(Step step, EngineException unanswered) {
        Instant now = clock.instant();
        if (step instanceof Step.Start) {
            // It may run: then it has a startup check to pass like any other.
            instances.started(step.instance(), new InstanceState.Started(now, false, false));
        }
        instances.ended(step);
        if (retries.unanswered(step.instance(), now)) {
            refuse(step, unanswered);
        }
    }

    private void again(Step step, EngineException refused, int most) {
        instances.ended(step);
        if (retries.refused(step.instance(), clock.instant(), most)) {
            refuse(step, refused);
        }
    }

    private void refuse(Step step, Failure why) {
        instances.ended(step);
        if (refusal == null) {
            String doing = "cannot " + step.verb() + " " + step.instance();
            // The engine's adapter says what it could not do; other failures (no free port) only why.
            String cause = why.what().startsWith(doing) ? why.what() : doing + ": " + why.what();
            refusal = new ReleaseRequest.Result.Failed(
                    step.instance().service(), step.instance().name(), cause, why.details());
        }
    }

    /** Asks every check that is due. */
    void check(Prober prober, Instant now) {
        for (InstanceState instance : instances.all()) {
            InstanceId id = instance.id();
            ServiceGoal goal = run.goal().services().get(id.service());
            if (goal == null || goal.version() != id.version() || !instance.checkDue(goal.spec(), now)) {
                continue;
            }
            Health health = goal.spec().health().orElseThrow();
            int port = instance.hostPort(health.port(), goal.spec());
            String container = instance.container().id();
            String address = instance.address(run.factory().addresses().publish());
            instances.checks(id);
            work.submit(() -> {
                Prober.Answer answer = ask(prober, container, address, port, health);
                Instant at = clock.instant();
                work.arrive(() -> instances.answered(id, container, answer, at));
            });
        }
    }

    private static Prober.Answer ask(Prober prober, String container, String address, int port, Health health) {
        try {
            return prober.ask(container, address, port, health);
        } catch (Failure unanswered) {
            return new Prober.Answer(false, unanswered.what());
        }
    }
}
