package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a person does by hand: services set one by one, scale, stop, start, restart, rollback, remove, saved plans, prunes. */
@Tag("e2e")
class OperationsTest {
    private static TrialSite site;

    @BeforeAll
    static void open() {
        site = TrialSite.open();
        site.engine().image("company/redis", java.util.Map.of(), idle(), List.of());
    }

    private static List<String> idle() {
        return List.of("/bin/sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.1; done");
    }

    @AfterAll
    static void close() {
        site.close();
    }

    @Test
    void theTranscriptOfTheDesign() {
        site.run("create-deployment", "foo").exits(0).printsExactly("---> Created foo\n");
        site.run("-D", "foo", "set-service", "company/redis").exits(0).prints("---> New instance id foo-redis-1-1\n");
        site.run("-D", "foo", "set-service", "redis", "{env: {A: b}}")
                .exits(0)
                .prints("---> New instance id foo-redis-2-1\n");
        site.run("list", "-D", "foo").exits(0).printsExactly("""
                foo
                    redis
                        running  instance foo-redis-2-1  version 2
                """);
        site.run("-D", "foo", "set-service", "redis", "{env: {A: b}}").exits(0).printsExactly("No changes.\n");
        site.run("remove", "foo", "--yes").exits(0);
    }

    @Test
    void imagesOfForgottenVersionsGoAndARollbackFindsItsOwn() {
        List<String> made = new ArrayList<>();
        site.writeWeb("old", "moving:1", "hello");
        for (String version : List.of("1", "2", "3")) {
            made.add(TestImages.moving(site.engine(), version));
            site.startWith("PORTOLAN_DEPLOY_KEEP_RELEASES", "1", "deploy", "old")
                    .end()
                    .exits(0);
        }
        List<String> present =
                List.of(site.engine().docker("images", "-aq", "--no-trunc").split("\\s+", -1));
        assertThat(present).doesNotContain(made.getFirst()).contains(made.get(1), made.get(2));

        site.run("-D", "old", "rollback").exits(0);
        assertThat(site.get("old.test").body()).startsWith("hello v2 ");
    }

    @Test
    void scaleStopStartRestart() {
        site.writeWeb("fleet", "web:1", "one");
        site.run("deploy", "fleet").exits(0);
        List<String> first = site.containers("fleet");

        site.run("-D", "fleet", "scale", "web=3").exits(0);
        assertThat(site.running("fleet")).containsExactly("fleet-web-1-1", "fleet-web-1-2", "fleet-web-1-3");
        assertThat(site.containers("fleet")).containsAll(first);
        site.run("-D", "fleet", "scale", "web=1").exits(0);
        assertThat(site.running("fleet")).hasSize(1);

        site.run("-D", "fleet", "stop").exits(0);
        assertThat(site.running("fleet")).isEmpty();
        assertThat(site.get("fleet.test").status()).isEqualTo(503);
        site.run("deploy", "fleet").exits(0);
        assertThat(site.running("fleet"))
                .as("what a person stopped stays stopped")
                .isEmpty();
        site.run("-D", "fleet", "start").exits(0);
        assertThat(site.get("fleet.test").status()).isEqualTo(200);

        List<String> before = site.containers("fleet");
        try (Traffic traffic = site.traffic("fleet.test")) {
            site.run("-D", "fleet", "restart").exits(0);
        }
        assertThat(site.containers("fleet")).doesNotContainAnyElementsOf(before).hasSize(1);
        site.run("deploy", "fleet").exits(0).printsExactly("No changes.\n");
    }

    @Test
    void rollbackRestoresAReleaseWholeAndRemoveLeavesNothing() {
        site.writeWeb("back", "web:1", "one", "scale: 2");
        site.run("deploy", "back").exits(0);
        site.writeWeb("back", "web:2", "two");
        site.run("deploy", "back").exits(0);
        assertThat(site.get("back.test").body()).startsWith("two v2 ");

        try (Traffic traffic = site.traffic("back.test")) {
            site.run("-D", "back", "rollback").exits(0);
        }

        assertThat(site.get("back.test").body()).startsWith("one v1 ");
        assertThat(site.names("back"))
                .allMatch(name -> name.startsWith("back-web-1-"))
                .hasSize(2);
        site.run("remove", "back", "--yes").exits(0).prints("---> Removed back");
        assertThat(site.names("back")).isEmpty();
        assertThat(site.get("back.test").status()).isEqualTo(404);
        assertThat(site.engine().docker("network", "ls", "--filter", "name=portolan-back", "-q"))
                .isEmpty();
        site.run("list").exits(0).printsNot("back");
    }

    @Test
    void removeAsksAndNobodyAnswers() {
        site.writeWeb("asked", "web:1", "one");
        site.run("deploy", "asked").exits(0);
        site.run("remove", "asked").exits(1).prints("--yes");
        assertThat(site.running("asked")).hasSize(1);
    }

    @Test
    void aPruneOfMoreThanHalfNeedsConsent() {
        String four = "Name: many\n";
        for (String service : List.of("one", "two", "three", "four")) {
            four += service + ": {image: 'web:1', ports: {}, rollout: {min_healthy: 100ms}}\n";
        }
        site.write("many/Servicefile", four);
        site.run("deploy", "many").exits(0);
        List<String> before = site.containers("many");

        site.write(
                "many/Servicefile",
                four.lines().limit(2).toList().getFirst() + "\n"
                        + four.lines().toList().get(1));
        site.run("deploy", "many").exits(1).prints("refused without consent", "--yes");
        assertThat(site.containers("many")).isEqualTo(before);

        site.run("deploy", "many", "--yes").exits(0);
        assertThat(site.running("many")).containsExactly("many-one-1-1");
    }

    @Test
    void aSavedPlanIsDeployedOnceAndRefusedWhenTheWorldMoved() throws IOException {
        site.writeWeb("saved", "web:1", "one");
        site.run("plan", "saved", "-o", "plan.json").exits(3);
        assertThat(Files.readString(site.folder().resolve("plan.json"))).contains("saved");
        site.run("deploy", "--plan", "plan.json").exits(0).prints("---> Released saved 1");
        site.run("deploy", "--plan", "plan.json").exits(1).prints("stale");

        site.writeWeb("saved", "web:2", "two");
        site.run("plan", "saved", "-o", "plan.json").exits(3);
        site.writeWeb("saved", "web:2", "three");
        site.run("deploy", "--plan", "plan.json").exits(1).prints("stale");
        assertThat(site.running("saved")).containsExactly("saved-web-1-1");
    }
}
