package org.portolan.importer.running;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.portolan.importer.draft.Naming;
import org.portolan.importer.draft.Part;

/**
 * The engine's {@code HostConfig} of a container: in Compose's keys where there are some, else as it is, for {@code docker:
 * {HostConfig: …}}. What is at its default is left out.
 */
final class HostOptions {
    private static final long SHARED_MEMORY = 64L << 20;
    private static final BigDecimal NANO = BigDecimal.valueOf(1_000_000_000);
    /** Compose's keys with the same values. */
    private static final Map<String, String> SAME = Map.ofEntries(
            Map.entry("CapAdd", "cap_add"),
            Map.entry("CapDrop", "cap_drop"),
            Map.entry("Dns", "dns"),
            Map.entry("DnsOptions", "dns_opt"),
            Map.entry("DnsSearch", "dns_search"),
            Map.entry("ExtraHosts", "extra_hosts"),
            Map.entry("GroupAdd", "group_add"),
            Map.entry("Init", "init"),
            Map.entry("IpcMode", "ipc"),
            Map.entry("PidMode", "pid"),
            Map.entry("Privileged", "privileged"),
            Map.entry("ReadonlyRootfs", "read_only"),
            Map.entry("SecurityOpt", "security_opt"),
            Map.entry("Sysctls", "sysctls"),
            Map.entry("CpuShares", "cpu_shares"),
            Map.entry("CpuQuota", "cpu_quota"),
            Map.entry("CpuPeriod", "cpu_period"),
            Map.entry("MemoryReservation", "mem_reservation"),
            Map.entry("PidsLimit", "pids_limit"));

    /** Defaults other than nothing. */
    private static final Map<String, Set<String>> DEFAULTS = Map.of(
            "IpcMode", Set.of("private"),
            "MemorySwappiness", Set.of("-1"),
            "PidsLimit", Set.of("-1"),
            "ShmSize", Set.of(String.valueOf(SHARED_MEMORY)),
            "Isolation", Set.of("default"));

    /** What is said elsewhere ({@code Mounts}, the networks), or is none of the container's. */
    private static final Set<String> ELSEWHERE = Set.of(
            "Binds",
            "Mounts",
            "NetworkMode",
            "PortBindings",
            "Tmpfs",
            "MaskedPaths",
            "ReadonlyPaths",
            "ConsoleSize",
            "ContainerIDFile");

    private static final Map<String, String> LOST = Map.of(
            "AutoRemove", "Portolan keeps an old container until the new one is healthy",
            "Links", "services find each other by their names",
            "PublishAllPorts", "name the ports: ports and wan_map",
            "VolumesFrom", "the volumes themselves are imported, each with its name",
            "VolumeDriver", "volumes that exist keep their driver");

    private final Facts host;
    private final Map<String, Object> body;
    private final Map<String, Part> others = new LinkedHashMap<>();
    private final BiConsumer<String, String> lost;

    /**
     * Translates nothing yet.
     *
     * @param body of the service, in Compose's keys
     * @param lost gets a key without a counterpart, and why
     */
    HostOptions(Facts host, Map<String, Object> body, BiConsumer<String, String> lost) {
        this.host = host;
        this.body = body;
        this.lost = lost;
    }

    /** Fills the body; returns what goes to the engine as it is. */
    Map<String, Part> translate() {
        host.entries().forEach((key, value) -> {
            if (value.says()
                    && !ELSEWHERE.contains(key)
                    && !DEFAULTS.getOrDefault(key, Set.of()).contains(value.text())) {
                option(key, value);
            }
        });
        unmasked("MaskedPaths");
        unmasked("ReadonlyPaths");
        return others;
    }

    private void option(String key, Facts value) {
        String compose = SAME.get(key);
        if (compose != null && value.node() != null) {
            body.put(compose, value.node());
            return;
        }
        String why = LOST.get(key);
        if (why != null) {
            lost.accept("HostConfig." + key, why);
            return;
        }
        switch (key) {
            case "RestartPolicy" -> restart(value);
            case "NanoCpus" ->
                body.put(
                        "cpus",
                        BigDecimal.valueOf(value.number())
                                .divide(NANO)
                                .stripTrailingZeros()
                                .toPlainString());
            case "Memory" -> body.put("mem_limit", bytes(value.number()));
            case "MemorySwap" -> swap(value.number());
            case "ShmSize" -> body.put("shm_size", bytes(value.number()));
            case "LogConfig" -> logging(value);
            case "Ulimits" -> limits(value);
            case "Devices" -> devices(value);
            default -> others.put(key, part(value));
        }
    }

    /** Compose's default, never, is left out: the Servicefile's default holds, as for a file that does not say it. */
    private void restart(Facts policy) {
        String name = policy.at("Name").text();
        long most = policy.at("MaximumRetryCount").number();
        if (!name.isEmpty() && !name.equals("no")) {
            body.put("restart", most > 0 ? name + ":" + most : name);
        }
    }

    /** The engine gives as much swap as memory when nothing is said of it. */
    private void swap(long bytes) {
        long memory = host.at("Memory").number();
        if (memory > 0 && bytes != 2 * memory) {
            body.put("memswap_limit", bytes < 0 ? "-1" : bytes(bytes));
        } else if (memory == 0) {
            lost.accept("HostConfig.MemorySwap", "a limit of swap needs one of memory");
        }
    }

    private void logging(Facts value) {
        Map<String, Object> logging = new LinkedHashMap<>();
        logging.put("driver", value.at("Type").text());
        Map<String, Object> options = new LinkedHashMap<>();
        value.at("Config").entries().forEach((name, text) -> options.put(name, text.text()));
        if (!options.isEmpty()) {
            logging.put("options", options);
        }
        body.put("logging", logging);
    }

    private void limits(Facts value) {
        Map<String, Object> limits = new LinkedHashMap<>();
        for (Facts limit : value.items()) {
            String soft = limit.at("Soft").text();
            String hard = limit.at("Hard").text();
            limits.put(limit.at("Name").text(), soft.equals(hard) ? soft : Map.of("soft", soft, "hard", hard));
        }
        body.put("ulimits", limits);
    }

    private void devices(Facts value) {
        List<Object> devices = new ArrayList<>();
        for (Facts device : value.items()) {
            String rights = device.at("CgroupPermissions").text();
            devices.add(device.at("PathOnHost").text() + ":"
                    + device.at("PathInContainer").text()
                    + (rights.isEmpty() || rights.equals("rwm") ? "" : ":" + rights));
        }
        body.put("devices", devices);
    }

    /** An empty list says that nothing is masked; a privileged container has none. */
    private void unmasked(String key) {
        Facts paths = host.at(key);
        if (paths.exists() && !paths.says() && !host.at("Privileged").flag()) {
            others.put(key, new Part.Items(List.of()));
        }
    }

    /** The shortest form without a rest. */
    private static String bytes(long bytes) {
        String[] units = {"", "k", "m", "g"};
        int unit = 0;
        long count = bytes;
        while (unit < units.length - 1 && count >= 1024 && count % 1024 == 0) {
            count /= 1024;
            unit++;
        }
        return count + units[unit];
    }

    /** A tree as it is. */
    private static Part part(Facts value) {
        if (value.node() instanceof Map) {
            Part.Fields fields = new Part.Fields();
            value.entries().forEach((key, inner) -> fields.put(Naming.literal(key), part(inner)));
            return fields;
        }
        if (value.node() instanceof List) {
            return new Part.Items(value.items().stream().map(HostOptions::part).toList());
        }
        return value.node() instanceof String ? Part.text(Naming.literal(value.text())) : Part.plain(value.text());
    }
}
