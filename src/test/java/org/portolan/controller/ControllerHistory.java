package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.portolan.engine.sim.Faults;
import org.portolan.engine.sim.Faults.Fate;
import org.portolan.engine.sim.SimEngine;
import org.portolan.model.Cron;
import org.portolan.model.Failure;
import org.portolan.model.FreezeWindow;
import org.portolan.model.container.Container;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.Notice;
import org.portolan.model.service.Desired;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.operate.Request;
import org.portolan.plan.Plan;
import org.portolan.reconcile.WorkKey;
import org.portolan.sim.SimSite;
import org.portolan.store.Store;

/** One history of two controllers. */
final class ControllerHistory {
    private static final List<String> NAMES = List.of("shop", "blog");

    private final Random random;
    private final SimControl sim;
    private final Store watcher;
    private final List<Running> controllers = new ArrayList<>();
    private @Nullable Running acting;
    /** Those that do not run at all, as after SIGSTOP. */
    private final Set<Running> asleep = new HashSet<>();

    /** When somebody wanted something new. */
    private final List<Instant> asked = new ArrayList<>();

    private boolean faulty;
    private int commits;
    private int renamed;

    /** A controller and its process. */
    private static final class Running {
        private final SimSite.Process process;
        private final Controller controller;
        private Optional<Instant> frozen = Optional.empty();

        Running(SimControl sim) {
            process = sim.site.process();
            controller = sim.controller(process);
        }
    }

    ControllerHistory(long seed) {
        random = new Random(seed);
        sim = new SimControl(seed).follow("site", false);
        if (random.nextInt(3) == 0) {
            sim.site.freezes.add(new FreezeWindow(
                    "quiet",
                    Cron.parse(1 + random.nextInt(10) + " 0 * * *"),
                    Duration.ofMinutes(1 + random.nextInt(6)),
                    ZoneOffset.UTC,
                    List.of(random.nextBoolean() ? "*" : "shop"),
                    ""));
        }
        watcher = sim.site.store.connect("watcher");
        sim.site.engine.faults(this::fate);
        sim.site.drives = process -> {
            if (acting != null) {
                assertLeads(process, "a change of the proxies");
            }
        };
    }

    void run() {
        push("1", 1, "1", 1);
        controllers.add(new Running(sim));
        controllers.add(new Running(sim));
        pass(Duration.ofSeconds(30));
        faulty = true;
        int changes = 3 + random.nextInt(8);
        for (int i = 0; i < changes; i++) {
            change();
            pass(Duration.ofMillis(random.nextInt(random.nextInt(3) == 0 ? 150_000 : 8_000)));
        }
        faulty = false;
        sim.hostDown = false;
        sim.site.store.up();
        for (Instruction one : watcher.instructions()) {
            if (one.kind() == Instruction.Kind.SUSPENDED) {
                tell("resume", steering -> steering.resume(new WorkKey(one.subject(), one.name()), SimSite.MANDATE));
            }
        }
        assertEnd();
    }

    /** What happened, for a replay. */
    void tell() {
        sim.site.reports.forEach(
                report -> System.out.println(report.at() + "  " + report.deployment() + "  " + report.message()));
        sim.site.engine.world().all().forEach(each -> System.out.println(each.name() + " " + each.state()));
        System.out.println(sim.site.store.connect("status").standings());
    }

    private void note(String what) {
        sim.site.reports.add(new Event(sim.site.clock.instant(), "", 0, new Notice(EventLevel.JOB, "=== " + what)));
    }

    private Fate fate(SimEngine.Call call) {
        Running now = acting;
        if (call.changes() && now != null) {
            assertLeads(now.process.name, call.toString());
        }
        if (!faulty || now == null) {
            return Fate.GOOD;
        }
        double draw = random.nextDouble();
        if (draw < 0.004) {
            return new Fate(
                    call.changes() && random.nextBoolean() ? Faults.What.CRASH_AFTER : Faults.What.CRASH_BEFORE,
                    Duration.ZERO);
        }
        if (draw < 0.007 && now.frozen.isEmpty()) {
            freeze(now);
        } else if (draw < 0.009 && now.frozen.isEmpty()) {
            stopped(now);
            return Fate.GOOD;
        }
        if (draw < 0.015) {
            return new Fate(Faults.What.FAILS, Duration.ZERO);
        }
        return new Fate(
                Faults.What.GOOD, random.nextInt(30) == 0 ? Duration.ofMillis(random.nextInt(3000)) : Duration.ZERO);
    }

    /** Once its lock may be another's it does nothing more. */
    private void assertLeads(String process, String what) {
        assertThat(watcher.holder(Store.LEADER).orElse("nobody"))
                .as("who leads while %s does %s", process, what)
                .startsWith(process + ":");
    }

    private void freeze(Running one) {
        note(one.process.name + " does not renew its locks any more");
        one.frozen = Optional.of(sim.site.clock.instant());
        sim.site.store.silence(one.process.name);
    }

