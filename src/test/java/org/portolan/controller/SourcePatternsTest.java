package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.controller.SimControl.deployment;
import static org.portolan.controller.SimControl.shop;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.operate.Agreement;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.reconcile.WorkKey;

/** A source whose pattern stands for files that come and go, on a simulated engine with virtual time. */
class SourcePatternsTest {
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final Mandate ADA = new Mandate(new Caller.Person("ada@host"), "", Agreement.NONE);

    private final SimControl sim = new SimControl(3).followPattern("fleet");
    private final Controller controller = sim.controller(sim.site.process());

    private Steering person() {
        return new Steering(sim.site.process().installation);
    }

    private void three() {
        sim.pushFile("fleet", "a", "c1", shop("1", 1));
        sim.pushFile("fleet", "b", "c1", deployment("blog", "1", 1));
        sim.pushFile("fleet", "c", "c1", deployment("wiki", "1", 1));
        sim.pass(LONG, controller);
        assertThat(sim.running()).hasSize(6);
    }

    @Test
    void eachFileIsASourceOfItsOwnAndOneThatFailsStopsNoOther() {
        sim.pushFile("fleet", "a", "c1", shop("1", 1));
        sim.pushFile("fleet", "b", "c1");
        sim.pass(LONG, controller);
        assertThat(sim.running()).containsExactly("shop-redis-1-1", "shop-web-1-1");
        assertThat(sim.standing(Subject.SOURCE, "fleet").condition()).isEqualTo(Condition.OK);
        assertThat(sim.standing(Subject.SOURCE, "fleet:b")).satisfies(bad -> {
            assertThat(bad.condition()).isEqualTo(Condition.FAILING);
            assertThat(bad.what()).isEqualTo("fleet:b is not valid");
        });
        sim.pushFile("fleet", "b", "c2", deployment("blog", "1", 1));
        sim.pushFile("fleet", "a", "c2", shop("2", 1));
        sim.pass(LONG, controller);
        assertThat(sim.running()).contains("blog-web-1-1", "shop-web-2-1");
        assertThat(sim.standing(Subject.SOURCE, "fleet:b").commit()).isEqualTo("c2");
    }

    @Test
    void whatAFileNoLongerNamesIsOfThatFileAlone() {
        three();
        sim.pushFile("fleet", "a", "c2", shop("1", 1), deployment("docs", "1", 1), deployment("news", "1", 1));
        sim.pass(LONG, controller);
        sim.pushFile("fleet", "a", "c3", shop("1", 1), deployment("docs", "1", 1));
        sim.pass(LONG, controller);
        assertThat(sim.running()).hasSize(8).noneMatch(name -> name.startsWith("news"));
    }

    @Test
    void whatBelongedToAFileThatIsGoneWaitsForSomebodyWhoAgrees() {
        three();
        sim.files.get("fleet").remove("b");
        sim.pass(LONG, controller);
        assertThat(sim.running()).hasSize(6);
        Standing pending = sim.standing(Subject.SOURCE, "fleet");
        assertThat(pending.condition()).isEqualTo(Condition.PENDING_APPROVAL);
        assertThat(pending.what()).isEqualTo("removes blog: what is like hosts/* no longer declares it");
        assertThat(sim.site.store.connect("looking").standings())
                .as("a file that is gone is no source")
                .noneMatch(standing -> standing.name().equals("fleet:b"));
        person().approve(pending, ADA);
        sim.pass(LONG, controller);
        assertThat(sim.running()).hasSize(4).noneMatch(name -> name.startsWith("blog"));
        assertThat(sim.standing(Subject.SOURCE, "fleet").condition()).isEqualTo(Condition.OK);
    }

    /** A file that was moved: its deployment is no longer declared there and declared here, which is a take-over. */
    @Test
    void aFileThatWasMovedIsNotRemovedButTakenOver() {
        three();
        sim.files.get("fleet").remove("b");
        sim.pushFile("fleet", "z", "c2", deployment("blog", "1", 1));
        sim.pass(LONG, controller);
        assertThat(sim.standing(Subject.SOURCE, "fleet").condition()).isEqualTo(Condition.OK);
        Standing pending = sim.standing(Subject.DEPLOYMENT, "blog");
        assertThat(pending.condition()).isEqualTo(Condition.PENDING_APPROVAL);
        assertThat(pending.what())
                .isEqualTo(
                        "takes deployment blog over from ssh://git@host/fleet:hosts/b, for ssh://git@host/fleet:hosts/z");
        person().approve(pending, ADA);
        sim.pass(LONG, controller);
        assertThat(sim.site
                        .store
                        .connect("looking")
                        .deployment("blog")
                        .orElseThrow()
                        .owner()
                        .path())
                .isEqualTo("hosts/z");
        assertThat(sim.running()).hasSize(6).contains("blog-web-1-1");
    }

    @Test
    void whileTheHostIsAwayNothingIsRemovedAndAfterARestartNothingIsForgotten() {
        three();
        sim.hostDown = true;
        sim.pass(LONG, controller);
        assertThat(sim.standing(Subject.SOURCE, "fleet").condition()).isEqualTo(Condition.FAILING);
        Controller next = sim.controller(sim.site.process());
        sim.pass(Duration.ofMinutes(1), controller, next);
        sim.hostDown = false;
        sim.files.get("fleet").remove("c");
        sim.pass(Duration.ofMinutes(10), controller, next);
        assertThat(sim.running()).hasSize(6);
        assertThat(sim.standing(Subject.SOURCE, "fleet").what()).startsWith("removes wiki: ");
    }

    @Test
    void whoSuspendsTheSourceSuspendsItsParts() {
        three();
        person().suspend(WorkKey.source("fleet"), ADA);
        sim.pushFile("fleet", "a", "c2", shop("2", 1));
        sim.pass(LONG, controller);
        assertThat(sim.running()).contains("shop-web-1-1");
        person().resume(WorkKey.source("fleet"), ADA);
        sim.pass(LONG, controller);
        assertThat(sim.running()).contains("shop-web-2-1");
    }

    @Test
    void whoResumesASourceFromWhichAFileIsGoneIsAskedOnce() {
        three();
        person().suspend(WorkKey.source("fleet"), ADA);
        sim.files.get("fleet").remove("b");
        sim.pass(LONG, controller);
        person().resume(WorkKey.source("fleet"), ADA);
        int before = sim.reads;
        sim.pass(LONG, controller);
        assertThat(sim.standing(Subject.SOURCE, "fleet").condition()).isEqualTo(Condition.PENDING_APPROVAL);
        assertThat(sim.reads - before).isLessThan(12);
    }

    /** No hot loop: a source whose removal waits, or waits for a file that cannot be read, is looked at now and then. */
    @Test
    void aRemovalThatWaitsIsNotAskedForAllTheTime() {
        three();
        sim.files.get("fleet").remove("b");
        sim.pushFile("fleet", "bad", "c2");
        sim.pass(LONG, controller);
        assertThat(sim.standing(Subject.SOURCE, "fleet").what())
                .isEqualTo("what is no longer declared stays until source fleet:bad can be read");
        int before = sim.reads;
        sim.pass(Duration.ofMinutes(30), controller);
        assertThat(sim.reads - before).isBetween(4, 45);
        assertThat(sim.running()).hasSize(6);
    }
}
