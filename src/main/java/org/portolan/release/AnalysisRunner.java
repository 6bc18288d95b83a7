package org.portolan.release;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.portolan.engine.Engine;
import org.portolan.model.Durations;
import org.portolan.model.Failure;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.ServerView;
import org.portolan.model.service.ServiceSpec.Gate;
import org.portolan.model.service.ServiceSpec.Health;
import org.portolan.plan.DesiredRelease.ServiceGoal;
import org.portolan.probe.Prober;
import org.portolan.rollout.Analysis;
import org.portolan.rollout.InstanceState;
import org.portolan.rollout.RolloutProgress;
import org.portolan.rollout.TrafficStats;

/** Tries the gates that the state machine asks for, and watches error shares and latencies as the proxy measures them. */
final class AnalysisRunner {
    private static final Duration COMMAND_DEADLINE = Duration.ofSeconds(60);
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(5);
    /** Fewer answers than this prove nothing about a share or a mean. */
    private static final long ENOUGH_ANSWERS = 20;

    private final Engine engine;
    private final Prober prober;
    private final Tasks tasks;
    private final ReleaseRequest run;
    private final Map<String, Analysis> gates = new TreeMap<>();
    private final Set<String> tried = new HashSet<>();
    private final TrafficStats measures = new TrafficStats();
    private final Map<String, Integer> steps = new TreeMap<>();
    private final Queue<Runnable> arrived = new ConcurrentLinkedQueue<>();

    AnalysisRunner(Engine engine, Prober prober, Tasks tasks, ReleaseRequest run) {
        this.engine = engine;
        this.prober = prober;
        this.tasks = tasks;
        this.run = run;
    }

    /** What is known of the gates, by service. */
    Map<String, Analysis> gates() {
        return Map.copyOf(gates);
    }

    /** Whether the proxy's measures are wanted. */
    private boolean measures() {
        return run.forward()
                && run.goal().services().values().stream()
                        .anyMatch(goal -> goal.spec().rollout().gates().stream().anyMatch(Gate::measured));
    }

    /**
     * Takes over what tried gates brought, and compares what the new version answered in the present step of the rollout
     * with what the old one did.
     */
    void collect(Map<InstanceId, List<ServerView>> shown, Map<String, RolloutProgress> progresses) {
        for (Runnable news = arrived.poll(); news != null; news = arrived.poll()) {
            news.run();
        }
        if (!measures()) {
            return;
        }
        measures.observe(shown);
        for (ServiceGoal goal : run.goal().services().values()) {
            int step =
                    progresses.getOrDefault(goal.name(), RolloutProgress.START).step();
            Integer before = steps.put(goal.name(), step);
            if (before != null && before != step) {
                measures.restart(goal.name());
            }
            for (Gate gate : goal.spec().rollout().gates()) {
                measure(goal, gate).ifPresent(why -> fail(goal.name(), why));
            }
        }
    }

    /** Tries the gates of a step, once. */
    void attempt(Map<String, Integer> wanted, Instances instances) {
        wanted.forEach((service, step) -> {
            ServiceGoal goal = run.goal().services().get(service);
            if (goal == null || !tried.add(service + "/" + step)) {
                return;
            }
            List<InstanceState> fresh = instances.all().stream()
                    .filter(instance -> instance.id().service().equals(service)
                            && instance.id().version() == goal.version()
                            && instance.watched())
                    .toList();
            List<Target> targets = fresh.stream()
                    .map(instance -> new Target(
                            instance.id().name(),
                            instance.container().id(),
                            instance.address(run.factory().addresses().publish()),
                            instance.hostPort("", goal.spec())))
                    .toList();
            tasks.submit(() -> {
                Optional<String> failure = tryAll(goal, targets);
                arrived.add(() -> {
                    if (failure.isPresent()) {
                        fail(service, failure.get());
                    } else {
                        pass(service, step);
                    }
                });
            });
        });
    }

    private record Target(String name, String container, String address, int port) {}

    private Optional<String> tryAll(ServiceGoal goal, List<Target> targets) {
        for (Gate gate : goal.spec().rollout().gates()) {
            for (Target target : targets) {
                try {
                    Optional<String> failure = tryOne(goal, gate, target);
                    if (failure.isPresent()) {
                        return failure;
                    }
                } catch (Failure unanswered) {
                    return Optional.of("gate on " + target.name() + ": " + unanswered.what());
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> tryOne(ServiceGoal goal, Gate gate, Target target) {
        return switch (gate.kind()) {
            case HTTP -> {
                Health check = Health.once(gate.path(), goal.checkHost(), goal.checkHeaders(), CHECK_TIMEOUT);
                Prober.Answer answer = prober.ask(target.container(), target.address(), target.port(), check);
                yield answer.passed()
                        ? Optional.empty()
                        : Optional.of("gate http " + gate.path() + " on " + target.name() + ": " + answer.text());
            }
            case COMMAND -> {
                Engine.ExecResult result = engine.exec(target.container(), gate.command(), COMMAND_DEADLINE);
                String what = result.timedOut()
                        ? " took longer than " + Durations.format(COMMAND_DEADLINE)
                        : " exited with status " + result.exitCode();
                yield result.exitCode() == 0
                        ? Optional.empty()
                        : Optional.of("gate command on " + target.name() + what + ": "
                                + result.output().strip());
            }
            case ERRORS, LATENCY -> Optional.empty();
        };
    }

    private Optional<String> measure(ServiceGoal goal, Gate gate) {
        TrafficStats.Sum fresh = measures.of(goal.name(), version -> version == goal.version());
        TrafficStats.Sum old = measures.of(goal.name(), version -> version != goal.version());
        if (fresh.responses() < ENOUGH_ANSWERS) {
            return Optional.empty();
        }
        return switch (gate.kind()) {
            case ERRORS ->
                fresh.errorShare() > gate.limit() && fresh.errorShare() > old.errorShare()
                        ? Optional.of("gate errors: " + round(fresh.errorShare())
                                + " % of the new version's answers are 5xx (limit " + round(gate.limit())
                                + " %, the old version's: " + round(old.errorShare()) + " %)")
                        : Optional.empty();
            case LATENCY ->
                fresh.latency() > gate.limit() && fresh.latency() > old.latency()
                        ? Optional.of("gate latency: the new version answers in " + round(fresh.latency())
                                + " ms (limit " + round(gate.limit()) + " ms, the old version: " + round(old.latency())
                                + " ms)")
                        : Optional.empty();
            case HTTP, COMMAND -> Optional.empty();
        };
    }

    private static String round(double value) {
        return Double.toString(Math.round(value * 10) / 10.0);
    }

    private void fail(String service, String why) {
        Analysis before = gates.getOrDefault(service, Analysis.NONE);
        if (before.failure().isEmpty()) {
            gates.put(service, new Analysis(before.passed(), Optional.of(why)));
        }
    }

    private void pass(String service, int step) {
        Analysis before = gates.getOrDefault(service, Analysis.NONE);
        Set<Integer> passed = new HashSet<>(before.passed());
        passed.add(step);
        gates.put(service, new Analysis(passed, before.failure()));
    }
}
