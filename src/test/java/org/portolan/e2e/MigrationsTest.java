package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

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
