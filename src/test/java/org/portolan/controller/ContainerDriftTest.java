package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.controller.SimControl.deployment;
import static org.portolan.controller.SimControl.shop;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Behaviour;
import org.portolan.engine.sim.Faults.Fate;
import org.portolan.model.container.Container;
import org.portolan.model.container.Image.Healthcheck;
import org.portolan.model.event.EventKind;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.sim.SimSite;

/** What happens to containers that are there, and what a controller makes of it. */
class ContainerDriftTest {
    private static final Duration AT_ONCE = Duration.ofSeconds(3);

    private final SimControl sim = new SimControl(5);
    private final SimSite.Process process = sim.site.process();

    private Controller controller() {
        Controller controller = sim.controller(process);
        sim.pass(Duration.ofSeconds(5), controller);
        return controller;
    }

    private Container container(String name) {
        return sim.site.engine.inspect(name).orElseThrow();
    }

    private long made(String prefix) {
        return sim.site.engine.changes().stream()
                .filter(call -> call.verb().equals("create") && call.subject().startsWith(prefix))
                .count();
    }

    private long conditions() {
        return sim.site.reports.stream()
                .filter(event -> event.data().kind() == EventKind.CONDITION_CHANGED)
                .count();
    }

    private Condition condition(String name) {
        return sim.standing(Subject.DEPLOYMENT, name).condition();
    }

    private String what(String name) {
        return sim.standing(Subject.DEPLOYMENT, name).what();
    }

    @Test
    void whatIsChangedByHandIsSeenByEventsAndTakenBackAtOnce() {
        process.deploy(shop("1", 2));
        Controller controller = controller();
        sim.site.engine.world().pause("shop-web-1-1");
        sim.pass(AT_ONCE, controller);
        assertThat(container("shop-web-1-1").state()).isEqualTo(Container.State.RUNNING);
        sim.site.engine.world().rename("shop-web-1-2", "other");
        sim.pass(AT_ONCE, controller);
        assertThat(sim.running()).containsExactly("shop-redis-1-1", "shop-web-1-1", "shop-web-1-2");
        sim.site.engine.world().copy("shop-web-1-2", "copy");
        sim.pass(Duration.ofSeconds(6), controller);
        assertThat(sim.running()).containsExactly("shop-redis-1-1", "shop-web-1-1", "shop-web-1-2");
        String id = container("shop-redis-1-1").id();
        sim.site.engine.world().restartPolicy("shop-redis-1-1", "no");
        sim.pass(Duration.ofSeconds(6), controller);
        assertThat(container("shop-redis-1-1").restart()).isNotEqualTo("no");
        assertThat(container("shop-redis-1-1").id()).isEqualTo(id);
        assertThat(condition("shop")).isEqualTo(Condition.OK);
    }

    /** No event tells of it any more. */
    @Test
    void whatEventsDoNotTellOfTheNextLooksFind() {
        process.deploy(shop("1", 2));
        Controller controller = controller();
        sim.site.engine.close();
        sim.site.engine.world().limit("shop-web-1-1", 50_000_000);
        sim.site.engine.world().pause("shop-web-1-2");
        sim.pass(Duration.ofSeconds(70), controller);
        assertThat(container("shop-web-1-2").state()).isEqualTo(Container.State.RUNNING);
        sim.pass(Duration.ofMinutes(11), controller);
        assertThat(sim.site
                        .engine
                        .settings(sim.running().getLast())
                        .orElseThrow()
                        .memory())
                .isZero();
        assertThat(sim.running().stream()
                        .map(name ->
                                sim.site.engine.settings(name).orElseThrow().memory()))
                .containsOnly(0L);
    }

    @Test
    void oneThatIsUnhealthyForLongByItsImagesCheckIsReplacedAlone() {
        sim.site.engine.world().image("plain:1", Behaviour.GOOD);
        sim.site
                .engine
                .world()
                .checks("plain:1", new Healthcheck(Duration.ofSeconds(1), Duration.ofSeconds(1), 1, Duration.ZERO));
        process.deploy(SimSite.desired(
                "shop", java.util.Map.of("plain", java.util.Map.of("image", "plain:1")), java.util.Map.of("plain", 2)));
        Controller controller = controller();
        String ill = container("shop-plain-1-1").id();
        String well = container("shop-plain-1-2").id();
        sim.site.engine.world().ill("shop-plain-1-1", true);
        sim.pass(Duration.ofSeconds(100), controller);
        assertThat(sim.site.engine.inspect(ill)).as("it has its time").isPresent();
        sim.pass(Duration.ofSeconds(120), controller);
        assertThat(sim.site.engine.inspect(ill)).isEmpty();
        assertThat(sim.site.engine.inspect(well)).isPresent();
        assertThat(sim.running()).hasSize(2);
        assertThat(condition("shop")).isEqualTo(Condition.OK);
    }

