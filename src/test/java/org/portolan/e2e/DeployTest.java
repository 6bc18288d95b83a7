package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The main job: a file is deployed, answers on its domain, changes without loss, and is left alone when it is done. */
@Tag("e2e")
class DeployTest {
    private static TrialSite site;

    @BeforeAll
    static void open() {
        site = TrialSite.open();
    }

    @AfterAll
    static void close() {
        site.close();
    }

    @Test
    void theFirstDeployAnswersTheSecondChangesNothingTheThirdLosesNothing() {
        site.writeWeb("shop", "web:1", "one", "scale: 2");
        site.run("plan", "shop").exits(3).prints("+ web  version 1, 2 instances", "Plan: ");
        assertThat(site.names("shop")).as("a plan makes nothing").isEmpty();

        site.run("deploy", "shop").exits(0).prints("---> New instance id shop-web-1-1", "---> Released shop 1 in ");

        assertThat(site.get("shop.test").status()).isEqualTo(200);
        assertThat(site.get("shop.test").body()).startsWith("one v1 ");
        assertThat(site.get("nobody.test").status()).isEqualTo(404);
        assertThat(site.running("shop")).containsExactly("shop-web-1-1", "shop-web-1-2");

        List<String> before = site.containers("shop");
        site.run("deploy", "shop").exits(0).printsExactly("No changes.\n");
        site.run("plan", "shop").exits(0).printsExactly("No changes.\n");
        assertThat(site.containers("shop")).isEqualTo(before);

        site.writeWeb("shop", "web:2", "two", "scale: 2");
        site.run("plan", "shop")
                .exits(3)
                .prints("~ web  version 1 → 2", "image: web:1 → web:2", "env.MESSAGE: one → two");
        try (Traffic traffic = site.traffic("shop.test")) {
            site.run("deploy", "shop").exits(0).prints("---> Released shop 2 in ");
        }
        assertThat(site.get("shop.test").body()).startsWith("two v2 ");
        assertThat(site.names("shop")).containsExactly("shop-web-2-1", "shop-web-2-2");

        site.run("history", "-D", "shop").exits(0).prints("2   done", "1   done");
        site.run("status").exits(0);
        site.run("doctor").exits(0);
    }

    @Test
    void anInstanceThatIgnoresTheSignalIsReplacedWithoutLossAfterItsGrace() {
        site.writeWeb("deaf", "deaf:1", "one", "stop: {drain: 5s, grace: 1s}");
        site.run("deploy", "deaf").exits(0);
        site.writeWeb("deaf", "web:1", "two", "stop: {drain: 5s, grace: 1s}");
        try (Traffic traffic = site.traffic("deaf.test")) {
            site.run("deploy", "deaf").exits(0);
        }
        assertThat(site.names("deaf")).containsExactly("deaf-web-2-1");
    }

    @Test
    void aContainerThatCrashesComesBackAtItsAddress() {
        site.writeWeb("crash", "web:1", "one");
        site.run("deploy", "crash").exits(0);
        String id = site.containers("crash").getFirst().split(" ", -1)[1];
        String published = site.engine().docker("port", id);

        site.kill(id);

        Waiting.until("Docker restarted it", () -> site.engine()
                .docker("inspect", "-f", "{{.RestartCount}} {{.State.Running}}", id)
                .strip()
                .equals("1 true"));
        Waiting.until("it answers again", () -> site.get("crash.test").status() == 200);
        assertThat(site.engine().docker("port", id)).isEqualTo(published);
        site.run("deploy", "crash").exits(0).printsExactly("No changes.\n");
    }

    @Test
    void aContainerThatSomebodyRemovedIsMadeAgain() {
        site.writeWeb("gone", "web:1", "one", "scale: 2");
        site.run("deploy", "gone").exits(0);
        site.engine().docker("rm", "-f", "gone-web-1-1");

        try (Traffic traffic = site.traffic("gone.test")) {
            site.run("deploy", "gone").exits(0);
        }
        assertThat(site.running("gone")).containsExactly("gone-web-1-1", "gone-web-1-2");
    }

    @Test
    void aServiceWithAVolumeIsReplacedStopFirstAndItsDataStays() {
        String file = """
                Name: diary
                writer:
                  image: idle:1
                  cmd: "trap 'exit 0' TERM; echo $LINE >> /data/lines; while :; do sleep 0.1; done"
                  env: {LINE: %s}
                  volumes: {data: /data}
                  rollout: {min_healthy: 200ms}
                """;
        site.write("diary/Servicefile", file.formatted("first"));
        site.run("deploy", "diary").exits(0);
        site.write("diary/Servicefile", file.formatted("second"));
        site.run("plan", "diary").exits(3).prints("volume");
        site.run("deploy", "diary").exits(0);

        assertThat(site.names("diary")).containsExactly("diary-writer-2-1");
        assertThat(site.engine().docker("exec", "diary-writer-2-1", "cat", "/data/lines"))
                .isEqualTo("first\nsecond\n");
        site.run("remove", "diary", "--yes").exits(0).prints("Removed diary");
        assertThat(site.names("diary")).isEmpty();
        assertThat(site.home().resolve("data/diary/writer/data/lines")).hasContent("first\nsecond");
    }
}
