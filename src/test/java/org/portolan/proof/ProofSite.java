package org.portolan.proof;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The site that is changed: what its Servicefile says now. A service of every strategy, each reached by a domain; one that
 * must be replaced stop-first (and so gets no traffic), a guest that comes and goes, domains that are changed under traffic.
 */
final class ProofSite {
    static final String SECURE = "secure.proof.test";
    static final String GUEST_VERSION = "1";
    static final String CHAT = "chat.proof.test";
    static final String USER = "client";
    static final String PASSWORD = "never-changes";

    /** Where the edge listens on 127.0.0.1. */
    record Ports(int http, int https, int tcp) {}

    /** Hosts and paths that must answer at any moment. */
    static final List<Target> TARGETS = List.of(
            new Target("web.proof.test", "/", List.of("web")),
            new Target("web.proof.test", "/api", List.of("api")),
            new Target("shop.proof.test", "/", List.of("shop")),
            new Target(CHAT, "/", List.of("chat")),
            new Target("moving.proof.test", "/", List.of("web", "api")));

    private static final Set<Integer> CLOSED = Set.of(401);

    /** Domains that are asked without a password all the time. */
    static final List<Doors.Door> DOORS = List.of(
            new Doors.Door(SECURE, true, CLOSED),
            new Doors.Door(SECURE, false, CLOSED),
            new Doors.Door("private.proof.test", false, CLOSED),
            new Doors.Door("also-private.proof.test", false, CLOSED),
            new Doors.Door("one.members.test", false, CLOSED));

    /** Domains that are opened and closed again, asked without a password even more often. */
    static final List<Doors.Door> VAULTS = List.of(
            new Doors.Door("vault.proof.test", false, Set.of(401, 503), "shop"),
            new Doors.Door("also-vault.proof.test", false, Set.of(401, 503), "shop"),
            new Doors.Door("one.vault.test", false, Set.of(401, 503), "shop"));

    /** What a domain is that opens and closes: {@code api} only behind a password or a maintenance page, else {@code shop}. */
    private static final List<String> VAULT = List.of(
            "http: api, AUTH",
            "http: shop",
            "http: api, maintenance: true",
            "http: shop",
            "http: api, maintenance: true, AUTH",
            "http: api, AUTH");

    /** Services with traffic, and what their Servicefile entry says about replacing them. */
    private static final Map<String, String> ROLLOUTS = new TreeMap<>(Map.of(
            "web", "strategy: rolling",
            "api", "strategy: blue-green",
            "shop", "strategy: canary, steps: [{weight: 25, bake: 500ms}, {weight: 50, bake: 500ms}, 100]",
            "chat", "strategy: rolling, max_surge: 2",
            "echo", "strategy: rolling",
            "store", "strategy: recreate"));

    private final Path folder;
    private final Ports ports;
    private final Map<String, String> versions = new TreeMap<>();
    private final Map<String, Integer> scales = new TreeMap<>();
    private final Map<String, String> broken = new TreeMap<>();
    private int next = 1;
    private boolean guest;
    private boolean extra;
    private boolean maintenance;
    private boolean moved;
    private boolean reshaped;
    private int vault;
    private int certificate;
    private int password;

    ProofSite(Path folder, Ports ports) {
        this.folder = folder;
        this.ports = ports;
        for (String service : ROLLOUTS.keySet()) {
            versions.put(service, "1");
            scales.put(service, service.equals("web") ? 3 : service.equals("store") ? 1 : 2);
        }
    }

    /** New versions for services. */
    void release(String... services) {
        next++;
        for (String service : services) {
            versions.put(service, String.valueOf(next));
        }
    }

    void releaseAll() {
        release(versions.keySet().toArray(String[]::new));
    }

    /** The next version of a service is broken: with these variables. */
    void breakService(String service, String variables) {
        release(service);
        broken.put(service, variables);
    }

    /** Takes the broken versions away again; the good ones of before are back. */
    void repair(Map<String, String> good) {
        broken.clear();
        versions.putAll(good);
    }

    Map<String, String> versions() {
        return Map.copyOf(versions);
    }

    void scale(String service, int count) {
        scales.put(service, count);
    }

    /** What must answer at once after a deploy: also what came with it. */
    List<Target> targetsNow() {
        List<Target> targets = new ArrayList<>(TARGETS);
        if (guest) {
            targets.add(new Target("guest.proof.test", "/", List.of("guest")));
        }
        if (extra) {
            targets.add(new Target("more.proof.test", "/", List.of("shop")));
        }
        targets.add(new Target("moving.proof.test", "/", List.of(moved ? "api" : "web")));
        return targets;
    }

