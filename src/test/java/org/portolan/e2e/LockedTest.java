package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several at once: deploys of one deployment, installations on one engine. */
@Tag("e2e")
class LockedTest {
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
    void twoDeploysAtOnceFollowEachOther() {
        site.writeWeb("twice", "web:1", "one");
        site.run("deploy", "twice").exits(0);
        site.writeWeb("twice", "web:2", "two", "stop: {grace: 5s}");
        Program first = site.start("deploy", "twice").printed("Deploying twice, release 2");

        site.run("deploy", "twice", "--no-wait").exits(4).prints("twice");
        Program second = site.start("deploy", "twice");

        first.end().exits(0);
        second.end().exits(0).prints("No changes.");
        assertThat(site.names("twice")).containsExactly("twice-web-2-1");
    }

    @Test
    void aScaleBesideADeployKeepsTheNewVersion() {
        site.writeWeb("beside", "web:1", "one");
        site.run("deploy", "beside").exits(0);
        site.writeWeb("beside", "web:2", "two", "stop: {grace: 5s}");
        Program deploy = site.start("deploy", "beside").printed("Deploying beside, release 2");

        site.run("-D", "beside", "scale", "web=2").exits(0);

        deploy.end().exits(0);
        assertThat(site.names("beside")).containsExactly("beside-web-2-1", "beside-web-2-2");
    }

    @Test
    void aThirdDeploySupersedesTheSecondThatStillWaits() {
        site.writeWeb("queue", "web:1", "one");
        site.run("deploy", "queue").exits(0);
        writeSlow("two");
        Program first = site.start("deploy", "queue").printed("Deploying queue, release 2");
        writeSlow("three");
        Program second = site.start("deploy", "queue").printed("waiting for ");
        writeSlow("four");
        site.startWith("PORTOLAN_DEPLOY_LOCK_WAIT", "100ms", "-D", "queue", "restart")
                .end()
                .exits(4)
                .prints("queue is still locked after 100ms, by ");
        Program third = site.start("deploy", "queue").printed("waiting for ");

        second.end().exits(4).prints("queue: superseded by ", "nothing was changed");
        assertThat(first.alive()).as("it was superseded while it waited").isTrue();
        first.end().exits(0);
        third.end().exits(0).prints("Released queue 3");
        assertThat(site.get("queue.test").body()).startsWith("four v1 ");
        assertThat(site.names("queue")).containsExactly("queue-web-3-1");
    }

    /** A version that is taken for healthy only after a while, so that others must wait. */
    private static void writeSlow(String message) {
        site.writeWeb("queue", "web:1", message);
        String text = site.read("queue/Servicefile").replace("deadline: 4s", "deadline: 60s");
        site.write("queue/Servicefile", text.replace("min_healthy: 200ms", "min_healthy: 15s"));
    }

    @Test
    void twoFirstDeploysAtOnceMakeOneDeployment() {
        site.writeWeb("race", "web:1", "one", "scale: 2");
        List<Program> all = List.of(site.start("deploy", "race"), site.start("deploy", "race"));
        all.forEach(one -> one.end().exits(0));
        assertThat(site.names("race")).containsExactly("race-web-1-1", "race-web-1-2");
    }

    @Test
    void twoInstallationsLiveSideBySide() {
        site.writeWeb("mine", "web:1", "one");
        site.run("deploy", "mine").exits(0);
        List<String> before = site.containers("mine");
        try (TrialSite other = TrialSite.open()) {
            other.writeWeb("theirs", "web:2", "two");
            other.run("deploy", "theirs").exits(0);
            assertThat(other.get("theirs.test").body()).startsWith("two v2 ");
            assertThat(site.get("mine.test").body()).startsWith("one v1 ");
            assertThat(site.get("theirs.test").status()).isEqualTo(404);

            other.writeWeb("mine", "web:2", "stolen");
            other.run("deploy", "mine").exits(4).prints("--adopt", "installation");
            assertThat(site.containers("mine")).isEqualTo(before);
            site.run("deploy", "mine").exits(0).printsExactly("No changes.\n");

            other.run("deploy", "mine", "--adopt").exits(0);
            assertThat(other.get("mine.test").body()).startsWith("stolen v2 ");
            assertThat(site.names("mine"))
                    .allMatch(name -> name.startsWith("mine-web-"))
                    .hasSize(1);
        }
    }
}
