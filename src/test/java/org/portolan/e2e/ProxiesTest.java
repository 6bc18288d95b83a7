package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Proxies and store that were killed or taken down come back as they were. */
@Tag("e2e")
class ProxiesTest extends DeployedShop {
    /** Kills the program's first process; nginx's workers live on without it and keep its port. */
    private void kill(String program) {
        List<Long> processes = site.processes(program);
        assertThat(processes).as(program).isNotEmpty();
        processes.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        Waiting.until(program + " is gone", () -> site.processes(program).isEmpty());
    }

    @Test
    void proxiesThatWereKilledComeBackWithTheNextDeploy() {
        kill("haproxy");
        kill("nginx");
        assertThat(site.get("shop.test").status()).isNotEqualTo(200);

        site.run("plan", "shop").exits(0).prints("warning: nginx is not running", "No changes.");
        site.run("deploy", "shop")
                .exits(0)
                .prints("---> Repaired the proxies", "HAProxy is not running: start HAProxy");

        servesUntouched();
        site.run("deploy", "shop").exits(0).printsExactly("No changes.\n");
    }

    @Test
    void allThatWasKilledComesBackWithSystemUp() {
        kill("haproxy");
        kill("nginx");
        kill("redis");

        site.run("system", "up").exits(0).prints("---> Store up", "---> Proxies up");

        servesUntouched();
        site.run("deploy", "shop").exits(0).printsExactly("No changes.\n");
        site.run("history", "-D", "shop").exits(0).prints("1   done");
    }

    /** `auth` alone is HTTP Digest: it comes and changes without a reload, and the password is in no file of Portolan. */
    @Test
    void aDomainWithDigestComesAndChangesItsPassword() throws IOException {
        String file = site.read("shop/Servicefile");
        String guarded =
                file.replace("{http: web}}", "{http: web}, guarded.test: {http: web, auth: {internal: hunter2}}}");
        site.write("shop/Servicefile", guarded);
        List<Long> haproxy = site.processes("haproxy");

        site.run("deploy", "shop").exits(0).prints("guarded.test").printsNot("hunter2");

        assertThat(digest("hunter2")).endsWith("200");
        assertThat(digest("wrong")).endsWith("401");
        site.run("deploy", "shop").exits(0).printsExactly("No changes.\n");
        site.write("shop/Servicefile", guarded.replace("hunter2", "hunter3"));
        site.run("plan", "shop").exits(3).prints("password of internal changed").printsNot("hunter");
        site.run("deploy", "shop").exits(0).printsNot("hunter");
        assertThat(digest("hunter2")).endsWith("401");
        assertThat(digest("hunter3")).endsWith("200");
        servesUntouched();
        assertThat(site.processes("haproxy")).as("HAProxy was not reloaded").isEqualTo(haproxy);
        try (var files = java.nio.file.Files.walk(site.home())) {
            for (var one : files.filter(java.nio.file.Files::isRegularFile).toList()) {
                assertThat(new String(
                                java.nio.file.Files.readAllBytes(one), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .as(one.toString())
                        .doesNotContain("hunter");
            }
        }
    }

    private String digest(String password) {
        return org.portolan.process.Commands.run(
                        List.of(
                                "curl",
                                "-s",
                                "-w",
                                "%{http_code}",
                                "--digest",
                                "-u",
                                "internal:" + password,
                                "-H",
                                "Host: guarded.test",
                                "http://127.0.0.1:" + site.environment().get("PORTOLAN_EDGE_HTTP") + "/"),
                        java.time.Duration.ofSeconds(20))
                .output();
    }

    /** Begins a release whose new instance is on trial for a while. */
    private Program release() {
        site.writeWeb("shop", "web:2", "two", "rollout: {min_healthy: 3s}");
        return site.start("deploy", "shop").printed("New instance id");
    }

    /** Whatever became of a release, the next command ends where the files say. */
    private void converges() {
        site.run("deploy", "shop").exits(0);
        assertThat(site.get("shop.test").body()).startsWith("two v2 ");
        assertThat(site.names("shop")).hasSize(1);
        site.run("deploy", "shop").exits(0).printsExactly("No changes.\n");
    }

    @Test
    void aReleaseGoesOnWhenTheProxiesAreKilled() {
        Program deploy = release();
        kill("haproxy");
        kill("nginx");

        deploy.end().exits(0);

        assertThat(site.get("shop.test").body()).startsWith("two v2 ");
        converges();
    }

    @Test
    void nothingIsDestroyedWhenTheStoreIsKilledInARelease() {
        Program deploy = release();
        kill("redis");
        Ran ran = deploy.end();

        assertThat(ran.status()).as("%s", ran).isIn(0, 4);
        assertThat(site.get("shop.test").status()).isEqualTo(200);
        converges();
    }

    @Test
    void proxiesWhoseFilesAreLostAreEnded() throws java.io.IOException {
        try (var files = java.nio.file.Files.walk(site.home().resolve("proxies"))) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                java.nio.file.Files.delete(file);
            }
        }
        site.run("system", "status")
                .exits(0)
                .prints("haproxy  running", "nginx    running", "is missing while they are running");
        site.run("system", "down", "--yes").exits(0).prints("---> Proxies down");
        assertThat(site.processes("haproxy")).isEmpty();
        assertThat(site.processes("nginx")).isEmpty();
        site.run("deploy", "shop").exits(0);
        servesUntouched();
    }

    @Test
    void downAndUpAgain() {
        site.run("system", "down", "--yes").exits(0).prints("---> Proxies down", "---> Store down");
        assertThat(site.get("shop.test").status()).isEqualTo(0);
        for (String program : List.of("haproxy", "nginx", "redis")) {
            Waiting.until(program + " is gone", () -> site.processes(program).isEmpty());
        }
        site.run("system", "status").exits(0).prints("not running");
        assertThat(site.processes("redis")).as("a status starts nothing").isEmpty();

        site.run("system", "up").exits(0);

        servesUntouched();
        site.run("deploy", "shop").exits(0).printsExactly("No changes.\n");
    }
}
