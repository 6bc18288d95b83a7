package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Migrations on the real engine: one that succeeds, fails, hangs, and one whose deploy is killed. */
@Tag("e2e")
class MigrationsTest {
    private static TrialSite site;

    @BeforeAll
    static void open() {
        site = TrialSite.open();
    }

    @AfterAll
    static void close() {
        site.close();
    }

    private static void write(String name, String message, String command, String more) {
        site.writeWeb(name, "web:1", message, "volumes: {data: /data}", "stop: {drain: 1s, grace: 1s}");
        String web = site.read(name + "/Servicefile");
        site.write(name + "/Servicefile", web + """
                Exec:
                  Schema: {service: web, cmd: "echo $MESSAGE >> /data/runs; echo migrating $MESSAGE; %s"%s}
                """.formatted(command, more));
    }

    private static String runs(String container) {
        return site.engine().docker("exec", container, "cat", "/data/runs");
    }

    @Test
    void succeedsFailsAndHangs() {
        write("notes", "one", "exit 0", "");
        site.run("plan", "notes").prints("+ job Schema  of web version 1");
        site.run("deploy", "notes").exits(0).prints("Running job Schema of web version 1", "completed in");
        site.run("deploy", "notes").exits(0).printsExactly("No changes.\n");
        assertThat(runs("notes-web-1-1").lines()).containsExactly("one");
        site.run("status", "notes").exits(0).prints("job Schema  of web version 1  completed in");
        assertThat(site.running("notes")).containsExactly("notes-web-1-1");

        write("notes", "two", "exit 3", "");
        site.run("deploy", "notes")
                .exits(1)
                .prints("job Schema of web exited with status 3", "migrating two", "rolled back to release 1");
        write("notes", "three", "sleep 100", ", timeout: 2s");
        site.run("deploy", "notes").exits(1).prints("took longer than its timeout of 2s", "migrating three");
        assertThat(runs("notes-web-1-1").lines()).containsExactly("one", "two", "three");
        assertThat(site.get("notes.test").body()).startsWith("one ");
        site.run("-D", "notes", "history", "2").exits(0).prints("job Schema: migrating two", "exited with status 3");
        site.run("-D", "notes", "remove", "--yes").exits(0);
        assertThat(site.engine().docker("ps", "-aq", "--filter", "label=org.portolan.deployment=notes"))
                .isBlank();
    }

    /** Before its container is made, when that is made, while it runs, and when it has ended and nobody has seen it. */
    @Test
    void runsOnceWhereverItsDeployIsKilled() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        site.write("log/job.env", "FROM_FILE=file-of-the-service\n");
        Set<String> states = new TreeSet<>();
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            write("log", "m" + i, "echo $FROM_FILE >> /data/env; sleep 0.4", "");
            String file = site.read("log/Servicefile");
            site.write("log/Servicefile", file.replace("Exec:", "  env_files: [job.env]\nExec:"));
            Program deploy = site.start("deploy", "log");
            deploy.printedOrEnded("Running job Schema");
            Waiting.millis(random.nextInt(700));
            deploy.signal("KILL");
            deploy.end();
            states.add(site.engine()
                    .docker("ps", "-a", "--filter", "label=org.portolan.job", "--format", "{{.State}}")
                    .strip()
                    .replace('\n', '+'));
            site.run("deploy", "log").exits(0);
            expected.add("m" + i);
            String web = site.running("log").getFirst();
            assertThat(runs(web).lines().toList())
                    .as("seed %d, states %s", seed, states)
                    .isEqualTo(expected);
            site.run("status", "log").prints("job Schema  of web version " + i + "  completed");
        }
        String web = site.running("log").getFirst();
        assertThat(site.engine().docker("exec", web, "cat", "/data/env").lines())
                .hasSize(6)
                .containsOnly("file-of-the-service");
    }

    @Test
    void runsOnceAlthoughItsDeployIsKilled() {
        write("diary", "one", "sleep 4", "");
        Program deploy = site.start("deploy", "diary");
        deploy.printed("Running job Schema");
        Waiting.millis(1_500);
        deploy.signal("KILL");
        deploy.end();
        site.run("deploy", "diary").exits(0);
        assertThat(runs("diary-web-1-1").lines()).containsExactly("one");
        site.run("deploy", "diary").exits(0).printsExactly("No changes.\n");
    }
}
