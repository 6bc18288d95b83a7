package org.portolan.proof;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The site that an old program deploys and a new one takes over: a service of each sort (every kind of health check, an
 * image's own check, volumes of either kind, an address outside the domains, several ports), a domain of each sort.
 */
final class UpgradeSite {
    static final int DIRECT = 9090;
    static final List<Target> TARGETS = List.of(
            new Target("web.proof.test", "/", List.of("web")),
            new Target("web.proof.test", "/api", List.of("api")),
            new Target("www.proof.test", "/", List.of("web")),
            new Target("any.open.test", "/", List.of("api")),
            new Target("split.proof.test", "/", List.of("web", "api")),
            new Target("checked.proof.test", "/", List.of("checked")),
            new Target("exec.proof.test", "/", List.of("exec")),
            new Target(ProofSite.CHAT, "/", List.of("chat")));

    private static final Set<Integer> PASSWORD = Set.of(401);
    static final List<Doors.Door> DOORS = List.of(
            new Doors.Door(ProofSite.SECURE, true, PASSWORD),
            new Doors.Door(ProofSite.SECURE, false, PASSWORD),
            new Doors.Door("private.proof.test", false, PASSWORD),
            new Doors.Door("one.members.test", false, PASSWORD),
            new Doors.Door("moved.proof.test", false, Set.of(301, 308)),
            new Doors.Door("closed.proof.test", false, Set.of(503)));

    private final Path folder;
    private final ProofSite.Ports ports;

    UpgradeSite(Path folder, ProofSite.Ports ports) {
        this.folder = folder;
        this.ports = ports;
    }

    /**
     * Writes the Servicefile.
     *
     * @param version what {@code web}, {@code api}, {@code echo}, {@code exec} and {@code checked} say that they are
     * @param healthy whether {@code api} ever becomes healthy
     */
    void write(int version, boolean healthy) throws IOException, InterruptedException {
        if (!Files.exists(folder.resolve("site.pem"))) {
            ProofCertificates.make(folder, "site.pem", ProofSite.SECURE, "moved.proof.test");
        }
        String text = """
                Name: proof
                Domains:
                  web.proof.test: {http: web, paths: {/api: api}, aliases: [www.proof.test], sticky: true}
                  split.proof.test: {http: {web: 3, api: 1}}
                  "*.open.test": {http: api}
                  checked.proof.test: {http: checked}
                  exec.proof.test: {http: exec}
                  chat.proof.test: {http: chat}
                  secure.proof.test:
                    {http: web, aliases: [private.proof.test], cert: site.pem, key: site.pem.key, auth_mode: basic, auth: {client: never-changes}}
                  "*.members.test": {http: api, auth_mode: basic, auth: {client: never-changes}}
                  moved.proof.test: {http: web, cert: site.pem, key: site.pem.key, redirect_https: true}
                  closed.proof.test: {http: api, maintenance: true}
                  echo.proof.test: {tcp: "TCP, proof:echo:echo"}
                web:
                  image: SERVER
                  env: {NAME: web, VERSION: "RELEASE", PEER: "{API_URL}", TOKEN: {secret: not-a-real-one}}
                  ports: {http: 8000}
                  health: {http: /up, interval: 500ms, start_interval: 100ms}
                  scale: 3
                  require: [db]
                  rollout: {min_healthy: 300ms}
                api:
                  image: SERVER
                  env: {NAME: api, VERSION: "RELEASE"BROKEN}
                  ports: {http: 8000, admin: 7000}
                  health: {http: /up, port: http, interval: 500ms, start_interval: 100ms, deadline: 3s}
                  scale: 2
                  rollout: {strategy: blue-green, min_healthy: 300ms}
                chat:
                  image: SERVER
                  env: {NAME: chat, VERSION: "1"}
                  ports: {http: 8000}
                  health: /up
                echo:
                  image: SERVER
                  env: {NAME: echo, VERSION: "RELEASE"}
                  ports: {echo: 7000}
                  health: {tcp: echo}
                  scale: 2
                  rollout: {min_healthy: 300ms}
                exec:
                  image: SERVER
                  env: {NAME: exec, VERSION: "RELEASE"}
                  port: 8000
                  health: {exec: [/server, check], timeout: 10s}
                  rollout: {min_healthy: 300ms}
                checked:
                  image: CHECKED
                  env: {NAME: checked, VERSION: "RELEASE"}
                keeping:
                  image: KEEPING
                  env: {NAME: keeping, VERSION: "1"}
                db:
                  image: SERVER
                  env: {NAME: db, VERSION: "1"}
                  port: 7000
                  volumes: {data: /var/lib/db}
                  health: {tcp: true}
                direct:
                  image: SERVER
                  env: {NAME: direct, VERSION: "1"}
                  ports: {http: 8000}
                  wan_map: {"127.0.0.1:DIRECT": http}
                """;
        text = text.replace("SERVER", ProofImages.SERVER)
                .replace("CHECKED", ProofImages.CHECKED)
                .replace("KEEPING", ProofImages.KEEPING)
                .replace("RELEASE", String.valueOf(version))
                .replace("TCP", String.valueOf(ports.tcp()))
                .replace("DIRECT", String.valueOf(DIRECT))
                .replace("BROKEN", healthy ? "" : ", HEALTH: never");
        Files.writeString(folder.resolve("Servicefile"), text, StandardCharsets.UTF_8);
    }
}
