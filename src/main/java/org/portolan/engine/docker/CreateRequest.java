package org.portolan.engine.docker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.service.DockerKeys;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.ServiceSpec.ContainerOptions;
import org.portolan.model.service.ServiceSpec.Resources;

/**
 * The body of the Engine API's {@code POST /containers/create} for a {@link ContainerSpec}. Pure. Only what the service
 * says is set, so that the engine's and the image's defaults hold for the rest; last, the service's {@code docker} map is
 * laid over it.
 */
final class CreateRequest {

    private CreateRequest() {}

    static Map<String, @Nullable Object> of(ContainerSpec container) {
        ServiceSpec spec = container.spec();
        ContainerOptions options = spec.options();
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("Image", container.image());
        if (!container.command().isEmpty()) {
            body.put("Cmd", container.command());
        }
        container.entrypoint().ifPresent(words -> body.put("Entrypoint", words));
        body.put("Env", environment(container.env()));
        body.put("Labels", container.labels());
        options.user().ifPresent(user -> body.put("User", user));
        options.workingDir().ifPresent(folder -> body.put("WorkingDir", folder));
        options.hostname().ifPresent(name -> body.put("Hostname", name));
        spec.stop().signal().ifPresent(signal -> body.put("StopSignal", signal));
        body.put("StopTimeout", wholeSeconds(spec.stop().grace()));
        Map<String, Object> exposed = new LinkedHashMap<>();
        for (ContainerSpec.Publish port : container.publish()) {
            exposed.put(port.containerPort() + "/tcp", Map.of());
        }
        if (!exposed.isEmpty()) {
            body.put("ExposedPorts", exposed);
        }
        if (container.console() != ContainerSpec.Console.NONE) {
            body.put("AttachStdin", true);
            body.put("OpenStdin", true);
            body.put("StdinOnce", true);
            body.put("Tty", container.console() == ContainerSpec.Console.TERMINAL);
        }
        body.put("HostConfig", host(container));
        if (!container.network().isEmpty()) {
            Set<String> aliases = new LinkedHashSet<>(container.aliases());
            if (!aliases.isEmpty()) {
                aliases.addAll(options.networkAliases());
            }
            body.put(
                    "NetworkingConfig",
                    Map.of(
                            "EndpointsConfig",
                            Map.of(container.network(), Map.of("Aliases", new ArrayList<>(aliases)))));
        }
        overlay(body, options.docker(), true);
        return body;
    }

    private static Map<String, @Nullable Object> host(ContainerSpec container) {
        ContainerOptions options = container.spec().options();
        Map<String, @Nullable Object> host = new LinkedHashMap<>();
        String network = container.network();
        if (!network.isEmpty()) {
            host.put("NetworkMode", network);
        } else {
            options.networkMode().ifPresent(mode -> host.put("NetworkMode", mode));
        }
        host.put("RestartPolicy", restartPolicy(container.restart()));
        if (!container.publish().isEmpty()) {
            host.put("PortBindings", bindings(container.publish()));
        }
        mounts(container.mounts(), host);
        resources(container.spec().resources(), host);
        if (options.privileged()) {
            host.put("Privileged", true);
        }
        if (options.readOnly()) {
            host.put("ReadonlyRootfs", true);
        }
        if (options.init()) {
            host.put("Init", true);
        }
        if (options.shmBytes() > 0) {
            host.put("ShmSize", options.shmBytes());
        }
        putList(host, "CapAdd", options.capAdd());
        putList(host, "CapDrop", options.capDrop());
        putList(host, "SecurityOpt", options.securityOpt());
        putList(host, "Dns", options.dns());
        putList(host, "ExtraHosts", options.extraHosts());
        putMap(host, "Tmpfs", options.tmpfs());
        putMap(host, "Sysctls", options.sysctls());
        options.pid().ifPresent(mode -> host.put("PidMode", mode));
        options.ipc().ifPresent(mode -> host.put("IpcMode", mode));
        options.logging()
                .ifPresent(logging ->
                        host.put("LogConfig", Map.of("Type", logging.driver(), "Config", logging.options())));
        List<Object> devices = new ArrayList<>();
        for (String device : options.devices()) {
            devices.add(device(device));
        }
        if (!devices.isEmpty()) {
            host.put("Devices", devices);
        }
        List<Object> limits = new ArrayList<>();
        options.ulimits()
                .forEach((name, limit) -> limits.add(Map.of("Name", name, "Soft", limit.soft(), "Hard", limit.hard())));
        if (!limits.isEmpty()) {
            host.put("Ulimits", limits);
        }
        return host;
    }

    private static void resources(Resources resources, Map<String, @Nullable Object> host) {
        if (resources.cpus() > 0) {
            host.put("NanoCpus", Math.round(resources.cpus() * 1e9));
        }
        putNumber(host, "Memory", resources.memoryBytes());
        putNumber(host, "MemorySwap", resources.memorySwapBytes());
        putNumber(host, "CpuShares", resources.cpuShares());
        putNumber(host, "PidsLimit", resources.pids());
    }

