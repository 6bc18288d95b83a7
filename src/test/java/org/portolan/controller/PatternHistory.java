package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.portolan.model.Failure;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.Notice;
import org.portolan.model.service.Desired;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.reconcile.WorkKey;
import org.portolan.sim.SimSite;
import org.portolan.store.Store;

/** One history of a source whose pattern stands for files that come, go, move and break, beside one without a pattern. */
final class PatternHistory {
    private static final List<String> FILES = List.of("a", "b", "c", "d");
    private static final List<String> NAMES = List.of("shop", "blog", "wiki", "docs", "news");

    private final Random random;
    private final SimControl sim;
    private final Store watcher;
    private SimSite.Process process;
    private Controller controller;
    private int commits;
    private Set<String> kept = Set.of();

    PatternHistory(long seed) {
        random = new Random(seed);
        sim = new SimControl(seed).followPattern("fleet").follow("site", false);
        watcher = sim.site.store.connect("watcher");
        process = sim.site.process();
        controller = sim.controller(process);
    }

    void run() {
        sim.pushFile("fleet", "a", commit(), one("shop"));
        sim.push("site", commit(), one("press"));
        pass(Duration.ofSeconds(90));
        int changes = 4 + random.nextInt(10);
        for (int i = 0; i < changes; i++) {
            change();
            pass(Duration.ofSeconds(random.nextInt(random.nextInt(3) == 0 ? 300 : 20)));
        }
        assertEnd();
    }

    void tell() {
        sim.site.reports.forEach(
                report -> System.out.println(report.at() + "  " + report.deployment() + "  " + report.message()));
        System.out.println(watcher.standings());
    }

    private void note(String what) {
        sim.site.reports.add(new Event(sim.site.clock.instant(), "", 0, new Notice(EventLevel.JOB, "=== " + what)));
    }

    private String commit() {
        return "c" + ++commits;
    }

    private Desired one(String name) {
        return SimControl.deployment(name, Integer.toString(1 + random.nextInt(3)), 1);
    }

    private static <T> T any(List<T> some, Random random) {
        return some.get(random.nextInt(some.size()));
    }

    private void change() {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> {
                String file = any(FILES, random);
                List<Desired> deployments = new ArrayList<>();
                for (String name : NAMES) {
                    if (random.nextInt(4) == 0) {
                        deployments.add(one(name));
                    }
                }
                note("file " + file + " has "
                        + deployments.stream().map(Desired::name).toList());
                sim.pushFile("fleet", file, commit(), deployments.toArray(new Desired[0]));
            }
            case 3, 4 -> {
                String file = any(FILES, random);
                note("file " + file + " is gone");
                sim.files.get("fleet").remove(file);
            }
            case 5 -> {
                String from = any(FILES, random);
                String to = any(FILES, random);
                Declared moved = sim.files.get("fleet").remove(from);
                if (moved != null) {
                    note("file " + from + " moves to " + to);
                    sim.pushFile("fleet", to, commit(), moved.deployments().toArray(new Desired[0]));
                }
            }
            case 6 -> {
                String name = any(NAMES, random);
                note("the other source has press and " + name);
                sim.push("site", commit(), one("press"), one(name));
            }
            case 7 -> {
                note("the other source has press");
                sim.push("site", commit(), one("press"));
            }
            case 8 -> {
                note(sim.hostDown ? "the Git host is back" : "the Git host is away");
                sim.hostDown = !sim.hostDown;
            }
            case 9 -> {
                note("kill -9 " + process.name);
                process.die();
                process = sim.site.process();
                controller = sim.controller(process);
            }
            case 10 -> {
                note("a person approves of what waits");
                approve();
            }
            default -> {
                WorkKey key = random.nextBoolean()
                        ? WorkKey.source(random.nextBoolean() ? "fleet" : "fleet:" + any(FILES, random))
                        : WorkKey.deployment(any(NAMES, random));
                boolean again = random.nextBoolean();
                note("a person: " + (again ? "resume " : "suspend ") + key);
                quietly(() -> {
                    if (again) {
                        person().resume(key, SimSite.MANDATE);
                    } else {
                        person().suspend(key, SimSite.MANDATE);
                    }
                });
            }
        }
    }

    private Steering person() {
        return new Steering(sim.site.process().installation);
    }

    private void approve() {
        quietly(() -> person().pending().forEach(shown -> person().approve(shown, SimSite.MANDATE)));
    }

    private void quietly(Runnable what) {
        try {
            what.run();
        } catch (Failure refused) {
            note("not possible: " + refused.what());
        }
    }

    /** Which deployments are declared now, by whom. */
    private Map<String, List<String>> declared() {
        Map<String, List<String>> declared = new TreeMap<>();
        sim.files.get("fleet").forEach((file, said) -> said.deployments()
                .forEach(desired -> declared.computeIfAbsent(desired.name(), name -> new ArrayList<>())
                        .add("hosts/" + file)));
        sim.remote.get("site").deployments().forEach(desired -> declared.computeIfAbsent(
                        desired.name(), name -> new ArrayList<>())
                .add("Servicefile"));
        return declared;
    }

    /** What is declared all the time is there all the time: it is never removed because it moved, or because another file broke. */
    private void pass(Duration time) {
        Set<String> wanted = declared().keySet();
        kept = new HashSet<>(kept);
        kept.retainAll(wanted);
        Instant end = sim.site.clock.instant().plus(time);
        while (sim.site.clock.instant().isBefore(end)) {
            sim.pass(Duration.ofSeconds(1), controller);
            Set<String> there = watcher.deployments().keySet();
            assertThat(there).as("what is declared stays").containsAll(kept);
            there.stream().filter(wanted::contains).forEach(kept::add);
        }
    }

    private void assertEnd() {
        note("the end");
        sim.hostDown = false;
        for (Instruction one : watcher.instructions()) {
            if (one.kind() == Instruction.Kind.SUSPENDED) {
                quietly(() -> person().resume(new WorkKey(one.subject(), one.name()), SimSite.MANDATE));
            }
        }
        sim.files.get("fleet").clear();
        sim.pushFile("fleet", "a", commit(), one("shop"), one("docs"));
        sim.pushFile("fleet", "c", commit(), one("blog"));
        sim.push("site", commit(), one("press"));
        for (int i = 0; i < 6; i++) {
            pass(Duration.ofMinutes(8));
            approve();
        }
        pass(Duration.ofMinutes(8));
        Map<String, String> owners = new TreeMap<>();
        watcher.deployments().values().stream()
                .filter(state -> !state.services().isEmpty())
                .map(DeploymentState.class::cast)
                .forEach(state -> owners.put(state.name(), state.owner().path()));
        assertThat(owners)
                .as("each deployment belongs to the file that declares it, and nothing else is left")
                .isEqualTo(Map.of("shop", "hosts/a", "docs", "hosts/a", "blog", "hosts/c", "press", "Servicefile"));
        for (Standing standing : watcher.standings()) {
            assertThat(standing.condition()).as(standing.toString()).isEqualTo(Condition.OK);
        }
        assertThat(watcher.standings().stream()
                        .filter(standing -> standing.subject() == Subject.SOURCE)
                        .map(Standing::name))
                .containsExactlyInAnyOrder("fleet", "fleet:a", "fleet:c", "site");
        int before = sim.reads;
        int events = sim.site.reports.size();
        pass(Duration.ofMinutes(10));
        assertThat(sim.reads - before).as("looks in ten minutes").isLessThan(60);
        assertThat(sim.site.reports).as("then nothing more happens").hasSize(events);
    }
}
