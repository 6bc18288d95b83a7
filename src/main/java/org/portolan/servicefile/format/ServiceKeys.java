package org.portolan.servicefile.format;

import java.util.List;
import org.portolan.model.Platform;

/** The keys of a service: the heart of the format's table. */
public final class ServiceKeys {
    public static final List<Key> RESOURCES = List.of(
            Key.of(
                    "cpus",
                    new Shapes.Decimal("a number of processors", 0, 4096),
                    "no limit",
                    "CPUs, as a decimal number.",
                    "cpus: 0.5"),
            Key.of(
                    "memory",
                    new Shapes.Size(6L * 1024 * 1024),
                    "no limit",
                    "Memory. The container is killed if it uses more.",
                    "memory: 512m"),
            Key.of("memory_swap", Shapes.SIZE, "the engine's", "Memory and swap together.", "memory_swap: 1g"),
            Key.of(
                    "cpu_shares",
                    new Shapes.Whole("a weight", 2, 262144),
                    "the engine's",
                    "The CPU weight relative to other containers (1024 is usual).",
                    "cpu_shares: 512"),
            Key.of(
                    "pids",
                    new Shapes.Whole("a number of processes", 1, 4194304),
                    "no limit",
                    "The highest number of processes.",
                    "pids: 200"));

    public static final List<Key> BACKUP = List.of(
            Key.of(
                    "pre",
                    new CommandShape(true, false),
                    "",
                    "Runs before a volume of the service is saved; if it fails, nothing is saved.",
                    "pre: pg_dump -f /data/dump.sql"),
            Key.of(
                    "post",
                    new CommandShape(true, false),
                    "",
                    "Runs afterwards, in any case.",
                    "post: rm /data/dump.sql"));

    public static final List<Key> STOP = List.of(
            Key.withDefault(
                    "drain", Shapes.DURATION, "30s", "How long to wait for open connections to end.", "drain: 2m"),
            Key.withDefault(
                    "grace",
                    Shapes.DURATION,
                    "10s",
                    "How long to wait after the signal before the kill.",
                    "grace: 30s"),
            Key.of(
                    "signal",
                    new OptionShapes.Signal(),
                    "the image's, else SIGTERM",
                    "The signal that stops the process.",
                    "signal: SIGINT"));

    public static final List<Key> LOGGING = List.of(
            Key.of("driver", new Shapes.Text("a logging driver"), "json-file", "The logging driver.", "driver: local"),
            Key.of("options", Shapes.TEXT_MAP, "", "The driver's options.", "options: {max-size: 10m}"));

