package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.controller.SimControl.deployment;

import java.time.Duration;
import org.junit.jupiter.api.Test;
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
                .contains("Servicefile:1:1", "example.org is already declared at Servicefile:1:1 by deployment shop");
    }
}
