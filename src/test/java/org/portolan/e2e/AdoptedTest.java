package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A project that docker-compose runs: imported from its containers, and its place taken with all data. */
@Tag("e2e")
class AdoptedTest {
    private static final String COMPOSE = """
            version: "3.9"
            services:
              web:
                image: web:1
                ports: ["18347:8000"]
                environment: {MESSAGE: "costs 5$$", API_TOKEN: abc}
                restart: always
              store:
                image: idle:1
                command: sh -c "trap 'exit 0' TERM; while :; do sleep 0.1; done"
                volumes: ["data:/data"]
                stop_grace_period: 3s
                restart: unless-stopped
            volumes: {data: }
            """;

    private TrialSite site;

    @BeforeEach
    void open() {
        site = TrialSite.open();
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void takesThePlaceOfARunningProjectAndKeepsItsData() throws IOException {
        site.write("shop/docker-compose.yml", COMPOSE);
        tool("docker-compose", "-p", "shop", "up", "-d");
        site.engine().docker("exec", "shop_store_1", "sh", "-c", "echo precious > /data/it");
        String created = site.engine().docker("volume", "inspect", "shop_data", "--format", "{{.CreatedAt}}");

        site.write("new/README", "");
        site.run("import", "--running", "shop", "-o", "new/Servicefile").exits(0);
        String text = site.read("new/Servicefile");
        assertThat(text)
                .contains(
                        "Name: shop\n", "image: web:1", "MESSAGE: costs 5$", "{external: shop_data}", "restart: always")
                .doesNotContain("abc");

        // What does not come up leaves the project as it was.
        site.write(
                "new/Bad",
                text.replaceFirst("(?m)^web:\\n", "web:\n  health: {http: /up, deadline: 2s}\n")
                        .replace("image: web:1", "image: web:1\n  cmd: [\"false\"]"));
        Ran failed = site.run("deploy", "new/Bad", "--adopt-containers", "shop", "--yes");
        failed.exits(1);
        assertThat(running())
                .as(failed.toString())
                .contains("shop_web_1", "shop_store_1")
                .doesNotContain("shop-");
        assertThat(site.engine().docker("inspect", "shop_web_1", "--format", "{{.HostConfig.RestartPolicy.Name}}"))
                .isEqualTo("always\n");
        assertThat(body()).startsWith("costs 5$ v1");

        site.run("deploy", "new/Servicefile").exits(4).prints("18347: in use by docker-proxy");
        site.write("new/Inside", text.replaceFirst("(?m)^  wan_map: .*\\n", ""));
        Ran beside = site.run("deploy", "new/Inside");
        assertThat(beside.status()).as(beside.toString()).isNotZero();
        beside.prints("start store beside shop_store_1, which runs and mounts the volume shop_data");
        assertThat(running())
                .as("nobody agreed")
                .contains("shop_web_1", "shop_store_1")
                .doesNotContain("shop-");

        site.run("plan", "new/Servicefile", "--adopt-containers", "shop").exits(3);
        site.run("deploy", "new/Servicefile", "--adopt-containers", "shop", "--yes")
                .exits(0);
        assertThat(running()).contains("shop-web-", "shop-store-").doesNotContain("shop_");
        assertThat(body()).startsWith("costs 5$ v1");
        String store =
                site.engine().docker("ps", "-q", "--filter", "name=shop-store").strip();
        assertThat(site.engine().docker("exec", store, "cat", "/data/it")).isEqualTo("precious\n");
        assertThat(site.engine().docker("volume", "inspect", "shop_data", "--format", "{{.CreatedAt}}"))
                .isEqualTo(created);
        assertThat(site.run("deploy", "new/Servicefile").exits(0).out()).contains("No changes.");
        assertThat(site.run("deploy", "new/Servicefile", "--adopt-containers", "shop")
                        .exits(0)
                        .out())
                .contains("No changes.");
    }

    private String running() {
        return site.engine().docker("ps", "-a", "--format", "{{.Names}}");
    }

    private static String body() throws IOException {
        try (InputStream in = URI.create("http://127.0.0.1:18347/").toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void tool(String... command) {
        Map<String, String> environment = new TreeMap<>(site.environment());
        Program.start(site.folder().resolve("shop"), environment, List.of(command))
                .end()
                .exits(0);
    }
}
