package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.controller.SimControl.deployment;
import static org.portolan.controller.SimControl.shop;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Faults;
import org.portolan.engine.sim.Faults.Fate;
import org.portolan.model.event.EventKind;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.operate.Request;
import org.portolan.sim.SimSite;

/** One controller, and two of which one acts, on a simulated engine with virtual time. */
class ControllerTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final SimControl sim = new SimControl(3);
    private final SimSite.Process process = sim.site.process();

    private Standing shopStanding() {
        return sim.standing(Subject.DEPLOYMENT, "shop");
    }

    private int releases() {
        return process.installation.store().releases("shop", 100).size();
    }

    @Test
    void whatIsTakenAwayByHandComesBackWithinASecond() {
        process.deploy(shop("1", 2));
        Controller controller = sim.controller(process);
        sim.pass(Duration.ofSeconds(5), controller);
        assertThat(controller.leads()).isTrue();
        assertThat(releases()).isEqualTo(1);

        sim.site.engine.remove(id("shop-web-1-1"), true);
        Instant removed = sim.site.clock.instant();
        controller.step();
        Instant begun =
                process.installation.store().releases("shop", 1).getFirst().started();
        assertThat(Duration.between(removed, begun)).isLessThan(Duration.ofSeconds(1));
        assertThat(sim.running()).hasSize(3);

        sim.pass(SOON, controller);
        sim.site.engine.stop(id("shop-redis-1-1"), Optional.empty(), Duration.ofSeconds(1));
        sim.pass(SOON, controller);
        assertThat(sim.running()).hasSize(3);
        assertThat(releases()).isEqualTo(3);
        sim.pass(Duration.ofHours(1), controller);
        assertThat(releases()).as("nothing more is done").isEqualTo(3);
    }

    private String id(String name) {
        return sim.site.engine.inspect(name).orElseThrow().id();
    }

    @Test
    void whatSendsNoEventIsFoundWithinAMinute() {
        process.deploy(shop("1", 2));
        Controller controller = sim.controller(process);
        sim.pass(Duration.ofSeconds(5), controller);
        sim.site.engine.world().vanish("shop-web-1-1");
        sim.pass(Duration.ofSeconds(70), controller);
        assertThat(sim.running()).hasSize(3);
    }

    @Test
    void whatAPersonChangedThroughPortolanHolds() {
        sim.follow("site", false).push("site", "aaaa", shop("1", 2));
        Controller controller = sim.controller(process);
        sim.pass(SOON, controller);
        assertThat(sim.running()).hasSize(3);
        SimSite.Process person = sim.site.process();
        person.perform(new Request.Scale("shop", Map.of("web", 3), SimSite.MANDATE));
        person.perform(new Request.Stop("shop", Set.of("redis"), SimSite.MANDATE));
        sim.push("site", "bbbb", shop("1", 2));
        sim.pass(Duration.ofMinutes(5), controller);
        assertThat(sim.running())
                .as("a commit that does not change the deployment")
                .hasSize(3);
        assertThat(sim.running()).noneMatch(name -> name.contains("redis"));
        sim.push("site", "cccc", shop("2", 2));
        sim.pass(Duration.ofMinutes(5), controller);
        assertThat(sim.running()).containsExactly("shop-web-2-1", "shop-web-2-2");
    }

    @Test
    void aPushIsDeployedWithinTheInterval() {
        sim.follow("site", false).push("site", "aaaa", shop("1", 1));
        Controller controller = sim.controller(process);
        sim.pass(SOON, controller);
        assertThat(sim.running()).contains("shop-web-1-1");
        sim.push("site", "bbbb", shop("2", 1), deployment("blog", "1", 1));
        sim.pass(SimControl.POLL.multipliedBy(6).dividedBy(5).plusSeconds(15), controller);
        assertThat(sim.running()).contains("shop-web-2-1", "blog-web-1-1");
        assertThat(sim.standing(Subject.SOURCE, "site").commit()).isEqualTo("bbbb");
        assertThat(shopStanding().condition()).isEqualTo(Condition.OK);
        int reads = sim.reads;
        sim.pass(Duration.ofMinutes(10), controller);
        assertThat(sim.reads - reads).as("polls in ten minutes").isBetween(8, 13);
    }

    @Test
    void theGitHostIsAwayAndWhatIsDeployedStays() {
        sim.follow("site", false).push("site", "aaaa", shop("1", 1));
        Controller controller = sim.controller(process);
        sim.pass(SOON, controller);
        sim.hostDown = true;
        Instant since = sim.site.clock.instant();
        sim.pass(Duration.ofMinutes(30), controller);
        Standing standing = sim.standing(Subject.SOURCE, "site");
        assertThat(standing.condition()).isEqualTo(Condition.FAILING);
        assertThat(standing.what()).isEqualTo("cannot reach the Git host");
        assertThat(standing.since()).isBetween(since, since.plusSeconds(80));
        assertThat(standing.next()).isPresent();
        assertThat(sim.running()).contains("shop-web-1-1");
        sim.site.engine.remove(id("shop-web-1-1"), true);
        sim.pass(SOON, controller);
        assertThat(sim.running()).as("it is kept up meanwhile").anyMatch(name -> name.startsWith("shop-web-1-"));
        sim.hostDown = false;
        sim.push("site", "bbbb", shop("2", 1));
        sim.pass(Duration.ofMinutes(7), controller);
        assertThat(sim.running()).anyMatch(name -> name.startsWith("shop-web-2-"));
        assertThat(sim.standing(Subject.SOURCE, "site").condition()).isEqualTo(Condition.OK);
    }

    @Test
    void aBadCommitIsRolledBackOnceAndNotTriedAgain() {
        sim.follow("site", false).push("site", "aaaa", shop("1", 1));
        Controller controller = sim.controller(process);
        sim.pass(SOON, controller);
        sim.push("site", "bbbb", shop("bad", 1));
        sim.pass(Duration.ofMinutes(20), controller);
        assertThat(releases()).isEqualTo(2);
        assertThat(shopStanding().condition()).isEqualTo(Condition.FAILING);
        assertThat(sim.running()).contains("shop-web-1-1");
        sim.site.engine.remove(id("shop-redis-1-1"), true);
        sim.pass(SOON, controller);
        assertThat(sim.running()).as("the good release is kept up").anyMatch(name -> name.contains("redis"));
        sim.push("site", "cccc", shop("3", 1));
        sim.pass(Duration.ofMinutes(3), controller);
        assertThat(sim.running()).anyMatch(name -> name.startsWith("shop-web-3-"));
        assertThat(shopStanding().condition()).isEqualTo(Condition.OK);
    }

    @Test
    void aRollbackHoldsUntilANewerCommit() {
        sim.follow("site", false).push("site", "aaaa", shop("1", 1));
        Controller controller = sim.controller(process);
        sim.pass(SOON, controller);
        sim.push("site", "bbbb", shop("2", 1));
        sim.pass(Duration.ofMinutes(2), controller);
        sim.site.process().perform(new Request.Rollback("shop", Optional.empty(), SimSite.MANDATE));
        sim.pass(Duration.ofMinutes(5), controller);
        assertThat(sim.running()).anyMatch(name -> name.startsWith("shop-web-1-"));
        sim.push("site", "cccc", shop("3", 1));
        sim.pass(Duration.ofMinutes(2), controller);
        assertThat(sim.running()).anyMatch(name -> name.startsWith("shop-web-3-"));
    }

    @Test
    void whatASourceOnlyReportsIsShownAndLeft() {
        sim.follow("site", true).push("site", "0000", shop("1", 1));
        process.deploy(sim.latest("site", "shop"));
        sim.push("site", "aaaa", shop("2", 1), deployment("blog", "1", 1));
        Controller controller = sim.controller(process);
        sim.pass(Duration.ofMinutes(3), controller);
        assertThat(sim.running()).containsExactly("shop-redis-1-1", "shop-web-1-1");
        assertThat(shopStanding().condition()).isEqualTo(Condition.DRIFT);
        assertThat(shopStanding().what()).contains("version 1 → 2");
        assertThat(sim.standing(Subject.DEPLOYMENT, "blog").condition()).isEqualTo(Condition.DRIFT);
    }

    @Test
    void driftIsReportedOnlyWhereThatIsWanted() {
        process.deploy(shop("1", 2));
        Controller controller = sim.controller(process, true, List.of());
        sim.pass(Duration.ofSeconds(5), controller);
        sim.site.engine.remove(id("shop-web-1-1"), true);
        sim.pass(Duration.ofMinutes(2), controller);
        assertThat(sim.running()).hasSize(2);
        assertThat(shopStanding().condition()).isEqualTo(Condition.DRIFT);
        assertThat(shopStanding().what()).contains("1 of 2 instances is missing");
        assertThat(sim.site.reports)
                .filteredOn(event -> event.data().kind() == EventKind.CONDITION_CHANGED)
                .hasSize(1);
    }

    @Test
    void whatASourceNoLongerNamesGoesButNotMoreThanHalfOfIt() {
        sim.follow("site", false)
                .push("site", "aaaa", shop("1", 1), deployment("blog", "1", 1), deployment("wiki", "1", 1));
        Controller controller = sim.controller(process);
        sim.pass(Duration.ofMinutes(2), controller);
        assertThat(sim.running()).hasSize(6);
        sim.push("site", "bbbb", shop("2", 1), deployment("blog", "1", 1));
        sim.pass(Duration.ofMinutes(2), controller);
        assertThat(sim.running()).hasSize(4).noneMatch(name -> name.startsWith("wiki"));
        sim.push("site", "cccc", deployment("docs", "1", 1));
        sim.pass(Duration.ofMinutes(2), controller);
        assertThat(sim.running()).as("docs is there, shop and blog stay").hasSize(6);
        Standing standing = sim.standing(Subject.SOURCE, "site");
        assertThat(standing.condition()).isEqualTo(Condition.PENDING_APPROVAL);
        assertThat(standing.what()).contains("removes 2 of 3 deployments");
    }

    @Test
    void aDeploymentOfTwoSourcesIsDeployedByNeither() {
        sim.follow("one", false).follow("two", false);
        sim.push("one", "aaaa", shop("1", 1));
        sim.push("two", "bbbb", shop("2", 1));
        Controller controller = sim.controller(process);
        sim.pass(Duration.ofMinutes(5), controller);
        assertThat(sim.standing(Subject.SOURCE, "one").what()
                        + sim.standing(Subject.SOURCE, "two").what())
                .contains("deployment shop is declared by")
                .contains("two (ssh://git@host/two:Servicefile)", "one (ssh://git@host/one:Servicefile)");
    }

    /** It is made again, less and less often, and does not take others down. */
    @Test
    void whatNeverComesUpBacksOff() {
        process.deploy(shop("1", 1));
        process.deploy(deployment("blog", "2", 1));
        Controller controller = sim.controller(process);
        sim.pass(Duration.ofSeconds(5), controller);
        sim.site.engine.faults(
                call -> call.verb().equals("create") && call.subject().startsWith("shop-web")
                        ? new Fate(Faults.What.FAILS, Duration.ZERO)
                        : Fate.GOOD);
        sim.site.engine.remove(id("shop-web-1-1"), true);
        sim.pass(Duration.ofMinutes(60), controller);
        assertThat(shopStanding().condition()).isEqualTo(Condition.FAILING);
        assertThat(releases()).as("attempts in an hour").isBetween(5, 25);
        sim.site.engine.remove(id("blog-web-1-1"), true);
        sim.pass(SOON, controller);
        assertThat(sim.running()).anyMatch(name -> name.startsWith("blog-web-1-"));
    }

    @Test
    void ofTwoOneActsAndTheOtherTakesOver() {
        process.deploy(shop("1", 1));
        SimSite.Process second = sim.site.process();
        Controller first = sim.controller(process);
        Controller standby = sim.controller(second);
        sim.pass(Duration.ofSeconds(10), first, standby);
        assertThat(first.leads()).isTrue();
        assertThat(standby.leads()).isFalse();
        process.die();
        sim.site.engine.remove(id("shop-web-1-1"), true);
        sim.pass(Duration.ofSeconds(10), standby);
        assertThat(standby.leads()).isTrue();
        assertThat(sim.running()).hasSize(2);
    }

    @Test
    void oneThatIsStoppedGivesUpAtOnce() {
        Controller first = sim.controller(process);
        Controller standby = sim.controller(sim.site.process());
        sim.pass(Duration.ofSeconds(3), first, standby);
        first.run(() -> true, Duration.ofSeconds(10));
        assertThat(first.leads()).isFalse();
        sim.pass(Duration.ofSeconds(2), standby);
        assertThat(standby.leads()).isTrue();
    }

    /** Frozen for longer than its lease: it wakes up while the other leads, and does nothing. */
    @Test
    void oneThatWasFrozenDoesNothing() {
        process.deploy(shop("1", 1));
        Controller first = sim.controller(process);
        Controller standby = sim.controller(sim.site.process());
        sim.pass(Duration.ofSeconds(3), first, standby);
        sim.site.store.silence(process.name);
        sim.pass(Duration.ofSeconds(25), standby);
        assertThat(standby.leads()).isTrue();
        int commits = sim.site.store.commits();
        sim.site.engine.world().vanish("shop-web-1-1");
        for (int i = 0; i < 10; i++) {
            first.step();
        }
        assertThat(first.leads()).isFalse();
        assertThat(sim.site.store.commits()).isEqualTo(commits);
        assertThat(sim.running()).hasSize(1);
    }

    @Test
    void doorsAreOpenOnlyWhileItLeads() {
        List<String> told = new ArrayList<>();
        Door door = new Door() {
            @Override
            public void start(ControllerHandle controller) {
                told.add("start " + controller.standings().size());
            }

            @Override
            public void stop(Duration deadline) {
                told.add("stop");
            }

            @Override
            public List<String> describe() {
                return List.of("127.0.0.1:8044");
            }
        };
        Controller controller = sim.controller(process, false, List.of(door));
        sim.pass(Duration.ofSeconds(3), controller);
        assertThat(told).containsExactly("start 0");
        controller.run(() -> true, Duration.ofSeconds(1));
        assertThat(told).containsExactly("start 0", "stop");
    }

    @Test
    void whatIsWrongWithTheApiIsKeptWhileItIs() {
        List<ControllerHandle> handles = new ArrayList<>();
        Door door = new Door() {
            @Override
            public void start(ControllerHandle controller) {
                handles.add(controller);
            }

            @Override
            public void stop(Duration deadline) {}

            @Override
            public List<String> describe() {
                return List.of();
            }
        };
        Controller controller = sim.controller(process, false, List.of(door));
        sim.pass(Duration.ofSeconds(3), controller);
        handles.getFirst().stands(Condition.FAILING, "the API's certificate expired on 2026-11-01");
        assertThat(sim.standing(Subject.CONTROLLER, "api").condition()).isEqualTo(Condition.FAILING);
        assertThat(sim.site.reports)
                .extracting(event -> event.message())
                .contains("controller api is failing: the API's certificate expired on 2026-11-01");
        handles.getFirst().stands(Condition.OK, "");
        assertThat(process.installation.store().standings()).noneMatch(one -> one.subject() == Subject.CONTROLLER);
        assertThat(sim.site.reports).extracting(event -> event.message()).contains("controller api is ok");
    }

    /** What one run learnt would be masked in the words of all others, for as long as the process lives. */
    @Test
    void theSecretsOfARunAreForgottenAfterIt() {
        Map<String, Object> web =
                Map.of("image", "web:1", "ports", Map.of("http", 80L), "env", Map.of("A", Map.of("secret", "website")));
        sim.follow("site", false).push("site", "aaaa", SimSite.desired("shop", Map.of("web", web), Map.of()));
        Controller controller = sim.controller(process);
        sim.pass(SOON, controller);
        assertThat(sim.running()).containsExactly("shop-web-1-1");
        assertThat(process.installation.secrets().mask("the website of blog")).isEqualTo("the website of blog");
    }
}
