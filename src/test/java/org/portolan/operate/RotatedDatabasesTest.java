package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Behaviour;
import org.portolan.engine.sim.Faults;
import org.portolan.engine.sim.SimDatabases;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.event.Event;
import org.portolan.model.service.Desired;
import org.portolan.model.service.GenerateSpec;
import org.portolan.model.service.GeneratedValue;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** A rotated password of a database is changed in its server too, and is the one that instances have, forward and back. */
class RotatedDatabasesTest extends SimShop {
    private static final String PASSWORD = "Database_shop";
    private SimDatabases server;

    @BeforeEach
    void server() {
        server = site.engine.world().databases();
        site.engine.world().image("postgres:1", Behaviour.GOOD, 5432);
    }

    static Desired shop(String tag) {
        Map<String, Object> database = Map.of(
                "in", "db", "type", "mariadb", "user", "shop", "database", "shop", "password", "{Database_shop}");
        Map<String, Object> web = new TreeMap<>(Map.of(
                "image",
                "web:" + tag,
                "ports",
                Map.of("http", 80L),
                "health",
                Map.of("http", "/up", "deadline", "10s"),
                "require",
                List.of("db"),
                "inherited_env",
                Map.of("MYSQL_PASSWORD", "{Database_shop}"),
                "databases",
                Map.of("shop", database)));
        Map<String, Object> db =
                Map.of("image", "postgres:1", "ports", Map.of("", 5432L), "health", Map.of("exec", List.of("ready")));
        Desired plain = SimSite.desired("shop", Map.of("web", web, "db", db), Map.of("web", 2));
        return new Desired(
                "shop",
                plain.origin(),
                plain.services(),
                List.of(),
                "",
                new TreeMap<>(Map.of(PASSWORD, new GenerateSpec(GenerateSpec.Kind.PASSWORD, 32))),
                new TreeMap<>());
    }

    /** The passwords that running instances have. */
    private List<String> given() {
        return site.engine.observe().containers().stream()
                .filter(container -> container.name().startsWith("shop-web-"))
                .filter(container -> container.state() == Container.State.RUNNING)
                .map(container ->
                        site.engine.made(container.id()).orElseThrow().env().getOrDefault("MYSQL_PASSWORD", ""))
                .distinct()
                .toList();
    }

    private List<String> versions() {
        return site.process().installation.store().generated("shop").getOrDefault(PASSWORD, List.of()).stream()
                .map(GeneratedValue::text)
                .toList();
    }

    private Outcome.Kind rotate() {
        return site.process()
                .perform(new Request.RotateSecret("shop", PASSWORD, SimSite.MANDATE))
                .kind();
    }

    private List<String> messages() {
        return site.reports.stream().map(Event::message).toList();
    }

