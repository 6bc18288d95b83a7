package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.portolan.model.InvalidInput;
import org.portolan.model.service.Desired;
import org.portolan.model.state.DeploymentState;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** What misses a requirement is held: registered, not started, until a deploy brings it. */
class HeldTest extends SimShop {
    private static final String WHY = "requires broker, which is not there";

    private static Map<String, Object> web(Object... more) {
        Map<String, Object> keys = new TreeMap<>(
                Map.of("image", "web:1", "ports", Map.of("http", 80L), "health", HEALTH, "require", List.of("broker")));
        for (int i = 0; i < more.length; i += 2) {
            keys.put((String) more[i], more[i + 1]);
        }
        return keys;
    }

    private static final Map<String, Object> REDIS = Map.of("image", "redis:1", "ports", Map.of("", 6379L));

    private static Desired with(Map<String, Map<String, Object>> services) {
        return SimSite.desired("shop", services, Map.of("web", 2));
    }

    private DeploymentState state() {
        return site.process().installation.store().deployment("shop").orElseThrow();
    }

    @Test
    void theRestIsReleasedAndALaterDeployStartsIt() {
        Desired without = with(Map.of("web", web(), "redis", REDIS));
        assertThat(deploy(without)).isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).containsExactly("shop-redis-1-1");
        assertThat(state().held()).containsEntry("web", WHY);
        assertThat(state().services().get("web").scale()).isEqualTo(2);
        assertThat(site.reports).anyMatch(event -> event.message().equals("web is held: it " + WHY));
        assertThat(deploy(without)).isEqualTo(Outcome.Kind.NO_CHANGES);

        assertThat(deploy(with(Map.of("web", web(), "redis", REDIS, "broker", REDIS))))
                .isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).contains("shop-web-1-1", "shop-web-1-2", "shop-broker-1-1");
        assertThat(state().held()).isEmpty();
    }

    @Test
    void itsJobsRunWhenItStarts() {
        Map<String, Object> web = web("jobs", Map.of("Schema", Map.of("cmd", List.of("migrate"))));
        deploy(with(Map.of("web", web, "redis", REDIS)));
        assertThat(site.engine.world().jobStarts("web/1/Schema")).isZero();
        deploy(with(Map.of("web", web, "redis", REDIS, "broker", REDIS)));
        assertThat(site.engine.world().jobStarts("web/1/Schema")).isEqualTo(1);
        assertThat(running()).contains("shop-web-1-1", "shop-web-1-2");
    }

    @Test
    void whatRequiresAHeldOneIsHeldToo() {
        Map<String, Object> cron = Map.of("image", "db:1", "require", List.of("web"));
        deploy(with(Map.of("web", web(), "cron", cron, "redis", REDIS)));
        assertThat(state().held()).containsEntry("cron", "requires web, which is held");
    }

    @Test
    void anOlderVersionStaysUntilThen() {
        Map<String, Object> free = new TreeMap<>(web());
        free.remove("require");
        deploy(with(Map.of("web", free)));
        deploy(with(Map.of("web", web(), "redis", REDIS)));
        assertThat(running()).contains("shop-web-1-1", "shop-web-1-2");
        deploy(with(Map.of("web", web(), "broker", REDIS)));
        assertThat(running()).contains("shop-web-2-1", "shop-web-2-2");
    }

    /** The file names a database, the definition its server: what is said is what the file says. */
    @Test
    void aDatabaseWhoseServerIsMissingHoldsAndIsNamed() {
        Map<String, Object> database =
                Map.of("in", "pg", "type", "postgres", "user", "shop", "database", "shop", "password", "p4ss-w0rd");
        Map<String, Object> web = new TreeMap<>(Map.of(
                "image",
                "web:1",
                "ports",
                Map.of("http", 80L),
                "health",
                HEALTH,
                "require",
                List.of("pg"),
                "databases",
                Map.of("shop", database)));
        Desired without = with(Map.of("web", web, "redis", REDIS));
        String why = "requires database shop, whose server pg is not there";
        assertThat(deploy(without)).isEqualTo(Outcome.Kind.DONE);
        assertThat(state().held()).containsEntry("web", why);
        assertThat(site.process()
                        .operations()
                        .plan(new Request.Apply(without, List.of(), SimSite.MANDATE))
                        .warnings())
                .anyMatch(problem -> problem.render().contains("web is held: it " + why));
        assertThat(deploy(without)).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(site.engine.world().databases().asked()).isZero();

        assertThat(deploy(with(Map.of("web", web, "redis", REDIS, "pg", Map.of("image", "db:1", "ports", "none")))))
                .isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).contains("shop-web-1-1", "shop-web-1-2");
        assertThat(site.engine.world().databases().databases()).containsExactly("shop");
        assertThat(state().held()).isEmpty();
    }

    /** The older version that stays never ran the job of the newer one, which is held. */
    @Test
    void aJobOfALaterVersionThatIsHeldHoldsToo() {
        Map<String, Object> free = new TreeMap<>(web());
        free.remove("require");
        Map<String, Object> cron = Map.of("image", "db:1", "ports", "none", "require", List.of("Schema"));
        deploy(with(Map.of("web", free)));
        Map<String, Object> later = web("jobs", Map.of("Schema", Map.of("cmd", List.of("migrate"))));
        assertThat(deploy(with(Map.of("web", later, "cron", cron, "redis", REDIS))))
                .isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).contains("shop-web-1-1").doesNotContain("shop-cron-1-1");
        assertThat(state().held()).containsEntry("cron", "requires job Schema, whose service web is held");
        assertThat(site.engine.world().jobStarts("web/2/Schema")).isZero();

        deploy(with(Map.of("web", later, "cron", cron, "redis", REDIS, "broker", REDIS)));
        assertThat(site.engine.world().jobStarts("web/2/Schema")).isEqualTo(1);
        assertThat(running()).contains("shop-web-2-1", "shop-cron-1-1");
    }

    @Test
    void aSlipIsAnError() {
        assertThatThrownBy(() -> deploy(with(Map.of("web", web(), "brokers", REDIS))))
                .isInstanceOf(InvalidInput.class);
        assertThat(site.engine.changes()).isEmpty();
    }

    /** A rollback of another release does not start it. */
    @Test
    void aFailedReleaseLeavesItHeld() {
        deploy(with(Map.of("web", web(), "redis", REDIS)));
        Map<String, Object> bad = Map.of("image", "db:bad", "ports", "none");
        assertThatThrownBy(() -> deploy(with(Map.of("web", web(), "redis", REDIS, "db", bad))))
                .hasMessageContaining("failed");
        assertThat(running()).containsExactly("shop-redis-1-1");
        assertThat(state().held()).containsEntry("web", WHY);
    }
}
