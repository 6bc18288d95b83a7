package org.portolan.model.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.portolan.model.Platform;

/**
 * The typed view of a {@link Definition}: what one service is, with every default filled in. The defaults are those of
 * DESIGN.md section 4; the Servicefile's table documents them key by key.
 *
 * @param name the service's name in its deployment
 * @param image the image's reference as written, tag included
 * @param imageId the content that the reference stood for when the version was made (digest or local id), if resolved
 * @param command the command that replaces the image's; empty keeps it
 * @param entrypoint the entry point that replaces the image's; empty optional keeps it, an empty list clears it
 * @param env variables of {@code env_files} and {@code env}, merged; they win over those that Portolan injects;
 *     placeholders such as {@code {HOST}} are still in
 * @param inheritedEnv variables of the file's {@code Env}; those that Portolan injects win over them
 * @param files what each instance gets before it starts, by path
 * @param backup what runs in an instance before and after a volume of it is saved
 * @param ports the ports that it listens on, the main one first
 * @param silent whether it listens on none, whatever its image exposes
 * @param wanMap outside address ({@code 0.0.0.0:80} or {@code :80}) to port name
 * @param maxConnections how many connections the proxy opens at once to a port of an instance; 0: any number
 * @param require services that must be healthy, and jobs that must be completed, before this one starts
 * @param jobs commands that run once, with a new version
 * @param completes whether an instance that ends with exit status 0 is a success
 * @param databases what must exist in other services before this one starts
 * @param platform what its image must be built for, if the file says
 */
