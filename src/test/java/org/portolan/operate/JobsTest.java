package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.portolan.engine.sim.Behaviour;
import org.portolan.engine.sim.Faults;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventLevel;
import org.portolan.model.service.Desired;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.JobRun;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** Jobs in releases on a simulated engine: once with each version, whoever dies meanwhile. */
class JobsTest extends SimShop {
    private static final String SCHEMA = "Schema";

    private static Desired jobs(String tag, Map<String, Map<String, Object>> jobs) {
        Map<String, Object> web = new TreeMap<>(
                Map.of("image", "web:" + tag, "ports", Map.of("http", 80L), "health", HEALTH, "jobs", jobs));
        return SimSite.desired("shop", Map.of("web", web), Map.of("web", 2));
    }

    private static Map<String, Object> job(Object... more) {
        Map<String, Object> keys = new TreeMap<>(Map.of("cmd", List.of("migrate")));
        for (int i = 0; i < more.length; i += 2) {
            keys.put((String) more[i], more[i + 1]);
        }
        return keys;
    }

    private static Desired schema(String tag) {
        return jobs(tag, Map.of(SCHEMA, job()));
    }

    private DeploymentState state() {
        return site.process().installation.store().deployment("shop").orElseThrow();
    }

    private int starts(int version) {
        return site.engine.world().jobStarts("web/" + version + "/" + SCHEMA);
    }

