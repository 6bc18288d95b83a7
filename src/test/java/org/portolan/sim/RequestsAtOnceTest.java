package org.portolan.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Desired;
import org.portolan.model.state.DeploymentState;
import org.portolan.operate.Operations;
import org.portolan.operate.Request;
import org.portolan.release.Installation;
import org.portolan.release.Tasks;
import org.portolan.store.Store;
import org.portolan.testing.Seeds;

/**
 * Requests of several processes at once, interleaved at every call of the store and every wait: what is there in the end is
 * what they give one after the other, in some order, and none is lost but a deploy or rollback that was superseded by a newer
 * one superseded it.
 */
class RequestsAtOnceTest {
    static Stream<Integer> seeds() {
        return IntStream.range(0, Seeds.count("requests", 150)).boxed();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theEndIsThatOfSomeOrder(int seed) {
        Random random = new Random(seed);
        List<Request.ByRelease> requests = new ArrayList<>();
        for (int i = 0; i < 2 + random.nextInt(2); i++) {
            requests.add(request(random));
        }
        holds(seed, random, requests);
    }

    @Test
    void aScaleBesideADeployKeepsTheNewVersion() {
        for (int seed = 0; seed < 20; seed++) {
            Request.ByRelease scale = new Request.Scale("shop", Map.of("web", 3), SimSite.MANDATE);
            holds(seed, new Random(seed), List.of(deploy("3", 1), scale));
        }
    }

    @Test
    void twoScalesAndTwoEditsOfOneServiceAllHold() {
        for (int seed = 0; seed < 20; seed++) {
            Map<String, Object> end = holds(
                    seed,
                    new Random(seed),
                    List.of(
                            new Request.Scale("shop", Map.of("web", 3), SimSite.MANDATE),
                            new Request.Scale("shop", Map.of("redis", 2), SimSite.MANDATE),
                            edit("A"),
                            edit("B")));
            assertThat(end.get("running")).isEqualTo(new TreeMap<>(Map.of("redis redis:1", 2, "web web:2", 3)));
            assertThat(end.get("redis").toString()).contains("A=yes").contains("B=yes");
        }
    }

    /** Carries the requests out at once; returns how the deployment stands. */
    private static Map<String, Object> holds(int seed, Random random, List<Request.ByRelease> requests) {
        SimSite site = site(seed);
        boolean[] superseded = atOnce(site, random, requests);
        List<Request.ByRelease> done = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            if (superseded[i]) {
                assertThat(requests.get(i).whole())
                        .as("only the whole is superseded")
                        .isTrue();
            } else {
                done.add(requests.get(i));
            }
        }
        Map<String, Object> end = signature(site);
        List<Map<String, Object>> possible = new ArrayList<>();
        for (List<Request.ByRelease> order : orders(done)) {
            SimSite alone = site(seed);
            order.forEach(request -> perform(alone.process().installation, alone, request));
            Map<String, Object> other = signature(alone);
            if (other.equals(end)) {
                return end;
            }
            possible.add(other);
        }
        throw new AssertionError(
                "seed " + seed + ", " + requests + ": " + end + " is what none of these orders gives: " + possible);
    }