    @Test
    void oneWhoseChecksFailInTheMeshIsReplacedAndOneThatRecoversIsLeft() {
        process.deploy(shop("1", 2));
        Controller controller = controller();
        String first = container("shop-web-1-1").id();
        sim.site.engine.world().ill("shop-web-1-1", true);
        sim.pass(Duration.ofSeconds(90), controller);
        sim.site.engine.world().ill("shop-web-1-1", false);
        sim.pass(Duration.ofMinutes(10), controller);
        assertThat(sim.site.engine.inspect(first)).isPresent();
        assertThat(made("shop-web")).isEqualTo(2);
        sim.site.engine.world().ill("shop-web-1-1", true);
        sim.pass(Duration.ofMinutes(4), controller);
        assertThat(sim.site.engine.inspect(first)).isEmpty();
        assertThat(made("shop-web")).isEqualTo(3);
        assertThat(sim.running()).hasSize(3);
    }

    /** What makes each new one ill as well lies elsewhere: three are tried, one at a time, and then it is said. */
    @Test
    void whatDoesNotHelpIsNotDoneForEver() {
        process.deploy(shop("1", 2));
        process.deploy(deployment("blog", "1", 1));
        Controller controller = controller();
        for (int minute = 0; minute < 60; minute++) {
            for (String name : sim.running()) {
                if (name.startsWith("shop-web")) {
                    sim.site.engine.world().ill(name, true);
                }
            }
            sim.pass(Duration.ofMinutes(1), controller);
            assertThat(sim.running().stream()
                            .filter(name -> name.startsWith("shop-web"))
                            .count())
                    .isGreaterThanOrEqualTo(2);
        }
        assertThat(made("shop-web")).isEqualTo(2 + 3);
        assertThat(condition("shop")).isEqualTo(Condition.FAILING);
        assertThat(what("shop")).contains("runs and is unhealthy, as others of its version that were replaced: 3");
        assertThat(condition("blog")).isEqualTo(Condition.OK);
        for (String name : sim.running()) {
            sim.site.engine.world().ill(name, false);
        }
        sim.pass(Duration.ofMinutes(3), controller);
        assertThat(condition("shop")).isEqualTo(Condition.OK);
    }

    /** One that changes each minute does not mean that it is never replaced. */
    @Test
    void sinceWhenOneIsUnhealthyIsKeptOverLeaders() {
        process.deploy(shop("1", 2));
        SimSite.Process leading = process;
        Controller controller = controller();
        sim.pass(Duration.ofSeconds(30), controller);
        String ill = container("shop-web-1-1").id();
        sim.site.engine.world().ill("shop-web-1-1", true);
        for (int minute = 0; minute < 4; minute++) {
            assertThat(sim.site.engine.inspect(ill).isPresent())
                    .as("minute " + minute)
                    .isEqualTo(minute < 3);
            sim.pass(Duration.ofMinutes(1), controller);
            leading.die();
            leading = sim.site.process();
            controller = sim.controller(leading);
        }
        assertThat(made("shop-web")).isEqualTo(3);
    }

    /** Nobody knows how it was meanwhile. */
    @Test
    void oneThatWasUnhealthyBeforeALongTimeWithoutALeaderHasItsTimeAnew() {
        process.deploy(shop("1", 2));
        Controller controller = controller();
        sim.pass(Duration.ofSeconds(30), controller);
        String ill = container("shop-web-1-1").id();
        sim.site.engine.world().ill("shop-web-1-1", true);
        sim.pass(Duration.ofSeconds(90), controller);
        process.die();
        sim.site.clock.advance(Duration.ofMinutes(5));
        Controller next = sim.controller(sim.site.process());
        sim.pass(Duration.ofSeconds(100), next);
        assertThat(sim.site.engine.inspect(ill)).isPresent();
        sim.pass(Duration.ofSeconds(120), next);
        assertThat(sim.site.engine.inspect(ill)).isEmpty();
    }

