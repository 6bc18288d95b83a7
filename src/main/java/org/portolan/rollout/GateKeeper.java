package org.portolan.rollout;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.portolan.engine.Engine;
import org.portolan.model.Failure;
import org.portolan.model.InstanceId;
import org.portolan.model.ServiceSpec.Gate;
import org.portolan.model.ServiceSpec.Health;
import org.portolan.plan.Goal.ServiceGoal;
import org.portolan.proxy.Proxy.ServerView;

/** Tries the gates that the state machine asks for, and watches error shares and latencies as the proxy measures them. */
final class GateKeeper {
    private static final Duration COMMAND_DEADLINE = Duration.ofSeconds(60);
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(5);
    /** Fewer answers than this prove nothing about a share or a mean. */
    private static final long ENOUGH_ANSWERS = 20;

    private final Engine engine;
    private final Prober prober;
    private final Tasks tasks;
    private final Run run;
    private final Map<String, Gates> gates;
    private final Set<String> tried = new HashSet<>();
    private final Queue<Runnable> arrived = new ConcurrentLinkedQueue<>();

    GateKeeper(Engine engine, Prober prober, Tasks tasks, Run run, Map<String, Gates> gates) {
        this.engine = engine;
        this.prober = prober;
        this.tasks = tasks;
        this.run = run;
        this.gates = gates;
    }

    /** Whether the proxy's measures are wanted. */
    boolean measures() {
        return run.forward()
                && run.goal().services().values().stream().anyMatch(goal -> goal.spec().rollout().gates().stream()
                        .anyMatch(gate -> gate.kind() == Gate.Kind.ERRORS || gate.kind() == Gate.Kind.LATENCY));
    }

    /** Takes over what tried gates brought, and compares the new version's measures with the old one's. */
    void collect(Map<InstanceId, List<ServerView>> shown) {
        for (Runnable news = arrived.poll(); news != null; news = arrived.poll()) {
            news.run();
        }
        if (!measures()) {
            return;
        }
        for (ServiceGoal goal : run.goal().services().values()) {
            for (Gate gate : goal.spec().rollout().gates()) {
                measure(goal, gate, shown).ifPresent(why -> fail(goal.name(), why));
            }
        }
    }

    /** Tries the gates of a step, once. */
    void attempt(Map<String, Integer> wanted, Fleet fleet) {
        wanted.forEach((service, step) -> {
            ServiceGoal goal = run.goal().services().get(service);
            if (goal == null || !tried.add(service + "/" + step)) {
                return;
            }
            List<Tracked> instances = fleet.all().stream()
                    .filter(instance -> instance.id.service().equals(service)
                            && instance.id.version() == goal.version()
                            && instance.onTrial())
                    .toList();
            String address = run.factory().addresses().publish();
            List<Target> targets = instances.stream()
                    .map(instance ->
                            new Target(instance.id.name(), instance.container.id(), instance.hostPort("", goal.spec())))
                    .toList();
            tasks.submit(() -> {
                Optional<String> failure = tryAll(goal, targets, address);
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

    private record Target(String name, String container, int port) {}

    private Optional<String> tryAll(ServiceGoal goal, List<Target> targets, String address) {
        for (Gate gate : goal.spec().rollout().gates()) {
            for (Target target : targets) {
                try {
                    Optional<String> failure = tryOne(gate, target, address);
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

    private Optional<String> tryOne(Gate gate, Target target, String address) {
        return switch (gate.kind()) {
            case HTTP -> {
                Health check = new Health(
                        Health.Type.HTTP,
                        gate.path(),
                        "",
                        List.of(),
                        CHECK_TIMEOUT,
                        CHECK_TIMEOUT,
                        1,
                        1,
                        CHECK_TIMEOUT,
                        Duration.ZERO,
                        CHECK_TIMEOUT);
                Prober.Answer answer = prober.ask(target.container(), address, target.port(), check);
                yield answer.passed()
                        ? Optional.empty()
                        : Optional.of("gate http " + gate.path() + " on " + target.name() + ": " + answer.text());
            }
            case COMMAND -> {
                Engine.ExecResult result = engine.exec(target.container(), gate.command(), COMMAND_DEADLINE);
                yield result.exitCode() == 0
                        ? Optional.empty()
                        : Optional.of("gate command on " + target.name() + " exited with status " + result.exitCode()
                                + ": " + result.output().strip());
            }
            case ERRORS, LATENCY -> Optional.empty();
        };
    }

    private Optional<String> measure(ServiceGoal goal, Gate gate, Map<InstanceId, List<ServerView>> shown) {
        Measure fresh = new Measure();
        Measure old = new Measure();
        shown.forEach((id, views) -> {
            if (id.service().equals(goal.name())) {
                views.forEach((id.version() == goal.version() ? fresh : old)::add);
            }
        });
        if (fresh.responses < ENOUGH_ANSWERS) {
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
        Gates before = gates.getOrDefault(service, Gates.NONE);
        if (before.failure().isEmpty()) {
            gates.put(service, new Gates(before.passed(), Optional.of(why)));
        }
    }

    private void pass(String service, int step) {
        Gates before = gates.getOrDefault(service, Gates.NONE);
        Set<Integer> passed = new HashSet<>(before.passed());
        passed.add(step);
        gates.put(service, new Gates(passed, before.failure()));
    }

    /** Sums of what the proxy measured on several servers. */
    private static final class Measure {
        private long responses;
        private long errors;
        private double weighted;

        void add(ServerView view) {
            responses += view.responses();
            errors += view.errors();
            weighted += (double) view.responses() * view.averageResponse().toMillis();
        }

        double errorShare() {
            return responses == 0 ? 0 : 100.0 * errors / responses;
        }

        double latency() {
            return responses == 0 ? 0 : weighted / responses;
        }
    }
}
