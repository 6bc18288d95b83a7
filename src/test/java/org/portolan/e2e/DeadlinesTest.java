package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What takes long is waited for as long as the file says, said in plain lines, and no longer. */
@Tag("e2e")
class DeadlinesTest {
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
    void aSlowStartGetsItsTime() {
        site.writeWeb("late", "web:1", "one");
        site.run("deploy", "late").exits(0);
        site.writeWeb("late", "late:1", "two", "health: {http: /up, deadline: 20s}");
        try (Traffic traffic = site.traffic("late.test")) {
            site.run("deploy", "late").exits(0);
        }
        assertThat(site.get("late.test").body()).startsWith("two v1 ");
    }

    @Test
    void aPortThatOnlyTheImageExposesNeedNotListen() {
        site.write("worker/Servicefile", "Name: worker\njobs: {image: 'mute:1', rollout: {min_healthy: 200ms}}\n");
        site.run("deploy", "worker").exits(0).prints("nothing listens on port 8000 of worker-jobs-1-1");
        site.run("deploy", "worker").exits(0).printsExactly("No changes.\n");
    }

    /** Opens a request that is never answered. */
    private static Thread session(String host) {
        Thread client = Thread.startVirtualThread(() -> site.get(host, "/cgi-bin/page"));
        Waiting.millis(500);
        return client;
    }

    @Test
    void aSessionThatNeverEndsIsCutOffWhenTheDrainIsOver() {
        String stop = "stop: {drain: 7s, grace: 1s}";
        site.writeWeb("hang", "endless:1", "one", stop);
        site.run("deploy", "hang").exits(0);
        session("hang.test");
        site.writeWeb("hang", "page:1", "two", stop);
        long begun = System.nanoTime();
        try (Traffic traffic = site.traffic("hang.test")) {
            site.run("deploy", "hang").exits(0).prints("web: draining hang-web-1-1, 1 session open");
        }
        assertThat(System.nanoTime() - begun).as("drained for its time").isGreaterThan(7_000_000_000L);
        assertThat(site.names("hang")).containsExactly("hang-web-2-1");
    }

    @Test
    void aContainerThatDiesWhileItDrainsIsWaitedForNoLonger() {
        String stop = "stop: {drain: 60s, grace: 1s}";
        site.writeWeb("dies", "endless:1", "one", stop);
        site.run("deploy", "dies").exits(0);
        session("dies.test");
        site.writeWeb("dies", "page:1", "two", stop);
        long begun = System.nanoTime();
        try (Traffic traffic = site.traffic("dies.test", "/", Set.of(200))) {
            Program deploy = site.start("deploy", "dies").printed(", 1 session open");
            site.kill("dies-web-1-1");
            deploy.end().exits(0);
        }
        assertThat(System.nanoTime() - begun).as("not until the drain is over").isLessThan(55_000_000_000L);
        assertThat(site.names("dies")).containsExactly("dies-web-2-1");
    }
}
