package org.portolan.importer.running;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.importer.draft.Intake;
import org.portolan.importer.draft.Part;
import org.portolan.importer.draft.Remark;
import org.portolan.model.Position;

/** One service of a running project, as a Compose file would say it: only what its image does not say. */
final class RunningService {
    /** Fields of {@code Config} that are translated, or that hold nothing of the user's. */
    private static final Set<String> KNOWN = Set.of(
            "AttachStderr",
            "AttachStdin",
            "AttachStdout",
            "Cmd",
            "Domainname",
            "Entrypoint",
            "Env",
            "ExposedPorts",
            "Healthcheck",
            "Hostname",
            "Image",
            "Labels",
            "OpenStdin",
            "StdinOnce",
            "StopSignal",
            "StopTimeout",
            "Tty",
            "User",
            "Volumes",
            "WorkingDir");

    /** Compose's keys with the same values. */
    private static final SortedMap<String, String> SAME = new TreeMap<>(Map.of(
            "Domainname",
            "domainname",
            "OpenStdin",
            "stdin_open",
            "StopSignal",
            "stop_signal",
            "Tty",
            "tty",
            "User",
            "user",
            "WorkingDir",
            "working_dir"));

    private final RunningContainer container;
    private final List<RunningContainer> all;
    private final Intake intake;
    private final Map<String, Object> body = new LinkedHashMap<>();
    private final Map<String, Part> docker = new LinkedHashMap<>();

    /**
     * Translates nothing yet.
     *
     * @param all the containers of the project
     */
    RunningService(RunningContainer container, List<RunningContainer> all, Intake intake) {
        this.container = container;
        this.all = all;
        this.intake = intake;
    }

    /** In Compose's keys. */
    Map<String, Object> body() {
        return body;
    }

    /** For {@code docker: {HostConfig: …}}. */
    Map<String, Part> docker() {
        return docker;
    }

    RunningContainer container() {
        return container;
    }

    Position at() {
        return container.at();
    }

    void translate(RunningMounts mounts, boolean only) {
        new RunningImage(container, this::remark).write(body);
        command();
        put("environment", container.environment());
        put("labels", container.userLabels());
        body.putAll(RunningPorts.of(container));
        Facts config = container.config();
        SAME.forEach((key, compose) -> {
            if (container.says(key)) {
                body.put(compose, config.at(key).text());
            }
        });
        String hostname = config.at("Hostname").text();
        if (!hostname.isEmpty() && !container.id().startsWith(hostname)) {
            body.put("hostname", hostname);
        }
        if (config.at("StopTimeout").exists()) {
            body.put("stop_grace_period", config.at("StopTimeout").text() + "s");
        }
        health();
        depends();
        networks();
        if (!container.usuallyNamed() || container.isMentioned(all)) {
            body.put("container_name", container.name());
        }
        put("volumes", mounts.of(container, only, this::lost, this::changed));
        List<String> memory = new ArrayList<>();
        container
                .host()
                .at("Tmpfs")
                .entries()
                .forEach((path, options) -> memory.add(options.says() ? path + ":" + options.text() : path));
        put("tmpfs", memory);
        docker.putAll(new HostOptions(container.host(), body, this::lost).translate());
        config.entries().forEach((key, value) -> {
            if (!KNOWN.contains(key) && container.says(key)) {
                lost("Config." + key, "no counterpart: docker: {" + key + ": …} hands it to the engine");
            }
        });
    }

    private void lost(String key, String why) {
        remark(Remark.Kind.LOST, key, why);
    }

    private void changed(String key, String how) {
        remark(Remark.Kind.CHANGED, key, how);
    }

    private void remark(Remark.Kind kind, String key, String text) {
        intake.remark(at(), kind, key, text);
    }

    private void put(String key, Map<String, ?> map) {
        if (!map.isEmpty()) {
            body.put(key, map);
        }
    }

    private void put(String key, List<?> list) {
        if (!list.isEmpty()) {
            body.put(key, list);
        }
    }

    /** The engine drops the image's command where an entry point is given. */
    private void command() {
        Facts entrypoint = container.config().at("Entrypoint");
        boolean own = !entrypoint
                .texts()
                .equals(container.imageConfig().at("Entrypoint").texts());
        Facts command = container.config().at("Cmd");
        if (own && !entrypoint.says()) {
            lost("Config.Entrypoint", "the image's is taken away; write the whole command as cmd, with its entrypoint");
        } else if (own) {
            body.put("entrypoint", entrypoint.texts());
        }
        if (own || !command.texts().equals(container.imageConfig().at("Cmd").texts())) {
            put("command", command.texts());
        }
    }

    private void health() {
        Facts check = container.config().at("Healthcheck");
        if (!check.says() || check.equals(container.imageConfig().at("Healthcheck"))) {
            return;
        }
        Map<String, Object> health = new LinkedHashMap<>();
        health.put("test", check.at("Test").texts());
        time(check, "Interval", "interval", health);
        time(check, "Timeout", "timeout", health);
        time(check, "StartPeriod", "start_period", health);
        time(check, "StartInterval", "start_interval", health);
        if (check.at("Retries").says()) {
            health.put("retries", check.at("Retries").text());
        }
        body.put("healthcheck", health);
    }

    private static void time(Facts check, String key, String name, Map<String, Object> health) {
        long nanos = check.at(key).number();
        if (nanos > 0) {
            long millis = Math.max(1, nanos / 1_000_000);
            health.put(name, millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms");
        }
    }

    /** {@code db:service_healthy:false,cache:service_started:true}; docker-compose 1 keeps nothing of it. */
    private void depends() {
        Map<String, Object> depends = new LinkedHashMap<>();
        for (String each : container.label("depends_on").split(",", -1)) {
            String[] parts = each.split(":", -1);
            if (!parts[0].isEmpty()) {
                Map<String, Object> how = new LinkedHashMap<>();
                how.put("condition", parts.length > 1 && !parts[1].isEmpty() ? parts[1] : "service_started");
                if (parts.length > 2 && parts[2].equals("true")) {
                    how.put("restart", "true");
                }
                depends.put(parts[0], how);
            }
        }
        put("depends_on", depends);
    }

    private void networks() {
        String mode = container.host().at("NetworkMode").text();
        if (mode.equals("host") || mode.equals("none") || mode.equals("bridge") || mode.startsWith("container:")) {
            body.put("network_mode", mode);
            return;
        }
        Map<String, Object> networks = new LinkedHashMap<>();
        container.container().at("NetworkSettings").at("Networks").entries().forEach((name, network) -> {
            Map<String, Object> how = new LinkedHashMap<>();
            Set<String> aliases = new TreeSet<>(network.at("Aliases").texts());
            aliases.removeIf(alias -> alias.equals(container.service())
                    || alias.equals(container.name())
                    || (alias.length() >= 12 && container.id().startsWith(alias)));
            if (!aliases.isEmpty()) {
                how.put("aliases", List.copyOf(aliases));
            }
            address(network, "IPv4Address", "ipv4_address", how);
            address(network, "IPv6Address", "ipv6_address", how);
            networks.put(network(name), how);
        });
        put("networks", networks);
    }

    private static void address(Facts network, String key, String name, Map<String, Object> how) {
        String address = network.at("IPAMConfig").at(key).text();
        if (!address.isEmpty()) {
            how.put(name, address);
        }
    }

    /** The name of a network in the project; others' networks keep theirs. */
    String network(String name) {
        String prefix = container.project() + "_";
        return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }
}
