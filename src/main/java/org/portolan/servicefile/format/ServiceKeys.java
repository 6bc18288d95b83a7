package org.portolan.servicefile.format;

import java.util.List;

/** The keys of a service: the heart of the format's table. */
public final class ServiceKeys {
    public static final List<Key> RESOURCES = List.of(
            Key.of(
                    "cpus",
                    new Shapes.Decimal("a number of processors", 0, 4096),
                    "no limit",
                    "Processors, as a decimal number.",
                    "cpus: 0.5"),
            Key.of(
                    "memory",
                    new Shapes.Size(6L * 1024 * 1024),
                    "no limit",
                    "Memory; the container is killed above it.",
                    "memory: 512m"),
            Key.of("memory_swap", Shapes.SIZE, "the engine's", "Memory and swap together.", "memory_swap: 1g"),
            Key.of(
                    "cpu_shares",
                    new Shapes.Whole("a weight", 2, 262144),
                    "the engine's",
                    "The weight against others when processors are scarce (1024 is usual).",
                    "cpu_shares: 512"),
            Key.of(
                    "pids",
                    new Shapes.Whole("a number of processes", 1, 4194304),
                    "no limit",
                    "The most processes.",
                    "pids: 200"));

    public static final List<Key> STOP = List.of(
            Key.withDefault(
                    "drain",
                    Shapes.DURATION,
                    "30s",
                    "The longest time that open sessions may take to end.",
                    "drain: 2m"),
            Key.withDefault("grace", Shapes.DURATION, "10s", "The time between the signal and the kill.", "grace: 30s"),
            Key.of(
                    "signal",
                    new OptionShapes.Signal(),
                    "the image's, else SIGTERM",
                    "The signal that ends the process.",
                    "signal: SIGINT"));

    public static final List<Key> NETWORK = List.of(
            Key.of(
                    "mode",
                    new Shapes.OneOf(List.of("host", "none")),
                    "the deployment's own network",
                    "`host` or `none` instead of the deployment's network.",
                    "mode: host"),
            Key.of(
                    "aliases",
                    new Shapes.Texts("a name", true),
                    "",
                    "Further names in the deployment's network.",
                    "aliases: [cache]"));

    public static final List<Key> LOGGING = List.of(
            Key.of("driver", new Shapes.Text("a logging driver"), "json-file", "The logging driver.", "driver: local"),
            Key.of("options", Shapes.TEXT_MAP, "", "The driver's options.", "options: {max-size: 10m}"));

