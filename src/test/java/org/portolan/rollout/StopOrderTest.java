package org.portolan.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.databases.DatabasesView;
import org.portolan.jobs.JobsView;
import org.portolan.model.container.Container;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.DesiredRelease;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/** Services stop in the reverse order of {@code require}, whatever leaves, stops, stays and is replaced beside it. */
class StopOrderTest {
    private final SortedMap<String, List<String>> require = new TreeMap<>();
    private final SortedMap<String, ServiceGoal> goals = new TreeMap<>();
    private final SortedSet<String> removed = new TreeSet<>();
    private final Map<String, Leaving> leaving = new TreeMap<>();

    static Stream<Long> seeds() {
        return IntStream.range(0, 200).mapToObj(Long::valueOf);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingStopsBeforeWhatRequiresItAndStopsToo(long seed) {
        ToyWorld world = new ToyWorld(seed, spec(List.of()));
        for (int i = 0; i < 2 + world.random.nextInt(6); i++) {
            List<String> earlier = new ArrayList<>(require.keySet());
            earlier.removeIf(other -> world.random.nextBoolean());
            String name = "s" + world.random.nextInt(1000);
            require.putIfAbsent(name, earlier);
        }
        require.keySet().forEach(name -> place(name, world));

        boolean reached = until(world, 1 + world.random.nextInt(3));

        assertThat(reached).isTrue();
        assertThat(world.toys.keySet()).allMatch(id -> staying().contains(id.service()));
    }

    @Test
    void requirementsInACircleHoldNobodyForEver() {
        ToyWorld world = new ToyWorld(1, spec(List.of()));
        remove("a", List.of("b"), world);
        remove("b", List.of("a"), world);
        remove("c", List.of("b"), world);

        assertThat(run(world, 1, new HashSet<>(Set.of("a", "b")))).isTrue();
        assertThat(world.toys).isEmpty();
    }

    /** Gives a service one of the fates: it stays, is replaced, is stopped, leaves. */
    private void place(String name, ToyWorld world) {
        switch (world.random.nextInt(4)) {
            case 0 -> keep(name, 1, 1, world);
            case 1 -> keep(name, 2, 1, world);
            case 2 -> keep(name, 1, 0, world);
            default -> remove(name, require.getOrDefault(name, List.of()), world);
        }
    }

    private void keep(String name, int version, int scale, ToyWorld world) {
        world.serving(name, 1, 1 + world.random.nextInt(2));
        ServiceSpec spec = spec(require.getOrDefault(name, List.of()));
        goals.put(
                name, new ServiceGoal(name, version, true, "hash", Definition.of(Map.of()), spec, scale, "localhost"));
    }

    private void remove(String name, List<String> required, ToyWorld world) {
        world.serving(name, 1, 1 + world.random.nextInt(2));
        require.put(name, required);
        removed.add(name);
        leaving.put(name, new Leaving(spec(required).stop(), required));
    }

    private List<String> staying() {
        return goals.values().stream()
                .filter(goal -> goal.scale() > 0)
                .map(ServiceGoal::name)
                .toList();
    }

    private boolean until(ToyWorld world, int parallel) {
        return run(world, parallel, new HashSet<>());
    }

    /** @param unordered services whose order is not judged */
    private boolean run(ToyWorld world, int parallel, Set<String> unordered) {
        for (int round = 0; round < 500; round++) {
            world.pass();
            SortedMap<String, List<InstanceView>> views = new TreeMap<>();
            world.views().forEach(view -> views.computeIfAbsent(view.id().service(), key -> new ArrayList<>())
                    .add(view));
            Decision decision = ReleaseMachine.decide(
                    new ReleaseView(
                            new DesiredRelease("shop", goals, removed, new TreeMap<>()),
                            views,
                            leaving,
                            Set.of(),
                            Map.of(),
                            Map.of(),
                            true,
                            true,
                            JobsView.NONE,
                            DatabasesView.NONE,
                            parallel),
                    world.now);
            decision.steps().stream()
                    .filter(step -> step instanceof Step.Stop
                            && !unordered.contains(step.instance().service()))
                    .forEach(step -> assertFree(step.instance().service(), world));
            world.obey(decision.serverTargets(), decision.steps());
            if (decision.status() instanceof Decision.Status.Reached) {
                return true;
            }
        }
        return false;
    }

    private void assertFree(String service, ToyWorld world) {
        boolean replaced = goals.containsKey(service) && goals.get(service).scale() > 0;
        if (replaced) {
            return;
        }
        for (ToyWorld.Toy toy : world.toys.values()) {
            String dependant = toy.id.service();
            boolean stops = removed.contains(dependant)
                    || (goals.containsKey(dependant) && goals.get(dependant).scale() == 0);
            boolean requires = require.getOrDefault(dependant, List.of()).contains(service);
            assertThat(stops && requires && toy.state == Container.State.RUNNING)
                    .as("%s stops while %s, which requires it and stops too, still runs", service, dependant)
                    .isFalse();
        }
    }

    private static ServiceSpec spec(List<String> required) {
        return ServiceSpec.from(
                "any", Definition.of(Map.of("require", List.copyOf(required), "ports", Map.of("http", 80L))));
    }
}
