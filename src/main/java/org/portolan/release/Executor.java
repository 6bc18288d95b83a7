package org.portolan.release;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.engine.Engine;
import org.portolan.engine.EngineException;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.event.EventSink;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.ServerView;
import org.portolan.plan.DesiredRelease.ServiceGoal;
import org.portolan.probe.Prober;
import org.portolan.proxy.Proxy;
import org.portolan.rollout.Decision;
import org.portolan.rollout.InstanceView;
import org.portolan.rollout.Listening;
import org.portolan.rollout.ProgressDeadline;
import org.portolan.rollout.ReleaseMachine;
import org.portolan.rollout.ReleaseView;
import org.portolan.rollout.RolloutProgress;
import org.portolan.rollout.ServiceDecision;

/**
 * Brings a release about: observe, let {@link ReleaseMachine} decide, write down, act, and again, until the goal is
 * reached or cannot be. It keeps no plan; whatever happened meanwhile, the next round starts from what is seen.
 */
public final class Executor {
    private static final Duration AT_ONCE = Duration.ofMillis(1);
    private static final Duration LONGEST_ROUND = Duration.ofMillis(200);
    private static final Duration PROXY_ROUND = Duration.ofMillis(20);
    /** While many steps are in progress the engine is busy: ends that follow each other closely are worth one look together. */
    private static final Duration GATHERING = Duration.ofMillis(60);

    /** For the steps in progress when a person stops the run. */
    private static final Duration LAST_STEPS = Duration.ofSeconds(45);

    private final Engine engine;
    private final Proxy proxy;
    private final Prober prober;
    private final Tasks tasks;
    private final InstantSource clock;
    private final Recorder recorder;
    private final EventSink sink;
    private final PortAllocator allocator;

    public Executor(
            Engine engine,
            Proxy proxy,
            Prober prober,
            Tasks tasks,
            InstantSource clock,
            Recorder recorder,
            EventSink sink,
            PortAllocator allocator) {
        this.engine = engine;
        this.proxy = proxy;
        this.prober = prober;
        this.tasks = tasks;
        this.clock = clock;
        this.recorder = recorder;
        this.sink = sink;
        this.allocator = allocator;
    }

    /**
     * Runs until the goal is reached, cannot be reached, or a person stops it.
     *
     * @param first what the first round sees; empty: it asks
     */
    ReleaseRequest.Result run(ReleaseRequest run, Optional<FirstLook> first) {
        return new Loop(run, first).run();
    }

    /** One run; all of it on the caller's thread, but for the steps and checks. */
    private final class Loop {
        private final ReleaseRequest run;
        private final String deployment;
        private final Instances instances;
        private final Steps steps;
        private final EventRecorder events;
        private final SortedMap<String, RolloutProgress> progresses;
        private final AnalysisRunner analysis;
        private final JobRunner jobs;
        private final DatabaseRunner databases;
        private final ContainerLooks looks;
        private final FileLooks files;
        private final AppliedRoutes routes;
        private Instant lastProgress;
        private final TakenOrders orders;
        private final Outage outage;

        Loop(ReleaseRequest run, Optional<FirstLook> first) {
            this.run = run;
            deployment = run.goal().deployment();
            events = new EventRecorder(sink, clock, deployment, run.release());
            routes = new AppliedRoutes(proxy, run, events);
            Listening listening = new Listening(run.goal(), routes.reaching());
            instances = new Instances(run, routes.applied(), listening, clock.instant());
            steps = new Steps(engine, run, instances, tasks, clock, allocator, events);
            progresses = new TreeMap<>(run.progresses());
            analysis = new AnalysisRunner(engine, prober, tasks, run);
            jobs = new JobRunner(engine, run, false, tasks, clock, events);
            databases = new DatabaseRunner(engine, run, tasks, clock, events);
            looks = new ContainerLooks(engine, instances, jobs, clock, first);
            files = new FileLooks(engine, run, instances, tasks, clock);
            lastProgress = clock.instant();
            orders = new TakenOrders(run, lastProgress);
            outage = new Outage(tasks, clock, events);
        }