    /**
     * Binds go as {@code Binds}, whose missing folders the engine makes, as {@code docker run -v} does; a path with a
     * colon does not fit there and must exist.
     */
    private static void mounts(List<ContainerSpec.Mount> mounts, Map<String, @Nullable Object> host) {
        List<Object> binds = new ArrayList<>();
        List<Object> others = new ArrayList<>();
        for (ContainerSpec.Mount mount : mounts) {
            boolean plain = mount.source().indexOf(':') < 0 && mount.target().indexOf(':') < 0;
            if (!mount.volume() && plain) {
                binds.add(mount.source() + ":" + mount.target() + (mount.readOnly() ? ":ro" : ""));
            } else {
                Map<String, Object> other = new LinkedHashMap<>();
                other.put("Type", mount.volume() ? "volume" : "bind");
                if (!mount.source().isEmpty()) {
                    other.put("Source", mount.source());
                }
                other.put("Target", mount.target());
                other.put("ReadOnly", mount.readOnly());
                if (!mount.labels().isEmpty()) {
                    other.put("VolumeOptions", Map.of("Labels", mount.labels()));
                }
                others.add(other);
            }
        }
        if (!binds.isEmpty()) {
            host.put("Binds", binds);
        }
        if (!others.isEmpty()) {
            host.put("Mounts", others);
        }
    }

    private static Map<String, Object> bindings(List<ContainerSpec.Publish> ports) {
        Map<String, Object> bindings = new LinkedHashMap<>();
        for (ContainerSpec.Publish port : ports) {
            List<Object> addresses = new ArrayList<>();
            for (ContainerSpec.Publish other : ports) {
                if (other.containerPort() == port.containerPort()) {
                    addresses.add(Map.of("HostIp", other.hostAddress(), "HostPort", String.valueOf(other.hostPort())));
                }
            }
            bindings.put(port.containerPort() + "/tcp", addresses);
        }
        return bindings;
    }

    /** {@code /dev/x}, {@code /dev/x:/dev/y} or {@code /dev/x:/dev/y:rw}, as {@code docker run --device} takes it. */
    private static Map<String, Object> device(String text) {
        String[] parts = text.split(":", 3);
        String inside = parts.length > 1 && parts[1].startsWith("/") ? parts[1] : parts[0];
        String permissions = "rwm";
        if (parts.length == 3) {
            permissions = parts[2];
        } else if (parts.length == 2 && !parts[1].startsWith("/")) {
            permissions = parts[1];
        }
        return Map.of("PathOnHost", parts[0], "PathInContainer", inside, "CgroupPermissions", permissions);
    }

    /** {@code no}, {@code always}, {@code unless-stopped}, {@code on-failure} or {@code on-failure:3}. */
    static Map<String, Object> restartPolicy(String policy) {
        int colon = policy.indexOf(':');
        return colon < 0
                ? Map.of("Name", policy)
                : Map.of(
                        "Name",
                        policy.substring(0, colon),
                        "MaximumRetryCount",
                        Integer.parseInt(policy, colon + 1, policy.length(), 10));
    }

    /** The engine counts whole seconds; a part of one is given in full. */
    static long wholeSeconds(java.time.Duration duration) {
        return duration.toSeconds() + (duration.toNanosPart() > 0 ? 1 : 0);
    }

    private static List<String> environment(Map<String, String> env) {
        List<String> words = new ArrayList<>(env.size());
        env.forEach((name, value) -> words.add(name + "=" + value));
        return words;
    }

    private static void putList(Map<String, @Nullable Object> body, String key, List<String> values) {
        if (!values.isEmpty()) {
            body.put(key, values);
        }
    }

    private static void putMap(Map<String, @Nullable Object> body, String key, SortedMap<String, String> values) {
        if (!values.isEmpty()) {
            body.put(key, values);
        }
    }

    private static void putNumber(Map<String, @Nullable Object> body, String key, long value) {
        if (value != 0) {
            body.put(key, value);
        }
    }

    /**
     * Maps are merged, key by key; anything else replaces what was there. A name of the request in another case is the same
     * name, as it is for the engine, which would else take one of the two as it likes.
     *
     * @param names whether the keys are names of the request, and not a user's own
     */
    private static void overlay(Map<String, @Nullable Object> base, Map<?, ?> over, boolean names) {
        for (Map.Entry<?, ?> entry : over.entrySet()) {
            String written = String.valueOf(entry.getKey());
            String key = names ? spelled(base, written) : written;
            Object below = base.get(key);
            if (below instanceof Map<?, ?> old && entry.getValue() instanceof Map<?, ?> map) {
                Map<String, @Nullable Object> merged = new LinkedHashMap<>();
                old.forEach((name, value) -> merged.put(String.valueOf(name), value));
                overlay(merged, map, names && key.equals("HostConfig"));
                base.put(key, merged);
            } else {
                base.put(key, entry.getValue());
            }
        }
    }

    private static String spelled(Map<String, @Nullable Object> base, String key) {
        for (String known : base.keySet()) {
            if (DockerKeys.same(known, key)) {
                return known;
            }
        }
        return key;
    }
}
