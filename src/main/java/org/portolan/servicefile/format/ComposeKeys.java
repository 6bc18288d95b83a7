package org.portolan.servicefile.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.portolan.servicefile.yaml.YamlNode;

/** The words of Compose (and a few of docker run and Kubernetes) that a Servicefile says otherwise, each with what to write. */
public final class ComposeKeys {
    private static final String NOTHING = "no equivalent";

    /** Keys of a Compose service that a Servicefile has under the same name. */
    public static final List<String> SAME = List.of(
            "cap_add",
            "cap_drop",
            "devices",
            "dns",
            "entrypoint",
            "extra_hosts",
            "group_add",
            "hostname",
            "image",
            "init",
            "ipc",
            "labels",
            "logging",
            "pid",
            "platform",
            "ports",
            "privileged",
            "read_only",
            "restart",
            "scale",
            "security_opt",
            "shm_size",
            "stdin_open",
            "sysctls",
            "tmpfs",
            "tty",
            "ulimits",
            "user",
            "volumes",
            "working_dir");

    /** Keys of a Compose service to what a Servicefile has instead. */
    static final Map<String, String> SERVICE = new TreeMap<>(Map.ofEntries(
            Map.entry("annotations", "docker: {HostConfig: {Annotations: {KEY: VALUE}}}"),
            Map.entry("attach", NOTHING),
            Map.entry("blkio_config", "docker: {HostConfig: {BlkioWeight: 300}}"),
            Map.entry("build", "build the image first (docker build), then write image: company/web:1.4"),
            Map.entry("cgroup", "docker: {HostConfig: {CgroupnsMode: host}}"),
            Map.entry("cgroup_parent", "docker: {HostConfig: {CgroupParent: NAME}}"),
            Map.entry("command", "cmd: text for /bin/sh -c, or a list of arguments"),
            Map.entry("configs", "files: {/etc/web.conf: conf/web.conf}"),
            Map.entry(
                    "container_name",
                    "no equivalent: Portolan names instances; other services use <SERVICE>_HOST and <SERVICE>_PORT"),
            Map.entry("cpu_count", "resources: {cpus: 2}"),
            Map.entry("cpu_percent", "resources: {cpus: 0.5}"),
            Map.entry("cpu_period", "resources: {cpus: 0.5}"),
            Map.entry("cpu_quota", "resources: {cpus: 0.5}"),
            Map.entry("cpu_rt_period", "docker: {HostConfig: {CpuRealtimePeriod: 1000000}}"),
            Map.entry("cpu_rt_runtime", "docker: {HostConfig: {CpuRealtimeRuntime: 950000}}"),
            Map.entry("cpu_shares", "resources: {cpu_shares: 512}"),
            Map.entry("cpus", "resources: {cpus: 0.5}"),
            Map.entry("cpuset", "docker: {HostConfig: {CpusetCpus: \"0,1\"}}"),
            Map.entry("credential_spec", NOTHING),
            Map.entry("depends_on", "require: [db], which waits until it is healthy"),
            Map.entry("deploy", "scale:, resources:, rollout: and restart: of the service"),
            Map.entry("develop", NOTHING),
            Map.entry("device_cgroup_rules", "docker: {HostConfig: {DeviceCgroupRules: [\"c 1:3 mr\"]}}"),
            Map.entry("dns_opt", "docker: {HostConfig: {DnsOptions: [\"ndots:1\"]}}"),
            Map.entry("dns_search", "docker: {HostConfig: {DnsSearch: [example.org]}}"),
            Map.entry("domainname", "docker: {Domainname: example.org}"),
            Map.entry("env_file", "env_files: [web.env]"),
            Map.entry("environment", "env: {NAME: value}, or a list of NAME=value"),
            Map.entry("expose", "ports: {http: 8000}"),
            Map.entry("extends", "YAML anchors (x-base: &base {…} and <<: *base), Includes: or a template"),
            Map.entry(
                    "external_links",
                    "use the domain of the other deployment's service, or extra_hosts: {db: 192.0.2.7}"),
            Map.entry("gpus", "docker: {HostConfig: {DeviceRequests: [{Count: -1, Capabilities: [[gpu]]}]}}"),
            Map.entry("healthcheck", "health: {http: /up}, {tcp: true} or {exec: COMMAND}"),
            Map.entry("isolation", NOTHING),
            Map.entry("label_file", "labels: {team: shop}"),
            Map.entry("links", "not needed: services of a deployment find each other by name and as <SERVICE>_HOST"),
            Map.entry("mac_address", "docker: {MacAddress: \"02:42:ac:11:65:43\"}"),
            Map.entry("mem_limit", "resources: {memory: 512m}"),
            Map.entry("mem_reservation", "docker: {HostConfig: {MemoryReservation: 268435456}}"),
            Map.entry("mem_swappiness", "docker: {HostConfig: {MemorySwappiness: 10}}"),
            Map.entry("memswap_limit", "resources: {memory_swap: 1g}"),
            Map.entry("models", NOTHING),
            Map.entry("network_mode", "network: host or network: none"),
            Map.entry("networks", "not needed: each deployment has a network; network: {aliases: [cache]} adds names"),
            Map.entry("oom_kill_disable", "docker: {HostConfig: {OomKillDisable: true}}"),
            Map.entry("oom_score_adj", "docker: {HostConfig: {OomScoreAdj: 100}}"),
            Map.entry("pids_limit", "resources: {pids: 200}"),
            Map.entry("post_start", NOTHING),
            Map.entry("pre_stop", NOTHING),
            Map.entry("profiles", "a parameter, or scale: 0 for services that should not run"),
            Map.entry("provider", NOTHING),
            Map.entry("pull_policy", "pull: missing, always or never"),
            Map.entry("runtime", "docker: {HostConfig: {Runtime: NAME}}"),
            Map.entry(
                    "secrets",
                    "files: {/run/secrets/NAME: {content: \"%%NAME%%\", secret: true}}, env_files: [web.env], or"
                            + " env: {NAME: {secret: \"%%NAME%%\"}}"),
            Map.entry("stop_grace_period", "stop: {grace: 30s}"),
            Map.entry("stop_signal", "stop: {signal: SIGINT}"),
            Map.entry("storage_opt", "docker: {HostConfig: {StorageOpt: {size: 1G}}}"),
            Map.entry("use_api_socket", "volumes: {/var/run/docker.sock: /var/run/docker.sock}"),
            Map.entry("userns_mode", "docker: {HostConfig: {UsernsMode: host}}"),
            Map.entry("uts", "docker: {HostConfig: {UTSMode: host}}"),
            Map.entry("volumes_from", "volumes: of each service that needs them")));

