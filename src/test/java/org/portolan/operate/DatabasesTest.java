package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Behaviour;
import org.portolan.engine.sim.SimDatabases;
import org.portolan.model.Failure;
import org.portolan.model.event.Event;
import org.portolan.model.service.Desired;
import org.portolan.model.service.GenerateSpec;
import org.portolan.model.service.GenerateSpec.Kind;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** A database is made before what requires it starts: once, from whatever is there, and never in another's place. */
class DatabasesTest extends SimShop {
    private static final String PASSWORD = "Database_shop";
    private SimDatabases server;

    @BeforeEach
    void server() {
        server = site.engine.world().databases();
        site.engine.world().image("postgres:1", Behaviour.healthyAfter(Duration.ofSeconds(3)), 5432);
        site.engine.world().image("postgres:2", Behaviour.GOOD, 5432);
    }

    private static Desired shop(String tag, String server) {
        Map<String, Object> database = Map.of(
                "in", "db", "type", "postgres", "user", "shop", "database", "shop", "password", "{Database_shop}");
        Map<String, Object> web = new TreeMap<>(Map.of(
                "image",
                "web:" + tag,
                "ports",
                Map.of("http", 80L),
                "health",
                HEALTH,
                "require",
                List.of("db"),
                "inherited_env",
                Map.of("PGPASSWORD", "{Database_shop}"),
                "databases",
                Map.of("shop", database)));
        Map<String, Object> db =
                Map.of("image", server, "ports", Map.of("", 5432L), "health", Map.of("exec", List.of("ready")));
        Desired plain = SimSite.desired("shop", Map.of("web", web, "db", db), Map.of("web", 2));
        return new Desired(
                "shop",
                plain.origin(),
                plain.services(),
                List.of(),
                "",
                new TreeMap<>(Map.of(PASSWORD, new GenerateSpec(Kind.PASSWORD, 32))),
                new TreeMap<>());
    }

    private static Desired shop(String tag) {
        return shop(tag, "postgres:1");
    }

    private String given() {
        return site.engine.observe().containers().stream()
                .filter(container -> container.name().startsWith("shop-web-"))
                .map(container ->
                        site.engine.made(container.id()).orElseThrow().env().getOrDefault("PGPASSWORD", ""))
                .findFirst()
                .orElseThrow();
    }

    private List<Event> events(int release) {
        return site.process()
                .installation
                .store()
                .release("shop", release)
                .orElseThrow()
                .events();
    }

