package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Commands in real containers: directly, and through a controller's unix socket. */
@Tag("e2e")
class AttachedTest extends DeployedShop {
    private Program controller;
    private Map<String, String> environment = new TreeMap<>();

    private void serve() {
        controller = site.start("serve").printed("Controller leads");
        Waiting.until(
                "it listens", () -> site.home().resolve("api.sock").toFile().exists());
        environment = new TreeMap<>(site.environment());
        environment.put("PORTOLAN_URL", "unix:" + site.home().resolve("api.sock"));
    }

    @AfterEach
    void end() {
        if (controller != null && controller.alive()) {
            controller.signal("KILL");
            controller.end(Duration.ofSeconds(10));
        }
    }

    /** A line for a shell, in which {@code portolan} is the program. */
    private Program shell(String line) {
        String command = "portolan() { '" + TrialSite.launcher() + "' \"$@\"; }; " + line;
        return Program.start(site.folder(), environment, List.of("sh", "-c", command));
    }

    /** A line at a terminal of 100 columns and 40 rows, which gets this typed after a while. */
    private Ran typed(String keys, String line) {
        String inside = "stty rows 40 cols 100; " + TrialSite.launcher() + " " + line;
        return shell("(sleep 4; printf '" + keys + "'; sleep 4) | script -qec \"" + inside + "\" /dev/null")
                .end();
    }

    private void streamsAndStatus() {
        shell("printf 'one\\ntwo\\n' | portolan exec -i web -- /bin/sh -c 'cat; echo oh >&2; exit 5'")
                .end()
                .exits(5)
                .prints("one\ntwo\n", "oh\n");
        shell("head -c 3000000 /dev/zero | portolan exec -i web -- /bin/sh -c 'wc -c' ")
                .end()
                .exits(0)
                .prints("3000000");
        shell("portolan exec web -- /bin/sh -c 'yes | head -c 3000000' | wc -c")
                .end()
                .exits(0)
                .prints("3000000");
        shell("portolan exec web -- /no/such/program").end().prints("/no/such/program");
    }

    private void terminal() {
        typed("", "exec -it web -- /bin/sh -c 'test -t 1 && sleep 1 && stty size; exit 3'")
                .exits(3)
                .prints("40 100");
        typed("echo $((40+2))\\nexit 6\\n", "exec -it web -- /bin/sh").exits(6).prints("42");
        typed("echo $((40+3))\\nexit 7\\n", "-D shop run web -it -- /bin/sh")
                .exits(7)
                .prints("43");
    }

    private void runsOnce() {
        shell("printf typed | portolan -D shop run web -i -- /bin/sh -c 'cat; echo $MESSAGE; exit 7'")
                .end()
                .exits(7)
                .prints("typed");
        assertThat(site.names("shop")).containsExactly("shop-web-1-1");
        Program killed = Program.start(
                site.folder(),
                environment,
                List.of(
                        TrialSite.launcher().toString(),
                        "-D",
                        "shop",
                        "run",
                        "web",
                        "--",
                        "/bin/sh",
                        "-c",
                        "echo up; sleep 100"));
        killed.printed("up");
        assertThat(site.names("shop")).hasSize(2);
        killed.signal("KILL");
        killed.end();
        Waiting.until("the container of the killed run is removed", () -> site.engine()
                .docker("ps", "-aq", "--filter", "label=org.portolan.run")
                .isBlank());
    }

    @Test
    void directly() {
        environment = site.environment();
        streamsAndStatus();
        terminal();
        runsOnce();
    }

    @Test
    void throughTheController() {
        serve();
        streamsAndStatus();
        terminal();
        runsOnce();
        site.run("events", "--audit").exits(0).prints("exec in shop-web-1-1: /bin/sh", "run of web: /bin/sh");

        Program left = shell("portolan exec web -- /bin/sh -c 'echo up; sleep 100'");
        left.printed("up");
        controller.signal("TERM");
        left.end(Duration.ofSeconds(60)).exits(4).prints("ended the connection");
        controller.end(Duration.ofSeconds(60)).exits(0);
    }
}