    @Test
    void runsOnceWithEachVersionBeforeItStarts() {
        assertThat(deploy(schema("1"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).containsExactly("shop-web-1-1", "shop-web-1-2");
        List<String> starts = site.engine.changes().stream()
                .filter(call -> call.verb().equals("create"))
                .map(call -> call.subject())
                .toList();
        assertThat(starts).startsWith("shop-web-1-Schema-1").hasSize(3);

        assertThat(deploy(schema("1"))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(site.process()
                        .perform(new Request.Scale("shop", Map.of("web", 3), SimSite.MANDATE))
                        .kind())
                .isEqualTo(Outcome.Kind.DONE);
        assertThat(starts(1)).isEqualTo(1);

        assertThat(deploy(schema("2"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(starts(2)).isEqualTo(1);
        assertThat(state().jobs())
                .allMatch(JobRun::completed)
                .extracting(JobRun::version)
                .containsExactly(1, 2);
        assertThat(site.process()
                        .installation
                        .store()
                        .release("shop", 3)
                        .orElseThrow()
                        .events())
                .extracting(Event::kind)
                .containsSubsequence("job-started", "job-completed", "instance-healthy");
    }

    @Test
    void aRollbackRunsNone() {
        deploy(schema("1"));
        deploy(schema("2"));
        site.process().perform(new Request.Rollback("shop", Optional.empty(), SimSite.MANDATE));
        assertThat(running()).containsExactly("shop-web-1-1", "shop-web-1-2");
        assertThat(starts(1)).isEqualTo(1);
        // Back to what was there: its migration has run.
        assertThat(deploy(schema("2"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(starts(2)).isEqualTo(1);
    }

    @Test
    void aRollbackToAVersionWhoseJobNobodyRemembersRunsNone() {
        deploy(jobs("1", Map.of()));
        deploy(schema("2"));
        deploy(jobs("3", Map.of()));
        site.engine.observe().containers().stream()
                .filter(container -> container.name().contains(SCHEMA))
                .forEach(container -> site.engine.remove(container.id(), true));
        site.store.connect("other");
        site.process().perform(new Request.Rollback("shop", Optional.of(2), SimSite.MANDATE));
        assertThat(starts(2)).isEqualTo(1);
    }

    @Test
    void aFailureRollsBackWithTheLastLines() {
        deploy(schema("1"));
        site.engine
                .world()
                .job("migrate", Behaviour.exitsAfter(Duration.ofSeconds(2), 3).logging("relation exists"));
        assertThatThrownBy(() -> deploy(schema("2"))).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.what()).contains("job Schema of web exited with status 3");
            assertThat(failure.details()).contains("last lines of shop-web-2-Schema-1:", "  relation exists");
        });
        assertThat(running()).containsExactly("shop-web-1-1", "shop-web-1-2");
        assertThat(containers()).contains("shop-web-1-Schema-1").doesNotContain("shop-web-2-Schema-1");
        assertThat(state().jobs().getLast().exitStatus()).isEqualTo(3);

        // Mended without a change of the version: the failed release's attempt does not count.
        site.engine.world().job("migrate", Behaviour.exitsAfter(Duration.ofSeconds(1), 0));
        assertThat(deploy(schema("2"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).containsExactly("shop-web-2-1", "shop-web-2-2");
    }

    @Test
    void oneThatHangsIsKilledAfterItsTimeout() {
        site.engine.world().job("migrate", Behaviour.GOOD.logging("waiting for a lock"));
        assertThatThrownBy(() -> deploy(jobs("1", Map.of(SCHEMA, job("timeout", "40s")))))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.what()).contains("took longer than its timeout of 40s and was killed");
                    assertThat(failure.details()).contains("  waiting for a lock");
                });
        assertThat(running()).isEmpty();
        assertThat(site.engine.changes()).noneMatch(call -> call.subject().equals("shop-web-1-1"));
    }

    @Test
    void aLongOneIsNoLackOfProgress() {
        site.engine.world().job("migrate", Behaviour.exitsAfter(Duration.ofMinutes(9), 0));
        assertThat(deploy(schema("1"))).isEqualTo(Outcome.Kind.DONE);
    }

    @Test
    void itIsTriedAgainAsOftenAsTheFileSays() {
        Behaviour fails = Behaviour.exitsAfter(Duration.ofSeconds(1), 1);
        site.engine.world().job("migrate", fails, fails, Behaviour.exitsAfter(Duration.ofSeconds(1), 0));
        assertThat(deploy(jobs("1", Map.of(SCHEMA, job("retries", 2L))))).isEqualTo(Outcome.Kind.DONE);
        assertThat(starts(1)).isEqualTo(3);
        assertThat(containers()).contains("shop-web-1-Schema-3").doesNotContain("shop-web-1-Schema-1");

        site.engine.world().job("migrate", fails);
        assertThatThrownBy(() -> deploy(jobs("2", Map.of(SCHEMA, job("retries", 1L)))))
                .hasMessageContaining("exited with status 1 in attempt 2");
        assertThat(starts(2)).isEqualTo(2);
    }

    @Test
    void oneThatCannotBeStartedFails() {
        site.engine.world().job("migrate", Behaviour.startFails("exec: \"migrate\": not found"));
        assertThatThrownBy(() -> deploy(schema("1"))).hasMessageContaining("exec: \"migrate\": not found");
        assertThat(containers()).isEmpty();
    }

    @Test
    void onceIsOnceInTheDeployment() {
        deploy(jobs("1", Map.of("Admin", job("when", "once"))));
        deploy(jobs("2", Map.of("Admin", job("when", "once"))));
        assertThat(site.engine.world().jobStarts("web/1/Admin")).isEqualTo(1);
        assertThat(site.engine.world().jobStarts("web/2/Admin")).isZero();
    }

    @Test
    void whatFollowsTheReleaseUndoesNothing() {
        site.engine.world().job("migrate", Behaviour.exitsAfter(Duration.ofSeconds(1), 4));
        Desired warm = jobs("1", Map.of("Warm", job("after", "released")));
        assertThat(deploy(warm)).isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).containsExactly("shop-web-1-1", "shop-web-1-2");
        assertThat(site.reports)
                .anyMatch(report -> report.level() == EventLevel.WARNING
                        && report.message().contains("job Warm of web version 1 exited with status 4"));
        assertThat(deploy(warm)).as("a failure is not tried again").isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(site.engine.world().jobStarts("web/1/Warm")).isEqualTo(1);
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whatRequiresAFailedOneIsNotWaitedFor() {
        site.engine.world().job("migrate", Behaviour.exitsAfter(Duration.ofSeconds(1), 4));
        Desired warm = jobs(
                "1",
                Map.of(
                        "Fill", job("after", "released"),
                        "Warm", job("after", "released", "require", List.of("Fill")),
                        "Tell", job("after", "released", "require", List.of("Warm"))));
        assertThat(deploy(warm)).isEqualTo(Outcome.Kind.DONE);
        assertThat(site.reports)
                .extracting(Event::message)
                .contains(
                        "release 1 stays, but its jobs did not all run: a job that they require failed, so these did not"
                                + " start: Tell, Warm");
        assertThat(site.engine.world().jobStarts("web/1/Warm")).isZero();
        assertThat(site.process().installation.store().holder("shop")).isEmpty();
    }

    @Test
    void whatFollowsTheReleaseIsGoneOnWith() {
        site.engine.world().job("migrate", Behaviour.exitsAfter(Duration.ofSeconds(30), 0));
        Desired warm = jobs("1", Map.of("Warm", job("after", "released")));
        for (int change = 1; change < 40; change++) {
            SimSite.Process process = site.process();
            site.engine.faults(Faults.crashAt(1, change % 2 == 0));
            try {
                process.deploy(warm);
            } catch (Faults.Crash | Failure ended) {
                process.die();
            }
        }
        site.engine.faults(Faults.NONE);
        deploy(warm);
        assertThat(site.engine.world().jobStarts("web/1/Warm")).isEqualTo(1);
        assertThat(site.engine.world().jobCompleted("web/1/Warm")).isTrue();
        assertThat(deploy(warm)).isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    /** What had begun is in the history, and what is left is said. */
    @Test
    void aPersonWhoStopsWhatFollowsLosesNoEvent() {
        site.engine.world().job("migrate", Behaviour.exitsAfter(Duration.ofSeconds(30), 0));
        Desired warm = jobs("1", Map.of("Warm", job("after", "released")));
        SimSite.Process process = site.process();
        assertThat(process.deploy(warm, () -> site.engine.world().jobStarts("web/1/Warm") > 0)
                        .kind())
                .isEqualTo(Outcome.Kind.DONE);
        assertThat(site.process()
                        .installation
                        .store()
                        .release("shop", 1)
                        .orElseThrow()
                        .events())
                .extracting(Event::message)
                .anyMatch(line -> line.contains("job Warm"));
        assertThat(site.reports)
                .extracting(Event::message)
                .contains(
                        "release 1 stays, but its jobs did not all run: the deploy was stopped; the next one continues them");
        site.clock.advance(Duration.ofMinutes(1));
        deploy(warm);
        assertThat(site.engine.world().jobStarts("web/1/Warm")).isEqualTo(1);
        assertThat(site.engine.world().jobCompleted("web/1/Warm")).isTrue();
    }

    /** At every change of a release, before and after it. */
    @Test
    void whoeverIsKilledItRunsOnce() {
        for (int change = 1; change < 60; change++) {
            for (boolean after : List.of(false, true)) {
                JobsTest fresh = new JobsTest();
                fresh.images();
                if (!fresh.killedAt(change, after)) {
                    assertThat(change).isGreaterThan(8);
                    return;
                }
            }
        }
    }

    private boolean killedAt(int change, boolean after) {
        deploy(schema("1"));
        site.engine.faults(Faults.crashAt(change, after));
        SimSite.Process process = site.process();
        boolean crashed = false;
        try {
            process.deploy(schema("2"));
        } catch (Faults.Crash crash) {
            process.die();
            crashed = true;
        }
        site.engine.faults(Faults.NONE);
        deploy(schema("2"));
        assertThat(starts(2))
                .as("killed at change %s, %s it", change, after ? "after" : "before")
                .isEqualTo(1);
        assertThat(running()).containsExactly("shop-web-2-1", "shop-web-2-2");
        assertThat(state().jobs())
                .as("what is kept of it, killed at change %s", change)
                .anyMatch(run -> run.version() == 2 && run.completed());
        assertThat(deploy(schema("2"))).isEqualTo(Outcome.Kind.NO_CHANGES);
        return crashed;
    }

    /** Its container alone knows that it is completed; the next deploy writes that, so that status and history show it. */
    @Test
    void whatEndedAndNobodyWroteIsWritten() {
        site.engine.world().job("migrate", Behaviour.exitsAfter(Duration.ofSeconds(1), 0));
        SimSite.Process process = site.process();
        site.engine.faults(
                call -> call.verb().equals("observe") && site.engine.world().jobCompleted("web/1/" + SCHEMA)
                        ? new Faults.Fate(Faults.What.CRASH_BEFORE, Duration.ZERO)
                        : Faults.Fate.GOOD);
        assertThatThrownBy(() -> process.deploy(schema("1"))).isInstanceOf(Faults.Crash.class);
        process.die();
        site.engine.faults(Faults.NONE);
        assertThat(deploy(schema("1"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(starts(1)).isEqualTo(1);
        assertThat(state().jobs()).singleElement().matches(JobRun::completed);
        assertThat(site.reports)
                .extracting(Event::message)
                .filteredOn(line -> line.contains("job Schema of web version 1 completed"))
                .hasSize(1);
    }

    @Test
    void aLostStoreRunsNothingTwice() {
        deploy(schema("1"));
        site.store.flush();
        assertThat(deploy(schema("1"))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(starts(1)).isEqualTo(1);
        // The job is completed, and the version does not become healthy: only its stopped container remembers.
        assertThatThrownBy(() -> deploy(schema("bad"))).isInstanceOf(Failure.class);
        site.store.flush();
        assertThatThrownBy(() -> deploy(schema("bad"))).isInstanceOf(Failure.class);
        assertThat(site.engine.world().jobsAgain()).isEmpty();
        assertThat(starts(2)).isEqualTo(1);
    }

    @Test
    void aFirstReleaseWhoseStoreIsLostRunsNothingTwice() {
        assertThatThrownBy(() -> deploy(schema("bad"))).isInstanceOf(Failure.class);
        site.store.flush();
        assertThatThrownBy(() -> deploy(schema("bad"))).isInstanceOf(Failure.class);
        assertThat(starts(1)).isEqualTo(1);
        // Another definition gets the same number, and the name that the old one's container has.
        site.store.flush();
        assertThat(deploy(schema("1"))).isEqualTo(Outcome.Kind.DONE);
    }

    @Test
    void lostContainersRunNothingTwice() {
        assertThatThrownBy(() -> deploy(schema("bad"))).isInstanceOf(Failure.class);
        site.engine.observe().containers().forEach(container -> site.engine.remove(container.id(), true));
        assertThatThrownBy(() -> deploy(schema("bad"))).isInstanceOf(Failure.class);
        assertThat(starts(1)).isEqualTo(1);
    }

    @Test
    void oneOfAnOlderDefinitionIsKilledBeforeTheNextRuns() {
        deploy(schema("1"));
        site.engine.world().job("migrate", Behaviour.GOOD, Behaviour.exitsAfter(Duration.ofSeconds(1), 0));
        SimSite.Process process = site.process();
        site.engine.faults(call -> call.verb().equals("observe") && starts(2) == 1
                ? new Faults.Fate(Faults.What.CRASH_BEFORE, Duration.ZERO)
                : Faults.Fate.GOOD);
        assertThatThrownBy(() -> process.deploy(schema("2"))).isInstanceOf(Faults.Crash.class);
        process.die();
        site.engine.faults(Faults.NONE);
        assertThat(running()).contains("shop-web-2-Schema-1");

        assertThat(deploy(schema("3"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).containsExactly("shop-web-3-1", "shop-web-3-2");
        List<String> changes =
                site.engine.changes().stream().map(Object::toString).toList();
        assertThat(changes.stream().filter(change -> change.contains("Schema")))
                .containsSubsequence("create shop-web-3-Schema-1");
        assertThat(containers()).doesNotContain("shop-web-2-Schema-1");
    }

    @Test
    void itWaitsForWhatItRequiresAndServicesForIt() {
        Map<String, Object> web = Map.of(
                "image",
                "web:1",
                "ports",
                Map.of("http", 80L),
                "health",
                HEALTH,
                "jobs",
                Map.of(SCHEMA, job("require", List.of("redis"))));
        Map<String, Object> worker = Map.of("image", "db:1", "ports", "none", "require", List.of(SCHEMA));
        Map<String, Object> redis = Map.of("image", "redis:1", "ports", Map.of("", 6379L));
        deploy(SimSite.desired("shop", Map.of("web", web, "worker", worker, "redis", redis), Map.of()));
        List<String> starts = site.engine.changes().stream()
                .filter(call -> call.verb().equals("create"))
                .map(call -> call.subject())
                .toList();
        assertThat(starts.subList(0, 2)).containsExactly("shop-redis-1-1", "shop-web-1-Schema-1");
        assertThat(starts.subList(2, 4)).containsExactlyInAnyOrder("shop-web-1-1", "shop-worker-1-1");
    }

    @Test
    void nothingOfThemStaysWhenTheDeploymentIsRemoved() {
        deploy(schema("1"));
        deploy(schema("2"));
        site.process().perform(new Request.Remove("shop", true, SimSite.MANDATE));
        assertThat(containers()).isEmpty();
    }

    @Test
    void theyGoWithTheirVersion() {
        for (int i = 0; i < 30; i++) {
            site.engine.world().image("web:v" + i, Behaviour.GOOD, 80);
            deploy(schema("v" + i));
        }
        assertThat(containers().stream().filter(name -> name.contains(SCHEMA)))
                .hasSameSizeAs(state().versions().getOrDefault("web", List.of()))
                .hasSizeLessThan(12);
        assertThat(state().jobs()).hasSizeLessThan(12);
    }

    @Test
    void theyAreNoInstances() {
        deploy(schema("1"));
        Container job = site.engine.observe().containers().stream()
                .filter(container -> container.name().contains(SCHEMA))
                .findFirst()
                .orElseThrow();
        assertThat(job.instance()).isEmpty();
        assertThat(site.engine.made(job.id()).orElseThrow().restart()).isEqualTo("no");
    }

    private List<String> containers() {
        return site.engine.observe().containers().stream().map(Container::name).toList();
    }
}
