package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.model.service.Domain;
import org.portolan.process.Commands;

/**
 * Protected domains are asked without pause, without their password and with old ones, while everything around them changes,
 * starts, stops and is lost. An answer of a service to somebody who may not have it is a fault, and so is any other answer
 * than the declared one unless the proxies themselves are missing.
 */
@Tag("real")
class ClosedDoorsRealTest {
    private static final String CLOSED = "closed";
    private static final String DIGEST = DoorHammer.DIGEST;
    private static final List<String> PASSWORDS = List.of("", "one", "two", DIGEST + "one", DIGEST + "two");

    @TempDir
    Path folder;

    private ProxyFixture fixture;
    private OriginServer web;
    private OriginServer api;
    private int webMesh;
    private int apiMesh;

    /** How a name is declared; a kind that is none of a password's lets everybody get the same. */
    private record Door(String kind, String service) {
        Domain domain(String host, String... aliases) {
            ProxyFixture.Named named = ProxyFixture.domain(host).route("/", ProxyFixture.target(service));
            for (String alias : aliases) {
                named.alias(alias);
            }
            switch (kind) {
                case "one", "two" -> named.auth("ann", kind);
                case DIGEST + "one", DIGEST + "two" -> named.digest("ann", kind.substring(DIGEST.length()));
                case "redirect" -> named.redirect();
                case "maintenance" -> named.maintenance();
                default -> {}
            }
            return named.make();
        }

        DoorHammer.Rule rule() {
            TreeMap<String, String> words = new TreeMap<>();
            words.put(
                    "",
                    switch (kind) {
                        case "open" -> "200 " + service;
                        case "redirect" -> "301";
                        case "maintenance" -> "503";
                        case CLOSED -> "404";
                        default -> "401";
                    });
            if (PASSWORDS.contains(kind)) {
                words.put(kind, "200 " + service);
            }
            return new DoorHammer.Rule(words);
        }
    }

    @BeforeEach
    void start() throws IOException {
        fixture = new ProxyFixture(folder.resolve("proxies"));
        web = new OriginServer("web");
        api = new OriginServer("api");
        webMesh = ProxyFixture.free();
        apiMesh = ProxyFixture.free();
        fixture.proxy.ensureRunning();
    }

    @AfterEach
    void stop() {
        fixture.close();
        web.close();
        api.close();
    }

    private void apply(Domain... domains) {
        fixture.proxy.apply(fixture.part(
                List.of(
                        ProxyFixture.http("web", webMesh, ProxyFixture.ready(ProxyFixture.id("web", 1, 1), web.port())),
                        ProxyFixture.http(
                                "api", apiMesh, ProxyFixture.ready(ProxyFixture.id("api", 1, 1), api.port()))),
                domains));
    }

    /** All kinds to all kinds, same service and another, for an exact name, an alias, a wildcard and "*". */
    @Test
    void everyChangeServesWhatWasOrWhatWillBeAndNobodyElse() throws Exception {
        List<Door> doors = new ArrayList<>();
        for (String kind : List.of("open", "one", DIGEST + "one", DIGEST + "two", "maintenance", "redirect")) {
            doors.add(new Door(kind, "web"));
            doors.add(new Door(kind, "api"));
        }
        // Every ordered pair once, as one walk for each name, begun elsewhere so that names change differently.
        List<Door> walk = walk(doors);
        Map<String, Integer> offsets = new TreeMap<>(Map.of("exact.org", 0, "other.org", 17, "*.w.org", 39, "*", 63));
        Door gone = new Door(CLOSED, "");
        Random random = new Random(14);
        Map<String, Door> before = new TreeMap<>();
        List<String> hosts = List.of("exact.org", "other.org", "alias.org", "any.w.org", "own.w.org", "any.where.net");
        try (DoorHammer hammer = new DoorHammer(fixture.http, hosts, PASSWORDS)) {
            for (int step = 0; step < walk.size(); step++) {
                Map<String, Door> after = new TreeMap<>();
                for (Map.Entry<String, Integer> name : offsets.entrySet()) {
                    after.put(name.getKey(), walk.get((step + name.getValue()) % walk.size()));
                }
                if (random.nextInt(5) == 0) {
                    after.remove("*");
                }
                if (random.nextInt(5) == 0) {
                    after.remove("*.w.org");
                }
                if (random.nextInt(2) == 0) {
                    after.put("own.w.org", doors.get(random.nextInt(doors.size())));
                }
                if (random.nextInt(4) == 0) {
                    after.remove("exact.org");
                }
                for (String host : hosts) {
                    Door was = door(before, host, gone);
                    Door will = door(after, host, gone);
                    hammer.allow(host, was.rule(), will.rule());
                }
                List<Domain> domains = new ArrayList<>();
                after.forEach((name, door) ->
                        domains.add(name.equals("other.org") ? door.domain(name, "alias.org") : door.domain(name)));
                apply(domains.toArray(Domain[]::new));
                for (String host : hosts) {
                    hammer.allow(host, door(after, host, gone).rule());
                }
                hammer.rounds(1);
                before = after;
            }
            assertThat(hammer.faults).as(hammer.asked + " answers").isEmpty();
            assertThat(hammer.asked.get()).isGreaterThan(1000);
        }
    }

