package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.portolan.testing.PrivateDocker;

/** Parts that are down, lost or broken: nothing is destroyed, what serves continues, and the message says what to do. */
@Tag("e2e")
class TroubleTest extends DeployedShop {
    @Test
    void aStoreThatDoesNotAnswer() {
        site.writeWeb("shop", "web:2", "two");
        Ran ran = site.startWith("PORTOLAN_REDIS", "redis://127.0.0.1:1", "deploy", "shop")
                .end();
        ran.exits(4).prints("127.0.0.1:1");
        servesUntouched();
    }

    @Test
    void aStoreThatWasFlushed() {
        String socket = site.home().resolve("store/redis.sock").toString();
        Program.start(site.folder(), site.environment(), List.of("redis-cli", "-s", socket, "flushall"))
                .end()
                .exits(0);

        site.run("deploy", "shop").exits(0).printsExactly("No changes.\n");

        servesUntouched();
        site.run("list").exits(0).prints("running  instance shop-web-1-1  version 1");
        site.writeWeb("shop", "web:2", "two");
        try (Traffic traffic = site.traffic("shop.test")) {
            site.run("deploy", "shop").exits(0);
        }
        assertThat(site.names("shop")).containsExactly("shop-web-2-1");
    }

    @Test
    void aStateDirectoryWithGarbage() throws IOException {
        garbage("key");
        site.writeWeb("shop", "web:2", "two");
        site.run("deploy", "shop").exits(1).prints(site.home().resolve("key").toString());
        servesUntouched();
    }

    @Test
    void anInstallationFileWithGarbage() throws IOException {
        Path file = site.home().resolve("installation");
        String id = Files.readString(file);
        garbage("installation");
        site.run("deploy", "shop").exits(1).prints(file.toString());
        servesUntouched();
        Files.writeString(file, id);
        site.run("deploy", "shop").exits(0).printsExactly("No changes.\n");
    }

    @Test
    void anInstallationFileThatWasLost() throws IOException {
        Path file = site.home().resolve("installation");
        String id = Files.readString(file);
        Files.delete(file);
        site.run("deploy", "shop").exits(0).printsExactly("No changes.\n");
        servesUntouched();
        assertThat(file).hasContent(id);
    }

    @Test
    void aStoreOfAnotherInstallation() throws IOException {
        Path file = site.home().resolve("installation");
        String id = Files.readString(file);
        Files.writeString(file, "0badcafe\n");
        site.run("create-deployment", "other").exits(4).prints("belongs to installation " + id.strip());
        Files.writeString(file, id);
        servesUntouched();
    }

    @Test
    void aStoreFileWithGarbage() throws IOException {
        site.run("system", "down", "--yes").exits(0);
        try (var files = Files.walk(site.home().resolve("store"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.toString().contains("aof") || file.toString().endsWith(".rdb")) {
                    Files.writeString(file, "garbage");
                }
            }
        }
        site.run("deploy", "shop").exits(0).prints("---> Repaired the proxies", "moved to", "store/broken-");
        servesUntouched();
        site.run("deploy", "shop").exits(0).printsExactly("No changes.\n");
    }

    @Test
    void proxyFilesWithGarbage() throws IOException {
        try (var files = Files.walk(site.home().resolve("proxies"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.toString().endsWith(".json")) {
                    Files.writeString(file, "garbage");
                }
            }
        }
        site.writeWeb("shop", "web:2", "two");
        Ran ran = site.run("deploy", "shop");
        assertThat(ran.err()).doesNotContain("internal error");
        assertThat(site.get("shop.test").status()).isEqualTo(200);
    }

    @Test
    void anEngineThatIsDown() {
        try (PrivateDocker engine = PrivateDocker.start("--live-restore");
                TrialSite alone = TrialSite.on(engine)) {
            alone.writeWeb("shop", "web:1", "one");
            alone.run("deploy", "shop").exits(0);
            List<String> containers = alone.containers("shop");
            engine.crash();
            alone.writeWeb("shop", "web:2", "two");

            alone.run("deploy", "shop").exits(4).prints(engine.socket().toString());
            alone.run("plan", "shop").exits(4);
            alone.run("doctor").prints("engine");

            assertThat(alone.get("shop.test").body()).as("traffic goes on").startsWith("one v1 ");
            engine.restart();
            assertThat(alone.containers("shop")).isEqualTo(containers);
            alone.run("deploy", "shop").exits(0);
            assertThat(alone.names("shop")).containsExactly("shop-web-2-1");
        }
    }

    @Test
    void anEngineThatIsRestartedInARelease() {
        try (PrivateDocker engine = PrivateDocker.start();
                TrialSite alone = TrialSite.on(engine)) {
            alone.writeWeb("shop", "web:1", "one", "scale: 2");
            alone.run("deploy", "shop").exits(0);
            alone.writeWeb("shop", "web:2", "two", "scale: 2", "rollout: {min_healthy: 2s}");
            Program deploy = alone.start("deploy", "shop").printed("New instance id");

            engine.restart();

            deploy.end().exits(0);
            assertThat(alone.get("shop.test").body()).startsWith("two v2 ");
            assertThat(alone.running("shop")).containsExactly("shop-web-2-1", "shop-web-2-2");
            alone.run("deploy", "shop").exits(0).printsExactly("No changes.\n");
        }
    }

    private void garbage(String name) throws IOException {
        Files.writeString(site.home().resolve(name), "garbage\0garbage");
    }
}
