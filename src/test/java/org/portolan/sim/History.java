package org.portolan.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.engine.sim.Behaviour;
import org.portolan.engine.sim.Faults;
import org.portolan.engine.sim.Faults.Fate;
import org.portolan.engine.sim.SimEngine;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.container.ContainerSpec.Publish;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.Notice;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Origin;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.release.Outcome;
import org.portolan.store.Store;
import org.portolan.store.StoreException;
import org.portolan.store.memory.MemoryStore;

/** One history: what happens to a deployment and its surroundings, decided by a seed. */
final class History {
    private static final List<String> STRATEGIES = List.of("rolling", "blue-green", "canary", "rolling", "recreate");
    private static final Fate GOOD = Fate.GOOD;

    private final long seed;
    private final Random random;
    final SimSite site;
    private final HistoryPromises promises;
    final String strategy;
    final int surge;
    private SimSite.Process process;
    private boolean faulty;
    private Optional<MemoryStore.Backup> backup = Optional.empty();
    private int scale = 2;
    private int lowest = 2;
    private String good = "1";
    /** Whether the first instances are as Portolan made them up to commit 1ce5309. */
    private final boolean former;

    /** Commits whose rollback began, as far as the store still knows. */
    private final Set<String> failed = new TreeSet<>();

    History(long seed) {
        this.seed = seed;
        former = seed % 2 == 1;
        random = new Random(seed);
        site = new SimSite(seed);
        site.scatter(random);
        site.sharedEngine = Boolean.getBoolean("shared") || seed % 4 >= 2;
        promises = new HistoryPromises(site);
        process = site.process();
        strategy = STRATEGIES.get(random.nextInt(STRATEGIES.size()));
        surge = 1 + random.nextInt(2);
        for (String tag : List.of("1", "2", "3")) {
            site.engine
                    .world()
                    .image("web:" + tag, Behaviour.healthyAfter(Duration.ofMillis(random.nextInt(3000))), 80);
        }
        List<Behaviour> bad = List.of(
                Behaviour.neverHealthy(),
                Behaviour.exitsAfter(Duration.ofMillis(500), 3),
                Behaviour.listensElsewhere(),
                Behaviour.startFails("no such file"),
                Behaviour.flaps(Duration.ofMillis(300), Duration.ofMillis(900)),
                Behaviour.neverHealthy().ignoringTerm());
        for (int i = 0; i < bad.size(); i++) {
            site.engine.world().image("web:bad" + i, bad.get(i), 80);
        }
        site.engine.world().image("redis:1", Behaviour.GOOD, 6379);
        for (String image : List.of("1", "2", "3", "bad0", "bad1", "bad2", "bad3", "bad4", "bad5")) {
            site.engine.world().declareVolumes("web:" + image, "/data");
        }
        site.engine.world().foreign("somebody-else", Map.of("owner", "somebody"), new Publish("0.0.0.0", 20500, 80));
    }