    public static final List<Key> ALL = List.of(
            Key.of(
                    "image",
                    new OptionShapes.Image(),
                    "the service's key",
                    "What to run. `company/redis:` as a key names image and service at once; a tag in it does not enter "
                            + "the name.",
                    "image: \"company/web:1.4\""),
            Key.of(
                    "cmd",
                    new CommandShape(true, false),
                    "the image's",
                    "The command. Text runs in `/bin/sh -c`, a list is run as it is.",
                    "cmd: [./serve, --port, \"8000\"]"),
            Key.of(
                    "entrypoint",
                    new CommandShape(false, true),
                    "the image's",
                    "The entry point. Text is split into words as a shell would; an empty list clears the image's.",
                    "entrypoint: [/sbin/tini, --]"),
            Key.of(
                    "env",
                    new EnvShape(),
                    "",
                    "Variables. `{secret: text}` marks one that is never shown; so are those whose names say so. "
                            + "`{HOST}`, `{PORT}` and their like are filled in when the instance is made.",
                    "env: {CACHE: \"redis://{REDIS_HOST}:{REDIS_PORT}\", TOKEN: {secret: abc}}"),
            Key.of(
                    "env_files",
                    Shapes.TEXTS,
                    "",
                    "Files of `NAME=value` lines, relative to this file. Their values are secrets; `env` wins over them.",
                    "env_files: [web.env]"),
            Key.of("port", new ValueShapes.Port(), "", "Short for `ports` with one unnamed port.", "port: 6379"),
            Key.of(
                    "ports",
                    new PortsShape(),
                    "the one port that the image exposes",
                    "The ports that the service listens on. `assign`: Portolan chooses, and `PORT` or `PORT_<NAME>` tells "
                            + "the container. A list of names assigns them all. Of several the main one is the unnamed one, "
                            + "else `http`, else the first: `PORT`, `<SERVICE>_PORT` and a health check mean it. `none`: it listens "
                            + "nowhere, whatever its image exposes. A port named `h2c` or `h2c-…` speaks HTTP/2 without TLS (gRPC).",
                    "ports: {http: 8000, admin: assign}"),
            Key.of(
                    "wan_map",
                    new AddressShapes.WanMap(),
                    "",
                    "Addresses of the outside that carry a port directly, past the domains: by its name, its number, or `port` for the "
                            + "one without a name. Changing it touches no container.",
                    "{ports: {http: 8000}, wan_map: {\":80\": http}}"),
            Key.of(
                    "volumes",
                    new VolumesShape(),
                    "",
                    "What lives longer than a container. A name is kept across versions; an absolute path of the host is "
                            + "mounted as it is; a map says more.",
                    "volumes: {data: /srv/data, /etc/ssl/certs: \"/certs:ro\"}"),
            Key.of(
                    "health",
                    new HealthShape(),
                    "the image's `HEALTHCHECK`, else running without a restart",
                    "How the service shows that it works; `none`: the image's own check is not asked.",
                    "health: {http: /up, interval: 5s}"),
            Key.of(
                    "scale",
                    new Shapes.Whole("a number of instances", 0, 1000),
                    "1",
                    "How many instances run. In a template a default, which a rollout overrides.",
                    "scale: 3"),
            Key.of(
                    "rollout",
                    new RolloutShape(),
                    "",
                    "How a new version replaces an old one.",
                    "rollout: {strategy: rolling, max_surge: 2}"),
            Key.of(
                    "stop",
                    new Fields("stop", STOP, false),
                    "",
                    "How an instance leaves. The release that lets an old version go decides, with its own `stop`.",
                    "stop: {grace: 1m}"),
            Key.withDefault(
                    "restart",
                    new OptionShapes.Restart(),
                    "unless-stopped",
                    "What the engine does when the process ends.",
                    "restart: on-failure"),
            Key.withDefault(
                    "pull",
                    new Shapes.OneOf(List.of("missing", "always", "never")),
                    "missing",
                    "When the image is fetched. `always` looks whether the tag moved in its registry.",
                    "pull: always"),
            Key.of(
                    "require",
                    new Shapes.Texts("a service's name", true),
                    "",
                    "Services that start first, until healthy, and stop last. Not needed for finding each other.",
                    "require: []"),
            Key.of(
                    "resources",
                    new Fields("resources", RESOURCES, false),
                    "",
                    "Limits.",
                    "resources: {cpus: 0.5, memory: 512m}"),
            Key.withDefault(
                    "privileged", Shapes.FLAG, false, "All of the host's devices and rights.", "privileged: true"),
            Key.of(
                    "user",
                    new Shapes.Text("a user"),
                    "the image's",
                    "The user, and group after a colon.",
                    "user: \"1000:1000\""),
            Key.of(
                    "working_dir",
                    new ValueShapes.AbsolutePath(),
                    "the image's",
                    "The folder that the command starts in.",
                    "working_dir: /srv"),
            Key.of(
                    "hostname",
                    new ValueShapes.HostName(),
                    "the engine's",
                    "The container's own host name.",
                    "hostname: web"),
            Key.of("labels", new OptionShapes.Labels(), "", "Labels of the containers.", "labels: {team: shop}"),
            Key.of("cap_add", new OptionShapes.Capabilities(), "", "Capabilities added.", "cap_add: [NET_ADMIN]"),
            Key.of("cap_drop", new OptionShapes.Capabilities(), "", "Capabilities taken away.", "cap_drop: [ALL]"),
            Key.of(
                    "security_opt",
                    Shapes.TEXTS,
                    "",
                    "Security options of the engine.",
                    "security_opt: [\"no-new-privileges\"]"),
            Key.of("devices", Shapes.TEXTS, "", "Devices of the host.", "devices: [\"/dev/fuse\"]"),
            Key.of("shm_size", Shapes.SIZE, "the engine's", "The size of /dev/shm.", "shm_size: 128m"),
            Key.withDefault(
                    "read_only", Shapes.FLAG, false, "A root file system that cannot be written.", "read_only: true"),
            Key.of("tmpfs", new OptionShapes.Tmpfs(), "", "Paths that live in memory.", "tmpfs: {/tmp: size=64m}"),
            Key.of(
                    "sysctls",
                    Shapes.TEXT_MAP,
                    "",
                    "Kernel parameters of the container.",
                    "sysctls: {net.core.somaxconn: 1024}"),
            Key.of(
                    "ulimits",
                    new OptionShapes.Ulimits(),
                    "the engine's",
                    "Process limits.",
                    "ulimits: {nofile: 65536, nproc: {soft: 100, hard: 200}}"),
            Key.of("dns", new AddressShapes.AddressList(), "the engine's", "Name servers.", "dns: [9.9.9.9]"),
            Key.of(
                    "extra_hosts",
                    new AddressShapes.ExtraHosts(),
                    "",
                    "Further names for addresses.",
                    "extra_hosts: {printer: 192.0.2.7}"),
            Key.of(
                    "pid",
                    new Shapes.OneOf(List.of("host")),
                    "its own",
                    "`host`: the host's processes are seen.",
                    "pid: host"),
            Key.of(
                    "ipc",
                    new Shapes.OneOf(List.of("host", "private", "shareable", "none")),
                    "the engine's",
                    "Shared memory with others.",
                    "ipc: private"),
            Key.withDefault("init", Shapes.FLAG, false, "A small init process that reaps what is left.", "init: true"),
            Key.of(
                    "network",
                    new OptionShapes.Abbreviated("mode", new Fields("network", NETWORK, false)),
                    "",
                    "Network options.",
                    "network: {aliases: [cache]}"),
            Key.of(
                    "logging",
                    new OptionShapes.Abbreviated("driver", new Fields("logging", LOGGING, false)),
                    "the engine's",
                    "Where the output goes.",
                    "logging: {driver: local, options: {max-size: 10m}}"),
            Key.of(
                    "docker",
                    new DockerShape(),
                    "",
                    "A map laid over the engine's create request. `Env` and `Labels` are merged with the service's own; what "
                            + "Portolan itself sets (names, networks, ports, volumes, the restart policy) is refused.",
                    "docker: {HostConfig: {OomScoreAdj: 100}}"),
            Key.later("git", "An application built from a repository."),
            Key.later("placement", "The hosts that it may run on."));

    private ServiceKeys() {}
}