    /** It is stopped in the middle of a call, and continues when others may have led for a while: with this one call. */
    private void stopped(Running one) {
        note(one.process.name + " is stopped by a signal");
        sim.site.store.silence(one.process.name);
        asleep.add(one);
        pass(Duration.ofSeconds(2 + random.nextInt(30)));
        asleep.remove(one);
        sim.site.store.wake(one.process.name);
        note(one.process.name + " continues");
        acting = one;
    }

    /** Who leads is stopped, three times, while there is something to do; each continues when the other has led. */
    private void alternately() {
        for (int i = 0; i < 3; i++) {
            List<Running> leads = controllers.stream()
                    .filter(each -> each.frozen.isEmpty() && each.controller.leads())
                    .toList();
            any().ifPresent(each -> quietly(() -> sim.site.engine.remove(each.id(), true)));
            if (leads.isEmpty()) {
                pass(Duration.ofSeconds(5));
            } else {
                stopped(leads.getFirst());
                acting = null;
            }
        }
    }

    private void push(String shop, int shopScale, String blog, int blogScale) {
        String commit = "c" + ++commits;
        asked.add(sim.site.clock.instant());
        note("push " + commit + ": web:" + shop + " x" + shopScale + ", web:" + blog + " x" + blogScale);
        sim.push(
                "site",
                commit,
                SimControl.deployment("shop", shop, shopScale),
                SimControl.deployment("blog", blog, blogScale));
    }

    private void change() {
        switch (random.nextInt(23)) {
            case 0, 1 ->
                push(random.nextInt(4) == 0 ? "bad" : tag(), 1 + random.nextInt(2), tag(), 1 + random.nextInt(2));
            case 2 ->
                any().ifPresent(each -> {
                    note("vanishes: " + each.name());
                    sim.site.engine.world().vanish(each.name());
                });
            case 3 ->
                any().filter(each -> each.state() == Container.State.RUNNING).ifPresent(each -> {
                    note("docker stop " + each.name());
                    quietly(() -> sim.site.engine.stop(each.id(), Optional.empty(), Duration.ofSeconds(1)));
                });
            case 4 ->
                any().ifPresent(each -> {
                    note("docker rm -f " + each.name());
                    quietly(() -> sim.site.engine.remove(each.id(), true));
                });
            case 5 -> person(new Request.Scale(name(), Map.of("web", 1 + random.nextInt(3)), SimSite.MANDATE));
            case 6 -> person(new Request.Stop(name(), Set.of("redis"), SimSite.MANDATE));
            case 7 -> {
                Running killed = controllers.get(random.nextInt(controllers.size()));
                note("kill -9 " + killed.process.name);
                replace(killed);
            }
            case 8 -> {
                Running one = controllers.get(random.nextInt(controllers.size()));
                if (one.frozen.isEmpty()) {
                    freeze(one);
                }
            }
            case 9 -> {
                note(sim.hostDown ? "the Git host is back" : "the Git host is away");
                sim.hostDown = !sim.hostDown;
            }
            case 10 -> {
                note("the store is away for a while");
                sim.site.store.down();
                pass(Duration.ofSeconds(random.nextInt(20)));
                sim.site.store.up();
            }
            case 11 -> tell("suspend", steering -> steering.suspend(key(), SimSite.MANDATE));
            case 12 -> tell("resume", steering -> steering.resume(key(), SimSite.MANDATE));
            case 13 ->
                tell("approve", steering -> steering.pending().stream()
                        .findFirst()
                        .ifPresent(shown -> steering.approve(shown, SimSite.MANDATE)));
            case 14 -> {
                String commit = "c" + ++commits;
                asked.add(sim.site.clock.instant());
                note("push " + commit + " with one deployment only");
                sim.push("site", commit, SimControl.deployment(random.nextBoolean() ? name() : "wiki", tag(), 1));
            }
            case 15 ->
                running().ifPresent(each -> {
                    note("docker pause " + each.name());
                    sim.site.engine.world().pause(each.name());
                });
            case 16 ->
                any().ifPresent(each -> {
                    note("docker rename " + each.name());
                    sim.site.engine.world().rename(each.name(), "renamed-" + ++renamed);
                });
            case 17 ->
                running().ifPresent(each -> {
                    note("docker run, with the labels of " + each.name());
                    sim.site.engine.world().copy(each.name(), "copy-" + ++renamed);
                });
            case 18 ->
                running().ifPresent(each -> {
                    note("docker update " + each.name());
                    if (random.nextBoolean()) {
                        sim.site.engine.world().restartPolicy(each.name(), "no");
                    } else {
                        sim.site.engine.world().limit(each.name(), 50_000_000);
                    }
                });
            case 19 ->
                running().ifPresent(each -> {
                    note("the checks of " + each.name() + " fail from now on");
                    sim.site.engine.world().ill(each.name(), true);
                });
            case 20 -> {
                note("the engine is away for a while, and restarts");
                sim.site.engine.world().down();
                pass(Duration.ofSeconds(random.nextInt(20)));
                sim.site.engine.world().restart();
            }
            case 21 -> alternately();
            default -> {
                if (random.nextBoolean()) {
                    note("the store is flushed");
                    sim.site.store.flush();
                } else {
                    note("nobody gets events any more");
                    sim.site.engine.close();
                }
            }
        }
    }

