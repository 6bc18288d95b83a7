package org.portolan.model.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Durations;
import org.portolan.model.Platform;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.ServiceSpec.CanaryStep;
import org.portolan.model.service.ServiceSpec.ContainerOptions;
import org.portolan.model.service.ServiceSpec.EnvValue;
import org.portolan.model.service.ServiceSpec.Gate;
import org.portolan.model.service.ServiceSpec.Health;
import org.portolan.model.service.ServiceSpec.Logging;
import org.portolan.model.service.ServiceSpec.Port;
import org.portolan.model.service.ServiceSpec.Pull;
import org.portolan.model.service.ServiceSpec.Resources;
import org.portolan.model.service.ServiceSpec.Rollout;
import org.portolan.model.service.ServiceSpec.Stop;
import org.portolan.model.service.ServiceSpec.Strategy;
import org.portolan.model.service.ServiceSpec.Ulimit;
import org.portolan.model.service.ServiceSpec.Volume;

/** Reads a definition's normal form into the typed view. Runs for every service of every command: plain loops only. */
final class ServiceSpecs {
    private static final Duration MIN_HEALTHY_CHECKED = Duration.ofSeconds(2);
    private static final Duration MIN_HEALTHY_UNCHECKED = Duration.ofSeconds(1);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(1);
    /** The engine starts a process for each check, which takes long on a busy machine. */
    private static final Duration EXEC_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration BAKE = Duration.ofSeconds(30);

    private ServiceSpecs() {}

    static ServiceSpec from(String name, Definition definition) {
        Node keys = new Node(definition.keys());
        Optional<Health> health = health(keys.map("health"));
        return new ServiceSpec(
                name,
                keys.text("image", name),
                keys.optional("image_id"),
                keys.texts("cmd"),
                keys.get("entrypoint") == null ? Optional.empty() : Optional.of(keys.texts("entrypoint")),
                allEnv(keys),
                env(keys.map("inherited_env")),
                volumes(keys.map("volumes")),
                files(keys.map("files")),
                Optional.ofNullable(keys.map("backup"))
                        .map(hooks -> new ServiceSpec.Backup(hooks.texts("pre"), hooks.texts("post"))),
                ports(keys.get("ports"), keys.text(ServiceSpec.MAIN_PORT, "http")),
                ServiceSpec.NO_PORTS.equals(keys.get("ports")) || keys.flag("completes"),
                keys.textMap(Definition.WAN_MAP),
                (int) keys.number(Definition.MAX_CONNECTIONS, 0),
                health,
                rollout(keys.map("rollout"), health.isPresent()),
                stop(keys.map("stop")),
                keys.text("restart", "unless-stopped"),
                pull(keys.text("pull", "missing")),
                keys.texts("require"),
                resources(keys.map("resources")),
                options(keys),
                keys.get(JobSpec.JOBS) instanceof Map<?, ?> jobs ? JobSpec.of(jobs) : List.of(),
                keys.flag("completes"),
                databases(definition),
                keys.optional(Platform.KEY).flatMap(Platform::parse));
    }

    private static SortedMap<String, EnvValue> env(@Nullable Node written) {
        SortedMap<String, EnvValue> env = new TreeMap<>();
        if (written != null) {
            for (Map.Entry<?, ?> entry : written.map.entrySet()) {
                Object value = entry.getValue();
                env.put(
                        String.valueOf(entry.getKey()),
                        new EnvValue(Definition.text(value), Definition.isSecret(value)));
            }
        }
        return Collections.unmodifiableSortedMap(env);
    }