    void run() {
        site.engine.faults(call -> GOOD);
        deployUntilDone(good);
        if (former) {
            site.engine.world().forgetVolumeNames();
            promises.forgetVolumes();
        }
        site.engine.faults(this::fate);
        int changes = 2 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            faulty = true;
            change();
        }
        faulty = false;
        scale = 1 + random.nextInt(3);
        watchFloor(scale);
        deployUntilDone(good);
        promises.atTheEnd(scale);
    }

    private Fate fate(SimEngine.Call call) {
        promises.before(call);
        assertThat(site.clock.instant()).as("the history ends").isBefore(Instant.parse("2026-01-01T01:00:00Z"));
        if (call.verb().equals("observe") && random.nextInt(3) == 0) {
            process.progress();
        }
        if (!faulty) {
            return GOOD;
        }
        double draw = random.nextDouble();
        Duration takes = random.nextInt(20) == 0 ? Duration.ofMillis(random.nextInt(2000)) : Duration.ZERO;
        if (draw < 0.01) {
            return new Fate(Faults.What.CRASH_BEFORE, takes);
        }
        if (draw < 0.02 && call.changes()) {
            return new Fate(Faults.What.CRASH_AFTER, takes);
        }
        if (draw < 0.03) {
            return new Fate(Faults.What.FAILS, takes);
        }
        if (draw < 0.05 && call.changes()) {
            return new Fate(random.nextBoolean() ? Faults.What.ANSWER_LOST : Faults.What.TWICE, takes);
        }
        return new Fate(Faults.What.GOOD, takes);
    }

    private void change() {
        int scaleBefore = scale;
        if (random.nextInt(3) == 0) {
            backup = Optional.of(site.store.backup());
        }
        int fault = random.nextInt(14);
        note("fault " + fault);
        switch (fault) {
            case 0 -> {
                site.store.flush();
                if (former) {
                    // What the engine named is then known by its container only.
                    promises.forgetLostVolumes();
                }
                failed.clear();
                // With the store goes the scale that a failed release would go back to: what serves is kept, not more.
                lowest = 1;
            }
            case 1 -> site.proxy.kill();
            case 2 -> killOne();
            case 3 -> scale = 1 + random.nextInt(3);
            case 4 -> changeServerByHand();
            case 5 ->
                backup.ifPresent(older -> {
                    site.store.restore(older);
                    if (former) {
                        // A copy of before the engine's names were noted tells none of them.
                        promises.forgetLostVolumes();
                    }
                    failed.clear();
                    lowest = 1;
                });
            case 6 -> site.store.loseKey();
            case 7 -> disconnectOne();
            case 8 -> {
                // A container that is stopped knows its network by id, and does not start without it.
                if (!strategy.equals("recreate")) {
                    site.engine.world().dropNetwork("portolan-shop");
                }
            }
            case 9 -> site.proxy.damage("shop");
            case 10 -> {
                // Its history stays: what failed is not tried again. The scale is then what its containers show.
                // Volumes
                // that the engine named are then known by their containers only, and more of them may come.
                if (!former) {
                    site.store.damage("shop");
                    lowest = 1;
                }
            }
            default -> {
                // The files change below.
            }
        }
        boolean bad = random.nextInt(3) == 0;
        String tag = bad ? "bad" + random.nextInt(6) : Integer.toString(1 + random.nextInt(3));
        if (!bad) {
            good = tag;
        }
        watchFloor(Math.min(scaleBefore, scale));
        note("files: web:" + tag + ", scale " + scale + ", at least " + lowest);
        attempt(tag);
        while (bad && random.nextInt(2) == 0) {
            attemptAgain(tag);
        }
    }

    private void note(String what) {
        site.reports.add(new Event(site.clock.instant(), "shop", 0, new Notice(EventLevel.JOB, "=== " + what)));
    }

    /** A hook comes with the commit that was there before: it is not rolled out again once its rollback has begun. */
    private void attemptAgain(String tag) {
        String commit = commit(tag);
        boolean known = failed.contains(commit);
        int before = lastRelease();
        process = site.process();
        try {
            Outcome outcome = process.deployAutomatically(desired(tag));
            assertThat(known).as("%s was deployed again: %s", commit, outcome).isFalse();
        } catch (Faults.Crash | Failure ended) {
            process.die();
        }
        if (known) {
            assertThat(lastRelease()).as("releases after %s failed", commit).isEqualTo(before);
        }
        noteFailed();
        promises.always();
    }

    private int lastRelease() {
        return site.process()
                .installation
                .store()
                .deployment("shop")
                .map(DeploymentState::lastRelease)
                .orElse(0);
    }

    /** Remembers what the store's own records say: a release that failed, or is being rolled back. */
    private void noteFailed() {
        Store store = site.process().installation.store();
        Optional<Integer> back = store.deployment("shop")
                .flatMap(DeploymentState::running)
                .filter(DeploymentState.Running::back)
                .map(DeploymentState.Running::release);
        for (Release release : store.releases("shop", 10)) {
            boolean begun = back.filter(number -> number == release.number()).isPresent();
            if (begun || over(store, release.number())) {
                release.origin().commit().ifPresent(failed::add);
            }
        }
    }

    private static boolean over(Store store, int release) {
        try {
            return store.release("shop", release).orElseThrow().events().stream()
                    .anyMatch(event -> event.kind().equals("release-failed"));
        } catch (StoreException sealed) {
            return false;
        }
    }

    private String commit(String tag) {
        return "commit-" + tag + "-" + scale;
    }

    /** Between two scales the smaller one must always serve; a service that is stopped first has no floor. */
    private void watchFloor(int least) {
        promises.mostInstances(scale);
        lowest = Math.min(lowest, least);
        if (!strategy.equals("recreate")) {
            site.floor.put("web", lowest);
        }
    }

    private void changeServerByHand() {
        List<InstanceId> serving = List.copyOf(site.proxy.serving("shop", "web"));
        if (!serving.isEmpty()) {
            site.proxy.byHand(
                    serving.get(random.nextInt(serving.size())),
                    random.nextBoolean() ? RouteSet.State.DRAIN : RouteSet.State.MAINT);
        }
    }

    private void killOne() {
        oneOfWeb().ifPresent(container -> site.engine.world().kill(container.id(), 137));
    }

    private void disconnectOne() {
        oneOfWeb().ifPresent(container -> site.engine.world().disconnect(container.id(), random.nextInt(3) > 0));
    }

    private Optional<Container> oneOfWeb() {
        List<Container> running = promises.instances().stream()
                .filter(container -> container.state() == Container.State.RUNNING)
                .toList();
        return running.isEmpty() ? Optional.empty() : Optional.of(running.get(random.nextInt(running.size())));
    }

    /** One run of the command, which may die or fail. */
    private Optional<Outcome> attempt(String tag) {
        process = site.process();
        try {
            return Optional.of(process.deploy(desired(tag)));
        } catch (Faults.Crash crash) {
            process.die();
            return Optional.empty();
        } catch (Failure failure) {
            process.die();
            return Optional.empty();
        } finally {
            noteFailed();
            promises.always();
        }
    }

    private void deployUntilDone(String tag) {
        List<String> failures = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            process = site.process();
            try {
                Outcome outcome = process.deploy(desired(tag));
                if (outcome.kind() == Outcome.Kind.NO_CHANGES) {
                    return;
                }
            } catch (Failure failure) {
                failures.add(failure.what());
                process.die();
            }
        }
        fail("seed %s does not converge: %s", seed, failures);
    }

    private Desired desired(String tag) {
        Map<String, Object> rollout = new TreeMap<>();
        rollout.put("strategy", strategy);
        rollout.put("max_surge", (long) surge);
        if (strategy.equals("canary")) {
            rollout.put("steps", List.of(Map.of("weight", 20L, "bake", "1s"), Map.of("weight", 60L, "bake", "1s")));
        }
        Map<String, Object> web = Map.of(
                "image", "web:" + tag,
                "ports", Map.of("http", 80L),
                "health", Map.of("http", "/up", "deadline", "10s"),
                "require", List.of("redis"),
                "rollout", rollout,
                "stop", Map.of("drain", "5s", "grace", "2s"));
        Map<String, Object> redis = Map.of("image", "redis:1", "ports", Map.of("", 6379L));
        Desired files = SimSite.desired("shop", Map.of("web", web, "redis", redis), Map.of("web", scale));
        Origin origin = new Origin(
                files.origin().source(), Optional.of(commit(tag)), false, Optional.empty(), Optional.empty());
        return new Desired("shop", origin, files.services(), List.of(), "");
    }
}