        ReleaseRequest.Result run() {
            while (true) {
                if (run.interrupted()) {
                    return interrupted();
                }
                if (!recorder.decides()) {
                    throw undecided();
                }
                Optional<ReleaseRequest.Result> result;
                try {
                    if (outage.lasts()) {
                        instances.ignoreEndsOnce();
                    }
                    result = round();
                    outage.end();
                } catch (Failure trouble) {
                    looks.forget();
                    outage.await(trouble);
                    result = Optional.empty();
                }
                if (result.isPresent()) {
                    return result.get();
                }
            }
        }

        /** A store that refuses (its disk is full) loses a lock as surely as somebody who takes it, and is another trouble. */
        private Failure undecided() {
            Optional<Failure> trouble = recorder.trouble();
            if (trouble.isEmpty()) {
                return new Failure(Kind.FENCED, "the lock of " + deployment + " was lost")
                        .withRemedy(Remedy.of("another process may have taken over; check ")
                                .and(Call.of(Verb.STATUS))
                                .and(", then run the command again"));
            }
            Failure failure = new Failure(
                    Kind.FENCED,
                    "cannot renew the lock of " + deployment + ": "
                            + trouble.get().what());
            return trouble.get()
                    .remedy()
                    .map(failure::withRemedy)
                    .orElse(failure)
                    .withCause(trouble.get());
        }

        /** Begins nothing more, and lets what is in progress end for a while, so that it is recorded. */
        private ReleaseRequest.Result interrupted() {
            Instant end = clock.instant().plus(LAST_STEPS);
            while ((steps.busy() || jobs.busy() || databases.busy())
                    && clock.instant().isBefore(end)) {
                tasks.await(LONGEST_ROUND);
                steps.collect();
                jobs.collect();
                databases.collect();
            }
            events.flush(recorder, Map.of());
            return new ReleaseRequest.Result.Interrupted();
        }

        private Optional<ReleaseRequest.Result> round() {
            steps.collect();
            jobs.collect();
            databases.collect();
            files.collect();
            looks.look();
            if ((instances.anyEnded() || jobs.anyFailed()) && !engine.accepts()) {
                throw new EngineException(
                        EngineException.Reason.UNREACHABLE,
                        "the engine is shutting down: it accepts no new connections",
                        Optional.empty());
            }
            instances.acceptEnds();
            jobs.tell(recorder);
            Optional<ReleaseRequest.Result.Failed> refused =
                    steps.refusal().or(jobs::refusal).or(databases::refusal);
            if (refused.isPresent()) {
                return Optional.of(refused.get());
            }
            analysis.collect(instances.routed() ? observeProxy() : Map.of(), progresses);
            Instant now = clock.instant();
            orders.look(now, this::promote);
            if (orders.aborted()) {
                return Optional.of(new ReleaseRequest.Result.Failed("", "", "aborted", List.of()));
            }
            instances.judge(now);
            List<InstanceView> views = instances.views(now);
            views.addAll(steps.beingMade());
            Decision decision = ReleaseMachine.decide(view(views), now);
            steps.check(prober, now);
            files.look(now);
            analysis.attempt(decision.gates(), instances);
            progresses.putAll(decision.progresses());
            events.phases(views);
            views.stream().filter(InstanceView::impaired).forEach(events::impaired);
            decision.progresses().forEach((service, progress) -> {
                ServiceGoal goal = run.goal().services().get(service);
                if (goal != null) {
                    events.canary(goal, progress);
                }
            });
            boolean working = decision.status() instanceof Decision.Status.Working;
            boolean reached = decision.status() instanceof Decision.Status.Reached;
            boolean begins =
                    !decision.steps().isEmpty() || !decision.jobs().steps().isEmpty();
            // Events alone go to the store together with the steps that begin now, or with the end.
            boolean withSteps = decision.progresses().isEmpty() && (reached || (working && !orders.paused() && begins));
            if (!withSteps) {
                events.flush(recorder, decision.progresses());
            }
            // After that: the evidence takes calls to the engine.
            Optional<ReleaseRequest.Result> failed = failed(decision.status());
            if (failed.isPresent()) {
                return failed;
            }
            if (reached) {
                apply(decision, true);
                events.flush(recorder, Map.of());
                return Optional.of(new ReleaseRequest.Result.Reached());
            }
            if (orders.paused()) {
                lastProgress = now;
                tasks.await(LONGEST_ROUND);
                return Optional.empty();
            }
            boolean acted = steps.submit(decision.steps(), recorder);
            acted |= jobs.submit(decision.jobs().steps(), recorder);
            acted |= databases.submit(decision.databases(), recorder);
            events.flush(recorder, Map.of());
            acted |= apply(decision, false);
            events.progress(decision.waits());
            if (acted || decision.rests()) {
                lastProgress = now;
            }
            Optional<ReleaseRequest.Result> stuck = stuck(decision, now);
            if (stuck.isPresent()) {
                return stuck;
            }
            boolean busy = steps.busy() || jobs.busy() || databases.busy();
            if (!acted || busy) {
                tasks.await(pause(now));
            }
            if (steps.many()) {
                tasks.await(GATHERING);
            }
            return Optional.empty();
        }