    @Test
    void theServerGetsItBeforeTheInstances() {
        deploy(shop("1"));
        String first = given().getFirst();
        assertThat(rotate()).isEqualTo(Outcome.Kind.DONE);
        assertThat(versions()).hasSize(2).startsWith(first);
        assertThat(given()).containsExactly(versions().getLast());
        assertThat(server.users()).containsExactly(Map.entry("shop", versions().getLast()));
        assertThat(messages())
                .contains("Changed the password of user shop in db; instances with the earlier one cannot open new"
                        + " connections")
                .noneMatch(
                        line -> line.contains(first) || line.contains(versions().getLast()));
        assertThat(deploy(shop("1"))).isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    /** What containers show of a lost definition does not say that the value is a database's password. */
    @Test
    void noneIsMadeWhileDefinitionsAreLost() {
        deploy(shop("1"));
        String first = given().getFirst();
        site.store.flush();
        site.engine.faults(
                call -> call.verb().equals("create") && call.subject().startsWith("shop-web-")
                        ? new Faults.Fate(Faults.What.CRASH_BEFORE, Duration.ZERO)
                        : Faults.Fate.GOOD);
        SimSite.Process dies = site.process();
        assertThatThrownBy(() -> dies.deploy(shop("2"))).isInstanceOf(Faults.Crash.class);
        dies.die();
        site.engine.faults(call -> Faults.Fate.GOOD);
        assertThat(versions()).containsExactly(first);

        assertThatThrownBy(this::rotate).isInstanceOfSatisfying(Failure.class, refused -> {
            assertThat(refused.kind()).isEqualTo(Failure.Kind.REFUSED);
            assertThat(refused.what()).contains("the store lost the definition of web");
            assertThat(refused.what()).doesNotContain(first);
        });
        assertThat(versions()).containsExactly(first);

        assertThat(deploy(shop("2"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(given()).containsExactly(first);
        assertThat(rotate()).isEqualTo(Outcome.Kind.DONE);
        assertThat(given()).containsExactly(versions().getLast()).doesNotContain(first);
        assertThat(server.users()).containsExactly(Map.entry("shop", versions().getLast()));
    }

    @Test
    void whereTheServerCanTheEarlierOneWorksUntilTheReleaseIsOver() {
        server.acceptsBoth();
        deploy(shop("1"));
        String first = given().getFirst();
        boolean[] both = {false};
        site.engine.faults(call -> {
            both[0] |= call.verb().equals("stop")
                    && server.accepts("shop", first)
                    && !server.users().containsValue(first);
            return Faults.Fate.GOOD;
        });
        assertThat(rotate()).isEqualTo(Outcome.Kind.DONE);
        assertThat(both[0]).as("while an old instance stops, both work").isTrue();
        assertThat(server.accepts("shop", first)).isFalse();
        assertThat(given()).containsExactly(versions().getLast());
        assertThat(messages())
                .contains("Changed the password of user shop in db; the earlier one works until the release is over");
    }

    @Test
    void aServerThatKeepsTheEarlierOneIsSaidAndTheReleaseStays() {
        server.acceptsBoth();
        server.keepsEarlier();
        deploy(shop("1"));
        assertThat(rotate()).isEqualTo(Outcome.Kind.DONE);
        assertThat(messages()).anyMatch(line -> line.startsWith("db still accepts the earlier password of user shop"));
    }

    /** The value is kept, so the next deploy tries it again; until then the old one is what works. */
    @Test
    void aReleaseThatFailsGivesTheUserTheOldOneBack() {
        for (boolean both : List.of(false, true)) {
            RotatedDatabasesTest fresh = new RotatedDatabasesTest();
            fresh.images();
            fresh.server();
            if (both) {
                fresh.server.acceptsBoth();
            }
            fresh.failsAndGoesBack();
        }
    }

    private void failsAndGoesBack() {
        deploy(shop("1"));
        String first = given().getFirst();
        site.process().perform(new Request.SetSecret("shop", PASSWORD, "the-next-one", SimSite.MANDATE));
        assertThatThrownBy(() -> deploy(shop("bad"))).isInstanceOf(Failure.class);
        assertThat(messages()).anyMatch(line -> line.startsWith("Changed the password of user shop in db"));
        assertThat(given()).containsExactly(first);
        assertThat(server.users()).containsExactly(Map.entry("shop", first));
        assertThat(server.earlier()).isEmpty();
        assertThat(deploy(shop("1"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(given()).containsExactly(versions().getLast()).doesNotContain(first);
        assertThat(server.users()).containsExactly(Map.entry("shop", versions().getLast()));
    }

    @Test
    void aRollbackToBeforeItGivesTheUserTheOldOneBack() {
        deploy(shop("1"));
        String first = given().getFirst();
        rotate();
        site.process().perform(new Request.Rollback("shop", Optional.empty(), SimSite.MANDATE));
        assertThat(given()).containsExactly(first);
        assertThat(server.users()).containsExactly(Map.entry("shop", first));
    }

    @Test
    void aPasswordThatIsNoVersionOfItIsLeft() {
        deploy(shop("1"));
        String first = given().getFirst();
        server.users().put("shop", "theirs");
        assertThatThrownBy(this::rotate)
                .hasMessageContaining("another password than all versions of the value Database_shop");
        assertThat(server.users()).containsExactly(Map.entry("shop", "theirs"));
        assertThat(given()).containsExactly(first);
        assertThat(messages()).anyMatch(line -> line.startsWith("cannot check the password of user shop in db"));
    }

    @Test
    void oneThatAPersonSetsGoesToTheServerToo() {
        deploy(shop("1"));
        site.process().perform(new Request.SetSecret("shop", PASSWORD, "chosen-by-hand", SimSite.MANDATE));
        assertThat(deploy(shop("1"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(server.users()).containsExactly(Map.entry("shop", "chosen-by-hand"));
        assertThat(given()).containsExactly("chosen-by-hand");
    }

    /** At every change of the rotation's release, before and after it, on both kinds of servers. */
    @Test
    void whoeverIsKilledInstancesAndServerAgreeAfterwards() {
        for (boolean both : List.of(false, true)) {
            for (boolean after : List.of(false, true)) {
                for (int change = 1; ; change++) {
                    RotatedDatabasesTest fresh = new RotatedDatabasesTest();
                    fresh.images();
                    fresh.server();
                    if (both) {
                        fresh.server.acceptsBoth();
                    }
                    if (!fresh.killedAt(change, after)) {
                        assertThat(change).isGreaterThan(6);
                        break;
                    }
                }
            }
        }
    }

    private boolean killedAt(int change, boolean after) {
        deploy(shop("1"));
        site.engine.faults(Faults.crashAt(change, after));
        SimSite.Process process = site.process();
        boolean crashed = false;
        try {
            process.perform(new Request.RotateSecret("shop", PASSWORD, SimSite.MANDATE));
        } catch (Faults.Crash crash) {
            process.die();
            crashed = true;
        }
        site.engine.faults(Faults.NONE);
        deploy(shop("1"));
        String now = versions().getLast();
        assertThat(given()).as("killed at change %s, after %s", change, after).containsExactly(now);
        assertThat(server.users()).containsExactly(Map.entry("shop", now));
        assertThat(deploy(shop("1"))).isEqualTo(Outcome.Kind.NO_CHANGES);
        return crashed;
    }
}