    @Test
    void isMadeWhenItsServerServesAndBeforeWhatRequiresIt() {
        assertThat(deploy(shop("1"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).containsExactly("shop-db-1-1", "shop-web-1-1", "shop-web-1-2");
        assertThat(server.users()).containsExactly(Map.entry("shop", given()));
        assertThat(given()).hasSize(32);
        assertThat(server.databases()).containsExactly("shop");
        assertThat(events(1))
                .extracting(Event::kind)
                .containsSubsequence("instance-healthy", "database-made", "instance-created");
        assertThat(site.reports)
                .extracting(Event::message)
                .contains("Made database shop in db")
                .noneMatch(line -> line.contains(given()));
    }

    @Test
    void itsServerIsAskedOnceInEachReleaseThatBringsAVersion() {
        deploy(shop("1"));
        assertThat(server.asked()).isEqualTo(1);
        assertThat(deploy(shop("1"))).isEqualTo(Outcome.Kind.NO_CHANGES);
        site.process().perform(new Request.Scale("shop", Map.of("web", 3), SimSite.MANDATE));
        assertThat(server.asked()).isEqualTo(1);
        Map<String, String> before = new HashMap<>(server.users());
        assertThat(deploy(shop("2"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(server.asked()).isEqualTo(2);
        assertThat(server.users()).isEqualTo(before);
    }

    @Test
    void aServerThatStartsSlowlyIsWaitedForAsLongAsItsTimeout() {
        server.startsSlowly(20);
        assertThat(deploy(shop("1"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(server.asked()).isEqualTo(21);
        assertThat(server.databases()).containsExactly("shop");
    }

    @Test
    void aServerThatNeverAnswersFailsTheRelease() {
        deploy(shop("1"));
        server.startsSlowly(10_000);
        assertThatThrownBy(() -> deploy(shop("2"))).isInstanceOf(Failure.class);
        assertThat(running()).containsExactly("shop-db-1-1", "shop-web-1-1", "shop-web-1-2");
        assertThat(server.asked()).isBetween(100, 130);
        assertThat(site.reports)
                .extracting(Event::message)
                .anyMatch(line -> line.contains("cannot make the database shop: not possible within its timeout of 2m")
                        && line.contains("no response"));
    }

    @Test
    void aComplaintFailsTheReleaseAndIsShownWithoutThePassword() {
        deploy(shop("1"));
        String password = given();
        server.complains("ERROR: permission denied");
        assertThatThrownBy(() -> deploy(shop("2"))).isInstanceOf(Failure.class);
        assertThat(running()).containsExactly("shop-db-1-1", "shop-web-1-1", "shop-web-1-2");
        assertThat(site.reports)
                .extracting(Event::message)
                .anyMatch(
                        line -> line.contains("cannot make the database shop: exit status 1: ERROR: permission denied"))
                .noneMatch(line -> line.contains(password));
    }

    @Test
    void aPasswordThatSomebodyElseMadeIsNotChanged() {
        server.users().put("shop", "theirs");
        assertThatThrownBy(() -> deploy(shop("1"))).isInstanceOf(Failure.class);
        assertThat(server.users()).containsExactly(Map.entry("shop", "theirs"));
        assertThat(running()).noneMatch(name -> name.contains("web"));
        assertThat(site.reports)
                .extracting(Event::message)
                .anyMatch(line -> line.contains("`secret set Database_shop`"));
    }

    @Test
    void afterTheStoreWasLostThePasswordIsThatOfTheContainers() {
        deploy(shop("1"));
        String password = given();
        site.store.flush();
        assertThat(deploy(shop("1"))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(deploy(shop("2"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(server.users()).containsExactly(Map.entry("shop", password));
        assertThat(given()).isEqualTo(password);
    }

    @Test
    void whereNothingShowsALostPasswordTheDeployIsRefusedWithItsName() {
        deploy(shop("1"));
        site.store.flush();
        site.engine.observe().containers().stream()
                .filter(container -> container.name().contains("-web-"))
                .forEach(container -> site.engine.remove(container.id(), true));
        assertThatThrownBy(() -> deploy(shop("2")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("Database_shop")
                .hasMessageContaining("was lost");
    }

    @Test
    void aDatabaseThatWasDroppedIsMadeAgainWithTheNextVersion() {
        deploy(shop("1"));
        server.users().clear();
        server.databases().clear();
        assertThat(deploy(shop("2"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(server.users()).containsExactly(Map.entry("shop", given()));
    }

    @Test
    void aServerThatIsReplacedInTheSameReleaseIsAskedAfterwards() {
        deploy(shop("1"));
        assertThat(deploy(shop("2", "postgres:2"))).isEqualTo(Outcome.Kind.DONE);
        assertThat(events(2))
                .extracting(event -> (event.kind() + " " + event.subject()).strip())
                .containsSubsequence(
                        "start-begins shop-db-2-1",
                        "instance-healthy shop-db-2-1",
                        "instance-serving",
                        "database-present",
                        "create-begins shop-web-2-1");
        assertThat(server.asked()).isEqualTo(2);
    }

    @Test
    void aRollbackThatAPersonAsksForGoesOn() {
        deploy(shop("1"));
        deploy(shop("2"));
        assertThat(site.process()
                        .perform(new Request.Rollback("shop", Optional.empty(), SimSite.MANDATE))
                        .kind())
                .isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).containsExactly("shop-db-1-1", "shop-web-1-1", "shop-web-1-2");
    }
}