public record ServiceSpec(
        String name,
        String image,
        Optional<String> imageId,
        List<String> command,
        Optional<List<String>> entrypoint,
        SortedMap<String, EnvValue> env,
        SortedMap<String, EnvValue> inheritedEnv,
        List<Volume> volumes,
        SortedMap<String, ServiceFile> files,
        Optional<Backup> backup,
        List<Port> ports,
        boolean silent,
        SortedMap<String, String> wanMap,
        int maxConnections,
        Optional<Health> health,
        Rollout rollout,
        Stop stop,
        String restart,
        Pull pull,
        List<String> require,
        Resources resources,
        ContainerOptions options,
        List<JobSpec> jobs,
        boolean completes,
        List<DatabaseSpec> databases,
        Optional<Platform> platform) {

    /** A definition's key for the name of the main one of several ports, where none is unnamed or called {@code http}. */
    public static final String MAIN_PORT = "main_port";

    /** What a route may say of the one port that has no name. */
    public static final String UNNAMED_PORT = "port";

    /** What {@code health} says of a service whose image's check is not asked. */
    public static final String NO_HEALTH = "none";

    /** What {@code ports} says of a service that listens nowhere. */
    public static final String NO_PORTS = "none";

    /** The typed view of a definition in normal form (docs/servicefile.md), defaults filled in. */
    public static ServiceSpec from(String name, Definition definition) {
        return ServiceSpecs.from(name, definition);
    }

    /** A variable's value; a secret one is never shown. */
    public record EnvValue(String text, boolean secret) {
        @Override
        public String toString() {
            return secret ? "••••" : text;
        }
    }

    /**
     * A volume of the service.
     *
     * @param name its name in the service; for a bind mount a name that Portolan makes of the path, for an image's its path
     * @param target the absolute path in the container
     * @param kind where the data lives
     * @param source the host's path of a bind mount, or the engine's volume name of a driver's volume; else empty
     * @param driver the volume driver; "local" unless written
     */
    public record Volume(
            String name,
            String target,
            Volume.Kind kind,
            String source,
            String driver,
            Map<String, String> options,
            boolean readOnly) {
        /**
         * Where the data lives: kept by Portolan per service or for several services of the deployment, a path of the host, a
         * driver's volume, one of the engine that Portolan neither makes nor removes, or one that the image declares and the
         * file does not name, kept per instance.
         */
        public enum Kind {
            NAMED,
            SHARED,
            BIND,
            DRIVER,
            EXTERNAL,
            IMAGE
        }

        /** Whether Portolan makes a folder for its data, where the engine is on this machine. */
        public boolean inFolder() {
            return kind == Volume.Kind.NAMED
                    || (kind == Volume.Kind.SHARED && driver.equals("local") && options.isEmpty());
        }

        /** Whether Portolan makes it, before a container does: with a name that it chooses, or that the file says. */
        public boolean made() {
            return kind == Volume.Kind.NAMED || kind == Volume.Kind.SHARED || kind == Volume.Kind.DRIVER;
        }

        /** The engine's name of it; that of an image's volume depends on the instance. */
        public String engineName(String deployment, String service) {
            return switch (kind) {
                case SHARED -> deployment + "_" + name;
                case NAMED, IMAGE -> deployment + "-" + service + "-" + name;
                case DRIVER -> source.isEmpty() ? deployment + "-" + service + "-" + name : source;
                case EXTERNAL, BIND -> source;
            };
        }

        /** The service that it is labelled with and that its folder is named after; "" of one that several share. */
        public String owner(String service) {
            return kind == Volume.Kind.SHARED ? "" : service;
        }
    }

    /**
     * A port that the service listens on.
     *
     * @param name "" for the one unnamed port
     * @param container the container's port; 0 for {@code assign}, where it equals the host port that Portolan chooses
     * @param occasional whether it may be that nothing listens there: a port of a range, unless it is the main one
     */
    public record Port(String name, int container, boolean occasional) {
        /** A port that the service always listens on. */
        public Port(String name, int container) {
            this(name, container, false);
        }

        public boolean assigned() {
            return container == 0;
        }
    }

    /**
     * How the service shows that it works.
     *
     * @param type what is asked
     * @param path the path of an HTTP check
     * @param host the {@code Host} that an HTTP check sends; "" while it is not decided: see {@link #withCheckHost}
     * @param headers further headers of an HTTP check
     * @param port the name of the port that is checked ("" for the first)
     * @param command the command of an exec check, run in the container; exit status 0 is healthy
     * @param interval between checks once the first has passed
     * @param startInterval between checks before that
     * @param startPeriod time in which failures do not count
     * @param deadline an instance not healthy by then has failed
     */
    public record Health(
            Type type,
            String path,
            String host,
            SortedMap<String, EnvValue> headers,
            String port,
            List<String> command,
            Duration interval,
            Duration timeout,
            int healthy,
            int unhealthy,
            Duration startInterval,
            Duration startPeriod,
            Duration deadline) {
        /** What is asked: an HTTP GET that answers 2xx or 3xx, a connection, a command, or the engine. */
        public enum Type {
            HTTP,
            TCP,
            EXEC,
            /** What the engine says of the image's own check. */
            ENGINE
        }

        /** Whether it asks a port, and so is asked by the proxy as well; the others only Portolan can ask. */
        public boolean asksPort() {
            return type == Type.HTTP || type == Type.TCP;
        }

        /** One HTTP request with one time for its answer, as a gate asks it. */
        public static Health once(String path, String host, SortedMap<String, EnvValue> headers, Duration timeout) {
            return new Health(
                    Type.HTTP,
                    path,
                    host,
                    headers,
                    "",
                    List.of(),
                    timeout,
                    timeout,
                    1,
                    1,
                    timeout,
                    Duration.ZERO,
                    timeout);
        }

        /** A copy that sends this host, unless the file names one. */
        Health withHost(String decided) {
            return new Health(
                    type,
                    path,
                    host.isEmpty() ? decided : host,
                    headers,
                    port,
                    command,
                    interval,
                    timeout,
                    healthy,
                    unhealthy,
                    startInterval,
                    startPeriod,
                    deadline);
        }
    }

    /**
     * How a new version replaces an old one.
     *
     * @param strategy empty when the file does not say: rolling, or recreate where two must not run at once
     * @param maxSurge instances above the scale while rolling
     * @param maxUnavailable instances that may be missing from the scale while rolling
     * @param minHealthy how long a new instance must be healthy without a break
     * @param bake how long the first new instance, and then all of them, are watched; a canary's steps say their own
     * @param deadline the whole service's time without progress; empty: no limit but the instances' own
     */
    public record Rollout(
            Optional<Strategy> strategy,
            int maxSurge,
            int maxUnavailable,
            Duration minHealthy,
            Duration keepOld,
            Duration bake,
            List<CanaryStep> steps,
            List<Gate> gates,
            Optional<Duration> deadline) {}

    /** The ways of replacing. */
    public enum Strategy {
        ROLLING,
        BLUE_GREEN,
        CANARY,
        RECREATE
    }

    /**
     * One step of a canary.
     *
     * @param weight the new version's share of the traffic, in percent
     * @param bake how long to watch before the next step; empty: until {@code portolan promote}
     */
    public record CanaryStep(int weight, Optional<Duration> bake) {}

    /**
     * A condition that a rollout must meet to continue.
     *
     * @param kind what is looked at
     * @param path for an HTTP gate, the path asked of a new instance
     * @param command for a command gate, what is run in a new instance
     * @param limit for an error gate the share of 5xx answers in percent, for a latency gate milliseconds
     */
    public record Gate(Gate.Kind kind, String path, List<String> command, double limit) {
        /** What is looked at. */
        public enum Kind {
            HTTP,
            COMMAND,
            ERRORS,
            LATENCY
        }

        /** Whether it is judged by what the proxy measures under traffic, and not by asking. */
        public boolean measured() {
            return kind == Gate.Kind.ERRORS || kind == Gate.Kind.LATENCY;
        }
    }

    /**
     * How an instance leaves.
     *
     * @param drain the longest time that open sessions may take to end
     * @param grace the time between the signal and the kill
     * @param signal empty: the image's own, else TERM
     */
    public record Stop(Duration drain, Duration grace, Optional<String> signal) {}

    /** When the image is fetched. */
    public enum Pull {
        MISSING,
        ALWAYS,
        NEVER
    }

    /** Limits; zero means none. */
    public record Resources(double cpus, long memoryBytes, long memorySwapBytes, long cpuShares, long pids) {
        public static final Resources NONE = new Resources(0, 0, 0, 0, 0);
    }

    /**
     * The rest of the container's options, each named as in the Servicefile; empty or false leaves the engine's default.
     *
     * @param joins other deployments whose networks its containers are attached to
     * @param docker a map laid over the engine's create request; its variables and labels are among the service's
     */
    public record ContainerOptions(
            boolean privileged,
            Optional<String> user,
            Optional<String> workingDir,
            Optional<String> hostname,
            SortedMap<String, String> labels,
            List<String> capAdd,
            List<String> capDrop,
            List<String> securityOpt,
            List<String> devices,
            long shmBytes,
            boolean readOnly,
            SortedMap<String, String> tmpfs,
            SortedMap<String, String> sysctls,
            SortedMap<String, Ulimit> ulimits,
            List<String> dns,
            List<String> extraHosts,
            Optional<String> pid,
            Optional<String> ipc,
            boolean init,
            Optional<String> networkMode,
            List<String> networkAliases,
            List<String> joins,
            Optional<Logging> logging,
            SortedMap<String, Object> docker) {}

    /** Commands around the backup of a volume; empty: none. */
    public record Backup(List<String> pre, List<String> post) {}

    /** A process limit. */
    public record Ulimit(long soft, long hard) {}

    /** Where the container's output goes. */
    public record Logging(String driver, SortedMap<String, String> options) {}

    /** The name of the port that is meant where none is named; "" when it has no name, or when there is none. */
    public String mainPort() {
        return ports.isEmpty() ? "" : ports.getFirst().name();
    }

    /** Whether two instances must not run at once: a writable volume or a fixed host port. */
    public boolean exclusive() {
        boolean writes = volumes.stream().anyMatch(volume -> !volume.readOnly());
        boolean fixedPort = options.networkMode().filter("host"::equals).isPresent()
                || DockerKeys.find(options.docker(), DockerKeys.HOST_CONFIG)
                        .filter(host -> host instanceof Map<?, ?> map
                                && DockerKeys.find(map, DockerKeys.PORT_BINDINGS)
                                        .isPresent())
                        .isPresent();
        return writes || fixedPort;
    }

    /** Whether the root file system is read-only: set by read_only, or under docker. */
    public boolean readOnlyRoot() {
        return options.readOnly()
                || DockerKeys.find(options.docker(), DockerKeys.HOST_CONFIG)
                        .flatMap(host -> host instanceof Map<?, ?> map
                                ? DockerKeys.find(map, "ReadonlyRootfs")
                                : Optional.empty())
                        .filter(Boolean.TRUE::equals)
                        .isPresent();
    }

    /**
     * The folders that are a volume of each instance, so that its files can be put into them: an engine puts nothing into a
     * read-only root file system. Those that are a volume anyway are not among them.
     */
    public SortedSet<String> fileVolumes() {
        SortedSet<String> folders = readOnlyRoot() ? ServiceFile.folders(files.values()) : Collections.emptySortedSet();
        SortedSet<String> own = new TreeSet<>(folders);
        own.removeIf(folder -> volumes.stream().anyMatch(volume -> ServiceFile.within(folder, volume.target())));
        return own;
    }

    /** Whether running instances reload any of its files. */
    public boolean reloads() {
        return files.values().stream().anyMatch(file -> file.reload().isPresent());
    }

    /** The folder where an engine is to begin when it puts a file: of a read-only root file system only a volume's can be. */
    public String filesFolder(String path) {
        String folder = "/";
        if (readOnlyRoot()) {
            SortedSet<String> writable = fileVolumes();
            volumes.forEach(volume -> writable.add(volume.target()));
            for (String volume : writable) {
                folder = ServiceFile.within(path, volume) ? volume : folder;
            }
        }
        return folder;
    }

    /** Whether the ports are those that its image exposes: the file names none, and does not say that there is none. */
    public boolean usesExposedPorts() {
        return ports.isEmpty() && !silent;
    }

    /** A copy with other ports: those that the image exposes, where the file names none. */
    public ServiceSpec withPorts(List<Port> other) {
        return with(other, wanMap);
    }

    /** A copy with ports and addresses of the outside as they are once the image is known. */
    public ServiceSpec with(List<Port> other, SortedMap<String, String> outside) {
        return with(volumes, other, outside, health);
    }

    /** A copy with the volumes that its image declares, where nothing is mounted. */
    public ServiceSpec withImageVolumes(List<String> paths) {
        List<Volume> all = new ArrayList<>(volumes);
        for (String declared : paths) {
            String path = declared.length() > 1 && declared.endsWith("/")
                    ? declared.substring(0, declared.length() - 1)
                    : declared;
            boolean covered = options.tmpfs().containsKey(path)
                    || options.tmpfs().containsKey(path + "/")
                    // An earlier Portolan let mounts stand there.
                    || options.docker().toString().contains(path)
                    || all.stream().anyMatch(volume -> volume.target().equals(path));
            if (!covered) {
                all.add(new Volume(path, path, Volume.Kind.IMAGE, "", "local", Map.of(), false));
            }
        }
        return all.size() == volumes.size() ? this : with(List.copyOf(all), ports, wanMap, health);
    }

    /**
     * A copy that is healthy when the engine reports it, where the file says nothing: its first word comes after one interval,
     * and it says "unhealthy" after so many failures; the deadline is not before that.
     */
    public ServiceSpec withEngineHealth(Duration interval, Duration timeout, int retries, Duration startPeriod) {
        if (health.isPresent()) {
            return this;
        }
        Duration verdict = startPeriod.plus(interval.plus(timeout).multipliedBy(retries + 1L));
        Duration least = rollout.deadline().orElse(Duration.ofSeconds(60));
        return with(
                volumes,
                ports,
                wanMap,
                Optional.of(new Health(
                        Health.Type.ENGINE,
                        "",
                        "",
                        new TreeMap<>(),
                        "",
                        List.of(),
                        interval,
                        timeout,
                        1,
                        1,
                        interval,
                        Duration.ZERO,
                        verdict.compareTo(least) > 0 ? verdict : least)));
    }

    /** A copy whose HTTP check sends this {@code Host}, unless the file names one: the one kept with the version. */
    public ServiceSpec withCheckHost(String host) {
        return with(volumes, ports, wanMap, health.map(check -> check.withHost(host)));
    }

    private ServiceSpec with(
            List<Volume> mounted,
            List<Port> otherPorts,
            SortedMap<String, String> outside,
            Optional<Health> otherHealth) {
        return new ServiceSpec(
                name,
                image,
                imageId,
                command,
                entrypoint,
                env,
                inheritedEnv,
                mounted,
                files,
                backup,
                otherPorts,
                silent,
                outside,
                maxConnections,
                otherHealth,
                rollout,
                stop,
                restart,
                pull,
                require,
                resources,
                options,
                jobs,
                completes,
                databases,
                platform);
    }

    /** Whether its instances are attached to the deployment's network, and publish their ports. */
    public boolean ownNetwork() {
        String mode = options.networkMode().orElse("");
        return mode.isEmpty() || mode.equals("bridge");
    }

    /**
     * Whether an instance counts as healthy the moment it runs: without a check and without a time to prove itself, there is
     * no startup check to wait for before it gets its restart policy.
     */
    public boolean trustedAtOnce() {
        return health.isEmpty() && rollout.minHealthy().isZero();
    }

    /** The strategy in force: the file's, else recreate where two must not run at once, else rolling. */
    public Strategy strategy() {
        return rollout.strategy().orElse(exclusive() ? Strategy.RECREATE : Strategy.ROLLING);
    }
}
