package org.portolan;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The may-import table: every package of the program, the floor that it stands on, and all that it may import. What is not
 * listed here fails {@link ArchitectureTest}; docs/architecture.md shows the same table.
 */
final class MayImport {
    static final String BEGIN =
            "<!-- the table below is written from org.portolan.MayImport: mvn -Dtest=ArchitectureTest"
                    + " -Dupdate test -->";
    static final String END = "<!-- end of the table -->";

    /** From the ground up. A package imports its own floor and those below it. */
    enum Floor {
        VALUES("values"),
        PORTS("ports"),
        PURE("pure"),
        MACHINE("machine"),
        ADAPTERS("adapters"),
        USE_CASES("use cases"),
        DOORS("doors"),
        APP("app");

        private final String words;

        Floor(String words) {
            this.words = words;
        }

        /** No I/O, no clock, no threads: time is an input. */
        boolean pure() {
            return this == VALUES || this == PURE;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /**
     * One package.
     *
     * @param name without the root
     * @param imports packages of the program, without the root
     * @param libraries by name
     */
    record Room(Floor floor, String name, List<String> imports, List<String> libraries) {}

    /** Packages of a library, and its name. */
    static final Map<String, String> LIBRARIES = new TreeMap<>(Map.ofEntries(
            Map.entry("com.fasterxml.jackson", "Jackson"),
            Map.entry("com.github.dockerjava", "docker-java"),
            Map.entry("com.github.mustachejava", "Mustache.java"),
            Map.entry("org.apache.commons.codec", "commons-codec"),
            Map.entry("io.prometheus", "Prometheus"),
            Map.entry("org.apache.sshd", "Apache MINA sshd"),
            Map.entry("org.bouncycastle", "Bouncy Castle"),
            Map.entry("jdk.net", "the JDK's sockets"),
            Map.entry("org.eclipse.jetty", "Jetty"),
            Map.entry("org.eclipse.jgit", "JGit"),
            Map.entry("org.slf4j", "SLF4J"),
            Map.entry("org.yaml.snakeyaml", "SnakeYAML"),
            Map.entry("picocli", "picocli"),
            Map.entry("redis.clients", "Jedis"),
            Map.entry("redis.embedded", "embedded-redis")));

    static final List<Room> TABLE = List.of(
            new Room(Floor.VALUES, "model", List.of(), List.of()),
            new Room(Floor.VALUES, "model.labels", List.of(), List.of()),
            new Room(Floor.VALUES, "model.event", List.of("model", "model.labels"), List.of()),
            new Room(Floor.VALUES, "model.service", List.of("model", "model.labels"), List.of()),
            new Room(Floor.VALUES, "model.container", List.of("model", "model.labels", "model.service"), List.of()),
            new Room(Floor.VALUES, "model.routing", List.of("model.labels", "model.service"), List.of()),
            new Room(Floor.VALUES, "model.state", List.of("model", "model.event", "model.service"), List.of()),
            new Room(Floor.PURE, "template", List.of(), List.of("Mustache.java")),
            new Room(Floor.PURE, "json", List.of(), List.of("Jackson")),
            new Room(
                    Floor.PURE,
                    "model.json",
                    List.of("json", "model", "model.container", "model.event", "model.service", "model.state"),
                    List.of()),
            new Room(Floor.PURE, "servicefile.yaml", List.of("model"), List.of("SnakeYAML")),
            new Room(
                    Floor.PURE,
                    "servicefile.format",
                    List.of("model", "model.labels", "model.service", "servicefile.yaml", "source"),
                    List.of()),
            new Room(
                    Floor.PURE,
                    "servicefile.decode",
                    List.of("model", "model.service", "servicefile.format", "servicefile.yaml"),
                    List.of()),
            new Room(
                    Floor.PURE,
                    "servicefile.expand",
                    List.of(
                            "model",
                            "model.service",
                            "servicefile.decode",
                            "servicefile.format",
                            "servicefile.yaml",
                            "source"),
                    List.of()),
            new Room(
                    Floor.PURE,
                    "servicefile",
                    List.of(
                            "model",
                            "model.service",
                            "servicefile.decode",
                            "servicefile.expand",
                            "servicefile.format",
                            "servicefile.yaml",
                            "source"),
                    List.of()),
            new Room(
                    Floor.PURE,
                    "servicefile.reference",
                    List.of("json", "servicefile.decode", "servicefile.format"),
                    List.of()),
            new Room(
                    Floor.PURE,
                    "importer.draft",
                    List.of("model", "model.service", "servicefile.format", "servicefile.yaml", "source"),
                    List.of()),
            new Room(
                    Floor.PURE,
                    "importer.compose",
                    List.of("importer.draft", "model", "servicefile.format", "servicefile.yaml"),
                    List.of()),
            new Room(
                    Floor.PURE,
                    "importer.kamal",
                    List.of("importer.draft", "servicefile.format", "servicefile.yaml"),
                    List.of()),
            new Room(
                    Floor.PURE,
                    "importer.kaylee",
                    List.of("importer.draft", "servicefile.format", "servicefile.yaml"),
                    List.of()),
            new Room(
                    Floor.PURE,
                    "importer.marathon",
                    List.of("importer.draft", "model", "servicefile.format", "servicefile.yaml"),
                    List.of()),
            new Room(
                    Floor.PURE,
                    "importer.running",
                    List.of(
                            "importer.compose",
                            "importer.draft",
                            "model",
                            "model.container",
                            "model.labels",
                            "servicefile.yaml"),
                    List.of()),
            new Room(
                    Floor.PURE,
                    "importer",
                    List.of(
                            "importer.compose",
                            "importer.draft",
                            "importer.kamal",
                            "importer.kaylee",
                            "importer.marathon",
                            "importer.running",
                            "model",
                            "model.container",
                            "servicefile.yaml",
                            "source"),
                    List.of()),
            new Room(
                    Floor.PURE,
                    "plan",
                    List.of(
                            "model",
                            "model.container",
                            "model.labels",
                            "model.routing",
                            "model.service",
                            "model.state"),
                    List.of()),
            new Room(Floor.PURE, "plan.json", List.of("json", "model", "model.json", "plan"), List.of()),
            new Room(Floor.PURE, "databases", List.of("model.labels", "model.service"), List.of()),
            new Room(Floor.PURE, "reconcile", List.of("model.state"), List.of()),
            new Room(Floor.PURE, "jobs", List.of("model", "model.container", "model.service", "plan"), List.of()),
            new Room(
                    Floor.PURE,
                    "rollout",
                    List.of(
                            "databases",
                            "jobs",
                            "model",
                            "model.container",
                            "model.event",
                            "model.labels",
                            "model.routing",
                            "model.service",
                            "plan"),
                    List.of()),
            new Room(
                    Floor.PURE,
                    "routing",
                    List.of("model", "model.labels", "model.routing", "model.service", "template"),
                    List.of("Bouncy Castle", "Mustache.java", "commons-codec")),
            new Room(Floor.PURE, "webhook", List.of("json"), List.of()),
            new Room(
                    Floor.PURE,
                    "notify.message",
                    List.of("json", "model", "model.event", "template"),
                    List.of("Mustache.java")),
            new Room(Floor.PORTS, "outgoing", List.of(), List.of()),
            new Room(Floor.PORTS, "source", List.of("model", "model.service"), List.of()),
            new Room(Floor.PORTS, "engine", List.of("model", "model.container"), List.of()),
            new Room(Floor.PORTS, "proxy", List.of("model.labels", "model.routing"), List.of()),
            new Room(Floor.PORTS, "store", List.of("model", "model.event", "model.service", "model.state"), List.of()),
            new Room(Floor.PORTS, "probe", List.of("model.service"), List.of()),
            new Room(Floor.MACHINE, "process", List.of("model"), List.of()),
            new Room(Floor.MACHINE, "socket", List.of("model"), List.of()),
            new Room(
                    Floor.MACHINE,
                    "config",
                    List.of("model", "model.service", "process", "servicefile.decode", "source", "store"),
                    List.of()),
            new Room(
                    Floor.ADAPTERS,
                    "engine.docker",
                    List.of(
                            "engine",
                            "json",
                            "model",
                            "model.container",
                            "model.labels",
                            "model.service",
                            "process",
                            "socket"),
                    List.of("docker-java")),
            new Room(
                    Floor.ADAPTERS,
                    "store.redis",
                    List.of(
                            "json",
                            "model",
                            "model.event",
                            "model.json",
                            "model.service",
                            "model.state",
                            "process",
                            "socket",
                            "store"),
                    List.of("Bouncy Castle", "Jedis")),
            new Room(
                    Floor.ADAPTERS,
                    "proxy.haproxy",
                    List.of("model", "model.labels", "model.routing", "process", "routing", "socket"),
                    List.of()),
            new Room(
                    Floor.ADAPTERS,
                    "proxy.nginx",
                    List.of("model", "model.routing", "model.service", "process", "routing"),
                    List.of()),
            new Room(
                    Floor.ADAPTERS,
                    "proxy.local",
                    List.of(
                            "json",
                            "model",
                            "model.json",
                            "model.labels",
                            "model.routing",
                            "model.service",
                            "process",
                            "proxy",
                            "proxy.haproxy",
                            "proxy.nginx",
                            "routing"),
                    List.of()),
            new Room(
                    Floor.ADAPTERS,
                    "source.git",
                    List.of("model", "model.service", "process", "socket", "source"),
                    List.of("JGit")),
            new Room(
                    Floor.ADAPTERS,
                    "probe.socket",
                    List.of("engine", "model", "model.service", "probe", "process"),
                    List.of()),
            new Room(Floor.ADAPTERS, "outgoing.http", List.of("outgoing", "process"), List.of()),
            new Room(
                    Floor.USE_CASES,
                    "notify",
                    List.of(
                            "config",
                            "controller",
                            "model",
                            "model.event",
                            "model.service",
                            "model.state",
                            "notify.message",
                            "outgoing",
                            "process",
                            "reconcile",
                            "release",
                            "store",
                            "webhook"),
                    List.of()),
            new Room(
                    Floor.USE_CASES,
                    "release",
                    List.of(
                            "databases",
                            "engine",
                            "jobs",
                            "model",
                            "model.container",
                            "model.event",
                            "model.labels",
                            "model.routing",
                            "model.service",
                            "model.state",
                            "plan",
                            "probe",
                            "proxy",
                            "rollout",
                            "store"),
                    List.of()),
            new Room(
                    Floor.USE_CASES,
                    "operate",
                    List.of(
                            "engine",
                            "model",
                            "model.container",
                            "model.event",
                            "model.labels",
                            "model.routing",
                            "model.service",
                            "model.state",
                            "plan",
                            "plan.json",
                            "proxy",
                            "release",
                            "rollout",
                            "store"),
                    List.of()),
            new Room(
                    Floor.USE_CASES,
                    "doctor",
                    List.of(
                            "config",
                            "engine",
                            "model",
                            "model.container",
                            "model.event",
                            "model.labels",
                            "model.routing",
                            "model.service",
                            "model.state",
                            "probe",
                            "process",
                            "proxy",
                            "release",
                            "store"),
                    List.of()),
            new Room(
                    Floor.USE_CASES,
                    "query",
                    List.of(
                            "engine",
                            "model",
                            "model.container",
                            "model.event",
                            "model.labels",
                            "model.routing",
                            "model.service",
                            "model.state",
                            "process",
                            "proxy",
                            "release",
                            "rollout",
                            "store"),
                    List.of()),
            new Room(
                    Floor.USE_CASES,
                    "query.json",
                    List.of(
                            "json",
                            "model.container",
                            "model.event",
                            "model.json",
                            "model.labels",
                            "model.service",
                            "model.state",
                            "query"),
                    List.of()),
            new Room(
                    Floor.USE_CASES,
                    "remote",
                    List.of(
                            "bundle",
                            "controller",
                            "doctor",
                            "json",
                            "model",
                            "model.container",
                            "model.event",
                            "model.json",
                            "model.labels",
                            "model.routing",
                            "model.state",
                            "operate",
                            "plan.json",
                            "process",
                            "query",
                            "query.json",
                            "reconcile",
                            "release",
                            "socket",
                            "sync"),
                    List.of()),
            new Room(
                    Floor.USE_CASES,
                    "sync",
                    List.of(
                            "config",
                            "json",
                            "model",
                            "model.routing",
                            "model.service",
                            "model.state",
                            "operate",
                            "plan",
                            "plan.json",
                            "process",
                            "proxy",
                            "release",
                            "rollout",
                            "servicefile",
                            "servicefile.expand",
                            "source",
                            "store"),
                    List.of()),
            new Room(
                    Floor.USE_CASES,
                    "bundle",
                    List.of("json", "model", "model.service", "servicefile.expand", "source", "sync"),
                    List.of()),
            new Room(
                    Floor.USE_CASES,
                    "controller",
                    List.of(
                            "config",
                            "engine",
                            "model",
                            "model.container",
                            "model.event",
                            "model.labels",
                            "model.routing",
                            "model.service",
                            "model.state",
                            "operate",
                            "plan",
                            "proxy",
                            "reconcile",
                            "release",
                            "source",
                            "store",
                            "sync"),
                    List.of()),
            new Room(
                    Floor.USE_CASES,
                    "imports",
                    List.of(
                            "engine",
                            "importer",
                            "importer.draft",
                            "model",
                            "model.container",
                            "model.labels",
                            "model.service",
                            "process",
                            "servicefile",
                            "servicefile.expand",
                            "source"),
                    List.of()),
            new Room(Floor.USE_CASES, "backup", List.of("model", "process", "store"), List.of()),
            new Room(Floor.USE_CASES, "install", List.of("model", "process"), List.of()),
            new Room(Floor.USE_CASES, "access", List.of("model", "model.event", "model.state", "store"), List.of()),
            new Room(
                    Floor.DOORS,
                    "metrics",
                    List.of(
                            "controller",
                            "engine",
                            "model",
                            "model.container",
                            "model.event",
                            "model.state",
                            "proxy",
                            "reconcile",
                            "release",
                            "store"),
                    List.of("Prometheus")),
            new Room(
                    Floor.DOORS,
                    "page",
                    List.of(
                            "model",
                            "model.container",
                            "model.event",
                            "model.labels",
                            "model.routing",
                            "model.service",
                            "model.state",
                            "plan",
                            "query",
                            "template"),
                    List.of("Mustache.java")),
            new Room(
                    Floor.DOORS,
                    "gitserver",
                    List.of(
                            "access",
                            "config",
                            "controller",
                            "model",
                            "model.event",
                            "model.service",
                            "model.state",
                            "plan",
                            "process",
                            "release",
                            "source",
                            "store",
                            "sync"),
                    List.of("Apache MINA sshd", "JGit")),
            new Room(
                    Floor.DOORS,
                    "cli",
                    List.of(
                            "access",
                            "backup",
                            "config",
                            "controller",
                            "doctor",
                            "importer",
                            "importer.draft",
                            "imports",
                            "install",
                            "json",
                            "model",
                            "model.container",
                            "model.event",
                            "model.labels",
                            "model.routing",
                            "model.service",
                            "model.state",
                            "notify",
                            "operate",
                            "plan",
                            "plan.json",
                            "process",
                            "query",
                            "query.json",
                            "reconcile",
                            "release",
                            "servicefile",
                            "sync"),
                    List.of("picocli")),
            new Room(
                    Floor.DOORS,
                    "http",
                    List.of(
                            "bundle",
                            "controller",
                            "doctor",
                            "engine",
                            "gitserver",
                            "json",
                            "model",
                            "model.container",
                            "model.event",
                            "model.json",
                            "model.routing",
                            "model.service",
                            "model.state",
                            "notify",
                            "operate",
                            "page",
                            "plan",
                            "plan.json",
                            "process",
                            "proxy",
                            "query",
                            "query.json",
                            "reconcile",
                            "release",
                            "servicefile",
                            "store",
                            "sync",
                            "webhook"),
                    List.of("Jetty", "the JDK's sockets")),
            new Room(
                    Floor.APP,
                    "app",
                    List.of(
                            "access",
                            "cli",
                            "config",
                            "controller",
                            "doctor",
                            "engine",
                            "engine.docker",
                            "gitserver",
                            "http",
                            "install",
                            "metrics",
                            "model",
                            "model.container",
                            "model.event",
                            "model.routing",
                            "model.service",
                            "model.state",
                            "notify",
                            "operate",
                            "outgoing.http",
                            "plan.json",
                            "probe",
                            "probe.socket",
                            "process",
                            "proxy",
                            "proxy.local",
                            "query",
                            "reconcile",
                            "release",
                            "remote",
                            "routing",
                            "source",
                            "source.git",
                            "store",
                            "store.redis",
                            "sync"),
                    List.of()));

    private MayImport() {}

    static String page() {
        StringBuilder text = new StringBuilder("| floor | package | may import | libraries |\n|---|---|---|---|\n");
        for (int floor = Floor.values().length - 1; floor >= 0; floor--) {
            for (Room room : TABLE) {
                if (room.floor().ordinal() == floor) {
                    text.append("| ")
                            .append(room.floor())
                            .append(" | `")
                            .append(room.name())
                            .append("` | ")
                            .append(String.join(", ", room.imports()))
                            .append(" | ")
                            .append(String.join(", ", room.libraries()))
                            .append(" |\n");
                }
            }
        }
        return text.toString();
    }
}
