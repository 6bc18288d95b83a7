package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.controller.SimControl.deployment;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.portolan.model.container.Container;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Domain;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.sim.SimSite;

/** What two sources cannot both have. */
class SourceClaimsTest {
    private final SimControl sim = new SimControl(3);

    private static Desired at(String name, String host) {
        return SimSite.with(
                deployment(name, "1", 1), SimSite.domain(host, new Domain.Target(name, "web", "http", 100)));
    }

    /** Its file was moved to another source and says the same: that is a take-over, and the old source must not have it removed later. */
    @Test
    void aDeploymentThatMovesUnchangedIsTakenOverOnceSomebodyAgrees() {
        sim.follow("one", false).follow("two", false);
        sim.push("one", "aaaa", deployment("shop", "1", 1), deployment("blog", "1", 1));
        sim.push("two", "bbbb", deployment("wiki", "1", 1));
        Controller controller = sim.controller(sim.site.process());
        sim.pass(Duration.ofMinutes(3), controller);
        sim.push("one", "cccc", deployment("blog", "1", 1));
        sim.push("two", "dddd", deployment("wiki", "1", 1), deployment("shop", "1", 1));
        sim.pass(Duration.ofMinutes(5), controller);
        Standing shop = sim.standing(Subject.DEPLOYMENT, "shop");
        assertThat(shop.condition()).isEqualTo(Condition.PENDING_APPROVAL);
        assertThat(shop.what())
                .isEqualTo(
                        "takes deployment shop over from ssh://git@host/one:Servicefile, for ssh://git@host/two:Servicefile");
        assertThat(owner()).isEqualTo("ssh://git@host/one");
        List<String> containers = containers();
        new Steering(sim.site.process().installation).approve(shop, SimSite.MANDATE);
        sim.pass(Duration.ofMinutes(3), controller);
        assertThat(owner()).isEqualTo("ssh://git@host/two");
        assertThat(sim.standing(Subject.DEPLOYMENT, "shop").condition()).isEqualTo(Condition.OK);
        assertThat(containers()).as("nothing else of it changes").isEqualTo(containers);
        int releases = sim.site
                .store
                .connect("looking")
                .deployment("shop")
                .orElseThrow()
                .lastRelease();
        sim.pass(Duration.ofMinutes(10), controller);
        assertThat(sim.site
                        .store
                        .connect("looking")
                        .deployment("shop")
                        .orElseThrow()
                        .lastRelease())
                .isEqualTo(releases);
    }

    /** Whoever is read first: neither deploys it while both declare it, and one does once the other no longer does. */
    @Test
    void whatOneSourceGivesUpTheOtherOneDeploys() {
        sim.follow("one", false).follow("two", false);
        sim.push("one", "aaaa", deployment("shop", "1", 1), deployment("blog", "1", 1));
        sim.push("two", "bbbb", deployment("shop", "2", 1));
        Controller controller = sim.controller(sim.site.process());
        sim.pass(Duration.ofMinutes(3), controller);
        assertThat(sim.running()).noneMatch(name -> name.startsWith("shop"));
        sim.push("one", "cccc", deployment("blog", "1", 1));
        sim.pass(Duration.ofMinutes(3), controller);
        assertThat(sim.running()).contains("shop-web-1-1");
        assertThat(sim.standing(Subject.SOURCE, "two").condition()).isEqualTo(Condition.OK);
    }

    private List<String> containers() {
        return sim.site.engine.world().all().stream()
                .map(Container::id)
                .sorted()
                .toList();
    }

    private String owner() {
        return sim.site
                .store
                .connect("looking")
                .deployment("shop")
                .orElseThrow()
                .owner()
                .location();
    }

    /** The one that has it keeps it, whoever is deployed first; the other one is refused, and both places are named. */
    @Test
    void aDomainOfAnotherSourceIsRefused() {
        sim.follow("one", false).follow("two", false);
        sim.push("one", "aaaa", at("shop", "example.org"));
        sim.push("two", "bbbb", deployment("blog", "1", 1));
        Controller controller = sim.controller(sim.site.process());
        sim.pass(Duration.ofMinutes(3), controller);
        sim.push("two", "cccc", at("blog", "example.org"));
        sim.pass(Duration.ofMinutes(3), controller);
        Standing blog = sim.standing(Subject.DEPLOYMENT, "blog");
        assertThat(blog.condition()).isEqualTo(Condition.FAILING);
        assertThat(blog.what())
                .contains("Servicefile:1:1")
                .contains("example.org is already declared at Servicefile:1:1 by deployment shop,"
                        + " from ssh://git@host/one:Servicefile");
    }
}