    private static boolean[] atOnce(SimSite site, Random random, List<Request.ByRelease> requests) {
        Turns turns = new Turns(random, requests.size());
        boolean[] superseded = new boolean[requests.size()];
        List<Throwable> faults = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            int me = i;
            Installation installation = yielding(site.process().installation, () -> turns.pass(me));
            threads.add(Thread.ofPlatform().name("request-" + i).start(() -> {
                turns.await(me);
                try {
                    superseded[me] = !perform(installation, site, requests.get(me));
                } catch (RuntimeException | Error fault) {
                    faults.add(fault);
                } finally {
                    turns.end(me);
                }
            }));
        }
        threads.forEach(RequestsAtOnceTest::join);
        faults.forEach(fault -> {
            throw new AssertionError("a request failed", fault);
        });
        return superseded;
    }

    /** Whether it was carried out, or refused for its own reason; false when a newer one superseded it. */
    private static boolean perform(Installation installation, SimSite site, Request.ByRelease request) {
        try {
            new Operations(installation).perform(request, site.process().options(() -> false));
            return true;
        } catch (Failure failure) {
            if (failure.what().contains("superseded")) {
                return false;
            }
            assertThat(failure.what()).contains("no earlier good release");
            return true;
        }
    }

    private static SimSite site(int seed) {
        SimSite site = new SimSite(seed);
        for (String tag : List.of("1", "2", "3")) {
            site.engine.world().image("web:" + tag, Behaviour.GOOD, 80);
        }
        site.engine.world().image("redis:1", Behaviour.GOOD, 6379);
        for (String tag : List.of("1", "2")) {
            perform(site.process().installation, site, deploy(tag, 1));
        }
        return site;
    }

    private static Request.ByRelease request(Random random) {
        int number = 1 + random.nextInt(3);
        return switch (random.nextInt(10)) {
            case 0, 1 -> deploy(Integer.toString(number), 1 + random.nextInt(3));
            case 2, 3 -> new Request.Scale("shop", Map.of("web", number), SimSite.MANDATE);
            case 4 -> new Request.Scale("shop", Map.of("redis", number), SimSite.MANDATE);
            case 5 -> new Request.Stop("shop", number == 1 ? Set.of() : Set.of("web"), SimSite.MANDATE);
            case 6 -> new Request.Start("shop", Set.of(), SimSite.MANDATE);
            case 7 -> new Request.Restart("shop", Set.of("web"), SimSite.MANDATE);
            case 8 ->
                new Request.Rollback("shop", number == 3 ? Optional.empty() : Optional.of(number), SimSite.MANDATE);
            default -> edit("V" + number);
        };
    }

    private static Request.ByRelease deploy(String tag, int scale) {
        Map<String, Object> web =
                Map.of("image", "web:" + tag, "ports", Map.of("http", 80L), "health", Map.of("http", "/up"));
        Map<String, Object> redis = Map.of("image", "redis:1", "ports", Map.of("", 6379L));
        Desired desired = SimSite.desired("shop", Map.of("web", web, "redis", redis), Map.of("web", scale));
        return new Request.Apply(desired, List.of(), SimSite.MANDATE);
    }

    /** Adds a variable to what redis is so far. */
    private static Request.ByRelease edit(String name) {
        Request.Edit edit = existing -> {
            Definition before = existing.orElseThrow();
            TreeMap<String, Object> env = new TreeMap<>();
            if (before.get("env") instanceof Map<?, ?> old) {
                old.forEach((key, value) -> env.put(key.toString(), value));
            }
            env.put(name, "yes");
            return new Request.Edited(before.with("env", env), OptionalInt.empty());
        };
        return new Request.SetService("shop", "redis", edit, SimSite.MANDATE);
    }

    private static Map<String, Object> signature(SimSite site) {
        Store store = site.process().installation.store();
        DeploymentState state = store.deployment("shop").orElseThrow();
        Map<String, Object> signature = new TreeMap<>();
        state.services().forEach((name, placed) -> {
            Definition definition =
                    store.definition("shop", name, placed.version()).orElseThrow();
            signature.put(name, definition.get("image") + " " + definition.get("env") + " " + placed.scale());
        });
        TreeMap<String, Integer> running = new TreeMap<>();
        for (Container container : site.engine.world().all()) {
            String image = Stream.of("web:1", "web:2", "web:3", "redis:1")
                    .filter(name -> site.engine.image(name).orElseThrow().id().equals(container.imageId()))
                    .findFirst()
                    .orElse(container.imageId());
            String service = container.instance().orElseThrow().service();
            assertThat(container.state()).as(container.name()).isEqualTo(Container.State.RUNNING);
            running.merge(service + " " + image, 1, Integer::sum);
        }
        signature.put("running", running);
        signature.put("served", site.proxy.serving("shop", "web").size());
        signature.put("stopped", state.stopped());
        signature.put("by hand", state.byHand());
        signature.put("pinned", state.pinned().isPresent());
        signature.put("unfinished", state.running());
        return signature;
    }

    private static List<List<Request.ByRelease>> orders(List<Request.ByRelease> requests) {
        if (requests.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Request.ByRelease>> orders = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            List<Request.ByRelease> others = new ArrayList<>(requests);
            Request.ByRelease first = others.remove(i);
            for (List<Request.ByRelease> rest : orders(others)) {
                List<Request.ByRelease> order = new ArrayList<>(List.of(first));
                order.addAll(rest);
                orders.add(order);
            }
        }
        return orders;
    }

    /** The same installation, for a process that lets others continue at each call of the store and each wait. */
    private static Installation yielding(Installation of, Runnable turn) {
        Store store = (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (it, call, given) -> {
                    turn.run();
                    try {
                        return call.invoke(of.store(), given);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
        Tasks tasks = of.tasks().get();
        Tasks slow = new Tasks() {
            @Override
            public void submit(Runnable task) {
                tasks.submit(task);
            }

            @Override
            public void await(java.time.Duration most) {
                tasks.await(most);
                turn.run();
            }

            @Override
            public void wake() {
                tasks.wake();
            }
        };
        return new Installation(
                of.settings(), of.engine(), store, of.proxy(), of.prober(), () -> slow, of.clock(), of.events());
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }
}