    /** Each leader continues what those before it tried. */
    @Test
    void attemptsAreKeptOverLeaders() {
        process.deploy(shop("1", 2));
        SimSite.Process leading = process;
        Controller controller = controller();
        for (int minute = 0; minute < 40; minute++) {
            for (String name : sim.running()) {
                if (name.startsWith("shop-web")) {
                    sim.site.engine.world().ill(name, true);
                }
            }
            if (minute % 4 == 3) {
                leading.die();
                leading = sim.site.process();
                controller = sim.controller(leading);
            }
            sim.pass(Duration.ofMinutes(1), controller);
        }
        assertThat(made("shop-web")).isEqualTo(2 + 3);
        assertThat(condition("shop")).isEqualTo(Condition.FAILING);
        assertThat(sim.standing(Subject.DEPLOYMENT, "shop").replaced())
                .extracting(one -> one.service() + " " + one.version() + " " + one.count())
                .containsExactly("web 1 3");
        for (String name : sim.running()) {
            sim.site.engine.world().ill(name, false);
        }
        sim.pass(Duration.ofMinutes(15), controller);
        assertThat(condition("shop")).isEqualTo(Condition.OK);
        assertThat(sim.standing(Subject.DEPLOYMENT, "shop").replaced()).isEmpty();
    }

    /** Also to somebody who has no controller; only of what runs, so not while a release brings new ones up. */
    @Test
    void theDifferenceShowsUnhealthyOnes() {
        process.deploy(shop("1", 2));
        assertThat(drift()).isEmpty();
        sim.site.engine.world().ill("shop-web-1-2", true);
        sim.site.clock.advance(Duration.ofSeconds(30));
        assertThat(drift())
                .containsExactly(
                        "~ web  1 instance is unhealthy",
                        "shop-web-1-2 runs and is unhealthy: a controller replaces it if it stays so");
        sim.site.engine.world().ill("shop-web-1-2", false);
        sim.site.clock.advance(Duration.ofSeconds(30));
        assertThat(drift()).isEmpty();
    }

    private List<String> drift() {
        return sim.site.process().operations().drift("shop", SimSite.MANDATE).actions().stream()
                .flatMap(action -> java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(action.kind().mark() + " " + action.summary()),
                        action.reasons().stream()))
                .toList();
    }

    @Test
    void whatOnlyReportsTellsOfUnhealthyOnesAndReplacesNone() {
        process.deploy(shop("1", 2));
        Controller controller = sim.controller(process, true, List.of());
        sim.pass(Duration.ofSeconds(5), controller);
        sim.site.engine.world().ill("shop-web-1-1", true);
        sim.pass(Duration.ofMinutes(5), controller);
        assertThat(made("shop-web")).isEqualTo(2);
        assertThat(condition("shop")).isEqualTo(Condition.DRIFT);
        assertThat(what("shop")).isEqualTo("shop-web-1-1 runs and is unhealthy");
    }

    /** Docker restarts it, later each time. It is reported, with how often; it is not replaced, and the others stay. */
    @Test
    void whatEndsAgainAndAgainIsToldAndLeftToTheEngine() {
        sim.site.engine.world().image("web:loop", Behaviour.exitsAfter(Duration.ofSeconds(20), 3), 80);
        process.deploy(shop("loop", 1));
        process.deploy(deployment("blog", "1", 1));
        Controller controller = controller();
        Set<String> before = Set.copyOf(
                sim.site.engine.world().all().stream().map(Container::id).toList());
        int[] calls = {0};
        sim.site.engine.faults(call -> {
            calls[0] += call.verb().equals("observe") ? 1 : 0;
            return Fate.GOOD;
        });
        sim.pass(Duration.ofMinutes(12), controller);
        assertThat(condition("shop")).isEqualTo(Condition.FAILING);
        assertThat(what("shop"))
                .contains("shop-web-1-1 keeps exiting")
                .containsPattern("at least (10|20) times in 10 minutes");
        assertThat(condition("blog")).isEqualTo(Condition.OK);
        assertThat(Set.copyOf(sim.site.engine.world().all().stream()
                        .map(Container::id)
                        .toList()))
                .isEqualTo(before);
        assertThat(conditions()).as("not one for each end").isLessThanOrEqualTo(4);
        assertThat(calls[0]).as("looks in 12 minutes").isLessThan(12 * 20);
        process.deploy(shop("1", 1));
        sim.pass(Duration.ofMinutes(2), controller);
        assertThat(condition("shop")).isEqualTo(Condition.OK);
    }
}