    /** The variables of {@code env}, and over them those of {@code docker: {Env}}, which the engine knows no better. */
    private static SortedMap<String, EnvValue> allEnv(Node keys) {
        SortedMap<String, EnvValue> env = new TreeMap<>(env(keys.map("env")));
        Node docker = keys.map("docker");
        if (docker != null && DockerKeys.find(docker.map, DockerKeys.ENV).orElse(null) instanceof List<?> words) {
            for (Object word : words) {
                String text = Definition.text(word);
                int equals = text.indexOf('=');
                if (equals > 0) {
                    env.put(
                            text.substring(0, equals),
                            new EnvValue(text.substring(equals + 1), Definition.isSecret(word)));
                }
            }
        }
        return Collections.unmodifiableSortedMap(env);
    }

    /** The labels of {@code labels}, and over them those of {@code docker: {Labels}}; never Portolan's own. */
    private static SortedMap<String, String> labels(Node keys) {
        SortedMap<String, String> labels = new TreeMap<>(keys.textMap("labels"));
        Node docker = keys.map("docker");
        if (docker != null && DockerKeys.find(docker.map, DockerKeys.LABELS).orElse(null) instanceof Map<?, ?> more) {
            more.forEach((name, value) -> labels.put(String.valueOf(name), Definition.text(value)));
        }
        labels.keySet().removeIf(Labels::isOwn);
        return Collections.unmodifiableSortedMap(labels);
    }

    static JobSpec job(String name, Map<?, ?> keys) {
        Node job = new Node(keys);
        return new JobSpec(
                name,
                job.texts("cmd"),
                env(job.map("env")),
                job.texts("require"),
                JobSpec.ONCE.equals(job.get("when")),
                JobSpec.RELEASED.equals(job.get("after")),
                duration(job.text("timeout", JobSpec.TIMEOUT)),
                (int) job.number("retries", 0));
    }

    private static List<DatabaseSpec> databases(Definition definition) {
        List<DatabaseSpec> databases = new ArrayList<>();
        for (Map.Entry<String, Map<?, ?>> entry : DatabaseSpec.maps(definition).entrySet()) {
            Node database = new Node(entry.getValue());
            databases.add(new DatabaseSpec(
                    entry.getKey(),
                    database.text(DatabaseSpec.IN, ""),
                    DatabaseSpec.Type.of(database.text(DatabaseSpec.TYPE, ""))
                            .orElseThrow(() -> new IllegalArgumentException("not a type of database in a definition")),
                    database.text(DatabaseSpec.USER, ""),
                    new EnvValue(database.text(DatabaseSpec.PASSWORD, ""), true),
                    database.text(DatabaseSpec.DATABASE, ""),
                    database.text(DatabaseSpec.ADMIN, ""),
                    database.text(DatabaseSpec.ADMIN_ENV, ""),
                    duration(database.text(DatabaseSpec.TIMEOUT, DatabaseSpec.USUAL_TIMEOUT))));
        }
        return List.copyOf(databases);
    }

    private static List<Volume> volumes(@Nullable Node written) {
        List<Volume> volumes = new ArrayList<>();
        if (written != null) {
            for (Map.Entry<?, ?> entry : written.map.entrySet()) {
                volumes.add(volume(String.valueOf(entry.getKey()), entry.getValue()));
            }
        }
        return List.copyOf(volumes);
    }

    private static Volume volume(String name, Object written) {
        if (!(written instanceof Map<?, ?> map)) {
            return new Volume(name, String.valueOf(written), Volume.Kind.NAMED, "", "local", Map.of(), false);
        }
        Node node = new Node(map);
        String bind = node.text("bind", "");
        Volume.Kind kind = !bind.isEmpty()
                ? Volume.Kind.BIND
                : node.flag("shared")
                        ? Volume.Kind.SHARED
                        : node.flag("external")
                                ? Volume.Kind.EXTERNAL
                                : node.get("driver") == null ? Volume.Kind.NAMED : Volume.Kind.DRIVER;
        return new Volume(
                name,
                node.text("target", ""),
                kind,
                bind.isEmpty() ? node.text("source", "") : bind,
                node.text("driver", "local"),
                node.textMap("options"),
                node.flag("read_only"));
    }