    private static Door door(Map<String, Door> doors, String host, Door gone) {
        String name = host.equals("alias.org") ? "other.org" : host;
        String parent = "*" + name.substring(name.indexOf('.'));
        return Objects.requireNonNullElse(
                doors.get(name), Objects.requireNonNullElse(doors.get(parent), doors.getOrDefault("*", gone)));
    }

    /** A closed walk over every ordered pair of different doors. */
    private static List<Door> walk(List<Door> doors) {
        Map<Door, List<Door>> left = new java.util.HashMap<>();
        for (Door door : doors) {
            left.put(
                    door,
                    new ArrayList<>(
                            doors.stream().filter(other -> !other.equals(door)).toList()));
        }
        List<Door> walk = new ArrayList<>();
        java.util.ArrayDeque<Door> path = new java.util.ArrayDeque<>(List.of(doors.getFirst()));
        while (!path.isEmpty()) {
            List<Door> next = Objects.requireNonNull(left.get(path.peek()));
            if (next.isEmpty()) {
                walk.add(path.pop());
            } else {
                path.push(next.removeLast());
            }
        }
        return walk;
    }

    /** Many protected domains, so that a start takes its time. */
    private List<String> manyProtected(List<Domain> domains) {
        List<String> hosts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            hosts.add("d" + i + ".org");
            domains.add(new Door(kind(i), "web").domain("d" + i + ".org"));
        }
        domains.add(new Door("two", "web").domain("*.w.org"));
        domains.add(new Door("open", "api").domain("*"));
        domains.add(new Door("maintenance", "web").domain("m.org"));
        domains.add(new Door("redirect", "web").domain("r.org"));
        return hosts;
    }

    private static String kind(int i) {
        return i % 2 == 0 ? "one" : DIGEST + "one";
    }

    private static DoorHammer.Rule rule(String host) {
        return new Door(kind(Integer.parseInt(host.substring(1, host.indexOf('.')))), "web").rule();
    }

    private void expect(DoorHammer hammer, List<String> hosts) {
        hosts.forEach(host -> hammer.allow(host, rule(host)));
        hammer.allow("any.w.org", new Door("two", "web").rule());
        hammer.allow("m.org", new Door("maintenance", "web").rule());
        hammer.allow("r.org", new Door("redirect", "web").rule());
        hammer.allow("any.where.net", new Door("open", "api").rule());
    }

    @Test
    void noStartNoStopAndNoKillOpensADoor() throws Exception {
        List<Domain> domains = new ArrayList<>();
        List<String> hosts = new ArrayList<>(manyProtected(domains));
        apply(domains.toArray(Domain[]::new));
        List<String> protectedHosts = List.copyOf(hosts);
        hosts.addAll(List.of("any.w.org", "m.org", "r.org", "any.where.net"));
        try (DoorHammer hammer = new DoorHammer(fixture.http, hosts, PASSWORDS)) {
            expect(hammer, protectedHosts);
            hammer.rounds(1);
            for (List<String> killed :
                    List.of(List.<String>of(), List.of("haproxy"), List.of("nginx"), List.of("nginx", "haproxy"))) {
                hammer.lossy(true);
                if (killed.isEmpty()) {
                    fixture.proxy.stop();
                }
                for (String name : killed) {
                    kill(name);
                }
                fixture.proxy.ensureRunning();
                hammer.lossy(false);
                hammer.rounds(1);
            }
            assertThat(hammer.faults).as(hammer.asked + " answers").isEmpty();
        }
    }

    @Test
    void noLossOfAFileOpensADoorAndTheNextCommandMakesItGood() throws Exception {
        List<Domain> domains = new ArrayList<>();
        List<String> protectedHosts = manyProtected(domains).subList(0, 3);
        apply(domains.toArray(Domain[]::new));
        List<String> hosts = new ArrayList<>(protectedHosts);
        hosts.addAll(List.of("any.w.org", "m.org", "r.org", "any.where.net"));
        Path sites = new ProxyLayout(fixture.settings).sites();
        try (DoorHammer hammer = new DoorHammer(fixture.http, hosts, PASSWORDS)) {
            expect(hammer, protectedHosts);
            hammer.rounds(1);
            List<Path> lost = new ArrayList<>(List.of(
                    sites.resolve("current/d0.org"),
                    sites.resolve("current/d1.org"),
                    sites.resolve("current/d1.org").toRealPath(),
                    sites.resolve("current/*.w.org"),
                    sites.resolve("current/*"),
                    sites.resolve("current/m.org"),
                    sites.resolve("current/r.org"),
                    sites.resolve("current/d0.org").toRealPath(),
                    sites.resolve("current/d0.org/users").toRealPath(),
                    sites.resolve("current"),
                    sites.resolve("current").toRealPath(),
                    sites.resolve("names"),
                    sites.resolve("policies"),
                    sites));
            for (String name : List.of(
                    "maps/names.map",
                    "maps/routes.map",
                    "maps/retired.map",
                    "maps/digest.map",
                    "maps/digest.lua",
                    "secret-digest",
                    "maps",
                    "nginx.conf")) {
                lost.add(fixture.proxy.folder().resolve(name));
            }
            for (Path path : lost) {
                hammer.lossy(true);
                delete(path);
                hammer.rounds(1);
                fixture.proxy.ensureRunning();
                hammer.lossy(false);
                hammer.rounds(1);
                assertThat(hammer.faults).as("without " + path).isEmpty();
            }
            // All of them at once, and started from what is left.
            hammer.lossy(true);
            fixture.proxy.stop();
            delete(sites);
            delete(fixture.proxy.folder().resolve("maps"));
            delete(fixture.proxy.folder().resolve("secret-key"));
            LocalProxy next = LocalProxy.open(fixture.settings);
            next.ensureRunning();
            hammer.lossy(false);
            hammer.rounds(1);
            assertThat(hammer.faults).isEmpty();
        }
    }

    /** The folder of the proxies is missing while they run: they serve by what they know, or nobody. */
    @Test
    void proxiesWithoutTheirFolderOpenNothing() throws Exception {
        List<Domain> domains = new ArrayList<>();
        List<String> protectedHosts = manyProtected(domains).subList(0, 5);
        apply(domains.toArray(Domain[]::new));
        List<String> hosts = new ArrayList<>(protectedHosts);
        hosts.addAll(List.of("any.w.org", "m.org", "r.org"));
        Path kept = folder.resolve("kept");
        copy(fixture.proxy.folder().resolve("parts"), kept);
        try (DoorHammer hammer = new DoorHammer(fixture.http, hosts, PASSWORDS)) {
            protectedHosts.forEach(host -> hammer.allow(host, rule(host)));
            hammer.allow("any.w.org", new Door("two", "web").rule());
            hammer.allow("m.org", new Door("maintenance", "web").rule());
            hammer.allow("r.org", new Door("redirect", "web").rule());
            hammer.lossy(true);
            delete(fixture.proxy.folder());
            hammer.rounds(1);
            fixture.proxy.stop();
            LocalProxy next = LocalProxy.open(fixture.settings);
            Files.createDirectories(fixture.proxy.folder());
            copy(kept, fixture.proxy.folder().resolve("parts"));
            try {
                next.ensureRunning();
            } catch (org.portolan.model.Failure taken) {
                // Those from before may hold the ports; then they, and not these, answer.
                assertThat(taken).hasMessageContaining("cannot listen");
            }
            hammer.rounds(2);
            assertThat(hammer.faults).as(hammer.asked + " answers").isEmpty();
        } finally {
            kill("haproxy");
            kill("nginx");
        }
    }

    /** What is put back from before a change leads nowhere. */
    @ParameterizedTest
    @ValueSource(strings = {"one", DIGEST + "one"})
    void anOldLinkThatReturnsOpensNothing(String kind) throws Exception {
        apply(new Door("open", "web").domain("a.org"));
        Path names = new ProxyLayout(fixture.settings).sites().resolve("current/a.org");
        Path open = Files.readSymbolicLink(names);
        apply(new Door(kind, "web").domain("a.org"));
        assertThat(fixture.status("a.org", "/")).isEqualTo("401");
        Files.delete(names);
        Files.createSymbolicLink(names, open);
        assertThat(names)
                .as("the policy of before is kept for what is under way")
                .exists();
        assertThat(fixture.status("a.org", "/")).isEqualTo("503");
    }

    /** The sandbox's own: nothing else of this name runs in its process namespace. */
    private static void kill(String name) throws InterruptedException {
        long end = System.nanoTime() + 10_000_000_000L;
        while (Commands.run(List.of("pkill", "-KILL", "-x", name), Duration.ofSeconds(5))
                        .succeeded()
                && System.nanoTime() < end) {
            Thread.sleep(10);
        }
    }

    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path) && !Files.isSymbolicLink(path)) {
            try (Stream<Path> files = Files.walk(path)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } else {
            Files.deleteIfExists(path);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(String.valueOf(file.getFileName())));
            }
        }
    }
}