    private static final Map<String, String> OTHERS = Map.ofEntries(
            Map.entry("args", "cmd: a list of arguments"),
            Map.entry("containers", "one service for each container"),
            Map.entry("containerPort", "ports: {http: 8000}"),
            Map.entry("domain", "Domains: {example.org: {http: web}} at the top of the file"),
            Map.entry("domains", "Domains: {example.org: {http: web}} at the top of the file"),
            Map.entry("envFrom", "env_files: [web.env]"),
            Map.entry("host", "Domains: {example.org: {http: web}} at the top of the file"),
            Map.entry("livenessProbe", "health: {http: /up}"),
            Map.entry("memory", "resources: {memory: 512m}"),
            Map.entry("mounts", "volumes: {data: /srv/data}"),
            Map.entry("net", "network: host or network: none"),
            Map.entry("publish", "ports: {http: 8000}; to publish one, use wan_map: {\":80\": http}"),
            Map.entry("readinessProbe", "health: {http: /up}"),
            Map.entry("replicas", "scale: 3"),
            Map.entry("routes", "Domains: {example.org: {http: web}} at the top of the file"),
            Map.entry("startupProbe", "health: {http: /up, deadline: 5m}"),
            Map.entry("update_config", "rollout: {max_surge: 1}"),
            Map.entry("workdir", "working_dir: /srv"));

    private static final Map<String, String> HEALTH = Map.of(
            "test", "exec: the command itself, without CMD or CMD-SHELL",
            "retries", "unhealthy: 3",
            "start_interval", "start_interval: 1s",
            "disable", "health: none",
            "path", "http: /up",
            "cmd", "exec: COMMAND",
            "command", "exec: COMMAND");

    private static final Map<String, String> RESOURCES = Map.of(
            "limits", "cpus: and memory: directly under resources",
            "reservations", "no equivalent: only limits are supported",
            "mem", "memory: 512m",
            "cpu", "cpus: 0.5");

    private static final Map<String, String> VOLUME = Map.of(
            "type", "bind: /path for a bind mount, driver: NAME for a volume of another driver",
            "external", "driver: local and source: NAME, which mount an existing volume",
            "volume", "read_only:, driver: and options: directly under the volume",
            "readonly", "read_only: true",
            "tmpfs", "tmpfs: {/tmp: size=64m} of the service");

    private ComposeKeys() {}