    void toggleGuest() {
        guest = !guest;
    }

    void toggleExtra() {
        extra = !extra;
    }

    void toggleMaintenance() {
        maintenance = !maintenance;
    }

    /** The domains that open and close take their next step. */
    void turnVault() {
        vault++;
    }

    void move() {
        moved = !moved;
    }

    /** Another health check and another set of ports for a service, and a start that takes its time. */
    void reshape() {
        reshaped = !reshaped;
        release("api");
    }

    void newCertificate() {
        certificate++;
    }

    void newPassword() {
        password++;
    }

    /** Writes the Servicefile. */
    void write() throws IOException, InterruptedException {
        String pem = "certificate-" + certificate + ".pem";
        if (!Files.exists(folder.resolve(pem))) {
            ProofCertificates.make(folder, pem, SECURE);
        }
        StringBuilder text = new StringBuilder("Name: proof\nDomains:\n");
        text.append("  web.proof.test: {http: web, paths: {/api: api}}\n");
        text.append("  shop.proof.test: {http: shop}\n");
        text.append("  ").append(CHAT).append(": {http: chat}\n");
        text.append("  moving.proof.test: {http: ")
                .append(moved ? "api" : "web")
                .append("}\n");
        text.append("  ")
                .append(SECURE)
                .append(": {http: web, cert: ")
                .append(pem)
                .append(", key: ")
                .append(pem);
        text.append(".key, auth_mode: basic, auth: {").append(USER).append(": ").append(PASSWORD);
        text.append(", other: secret-").append(password).append("}}\n");
        text.append("  other.proof.test: {http: web, maintenance: ")
                .append(maintenance)
                .append("}\n");
        String auth = "auth_mode: basic, auth: {" + USER + ": " + PASSWORD + ", other: secret-" + password + "}";
        text.append("  private.proof.test: {http: ").append(moved ? "web" : "api");
        text.append(", aliases: [also-private.proof.test], ").append(auth).append("}\n");
        text.append("  \"*.members.test\": {http: api, ").append(auth).append("}\n");
        String open = VAULT.get(vault % VAULT.size()).replace("AUTH", auth);
        text.append("  vault.proof.test: {aliases: [also-vault.proof.test], ")
                .append(open)
                .append("}\n");
        text.append("  \"*.vault.test\": {").append(open).append("}\n");
        text.append("  echo.proof.test: {tcp: \"").append(ports.tcp()).append(", proof:echo:echo\"}\n");
        if (extra) {
            text.append("  extra.proof.test: {http: shop, aliases: [more.proof.test]}\n");
        }
        if (guest) {
            text.append("  guest.proof.test: {http: guest}\n");
            service(text, "guest", GUEST_VERSION, 1, "strategy: rolling", "");
        }
        for (Map.Entry<String, String> service : ROLLOUTS.entrySet()) {
            String name = service.getKey();
            service(
                    text,
                    name,
                    versions.getOrDefault(name, "1"),
                    scales.getOrDefault(name, 1),
                    service.getValue(),
                    broken.getOrDefault(name, ""));
        }
        Files.writeString(folder.resolve("Servicefile"), text, StandardCharsets.UTF_8);
    }

    private void service(StringBuilder text, String name, String version, int scale, String rollout, String broken) {
        text.append(name).append(":\n  image: ").append(ProofPrograms.IMAGE).append('\n');
        text.append("  env: {NAME: ").append(name).append(", VERSION: \"").append(broken.isEmpty() ? "" : "bad-");
        text.append(version)
                .append('"')
                .append(reshaped && name.equals("api") ? ", START_AFTER: \"1500\"" : "")
                .append(broken.isEmpty() ? "" : ", " + broken)
                .append("}\n");
        text.append("  ports: {http: 8000")
                .append(name.equals("echo") ? ", echo: 7000" : "")
                .append("}\n");
        text.append("  health: {http: /up, port: http, interval: 500ms, start_interval: 100ms, deadline: ");
        text.append(broken.isEmpty() ? "60s" : "3s").append("}\n");
        text.append("  scale: ").append(scale).append('\n');
        text.append("  rollout: {").append(rollout).append(", min_healthy: 300ms}\n");
    }
}