    private static SortedMap<String, ServiceFile> files(@Nullable Node written) {
        if (written == null) {
            return Collections.emptySortedMap();
        }
        SortedMap<String, ServiceFile> files = new TreeMap<>();
        for (Map.Entry<?, ?> entry : written.map.entrySet()) {
            String path = String.valueOf(entry.getKey());
            Node file = new Node((Map<?, ?>) entry.getValue());
            String owner = file.text("user", "0");
            int colon = owner.indexOf(':');
            int user = Integer.parseInt(colon < 0 ? owner : owner.substring(0, colon));
            files.put(
                    path,
                    new ServiceFile(
                            path,
                            file.text("content", ""),
                            file.flag("base64"),
                            file.flag("template"),
                            Definition.isSecret(file.get("content")),
                            Integer.parseInt(file.text("mode", ServiceFile.MODE), 8),
                            user,
                            colon < 0 ? user : Integer.parseInt(owner.substring(colon + 1)),
                            file.get(LiveFiles.RELOAD) instanceof Map<?, ?> reload
                                    ? Optional.of(reload(new Node(reload)))
                                    : Optional.empty()));
        }
        return Collections.unmodifiableSortedMap(files);
    }

    private static ServiceFile.Reload reload(Node written) {
        return new ServiceFile.Reload(
                written.optional("signal"),
                written.texts("cmd"),
                written.duration("deadline", duration(ServiceFile.Reload.DEADLINE)));
    }

    /** The ports, the main one first: the unnamed one, else the one that is named as the main one. */
    private static List<Port> ports(@Nullable Object written, String main) {
        List<Port> ports = new ArrayList<>();
        if (written instanceof Map<?, ?> named) {
            for (Map.Entry<String, Object> entry : TcpRange.spread(named).entrySet()) {
                String name = entry.getKey();
                int container = entry.getValue() instanceof Long number ? number.intValue() : 0;
                boolean first = name.equals(main) && named.get("") == null;
                ports.add(first ? 0 : ports.size(), new Port(name, container, !first && !named.containsKey(name)));
            }
        }
        return List.copyOf(ports);
    }

    private static Optional<Health> health(@Nullable Node written) {
        if (written == null) {
            return Optional.empty();
        }
        Health.Type type = written.get("http") != null
                ? Health.Type.HTTP
                : written.get("exec") != null ? Health.Type.EXEC : Health.Type.TCP;
        return Optional.of(new Health(
                type,
                written.text("http", ""),
                written.text("host", ""),
                env(written.map("headers")),
                written.text("port", ""),
                written.texts("exec"),
                written.duration("interval", Duration.ofSeconds(2)),
                written.duration("timeout", type == Health.Type.EXEC ? EXEC_TIMEOUT : ASK_TIMEOUT),
                (int) written.number("healthy", 2),
                (int) written.number("unhealthy", 3),
                written.duration("start_interval", Duration.ofMillis(250)),
                written.duration("start_period", Duration.ofSeconds(5)),
                written.duration("deadline", Duration.ofSeconds(60))));
    }

    private static Rollout rollout(@Nullable Node written, boolean checked) {
        Duration minHealthy = checked ? MIN_HEALTHY_CHECKED : MIN_HEALTHY_UNCHECKED;
        if (written == null) {
            return new Rollout(
                    Optional.empty(),
                    1,
                    0,
                    minHealthy,
                    Duration.ZERO,
                    Duration.ZERO,
                    List.of(),
                    List.of(),
                    Optional.empty());
        }
        Optional<Strategy> strategy = written.optional("strategy").map(ServiceSpecs::strategy);
        List<CanaryStep> steps = steps(written.list("steps"));
        if (steps.isEmpty() && strategy.equals(Optional.of(Strategy.CANARY))) {
            steps = List.of(
                    new CanaryStep(5, Optional.of(BAKE)),
                    new CanaryStep(25, Optional.of(BAKE)),
                    new CanaryStep(50, Optional.of(BAKE)),
                    new CanaryStep(100, Optional.of(Duration.ZERO)));
        }
        List<Gate> gates = gates(written.list("gates"));
        // A share of answers can only be judged after a while.
        Duration bake = steps.isEmpty() && gates.stream().anyMatch(Gate::measured) ? BAKE : Duration.ZERO;
        return new Rollout(
                strategy,
                (int) written.number("max_surge", 1),
                (int) written.number("max_unavailable", 0),
                written.duration("min_healthy", minHealthy),
                written.duration("keep_old", Duration.ZERO),
                written.duration("bake", bake),
                steps,
                gates,
                written.optional("deadline").map(ServiceSpecs::duration));
    }

