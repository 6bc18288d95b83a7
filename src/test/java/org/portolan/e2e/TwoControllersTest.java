package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two controllers of one installation, under traffic: the leader is frozen, killed or stopped in the middle of a release or of its
 * rollback, or loses the store. The other one finishes it; no request is lost, and each instance is made once.
 */
@Tag("e2e")
class TwoControllersTest {
    private static final String SCALE = "scale: 3";
    private static final String ROLLOUT = "rollout: {min_healthy: 700ms}";
    private static final String STOP = "stop: {grace: 3s}";

    private static TrialSite site;
    private static GitOrigin origin;
    private static int messages;

    private final Controllers controllers = new Controllers();
    private final Random random = new Random();
    private Program first;
    private Program second;

    @BeforeAll
    static void open() {
        site = TrialSite.open();
        origin = new GitOrigin(site, "shop");
        origin.follow();
    }

    @AfterAll
    static void close() {
        site.close();
    }

    /** One leads and the other stands by; version {@code web:1} serves. */
    @BeforeEach
    void begin() {
        first = serve().printed("Controller leads");
        second = serve().printed("Controller stands by");
        serves(push("web:1"));
    }

    @AfterEach
    void end() {
        controllers.close();
    }

    private Program serve() {
        return controllers.serve(site);
    }

    private static String push(String image) {
        String message = "m" + ++messages;
        origin.push(image, message, SCALE, ROLLOUT, STOP);
        return message;
    }

    /** Name and state of the deployment's containers, asked for at once: some of them go meanwhile. */
    private static List<String> states() {
        return site.engine()
                .docker(
                        "ps",
                        "-a",
                        "--filter",
                        "label=org.portolan.deployment=shop",
                        "--format",
                        "{{.Names}} {{.State}}")
                .lines()
                .sorted()
                .toList();
    }

    private static boolean done(String message) {
        List<String> now = states();
        return now.size() == 3
                && now.stream().allMatch(line -> line.endsWith(" running"))
                && now.stream()
                                .map(line -> line.substring(0, line.lastIndexOf('-')))
                                .distinct()
                                .count()
                        == 1
                && site.get("shop.test").body().startsWith(message + " ");
    }

    private static void serves(String message) {
        Waiting.until(message + " is released", () -> done(message));
        // Its last line in the store follows.
        Waiting.until("the release has ended", TwoControllersTest::ended);
    }

    private static boolean ended() {
        return !site.run("-D", "shop", "history").out().contains("running");
    }

    /** Waits until the release of the push before has made its first instance. */
    private static void underWay(List<String> before) {
        Waiting.until("the release began", () -> states().stream()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .anyMatch(name -> !before.contains(name)));
    }

    /** How often each container was made since then. */
    private static Map<String, Integer> made(Instant since) {
        Map<String, Integer> made = new TreeMap<>();
        site.engine()
                .docker(
                        "events",
                        "--since",
                        String.valueOf(since.getEpochSecond()),
                        "--until",
                        String.valueOf(Instant.now().getEpochSecond() + 1),
                        "--filter",
                        "event=create",
                        "--filter",
                        "label=org.portolan.deployment=shop",
                        "--format",
                        "{{.Actor.Attributes.name}}")
                .lines()
                .forEach(name -> made.merge(name, 1, Integer::sum));
        return made;
    }

    private static void madeOnce(Instant since) {
        assertThat(made(since))
                .hasSize(3)
                .allSatisfy((name, count) -> assertThat(count).as(name).isEqualTo(1));
    }

    @Test
    void oneThatIsFrozenInAReleaseDoesNoHarmWhenItGoesOn() {
        Instant since = Instant.now();
        List<String> before = site.names("shop");
        try (Traffic traffic = site.traffic("shop.test")) {
            String message = push("web:2");
            underWay(before);
            first.signal("STOP");
            second.printed("Controller leads");
            serves(message);
            List<String> after = site.containers("shop");
            first.signal("CONT");
            first.printed("lock in the store was lost").printed("stands by");
            Waiting.millis(2000);
            assertThat(site.containers("shop")).isEqualTo(after);
        }
        madeOnce(since);
        site.run("-D", "shop", "history").exits(0).prints("continues");
        assertThat(first.alive()).isTrue();
    }

    @Test
    void oneThatIsKilledInAReleaseIsFollowedWithinSeconds() {
        Instant since = Instant.now();
        List<String> before = site.names("shop");
        try (Traffic traffic = site.traffic("shop.test")) {
            String message = push("web:2");
            underWay(before);
            first.signal("KILL");
            second.printed("Controller leads");
            serves(message);
        }
        madeOnce(since);
        site.run("-D", "shop", "history").exits(0).prints("continues");
    }

    @Test
    void oneThatIsKilledInARollbackIsFollowedToItsEnd() {
        List<String> good = site.containers("shop");
        try (Traffic traffic = site.traffic("shop.test")) {
            push("stubborn:1");
            first.printed("failed, rolling back");
            Waiting.millis(random.nextInt(2_000));
            first.signal("KILL");
            second.printed("Controller leads");
            Waiting.until("it is rolled back", () -> states().size() == 3);
            Waiting.until("it has ended", TwoControllersTest::ended);
            // The run that rolled it back says how it ended only then.
            Waiting.until(
                    "the source is shown to fail",
                    () -> site.run("status").exits(0).out().contains("failing"));
            assertThat(site.containers("shop")).isEqualTo(good);
        }
    }

    @Test
    void oneThatIsStoppedInAReleaseHandsOver() {
        Instant since = Instant.now();
        List<String> before = site.names("shop");
        try (Traffic traffic = site.traffic("shop.test")) {
            String message = push("web:2");
            underWay(before);
            first.signal("TERM");
            first.end(Duration.ofSeconds(70)).exits(0).prints("Controller no longer leads: it was stopped");
            second.printed("Controller leads");
            serves(message);
        }
        madeOnce(since);
    }

    @Test
    void aStoreThatIsFlushedInAReleaseChangesNothingOfIt() {
        Instant since = Instant.now();
        List<String> before = site.names("shop");
        try (Traffic traffic = site.traffic("shop.test")) {
            String message = push("web:2");
            underWay(before);
            flush();
            serves(message);
            Waiting.millis(2000);
            assertThat(site.run("status").exits(0).out()).contains("controller  ");
        }
        madeOnce(since);
        assertThat(first.alive()).isTrue();
        site.engine().docker("rm", "-f", site.running("shop").getFirst());
        Waiting.until("it is repaired", () -> states().size() == 3);
    }

    private static void flush() {
        String socket = site.home().resolve("store/redis.sock").toString();
        Program.start(site.folder(), site.environment(), List.of("redis-cli", "-s", socket, "flushall"))
                .end()
                .exits(0)
                .prints("OK");
    }
}
