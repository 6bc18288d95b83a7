package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A Compose file with an image that is built here: imported, deployed, and compared with what docker-compose makes of it. */
@Tag("e2e")
class ImportedTest {
    private static final String COMPOSE = """
            version: "3.9"
            services:
              web:
                build: {context: ./web, args: [COLOUR=blue]}
                ports: ["18345:8000"]
                env_file: web.env
                environment: {MESSAGE: "hello ${WHO:-world}", API_TOKEN: abc}
                labels:
                  - traefik.http.routers.web.rule=Host(`shop.test`)
                  - com.example.team=shop
                depends_on: [cache]
                healthcheck: {test: ["CMD", "wget", "-q", "-O-", "http://localhost:8000/up"], interval: 1s, start_period: 20s}
                read_only: false
                tmpfs: ["/run:size=4m"]
                ulimits: {nofile: {soft: 1000, hard: 2000}}
                extra_hosts: ["printer:192.0.2.7"]
                shm_size: 32m
                stop_grace_period: 3s
                restart: always
                volumes: ["uploads:/uploads", "./conf:/conf:ro"]
              cache:
                image: idle:1
                command: sh -c "trap 'exit 0' TERM; echo \\"cache of $$HOSTNAME\\"; while :; do sleep 0.1; done"
                user: "1000:1000"
                working_dir: /tmp
                hostname: cache
                cap_drop: [ALL]
                cap_add: [NET_BIND_SERVICE]
                security_opt: ["no-new-privileges:true"]
                dns: [192.0.2.53]
                init: true
                sysctls: {net.core.somaxconn: 256}
                logging: {driver: json-file, options: {max-size: 1m}}
                stop_signal: SIGINT
                deploy: {resources: {limits: {memory: 64M}}}
            volumes: {uploads: }
            """;
    private static final ObjectMapper JSON = new ObjectMapper();

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
    void isWhatDockerComposeMakesOfIt() throws IOException {
        site.write("shop/compose.yaml", COMPOSE);
        site.write("shop/web.env", "FROM_FILE=yes # comment\n");
        site.write("shop/.env", "WHO=you\n");
        site.write("shop/conf/a.conf", "a=1\n");
        site.write("shop/web/Dockerfile", "FROM web:1\nARG COLOUR\nENV COLOUR=${COLOUR}\n");
        tool("docker-compose", "-p", "shop", "--compatibility", "up", "--no-start");

        site.run("import", "shop/compose.yaml", "-o", "shop/Servicefile").exits(0);
        String text = site.read("shop/Servicefile");
        String build = text.lines()
                .filter(line -> line.contains("docker build"))
                .map(line -> line.substring(line.indexOf("docker build")))
                .findFirst()
                .orElseThrow();
        tool("sh", "-c", build);
        site.run("validate", "shop/Servicefile").exits(0);
        site.run("deploy", "shop/Servicefile", "--yes").exits(0);

        assertThat(site.get("shop.test").body()).startsWith("hello you v1 ");
        for (String service : List.of("web", "cache")) {
            assertThat(made(inspect("shop-" + service + "-1-1")))
                    .as(service + " in\n" + text)
                    .isEqualTo(made(inspect("shop_" + service + "_1")));
        }
        assertThat(site.engine().docker("exec", "shop-web-1-1", "cat", "/conf/a.conf"))
                .isEqualTo("a=1\n");
        tool("docker-compose", "-p", "shop", "down", "--volumes");
    }

    private void tool(String... command) {
        Map<String, String> environment = new TreeMap<>(site.environment());
        environment.put("DOCKER_BUILDKIT", "0");
        environment.put("COMPOSE_DOCKER_CLI_BUILD", "0");
        Ran ran = Program.start(site.folder().resolve("shop"), environment, List.of(command))
                .end();
        ran.exits(0);
    }

    private JsonNode inspect(String container) throws IOException {
        return JSON.readTree(site.engine().docker("inspect", container)).get(0);
    }

    /** What a user says of a container, without what Portolan and Compose add themselves. */
    private static Map<String, Object> made(JsonNode container) {
        Map<String, Object> made = new TreeMap<>();
        JsonNode config = container.get("Config");
        for (String key : List.of("Cmd", "Entrypoint", "User", "WorkingDir", "StopSignal", "Tty", "OpenStdin")) {
            made.put(key, plain(config.get(key)));
        }
        if (!container.get("Id").asText().startsWith(config.get("Hostname").asText())) {
            made.put("Hostname", config.get("Hostname").asText());
        }
        TreeSet<String> variables = new TreeSet<>();
        config.get("Env").forEach(variable -> {
            String text = variable.asText();
            if (!text.matches("(PORT(_.*)?|DEPLOY_ID|(WEB|CACHE)_(HOST|URL|PORT.*)|PATH)=.*")) {
                variables.add(text);
            }
        });
        made.put("Env", variables);
        TreeSet<String> labels = new TreeSet<>();
        config.get("Labels").properties().forEach(label -> {
            if (!label.getKey().matches("(com\\.docker\\.compose|org\\.portolan|traefik)\\..*")) {
                labels.add(label.getKey() + "=" + label.getValue().asText());
            }
        });
        made.put("Labels", labels);
        JsonNode host = container.get("HostConfig");
        for (String key : List.of(
                "Memory",
                "CapAdd",
                "CapDrop",
                "ReadonlyRootfs",
                "Tmpfs",
                "Ulimits",
                "ExtraHosts",
                "ShmSize",
                "SecurityOpt",
                "Dns",
                "Init",
                "Sysctls",
                "LogConfig",
                "Privileged")) {
            made.put(key, plain(host.get(key)));
        }
        TreeSet<String> mounts = new TreeSet<>();
        container.get("Mounts").forEach(mount -> {
            if (!mount.get("Destination").asText().equals("/conf")) {
                mounts.add(mount.get("Destination").asText() + " " + mount.get("RW"));
            }
        });
        made.put("Mounts", mounts);
        return made;
    }

    /** A value as text; nothing, false and empty lists are the same, and sets have an order. */
    private static String plain(JsonNode node) {
        if (node == null
                || node.isNull()
                || (node.isContainerNode() && node.isEmpty())
                || node.asText().equals("false")) {
            return "";
        }
        if (node.isArray() && node.get(0).isTextual()) {
            List<String> words = new ArrayList<>();
            node.forEach(item -> words.add(item.asText()
                    .replaceFirst("^CAP_", "")
                    .replaceFirst("no-new-privileges[:=]", "no-new-privileges:")));
            return words.toString();
        }
        return node.toString();
    }
}
