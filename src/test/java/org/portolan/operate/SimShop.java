package org.portolan.operate;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.container.Container;
import org.portolan.model.service.Desired;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** A shop of two services on a simulated engine, with images that work and images that do not. */
abstract class SimShop {
    static final Map<String, Object> HEALTH = Map.of("http", "/up");
    final SimSite site = new SimSite(1);

    @BeforeEach
    void images() {
        site.engine.world().image("web:1", Behaviour.GOOD, 80);
        site.engine.world().image("web:2", Behaviour.GOOD, 80);
        site.engine.world().image("web:3", Behaviour.GOOD, 80);
        site.engine.world().image("web:bad", Behaviour.neverHealthy().logging("cannot open the database"), 80);
        site.engine
                .world()
                .image(
                        "web:exits",
                        Behaviour.exitsAfter(Duration.ofMillis(300), 3).logging("boom"),
                        80);
        site.engine.world().image("redis:1", Behaviour.GOOD, 6379);
        site.engine.world().image("db:1", Behaviour.GOOD);
        site.engine.world().image("db:2", Behaviour.GOOD);
        site.engine.world().image("db:bad", Behaviour.exitsAfter(Duration.ZERO, 1));
    }

    static Desired shop(String tag, int scale) {
        return SimSite.desired(
                "shop",
                Map.of(
                        "web", Map.of("image", "web:" + tag, "ports", Map.of("http", 80L), "health", HEALTH),
                        "redis", Map.of("image", "redis:1", "ports", Map.of("", 6379L))),
                Map.of("web", scale));
    }

    List<String> running() {
        return site.engine.observe().containers().stream()
                .filter(container -> container.state() == Container.State.RUNNING)
                .map(Container::name)
                .sorted()
                .toList();
    }

    Outcome.Kind deploy(Desired desired) {
        return site.process().deploy(desired).kind();
    }
}