    private static Strategy strategy(String word) {
        return switch (word) {
            case "blue-green" -> Strategy.BLUE_GREEN;
            case "canary" -> Strategy.CANARY;
            case "recreate" -> Strategy.RECREATE;
            default -> Strategy.ROLLING;
        };
    }

    private static List<CanaryStep> steps(List<?> written) {
        List<CanaryStep> steps = new ArrayList<>();
        for (Object item : written) {
            Node step = new Node((Map<?, ?>) item);
            Optional<Duration> bake =
                    step.flag("promote") ? Optional.empty() : Optional.of(step.duration("bake", BAKE));
            steps.add(new CanaryStep((int) step.number("weight", 100), bake));
        }
        return List.copyOf(steps);
    }

    private static List<Gate> gates(List<?> written) {
        List<Gate> gates = new ArrayList<>();
        for (Object item : written) {
            Node gate = new Node((Map<?, ?>) item);
            if (gate.get("http") != null) {
                gates.add(new Gate(Gate.Kind.HTTP, gate.text("http", "/"), List.of(), 0));
            } else if (gate.get("command") != null) {
                gates.add(new Gate(Gate.Kind.COMMAND, "", gate.texts("command"), 0));
            } else if (gate.get("errors") != null) {
                gates.add(new Gate(Gate.Kind.ERRORS, "", List.of(), Double.parseDouble(gate.text("errors", "0"))));
            } else {
                Duration limit = gate.duration("latency", Duration.ZERO);
                gates.add(new Gate(Gate.Kind.LATENCY, "", List.of(), limit.toMillis()));
            }
        }
        return List.copyOf(gates);
    }

    private static Stop stop(@Nullable Node written) {
        Duration drain = Duration.ofSeconds(30);
        Duration grace = Duration.ofSeconds(10);
        return written == null
                ? new Stop(drain, grace, Optional.empty())
                : new Stop(
                        written.duration("drain", drain), written.duration("grace", grace), written.optional("signal"));
    }

    private static Pull pull(String word) {
        return switch (word) {
            case "always" -> Pull.ALWAYS;
            case "never" -> Pull.NEVER;
            default -> Pull.MISSING;
        };
    }

    private static Resources resources(@Nullable Node written) {
        return written == null
                ? Resources.NONE
                : new Resources(
                        Double.parseDouble(written.text("cpus", "0")),
                        written.number("memory", 0),
                        written.number("memory_swap", 0),
                        written.number("cpu_shares", 0),
                        written.number("pids", 0));
    }

    private static ContainerOptions options(Node keys) {
        Node network = keys.map("network");
        Node logging = keys.map("logging");
        return new ContainerOptions(
                keys.flag("privileged"),
                keys.optional("user"),
                keys.optional("working_dir"),
                keys.optional("hostname"),
                labels(keys),
                keys.texts("cap_add"),
                keys.texts("cap_drop"),
                keys.texts("security_opt"),
                keys.texts("devices"),
                keys.number("shm_size", 0),
                keys.flag("read_only"),
                keys.textMap("tmpfs"),
                keys.textMap("sysctls"),
                ulimits(keys.map("ulimits")),
                keys.texts("dns"),
                keys.texts("extra_hosts"),
                keys.optional("pid"),
                keys.optional("ipc"),
                keys.flag("init"),
                network == null ? Optional.empty() : network.optional("mode"),
                network == null ? List.of() : network.texts("aliases"),
                network == null ? List.of() : network.texts(JoinedNetworks.JOIN),
                logging == null
                        ? Optional.empty()
                        : Optional.of(new Logging(logging.text("driver", "json-file"), logging.textMap("options"))),
                docker(keys));
    }