        private ReleaseView view(List<InstanceView> views) {
            SortedMap<String, List<InstanceView>> byService = new TreeMap<>();
            for (InstanceView view : views) {
                byService
                        .computeIfAbsent(view.id().service(), key -> new ArrayList<>())
                        .add(view);
            }
            return new ReleaseView(
                    run.goal(),
                    byService,
                    run.leaving(),
                    run.replace(),
                    progresses,
                    analysis.gates(),
                    run.forward(),
                    routes.domainsApplied(),
                    jobs.view(),
                    databases.view(),
                    run.parallel());
        }

        private void promote() {
            for (ServiceGoal goal : run.goal().services().values()) {
                RolloutProgress progress = progresses.getOrDefault(goal.name(), RolloutProgress.START);
                RolloutProgress promoted = new RolloutProgress(progress.step(), progress.since(), progress.step());
                progresses.put(goal.name(), promoted);
                events.flush(recorder, Map.of(goal.name(), promoted));
            }
        }

        private Map<InstanceId, List<ServerView>> observeProxy() {
            Map<InstanceId, List<ServerView>> shown = routes.observe();
            instances.observe(shown, clock.instant());
            instances.silent().forEach(events::silent);
            return shown;
        }

        private boolean apply(Decision decision, boolean settled) {
            instances.serverTarget(decision.serverTargets(), clock.instant());
            return routes.apply(decision, instances.all(), settled);
        }

        /** By instanceof, as it is on the way of every release (ADR 38). */
        private Optional<ReleaseRequest.Result> failed(Decision.Status status) {
            if (status instanceof Decision.Status.Failed failed) {
                return Optional.of(failed(failed));
            }
            return status instanceof Decision.Status.JobFailed failed
                    ? Optional.of(jobs.failed(failed.what()))
                    : Optional.empty();
        }

        private ReleaseRequest.Result failed(Decision.Status.Failed failed) {
            ServiceDecision.Failed what = failed.what();
            List<String> evidence = new ArrayList<>(proxy.troubles());
            try {
                List<String> lines = engine.tail(what.container(), 20);
                if (!lines.isEmpty()) {
                    evidence.add("last lines of " + what.instance() + ":");
                    lines.forEach(line -> evidence.add("  " + line));
                }
            } catch (Failure gone) {
                evidence.add("cannot read its log: " + gone.what());
            }
            return new ReleaseRequest.Result.Failed(
                    failed.service(), what.instance().name(), what.cause(), evidence);
        }

        private Optional<ReleaseRequest.Result> stuck(Decision decision, Instant now) {
            return steps.busy() || jobs.busy() || databases.busy()
                    ? Optional.empty()
                    : ProgressDeadline.missed(run.goal(), decision.waits(), lastProgress, now)
                            .map(missed -> new ReleaseRequest.Result.Failed(
                                    missed.service(), "", missed.cause(), proxy.troubles()));
        }

        /** Until something can be due: a check, an acknowledgement of the proxy, the end of a time. */
        private Duration pause(Instant now) {
            if (looks.early(now)) {
                return AT_ONCE;
            }
            if (instances.awaitsProxy()) {
                return PROXY_ROUND;
            }
            return instances
                    .nextDue()
                    .map(due -> Duration.between(now, due))
                    .filter(left -> left.compareTo(LONGEST_ROUND) < 0)
                    .map(left -> left.isPositive() ? left : AT_ONCE)
                    .orElse(LONGEST_ROUND);
        }
    }
}