    /**
     * What to write for an unknown key.
     *
     * @param what the map that it stands in, as messages name it
     */
    public static Optional<String> advice(String what, String key) {
        Map<String, String> table =
                switch (what) {
                    case "a service" -> SERVICE;
                    case "health" -> HEALTH;
                    case "resources" -> RESOURCES;
                    case "a volume" -> VOLUME;
                    default -> Map.of();
                };
        String instead = table.get(key);
        if (instead == null && what.equals("a service")) {
            instead = OTHERS.get(key);
        }
        return Optional.ofNullable(instead).map(found -> found.startsWith("no") ? found : "in a Servicefile: " + found);
    }

    /** The key of a whole Compose file under which its services stand; empty when the file is none. */
    static Optional<YamlNode.Entry> wholeFile(YamlNode.Mapping root) {
        YamlNode.Entry entry = root.entry("services");
        if (entry == null || !(entry.value() instanceof YamlNode.Mapping services) || services.get("image") != null) {
            return Optional.empty();
        }
        for (YamlNode.Entry service : services.entries()) {
            if (service.value() instanceof YamlNode.Mapping body) {
                for (YamlNode.Entry key : body.entries()) {
                    String name = key.key().text();
                    if (SAME.contains(name) || SERVICE.containsKey(name)) {
                        return Optional.of(entry);
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Reports a whole Compose file, once; false when it is none. */
    public static boolean refused(YamlNode.Mapping root, Reading in) {
        Optional<YamlNode.Entry> services = wholeFile(root);
        services.ifPresent(entry -> in.fault(
                entry.key(),
                "this is a Compose file, not a Servicefile",
                "portolan import writes a Servicefile from it; docs/compose.md says what each key becomes"));
        return services.isPresent();
    }

    /** The text of the page {@code docs/compose.md}. */
    public static String page() {
        StringBuilder out = new StringBuilder("""
                # Coming from Compose
                <!-- Written from the table in org.portolan.servicefile.format.ComposeKeys; a test compares it. Rewrite: mvn -Dtest=ReferencePageTest -Dupdate test -->

                `portolan import docker-compose.yml -o Servicefile` writes a Servicefile from a Compose file: see [import.md](import.md).

                In a Servicefile services are at the top level, without `services:`. The deployment's name comes from `Name:` or `-D`. There is
                no `version:`. Portolan creates networks and named volumes; volumes that several services mount
                are in `Volumes`.

                ```yaml
                Name: shop
                web:
                  image: company/web:1.4
                  cmd: [./serve, --port, "8000"]
                  env: {CACHE: "redis://{REDIS_HOST}:{REDIS_PORT}"}
                  ports: {http: 8000}
                  health: {http: /up}
                  require: [redis]
                redis:
                  port: 6379
                  volumes: {data: /data}
                Domains:
                  shop.example.org: {http: web}
                ```

                - `ports` are container ports. Portolan chooses host ports; clients use `Domains`, or an address in
                  `wan_map: {":80": http}`. UDP: `ports: {vpn: 51820/udp}` with
                  `wan_map: {":51820/udp": vpn}`.
                - `${NAME}` is not substituted. `"%%NAME%%"` is an environment variable of the deploying process, `"{{name}}"` a parameter. `.env`
                  is not read automatically; `env_files` passes variables to the container.
                - `volumes: {data: /data}` is a volume, `volumes: {/srv/data: /data}` a bind mount. `{./conf: /conf}` mounts a folder of
                  the work tree, which must exist; it is not part of a version, and cannot be used for a commit (`--git`, hooks). A
                  configuration file or folder of the repository is better in `files: {/etc/web.conf: conf/web.conf}`.

                | Compose | Servicefile |
                |---|---|
                """);
        Map<String, String> all = new TreeMap<>(SERVICE);
        SAME.forEach(key -> all.put(key, "the same"));
        all.put("ports", "ports: {http: 8000}: container ports only, no host ports");
        all.put("restart", "the same; unless-stopped is the default");
        all.put(
                "volumes",
                "volumes: {data: /data}; a list of name:/path works too. One that several services mount is also in Volumes: {data: {}}");
        all.forEach((key, instead) -> out.append("| `")
                .append(key)
                .append("` | ")
                .append(instead.replace("|", "\\|").replace("<", "&lt;"))
                .append(" |\n"));
        return out.toString();
    }

    /** All keys of a Compose service, for the test that none is forgotten. */
    static List<String> all() {
        List<String> all = new ArrayList<>(SAME);
        all.addAll(SERVICE.keySet());
        return all;
    }
}
