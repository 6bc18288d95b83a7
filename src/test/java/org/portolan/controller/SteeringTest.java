package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.portolan.controller.SimControl.deployment;
import static org.portolan.controller.SimControl.shop;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.portolan.model.Cron;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.FreezeWindow;
import org.portolan.model.Frozen;
import org.portolan.model.event.EventKind;
import org.portolan.model.service.Definition;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.operate.Agreement;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Request;
import org.portolan.reconcile.WorkKey;
import org.portolan.sim.SimSite;

/** What people tell the controller, on a simulated engine with virtual time. */
class SteeringTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final WorkKey SHOP = WorkKey.deployment("shop");
    private static final WorkKey SITE = WorkKey.source("site");

    private final SimControl sim = new SimControl(3);

    private static Mandate ada(String reason) {
        return new Mandate(new Caller.Person("ada@host"), reason, Agreement.NONE);
    }

    private Steering person() {
        return new Steering(sim.site.process().installation);
    }

    private Controller controller() {
        return sim.controller(sim.site.process());
    }

    private List<Instruction> told() {
        return sim.site.store.connect("looking").instructions();
    }

    private List<String> byHand() {
        return told().stream()
                .filter(one -> one.kind() == Instruction.Kind.BY_HAND)
                .map(Instruction::what)
                .sorted()
                .toList();
    }

    private long running(String prefix) {
        return sim.running().stream().filter(name -> name.startsWith(prefix)).count();
    }

    private Standing onlyPending() {
        List<Standing> pending = person().pending();
        assertThat(pending).hasSize(1);
        return pending.getFirst();
    }

    private void threeOfWhichTwoGo(Controller controller) {
        sim.follow("site", false)
                .push("site", "aaaa", shop("1", 1), deployment("blog", "1", 1), deployment("wiki", "1", 1));
        sim.pass(LONG, controller);
        sim.push("site", "bbbb", shop("1", 1));
        sim.pass(LONG, controller);
        assertThat(sim.running()).hasSize(6);
    }

    @Test
    void whatWasApprovedIsDoneOnce() {
        Controller controller = controller();
        threeOfWhichTwoGo(controller);
        Standing pending = onlyPending();
        assertThat(pending.what()).contains("removes 2 of 3 deployments");
        person().approve(pending, ada(""));
        sim.pass(SOON, controller);
        assertThat(sim.running()).containsExactly("shop-redis-1-1", "shop-web-1-1");
        assertThat(sim.standing(Subject.SOURCE, "site").condition()).isEqualTo(Condition.OK);
        assertThat(told()).isEmpty();
        assertThat(sim.site.reports)
                .filteredOn(event -> event.data().kind() == EventKind.INSTRUCTED)
                .singleElement()
                .satisfies(event -> assertThat(event.message()).isEqualTo("source site approved by ada@host"));

        sim.push("site", "cccc", shop("1", 1), deployment("blog", "1", 1), deployment("wiki", "1", 1));
        sim.pass(LONG, controller);
        assertThat(sim.running()).hasSize(6);
        sim.push("site", "dddd", shop("1", 1));
        sim.pass(LONG, controller);
        assertThat(sim.running()).as("it was agreed to once").hasSize(6);
        assertThat(onlyPending().asks()).isEqualTo(pending.asks());
    }

    @Test
    void whatChangedMeanwhileWaitsAgain() {
        Controller controller = controller();
        threeOfWhichTwoGo(controller);
        Standing shown = onlyPending();
        person().approve(shown, ada(""));
        sim.push("site", "cccc", deployment("wiki", "1", 1));
        // The event is lost with the process; the poll comes first.
        Controller next = controller();
        controller.run(() -> true, Duration.ofSeconds(1));
        sim.pass(LONG, next);
        assertThat(sim.running()).hasSize(6);
        Standing other = onlyPending();
        assertThat(other.what()).contains("blog", "shop").doesNotContain("wiki");
        assertThat(told())
                .as("an agreement to something else is of no use any more")
                .isEmpty();
        assertThatThrownBy(() -> person().approve(shown, ada("")))
                .isInstanceOfSatisfying(
                        Failure.class, stale -> assertThat(stale.kind()).isEqualTo(Kind.STALE));
        assertThat(told()).isEmpty();
    }

    @Test
    void aTakeOverWaitsForApproval() {
        Controller controller = controller();
        sim.site.process().deploy(shop("1", 1));
        SourceId before = owner();
        sim.follow("site", false).push("site", "aaaa", shop("2", 1));
        sim.pass(LONG, controller);
        assertThat(running("shop-web-2")).isZero();
        assertThat(owner()).isEqualTo(before);
        Standing pending = onlyPending();
        assertThat(pending.what()).startsWith("takes deployment shop over from " + before);
        person().approve(pending, ada(""));
        sim.pass(SOON, controller);
        assertThat(running("shop-web-2")).isEqualTo(1);
        assertThat(owner().location()).endsWith("/site");
        assertThat(sim.site
                        .store
                        .connect("looking")
                        .releases("shop", 1)
                        .getFirst()
                        .cause())
                .contains("approved by ada@host");
        assertThat(told()).isEmpty();
    }

    private SourceId owner() {
        return sim.site
                .store
                .connect("looking")
                .deployment("shop")
                .orElseThrow()
                .owner();
    }

    @Test
    void aSuspendedDeploymentIsLeftAlone() {
        sim.follow("site", false).push("site", "aaaa", shop("1", 2), deployment("blog", "1", 1));
        Controller first = controller();
        sim.pass(LONG, first);
        person().suspend(SHOP, ada("we look at it"));
        sim.pass(SOON, first);
        Standing standing = sim.standing(Subject.DEPLOYMENT, "shop");
        assertThat(standing.condition()).isEqualTo(Condition.SUSPENDED);
        assertThat(standing.what()).isEqualTo("by ada@host: we look at it");
        sim.push("site", "bbbb", shop("2", 2), deployment("blog", "2", 1));
        sim.site.engine.remove(
                sim.site.engine.inspect("shop-web-1-1").orElseThrow().id(), true);
        first.run(() -> true, Duration.ofSeconds(1));
        Controller second = controller();
        sim.pass(LONG, second);
        assertThat(running("blog-web-2")).as("others go on").isEqualTo(1);
        assertThat(running("shop-web-2")).isZero();
        assertThat(running("shop-web-1")).isEqualTo(1);
        sim.site.process().perform(new Request.Scale("shop", Map.of("web", 3), SimSite.MANDATE));
        assertThat(running("shop-web-1")).as("people's commands work").isEqualTo(3);

        person().resume(SHOP, ada(""));
        sim.pass(SOON.multipliedBy(3), second);
        assertThat(running("shop-web-2")).isEqualTo(2);
        assertThat(sim.standing(Subject.DEPLOYMENT, "shop").condition()).isEqualTo(Condition.OK);
        assertThatThrownBy(() -> person().resume(SHOP, ada(""))).hasMessageContaining("shop is not suspended");
    }

    @Test
    void aSuspendedSourceIsNotReadAndWhatItDeployedIsKeptUp() {
        sim.follow("site", false).push("site", "aaaa", shop("1", 1));
        Controller controller = controller();
        sim.pass(LONG, controller);
        person().suspend(SITE, ada(""));
        sim.pass(SOON, controller);
        int reads = sim.reads;
        sim.push("site", "bbbb", shop("2", 1));
        sim.site.engine.remove(
                sim.site.engine.inspect("shop-web-1-1").orElseThrow().id(), true);
        sim.pass(LONG, controller);
        assertThat(sim.reads).isEqualTo(reads);
        assertThat(running("shop-web-1")).isEqualTo(1);
        assertThat(sim.standing(Subject.SOURCE, "site").condition()).isEqualTo(Condition.SUSPENDED);
        person().resume(SITE, ada(""));
        sim.pass(SOON, controller);
        assertThat(running("shop-web-2")).isEqualTo(1);
        assertThat(sim.standing(Subject.SOURCE, "site").condition()).isEqualTo(Condition.OK);
    }

    /** What was read before the source was suspended is not deployed later. */
    @Test
    void aSuspendedSourceDeploysNothing() {
        sim.follow("site", false).push("site", "aaaa", shop("1", 1));
        Controller controller = controller();
        sim.pass(LONG, controller);
        person().suspend(SHOP, ada(""));
        sim.push("site", "bbbb", shop("2", 1));
        sim.pass(LONG, controller);
        person().suspend(SITE, ada(""));
        person().resume(SHOP, ada(""));
        sim.pass(LONG, controller);
        assertThat(running("shop-web-1")).isEqualTo(1);
        person().resume(SITE, ada(""));
        sim.pass(LONG, controller);
        assertThat(running("shop-web-2")).isEqualTo(1);
    }

    @Test
    void nobodyCanSuspendWhatIsNotThere() {
        assertThatThrownBy(() -> person().suspend(SHOP, ada(""))).hasMessageContaining("there is no deployment shop");
        assertThatThrownBy(() -> person().suspend(SITE, ada(""))).hasMessageContaining("there is no source site");
    }

    /** From a minute from now on, for so long. */
    private Instant freeze(Duration lasts) {
        ZonedDateTime begin = sim.site.clock.instant().atZone(ZoneOffset.UTC).plusMinutes(10);
        sim.site.freezes.add(new FreezeWindow(
                "quiet",
                Cron.parse(begin.getMinute() + " " + begin.getHour() + " * * *"),
                lasts,
                ZoneOffset.UTC,
                List.of("shop"),
                "a sale"));
        return begin.withSecond(0).withNano(0).toInstant();
    }

    private void until(Instant time, Controller controller) {
        sim.pass(Duration.between(sim.site.clock.instant(), time), controller);
    }

    @Test
    void aCommitWaitsForTheEndOfAFreezeWindow() {
        Instant begins = freeze(Duration.ofHours(2));
        sim.follow("site", false).push("site", "aaaa", shop("1", 1), deployment("blog", "1", 1));
        Controller controller = controller();
        sim.pass(LONG, controller);
        until(begins.plusSeconds(1), controller);
        sim.push("site", "bbbb", shop("2", 1), deployment("blog", "2", 1));
        sim.pass(LONG, controller);
        assertThat(running("blog-web-2")).as("which the window is not for").isEqualTo(1);
        assertThat(running("shop-web-1")).isEqualTo(1);
        Standing standing = sim.standing(Subject.DEPLOYMENT, "shop");
        assertThat(standing.condition()).isEqualTo(Condition.FROZEN);
        assertThat(standing.next()).contains(begins.plus(Duration.ofHours(2)));
        assertThat(standing.what()).startsWith("shop is frozen until ").endsWith("(freeze quiet: a sale)");
        sim.site.engine.remove(
                sim.site.engine.inspect("shop-web-1-1").orElseThrow().id(), true);
        sim.pass(SOON, controller);
        assertThat(running("shop-web-1")).as("what runs is kept up").isEqualTo(1);
        assertThat(sim.standing(Subject.DEPLOYMENT, "shop").condition()).isEqualTo(Condition.FROZEN);

        until(begins.plus(Duration.ofHours(2)).minusSeconds(2), controller);
        assertThat(running("shop-web-2")).isZero();
        sim.pass(Duration.ofSeconds(20), controller);
        assertThat(running("shop-web-2")).isEqualTo(1);
        assertThat(sim.standing(Subject.DEPLOYMENT, "shop").condition()).isEqualTo(Condition.OK);
    }

    @Test
    void anApprovalHoldsOverAFreezeWindow() {
        Instant begins = freeze(Duration.ofHours(2));
        sim.follow("site", false)
                .push("site", "aaaa", shop("1", 1), deployment("blog", "1", 1), deployment("wiki", "1", 1));
        Controller controller = controller();
        sim.pass(LONG, controller);
        sim.push("site", "bbbb", deployment("wiki", "1", 1));
        until(begins.minusSeconds(1), controller);
        person().approve(onlyPending(), ada(""));
        sim.site.clock.advance(Duration.ofSeconds(2));
        sim.pass(LONG, controller);
        assertThat(sim.running()).hasSize(6);
        assertThat(sim.standing(Subject.SOURCE, "site").condition()).isEqualTo(Condition.FROZEN);
        assertThat(told()).hasSize(1);
        until(begins.plus(Duration.ofHours(2)).plusSeconds(20), controller);
        assertThat(sim.running()).containsExactly("wiki-redis-1-1", "wiki-web-1-1");
        assertThat(told()).isEmpty();
    }

    @Test
    void aSuspendedDeploymentThatLeftItsSourceStaysUntilItIsResumed() {
        sim.follow("site", false)
                .push("site", "aaaa", shop("1", 1), deployment("blog", "1", 1), deployment("wiki", "1", 1));
        Controller controller = controller();
        sim.pass(LONG, controller);
        person().suspend(SHOP, ada("a look at it"));
        sim.push("site", "bbbb", deployment("blog", "1", 1), deployment("wiki", "1", 1));
        sim.pass(LONG, controller);
        assertThat(running("shop")).isEqualTo(2);
        assertThat(sim.standing(Subject.SOURCE, "site").condition()).isEqualTo(Condition.OK);
        person().resume(SHOP, ada(""));
        sim.pass(LONG, controller);
        assertThat(sim.running()).hasSize(4).noneMatch(name -> name.startsWith("shop"));
    }

    /** The old source is read first; that the new one has it needs another look there. */
    @Test
    void aDeploymentThatMovedToAnotherSourceStays() {
        sim.follow("a", false).follow("b", false);
        sim.push("a", "aaaa", shop("1", 1), deployment("blog", "1", 1), deployment("wiki", "1", 1));
        sim.push("b", "bbbb", deployment("docs", "1", 1));
        Controller controller = controller();
        sim.pass(LONG, controller);
        assertThat(sim.running()).hasSize(8);
        controller.run(() -> true, Duration.ofSeconds(1));
        sim.push("a", "cccc", deployment("blog", "1", 1), deployment("wiki", "1", 1));
        sim.push("b", "dddd", deployment("docs", "1", 1), shop("2", 1));
        sim.pass(LONG, controller());
        assertThat(running("shop")).isEqualTo(2);
        assertThat(onlyPending().what()).startsWith("takes deployment shop over from ");
    }

    @Test
    void nothingIsRemovedBeforeTheOtherSourcesWereRead() {
        sim.follow("a", false).follow("b", false);
        sim.push("a", "aaaa", shop("1", 1), deployment("blog", "1", 1), deployment("wiki", "1", 1));
        Controller controller = controller();
        sim.pass(LONG, controller);
        sim.push("a", "cccc", deployment("blog", "1", 1), deployment("wiki", "1", 1));
        sim.pass(LONG, controller);
        assertThat(running("shop")).isEqualTo(2);
        assertThat(sim.standing(Subject.SOURCE, "a").what())
                .contains("stays until source b can be read: cannot reach the Git host");
        sim.push("b", "dddd", deployment("docs", "1", 1));
        sim.pass(Duration.ofMinutes(10), controller);
        assertThat(running("shop")).isZero();
    }

    @Test
    void aPersonWhoDeploysInAFreezeWindowSaysWhy() {
        Instant begins = freeze(Duration.ofHours(2));
        SimSite.Process process = sim.site.process();
        process.deploy(shop("1", 1));
        sim.site.clock.advance(Duration.between(sim.site.clock.instant(), begins));
        Mandate all = new Mandate(new Caller.Person("ada@host"), "", Agreement.EVERYTHING);
        assertThatThrownBy(() -> process.perform(new Request.Apply(shop("2", 1), List.of(), all)))
                .isInstanceOfSatisfying(Frozen.class, frozen -> {
                    assertThat(frozen.kind()).isEqualTo(Kind.REFUSED);
                    assertThat(frozen.hint().orElseThrow()).contains("--override-freeze");
                });
        assertThat(running("shop-web-2")).isZero();
        process.perform(new Request.Apply(shop("1", 1), List.of(), all));
        process.perform(new Request.Scale("shop", Map.of("web", 2), all));
        assertThat(running("shop-web-1"))
                .as("what keeps things running is free")
                .isEqualTo(2);
        Mandate override = new Mandate(
                new Caller.Person("ada@host"),
                "overrides the freeze: it is down",
                Agreement.NONE.and(List.of(Agreement.IN_FREEZE)));
        process.perform(new Request.Apply(shop("2", 1), List.of(), override));
        assertThat(running("shop-web-2")).isEqualTo(1);
        assertThat(process.installation.store().releases("shop", 1).getFirst().cause())
                .contains("overrides the freeze: it is down");
    }

    @Test
    void whatAPersonChangedIsShownUntilTheFilesAreDeployed() {
        SimSite.Process process = sim.site.process();
        process.deploy(shop("1", 2));
        assertThat(byHand()).isEmpty();
        process.perform(new Request.Scale("shop", Map.of("web", 3), ada("a busy day")));
        process.perform(new Request.Stop("shop", Set.of("redis"), ada("")));
        process.perform(new Request.Scale("shop", Map.of("web", 1), ada("")));
        process.perform(new Request.Reconcile("shop", SimSite.MANDATE));
        assertThat(byHand()).containsExactly("scale web=1", "stop redis");
        assertThat(told()).allSatisfy(one -> {
            assertThat(one.who()).isEqualTo("ada@host");
            assertThat(one.subject()).isEqualTo(Subject.DEPLOYMENT);
            assertThat(one.name()).isEqualTo("shop");
        });
        process.deploy(shop("2", 1));
        assertThat(byHand()).as("stopped until it is started").containsExactly("stop redis");
        process.perform(new Request.Start("shop", Set.of(), ada("")));
        assertThat(byHand()).isEmpty();
        process.perform(new Request.Scale("shop", Map.of("web", 2), ada("")));
        process.perform(new Request.Rollback("shop", Optional.empty(), ada("slow")));
        assertThat(byHand()).singleElement().asString().matches("rollback to \\d: slow");
        process.deploy(shop("1", 1));
        assertThat(byHand()).isEmpty();
    }

    /** The files say by now what a person did: nothing is left to do, and it is no longer by hand. */
    @Test
    void filesThatSayTheSameEndIt() {
        SimSite.Process process = sim.site.process();
        process.deploy(shop("1", 2));
        process.perform(new Request.Scale("shop", Map.of("web", 3), ada("")));
        assertThat(byHand()).containsExactly("scale web=3");
        process.deploy(shop("1", 3));
        assertThat(byHand()).isEmpty();
    }

    @Test
    void aChangeThatDidNotHappenIsNotShown() {
        SimSite.Process process = sim.site.process();
        process.deploy(shop("1", 1));
        process.perform(new Request.Scale("shop", Map.of("web", 2), ada("")));
        process.deploy(shop("2", 1));
        assertThatThrownBy(() -> process.perform(new Request.Rollback("shop", Optional.of(77), ada(""))))
                .hasMessageContaining("no release 77");
        assertThat(byHand()).isEmpty();
        Request.Edit bad = existing -> new Request.Edited(
                Definition.of(
                        Map.of("image", "web:bad", "ports", Map.of("http", 80L), "health", Map.of("http", "/up"))),
                OptionalInt.empty());
        process.perform(new Request.Stop("shop", Set.of("redis"), ada("")));
        assertThatThrownBy(() -> process.perform(new Request.SetService("shop", "web", bad, ada(""))))
                .isInstanceOf(Failure.class);
        assertThat(byHand()).containsExactly("stop redis");
    }

    @Test
    void whatNoFilesDeclareIsByHandAnyway() {
        SimSite.Process process = sim.site.process();
        Request.Edit web = existing -> new Request.Edited(
                Definition.of(Map.of("image", "web:1", "ports", Map.of("http", 80L), "health", Map.of("http", "/up"))),
                OptionalInt.empty());
        process.perform(new Request.SetService("foo", "web", web, ada("")));
        process.perform(new Request.Scale("foo", Map.of("web", 2), ada("")));
        assertThat(told()).isEmpty();
    }

    @Test
    void aRemovedDeploymentHasNothingByHand() {
        SimSite.Process process = sim.site.process();
        process.deploy(shop("1", 1));
        process.perform(new Request.Scale("shop", Map.of("web", 2), ada("")));
        process.perform(new Request.Remove("shop", false, SimSite.MANDATE));
        assertThat(told()).isEmpty();
    }
}