    private WorkKey key() {
        return random.nextBoolean() ? WorkKey.source("site") : WorkKey.deployment(name());
    }

    private void tell(String what, Consumer<Steering> instruction) {
        note("a person: " + what);
        asked.add(sim.site.clock.instant());
        quietly(() -> instruction.accept(new Steering(sim.site.process().installation)));
    }

    private String tag() {
        return Integer.toString(1 + random.nextInt(3));
    }

    private String name() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    private Optional<Container> any() {
        List<Container> all = sim.site.engine.world().all();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    private Optional<Container> running() {
        List<Container> all = sim.site.engine.world().all().stream()
                .filter(each -> each.state() == Container.State.RUNNING)
                .toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    private void quietly(Runnable what) {
        try {
            what.run();
        } catch (Failure gone) {
            note("not possible: " + gone.what());
        }
    }

    private void person(Request request) {
        note("a person: " + request);
        asked.add(sim.site.clock.instant());
        quietly(() -> sim.site.process().perform(request));
    }

    private void replace(Running dead) {
        dead.process.die();
        controllers.remove(dead);
        controllers.add(new Running(sim));
    }

    /** Lets time pass. A controller that dies at a call is started again, as its service manager does. */
    private void pass(Duration time) {
        Instant end = sim.site.clock.instant().plus(time);
        while (sim.site.clock.instant().isBefore(end)) {
            Duration left = Duration.between(sim.site.clock.instant(), end);
            for (Running each : List.copyOf(controllers)) {
                // One may have died while another was stopped in the middle of its step.
                if (asleep.contains(each) || !controllers.contains(each)) {
                    continue;
                }
                acting = each;
                try {
                    Duration pause = each.controller.step();
                    left = pause.compareTo(left) < 0 ? pause : left;
                } catch (Faults.Crash crash) {
                    note(each.process.name + " dies: " + crash.getMessage());
                    replace(each);
                } finally {
                    acting = null;
                }
            }
            assertThat(controllers.stream()
                            .filter(each -> each.controller.leads())
                            .count())
                    .as("who leads")
                    .isLessThanOrEqualTo(1);
            thaw();
            sim.site.clock.advance(left.compareTo(Duration.ofMillis(20)) < 0 ? Duration.ofMillis(20) : left);
        }
    }

    /** One that was frozen for long is started again. */
    private void thaw() {
        for (Running each : List.copyOf(controllers)) {
            boolean over = each.frozen
                    .filter(since -> sim.site.clock.instant().isAfter(since.plusSeconds(30)))
                    .isPresent();
            if (over) {
                replace(each);
            }
        }
    }

    private void assertEnd() {
        note("the end");
        for (String name : NAMES) {
            person(new Request.Start(name, Set.of(), SimSite.MANDATE));
        }
        // A commit that fails since something is ill just now is not tried again.
        pass(Duration.ofMinutes(5));
        push("2", 4, "3", 4);
        pass(Duration.ofMinutes(14));
        assertThat(sim.running().stream()
                        .filter(name -> name.startsWith("shop-web"))
                        .count())
                .isEqualTo(4);
        assertThat(sim.running().stream()
                        .filter(name -> name.startsWith("blog-web"))
                        .count())
                .isEqualTo(4);
        for (Container container : sim.site.engine.world().all()) {
            assertThat(container.state()).as(container.name()).isEqualTo(Container.State.RUNNING);
        }
        SimSite.Process looking = sim.site.process();
        for (String name : NAMES) {
            Desired wanted = sim.latest("site", name);
            Plan plan = looking.operations().plan(new Request.Apply(wanted, List.of(), SimSite.MANDATE));
            assertThat(plan.actions()).as("what runs is what the source says").isEmpty();
            assertThat(sim.standing(Subject.DEPLOYMENT, name).condition()).isEqualTo(Condition.OK);
        }
        assertThat(sim.standing(Subject.SOURCE, "site").condition()).isEqualTo(Condition.OK);
        ControllerPromises promises = new ControllerPromises(sim.site, asked);
        int before = promises.releases();
        pass(Duration.ofMinutes(20));
        assertThat(promises.releases()).as("then nothing more is done").isEqualTo(before);
        promises.assertNoHotLoop();
        promises.assertBoundedActions();
        promises.assertFreezeWindowsHold();
    }
}
