package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A deploy that is stopped or killed at any moment: the next one converges, nothing is lost, left over or there twice. */
@Tag("e2e")
class KilledTest {
    private static TrialSite site;
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private int message;

    @BeforeAll
    static void open() {
        site = TrialSite.open();
    }

    @AfterAll
    static void close() {
        site.close();
    }

    /** A web service of two instances and one with a volume, which is replaced stop-first. */
    private void write(String image) {
        message++;
        site.writeWeb("site", image, "m" + message, "scale: 2", "stop: {drain: 5s, grace: 2s}");
        String web = site.read("site/Servicefile");
        site.write("site/Servicefile", web + """
                diary:
                  image: idle:1
                  cmd: "trap 'exit 0' TERM; echo $LINE >> /data/lines; while :; do sleep 0.1; done"
                  env: {LINE: %d}
                  volumes: {data: /data}
                  rollout: {min_healthy: 200ms}
                """.formatted(message));
    }

    private void converges() {
        site.run("deploy", "site").exits(0);
        site.run("deploy", "site").exits(0).printsExactly("No changes.\n");
        assertThat(site.get("site.test").body()).startsWith("m" + message + " ");
        List<String> names = site.names("site");
        assertThat(names).as("containers, seed %d", seed).hasSize(3);
        assertThat(names.stream()
                        .map(name -> name.substring(0, name.lastIndexOf('-')))
                        .distinct())
                .as("one version of each service, seed %d", seed)
                .hasSize(2);
        assertThat(site.running("site")).isEqualTo(names);
        String diary = names.getFirst();
        assertThat(site.engine().docker("exec", diary, "cat", "/data/lines").lines())
                .as("the volume was kept, seed %d", seed)
                .startsWith("1")
                .endsWith(String.valueOf(message));
    }

    @Test
    void killedOrStoppedAtRandomMoments() {
        write("web:1");
        converges();
        for (String signal : List.of("KILL", "INT", "KILL", "INT", "KILL")) {
            write(message % 2 == 0 ? "web:1" : "web:2");
            try (Traffic traffic = site.traffic("site.test")) {
                Program deploy = site.start("deploy", "site");
                deploy.printedOrEnded("Deploying site");
                Waiting.millis(random.nextInt(2_500));
                deploy.signal(signal);
                Ran ran = deploy.end();
                if (signal.equals("INT") && ran.status() != 0) {
                    ran.exits(130).prints("the next");
                }
                converges();
            } catch (AssertionError failed) {
                throw new AssertionError("after " + signal + ", seed " + seed + ": " + failed.getMessage(), failed);
            }
        }
    }

    @Test
    void killedInTheFirstDeploy() {
        site.writeWeb("early", "web:1", "one", "scale: 2");
        for (int i = 0; i < 3; i++) {
            Program deploy = site.start("deploy", "early");
            Waiting.millis(300 + random.nextInt(1_500));
            deploy.signal("KILL");
            deploy.end();
        }
        site.run("deploy", "early").exits(0);
        assertThat(site.names("early")).as("seed %d", seed).containsExactly("early-web-1-1", "early-web-1-2");
        assertThat(site.get("early.test").status()).isEqualTo(200);
        site.run("deploy", "early").exits(0).printsExactly("No changes.\n");
    }

    @Test
    void killedWhileAFailedReleaseIsTakenBack() {
        String stop = "stop: {grace: 3s}";
        site.writeWeb("undone", "web:1", "one", "scale: 2", stop);
        site.run("deploy", "undone").exits(0);
        List<String> good = site.containers("undone");
        site.writeWeb("undone", "stubborn:1", "two", "scale: 2", stop);
        try (Traffic traffic = site.traffic("undone.test")) {
            Program deploy = site.start("deploy", "undone");
            deploy.printed("failed, rolling back");
            Waiting.millis(random.nextInt(2_000));
            deploy.signal("KILL");
            deploy.end();
            site.run("deploy", "undone").exits(1).prints("not healthy within 4s", "rolled back to release 1");
        }
        assertThat(site.containers("undone")).as("seed %d", seed).isEqualTo(good);
        site.writeWeb("undone", "web:1", "one", "scale: 2", stop);
        site.run("deploy", "undone").exits(0).printsExactly("No changes.\n");
    }
}