    public static final List<Key> ALL = List.of(
            Key.of(
                    "image",
                    new OptionShapes.Image(),
                    "the service's key",
                    "The image. A key such as `company/redis:` gives both image and service name; the tag is not part of "
                            + "the service name.",
                    "image: \"company/web:1.4\""),
            Key.of(
                    "cmd",
                    new CommandShape(true, false),
                    "the image's",
                    "The command. Text is run by `/bin/sh -c`; a list is the program and its arguments.",
                    "cmd: [./serve, --port, \"8000\"]"),
            Key.of(
                    "entrypoint",
                    new CommandShape(false, true),
                    "the image's",
                    "The entry point. Text is split into words as in a shell; an empty list removes the image's.",
                    "entrypoint: [/sbin/tini, --]"),
            Key.of(
                    Platform.KEY,
                    new ValueShapes.PlatformName(),
                    "the engine's",
                    "What the image must be built for: it is pulled for that, and the plan refuses an image on the engine that is for "
                            + "another: an engine has one image of each name. Whether the host runs programs of another architecture is not checked.",
                    "platform: linux/arm64"),
            Key.of(
                    "env",
                    new EnvShape(),
                    "",
                    "Variables. The value of `{secret: text}` is never shown, nor are those of names such as `PASSWORD` or `TOKEN`. "
                            + "`{HOST}`, `{PORT}` and similar are filled in when the instance is created.",
                    "env: {CACHE: \"redis://{REDIS_HOST}:{REDIS_PORT}\", TOKEN: {secret: abc}}"),
            Key.of(
                    "env_files",
                    Shapes.TEXTS,
                    "",
                    "Files with `NAME=value` lines, relative to this file. Their values are secrets; `env` overrides them.",
                    "env_files: [web.env]"),
            Key.of("port", new ValueShapes.Port(), "", "Short for `ports` with one port without a name.", "port: 6379"),
            Key.of(
                    "ports",
                    new PortsShape(),
                    "the one port that the image exposes",
                    "The ports that the service listens on. `assign`: Portolan chooses one and passes it as `PORT` or `PORT_<NAME>` to "
                            + "the container. A list of names assigns all of them. The main port is the one without a name, "
                            + "else `http`, else the first: `PORT`, `<SERVICE>_PORT` and health checks use it. `none`: the service listens "
                            + "on no port, whatever its image exposes. A port named `h2c` or `h2c-…` speaks HTTP/2 without TLS (gRPC). "
                            + "`30000-30010` stands for several ports: see \"Ranges of ports\". `53/udp` and `10000-10100/udp` speak UDP: "
                            + "see \"UDP\".",
                    "ports: {http: 8000, admin: assign}"),
            Key.of(
                    "wan_map",
                    new AddressShapes.WanMap(),
                    "",
                    "Host addresses that lead directly to a port, without a domain: by its name, its number, or `port` for the "
                            + "one without a name. A change does not restart containers, except for UDP (`\":53/udp\"`).",
                    "{ports: {http: 8000}, wan_map: {\":80\": http}}"),
            Key.of(
                    "max_connections",
                    new Shapes.Whole("a number of connections", 1, 1_000_000),
                    "no limit",
                    "How many connections HAProxy opens at once to each port of an instance. More requests wait, at most 60 seconds; "
                            + "see \"Limits of connections\". A change restarts nothing.",
                    "max_connections: 100"),
            Key.of(
                    "volumes",
                    new VolumesShape(),
                    "",
                    "Data that outlives the container. A name is a volume that all versions share; an absolute host path is "
                            + "bind-mounted, a relative one (`./conf`) too; a map has more settings.",
                    "volumes: {data: /srv/data, /etc/ssl/certs: \"/certs:ro\"}"),
            Key.of(
                    "backup",
                    new Fields("backup", BACKUP, false),
                    "",
                    "Commands that a backup of one of its volumes runs in an instance.",
                    "backup: {pre: pg_dump -f /data/dump.sql, post: rm /data/dump.sql}"),
            Key.of(
                    "files",
                    new FilesShape(),
                    "",
                    "Files of the repository, or texts, that each instance gets before it starts. They are a part of the version:"
                            + " a change makes a new one.",
                    "files: {/etc/web.conf: {content: \"port={PORT}\", template: true}}"),
            Key.of(
                    "health",
                    new HealthShape(),
                    "the image's `HEALTHCHECK`, else running without a restart",
                    "How to check that the service works. `none`: the image's `HEALTHCHECK` is not used.",
                    "health: {http: /up, interval: 5s}"),
            Key.of(
                    "scale",
                    new Shapes.Whole("a number of instances", 0, 1000),
                    "1",
                    "The number of instances. In a template it is a default, which a deployment's `scale` overrides.",
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
                    "How an instance is drained and stopped. The `stop` of the new version applies to the old instances.",
                    "stop: {grace: 1m}"),
            Key.withDefault(
                    "restart",
                    new OptionShapes.Restart(),
                    "unless-stopped",
                    "What the engine does when the process exits.",
                    "restart: on-failure"),
            Key.withDefault(
                    "completes",
                    Shapes.FLAG,
                    false,
                    "Whether an instance that ends with exit status 0 is a success, and not made again. Needs `restart: no` or "
                            + "`on-failure`; the service has no ports and no health check.",
                    "{restart: \"no\", completes: true}"),
            Key.withDefault(
                    "pull",
                    new Shapes.OneOf(List.of("missing", "always", "never")),
                    "missing",
                    "When to pull the image. `always` checks whether the registry has a newer image for the tag.",
                    "pull: always"),
            Key.of(
                    "require",
                    new Shapes.Texts("a service's name", true),
                    "",
                    "Services that must be healthy, jobs that must be completed, and databases that must exist, before this one starts; the services stop "
                            + "after it. Not needed to reach each other.",
                    "require: []"),
            Key.of(
                    "resources",
                    new Fields("resources", RESOURCES, false),
                    "",
                    "Limits.",
                    "resources: {cpus: 0.5, memory: 512m}"),
            Key.withDefault(
                    "privileged",
                    Shapes.FLAG,
                    false,
                    "Full access to the host's devices and kernel.",
                    "privileged: true"),
            Key.of(
                    "user",
                    new Shapes.Text("a user"),
                    "the image's",
                    "The user, or `user:group`.",
                    "user: \"1000:1000\""),
            Key.of(
                    "working_dir",
                    new ValueShapes.AbsolutePath(),
                    "the image's",
                    "The working directory of the command.",
                    "working_dir: /srv"),
            Key.of(
                    "hostname",
                    new ValueShapes.HostName(),
                    "the engine's",
                    "The container's host name.",
                    "hostname: web"),
            Key.of("labels", new OptionShapes.Labels(), "", "Labels of the containers.", "labels: {team: shop}"),
            Key.of("cap_add", new OptionShapes.Capabilities(), "", "Capabilities to add.", "cap_add: [NET_ADMIN]"),
            Key.of("cap_drop", new OptionShapes.Capabilities(), "", "Capabilities to drop.", "cap_drop: [ALL]"),
            Key.of(
                    "security_opt",
                    Shapes.TEXTS,
                    "",
                    "Security options of the engine.",
                    "security_opt: [\"no-new-privileges\"]"),
            Key.of("devices", Shapes.TEXTS, "", "Devices of the host.", "devices: [\"/dev/fuse\"]"),
            Key.of("shm_size", Shapes.SIZE, "the engine's", "The size of /dev/shm.", "shm_size: 128m"),
            Key.withDefault(
                    "read_only", Shapes.FLAG, false, "Makes the root file system read-only.", "read_only: true"),
            Key.of("tmpfs", new OptionShapes.Tmpfs(), "", "Paths in memory.", "tmpfs: {/tmp: size=64m}"),
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
                    "Entries of `/etc/hosts`: names and addresses.",
                    "extra_hosts: {printer: 192.0.2.7}"),
            Key.of(
                    "group_add",
                    new Shapes.Texts("a group", false),
                    "",
                    "More groups of the process: names of the image, or numbers.",
                    "group_add: [audio, \"998\"]"),
            Key.withDefault("tty", Shapes.FLAG, false, "Gives the process a terminal.", "tty: true"),
            Key.withDefault("stdin_open", Shapes.FLAG, false, "Keeps standard input open.", "stdin_open: true"),
            Key.of(
                    "pid",
                    new Shapes.OneOf(List.of("host")),
                    "its own",
                    "`host`: the container sees the host's processes.",
                    "pid: host"),
            Key.of(
                    "ipc",
                    new Shapes.OneOf(List.of("host", "private", "shareable", "none")),
                    "the engine's",
                    "The IPC mode.",
                    "ipc: private"),
            Key.withDefault("init", Shapes.FLAG, false, "Runs an init process that reaps zombies.", "init: true"),
            Key.of("network", new NetworkShape(), "", "Network options.", "network: {aliases: [cache]}"),
            Key.of(
                    "logging",
                    new OptionShapes.Abbreviated("driver", new Fields("logging", LOGGING, false)),
                    "the engine's",
                    "Where the output is written.",
                    "logging: {driver: local, options: {max-size: 10m}}"),
            Key.of(
                    "docker",
                    new DockerShape(),
                    "",
                    "A map merged into the engine's create request, for options without a key. `Env` and `Labels` are merged with the service's; what "
                            + "Portolan sets (names, networks, ports, volumes, the restart policy) is refused.",
                    "docker: {HostConfig: {OomScoreAdj: 100}}"),
            Key.later("git", "Builds the application from a repository."),
            Key.later("placement", "The hosts to run on."));

    private ServiceKeys() {}
}
