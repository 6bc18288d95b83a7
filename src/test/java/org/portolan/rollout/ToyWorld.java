package org.portolan.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.portolan.model.container.Container;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/** A toy world that obeys the state machine slowly and in random order. */
final class ToyWorld {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** A container of the toy world. */
    static final class Toy {
        final InstanceId id;
        Container.State state = Container.State.CREATED;
        int healthyIn = -1;
        boolean trial;
        boolean kept;
        ServerTarget serverTarget;
        int acknowledgedIn;
        Instant serverTargetSince = START;
        int sessions;

        Toy(InstanceId id) {
            this.id = id;
        }

        boolean acknowledged() {
            return acknowledgedIn <= 0;
        }

        InstanceView view(boolean fails, boolean impaired) {
            boolean healthy = state == Container.State.RUNNING && healthyIn == 0 && !fails && !impaired;
            Condition condition = fails && state != Container.State.CREATED
                    ? new Condition.Failed("fails")
                    : trial && !impaired
                            ? new Condition.Checked(healthy, true, kept)
                            : new Condition.Trusted(healthy, impaired);
            return new InstanceView(
                    id,
                    id.name(),
                    state,
                    condition,
                    true,
                    new InstanceView.Route(
                            Optional.ofNullable(serverTarget),
                            acknowledged(),
                            sessions,
                            Optional.of(serverTargetSince),
                            ""));
        }
    }

    final Random random;
    final Map<InstanceId, Toy> toys = new TreeMap<>();
    final ServiceSpec spec;
    int failingVersion = -1;
    int impairedVersion = -1;
    Instant now = START;
    RolloutProgress progress = RolloutProgress.START;
    int mostAlive;
    int fewestServing = Integer.MAX_VALUE;

    ToyWorld(long seed, ServiceSpec spec) {
        random = new Random(seed);
        this.spec = spec;
    }

    void serving(int version, int count) {
        serving("web", version, count);
    }

    void serving(String service, int version, int count) {
        for (int n = 1; n <= count; n++) {
            Toy toy = new Toy(new InstanceId("shop", service, version, n));
            toy.state = Container.State.RUNNING;
            toy.healthyIn = 0;
            toy.serverTarget = ServerTarget.READY;
            toys.put(toy.id, toy);
        }
    }

    List<InstanceView> views() {
        return toys.values().stream()
                .map(toy -> toy.view(toy.id.version() == failingVersion, toy.id.version() == impairedVersion))
                .toList();
    }

    long serving() {
        return views().stream()
                .filter(view -> view.serving()
                        && view.route().serverTarget().orElseThrow().weight() > 0)
                .count();
    }

    /** One round; returns the decision. */
    ServiceDecision round(int version, int scale, boolean forward) {
        pass();
        ServiceGoal goal = new ServiceGoal(
                "web", version, true, "hash" + version, Definition.of(Map.of()), spec, scale, "localhost");
        ServiceView seen = ServiceView.of("shop", goal, views(), Set.of(), progress, Analysis.NONE, forward, now);
        assertThat(ServiceMachine.targets(seen).instances().keySet())
                .as("every instance that is seen has a target")
                .isEqualTo(toys.keySet());
        ServiceDecision decision = ServiceMachine.decide(seen);
        decision.progress().ifPresent(next -> progress = next);
        obey(decision.serverTargets(), decision.steps());
        mostAlive = Math.max(
                mostAlive, (int) views().stream().filter(InstanceView::running).count());
        fewestServing = Math.min(fewestServing, (int) serving());
        return decision;
    }

    /** Half a second passes. */
    void pass() {
        now = now.plusMillis(500);
        for (Toy toy : toys.values()) {
            toy.healthyIn = Math.max(toy.state == Container.State.RUNNING ? 0 : -1, toy.healthyIn - 1);
            toy.acknowledgedIn--;
            toy.sessions = Math.max(0, toy.sessions - random.nextInt(2));
        }
    }

    /** Does what was decided, but for steps that take longer. */
    void obey(Map<InstanceId, ServerTarget> serverTargets, List<Step> steps) {
        route(serverTargets);
        for (Step step : steps) {
            if (random.nextInt(3) > 0) {
                act(step);
            }
        }
    }

    private void route(Map<InstanceId, ServerTarget> serverTargets) {
        for (Toy toy : toys.values()) {
            ServerTarget next = serverTargets.get(toy.id);
            boolean changed = next == null
                    ? toy.serverTarget != null
                    : toy.serverTarget == null || next.state() != toy.serverTarget.state();
            if (changed) {
                toy.serverTargetSince = now;
                toy.acknowledgedIn = random.nextInt(3);
                toy.sessions = next != null && next.state() == RouteSet.State.DRAIN ? random.nextInt(4) : toy.sessions;
            }
            toy.serverTarget = next;
        }
    }

    private void act(Step step) {
        switch (step) {
            case Step.Create create -> toys.put(create.instance(), new Toy(create.instance()));
            case Step.Start start -> {
                Toy toy = toys.get(start.instance());
                toy.state = Container.State.RUNNING;
                toy.healthyIn = 1 + random.nextInt(4);
                toy.trial = true;
            }
            case Step.KeepRunning keep -> toys.get(keep.instance()).kept = true;
            case Step.Reload reload -> throw new AssertionError("toys have no files");
            case Step.Stop stop -> {
                Toy toy = toys.get(stop.instance());
                boolean drained = toy.serverTarget == null
                        || (toy.serverTarget.state() == RouteSet.State.MAINT
                                && (toy.sessions == 0 || now.isAfter(toy.serverTargetSince)));
                assertThat(drained)
                        .as("stopped before it was drained: %s", toy.id)
                        .isTrue();
                toy.state = Container.State.EXITED;
            }
            case Step.Remove remove -> toys.remove(remove.instance());
        }
    }

    ServiceDecision until(int version, int scale, boolean forward) {
        ServiceDecision decision = round(version, scale, forward);
        for (int rounds = 0;
                rounds < 500 && !decision.reached() && (decision.failure().isEmpty() || !forward);
                rounds++) {
            decision = round(version, scale, forward);
        }
        return decision;
    }
}