    private static SortedMap<String, Ulimit> ulimits(@Nullable Node written) {
        SortedMap<String, Ulimit> limits = new TreeMap<>();
        if (written != null) {
            for (Map.Entry<?, ?> entry : written.map.entrySet()) {
                Node limit = new Node((Map<?, ?>) entry.getValue());
                limits.put(
                        String.valueOf(entry.getKey()), new Ulimit(limit.number("soft", 0), limit.number("hard", 0)));
            }
        }
        return Collections.unmodifiableSortedMap(limits);
    }

    /** The {@code docker} map, over those keys that a create request has by another name. */
    private static SortedMap<String, Object> docker(Node keys) {
        Node written = keys.map("docker");
        SortedMap<String, Object> own = written == null ? new TreeMap<>() : DockerKeys.rest(written.map);
        SortedMap<String, Object> said = new TreeMap<>();
        SortedMap<String, Object> host = new TreeMap<>();
        if (keys.flag("tty")) {
            said.put("Tty", true);
        }
        if (keys.flag("stdin_open")) {
            said.put("OpenStdin", true);
        }
        if (!keys.texts("group_add").isEmpty()) {
            host.put("GroupAdd", keys.texts("group_add"));
        }
        Node udp = keys.map("udp");
        if (udp != null) {
            UdpBindings.add(udp.map, said, host);
        }
        if (!host.isEmpty()) {
            said.put(DockerKeys.HOST_CONFIG, host);
        }
        return Collections.unmodifiableSortedMap(DockerKeys.merged(said, own));
    }

    private static Duration duration(String text) {
        return Durations.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("not a duration in a definition: " + text));
    }

    /** A map of the definition's tree. */
    private record Node(Map<?, ?> map) {
        @Nullable
        Object get(String key) {
            return map.get(key);
        }

        String text(String key, String otherwise) {
            Object value = map.get(key);
            return value == null ? otherwise : Definition.text(value);
        }

        Optional<String> optional(String key) {
            Object value = map.get(key);
            return value == null ? Optional.empty() : Optional.of(Definition.text(value));
        }

        boolean flag(String key) {
            return Boolean.TRUE.equals(map.get(key));
        }

        long number(String key, long otherwise) {
            return map.get(key) instanceof Long number ? number : otherwise;
        }

        Duration duration(String key, Duration otherwise) {
            Object value = map.get(key);
            return value == null ? otherwise : ServiceSpecs.duration(String.valueOf(value));
        }

        @Nullable
        Node map(String key) {
            return map.get(key) instanceof Map<?, ?> child ? new Node(child) : null;
        }

        List<?> list(String key) {
            return map.get(key) instanceof List<?> list ? list : List.of();
        }

        List<String> texts(String key) {
            List<String> texts = new ArrayList<>();
            for (Object item : list(key)) {
                texts.add(Definition.text(item));
            }
            return List.copyOf(texts);
        }

        SortedMap<String, String> textMap(String key) {
            SortedMap<String, String> texts = new TreeMap<>();
            if (map.get(key) instanceof Map<?, ?> child) {
                for (Map.Entry<?, ?> entry : child.entrySet()) {
                    texts.put(String.valueOf(entry.getKey()), Definition.text(entry.getValue()));
                }
            }
            return Collections.unmodifiableSortedMap(texts);
        }
    }
}
