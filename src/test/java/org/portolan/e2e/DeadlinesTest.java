package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
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

    /** A request that is in progress in a container, and never answered. */
    private static Socket session(String deployment) throws IOException {
        Socket client = site.asking(deployment + ".test", "/cgi-bin/page");
        Waiting.until(
                "it is in progress",
                () -> site.engine().docker("top", deployment + "-web-1-1").contains("page"));
        return client;
    }

    @Test
    void aSessionThatNeverEndsIsCutOffWhenTheDrainIsOver() throws IOException {
        String stop = "stop: {drain: 7s, grace: 1s}";
        site.writeWeb("hang", "endless:1", "one", stop);
        site.run("deploy", "hang").exits(0);
        site.writeWeb("hang", "page:1", "two", stop);
        long begun = System.nanoTime();
        try (Socket open = session("hang");
                Traffic traffic = site.traffic("hang.test")) {
            site.run("deploy", "hang").exits(0).prints("web: draining hang-web-1-1, 1 session open");
        }
        assertThat(System.nanoTime() - begun).as("drained for its time").isGreaterThan(7_000_000_000L);
        assertThat(site.names("hang")).containsExactly("hang-web-2-1");
    }

    @Test
    void aContainerThatDiesWhileItDrainsIsWaitedForNoLonger() throws IOException {
        String stop = "stop: {drain: 60s, grace: 1s}";
        site.writeWeb("dies", "endless:1", "one", stop);
        site.run("deploy", "dies").exits(0);
        site.writeWeb("dies", "page:1", "two", stop);
        long begun = System.nanoTime();
        try (Socket open = session("dies");
                Traffic traffic = site.traffic("dies.test", "/", Set.of(200))) {
            Program deploy = site.start("deploy", "dies").printed("draining dies-web-1-1, ");
            site.kill("dies-web-1-1");
            deploy.end().exits(0);
        }
        assertThat(System.nanoTime() - begun).as("not until the drain is over").isLessThan(55_000_000_000L);
        assertThat(site.names("dies")).containsExactly("dies-web-2-1");
    }
}
