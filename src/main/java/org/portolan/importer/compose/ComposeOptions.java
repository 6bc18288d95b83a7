package org.portolan.importer.compose;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.Naming;
import org.portolan.importer.draft.Part;
import org.portolan.importer.draft.ServiceDraft;
import org.portolan.servicefile.format.Names;

/** The keys of a service that a Servicefile has too, or that go to the engine as they are. */
final class ComposeOptions {
    private static final Set<String> FLAGS = Set.of("privileged", "read_only", "init", "tty", "stdin_open");
    private static final Set<String> TEXTS = Set.of("platform", "user", "working_dir", "shm_size");
    private static final Set<String> LISTS = Set.of("cap_add", "cap_drop", "dns", "group_add");
    private static final Set<String> MAPS = Set.of("sysctls");
    /** Keys of the engine's HostConfig, by what Compose calls them. */
    private static final Map<String, String> HOST = Map.ofEntries(
            Map.entry("cgroup", "CgroupnsMode"),
            Map.entry("cgroup_parent", "CgroupParent"),
            Map.entry("cpu_rt_period", "CpuRealtimePeriod"),
            Map.entry("cpu_rt_runtime", "CpuRealtimeRuntime"),
            Map.entry("cpuset", "CpusetCpus"),
            Map.entry("device_cgroup_rules", "DeviceCgroupRules"),
            Map.entry("dns_opt", "DnsOptions"),
            Map.entry("dns_search", "DnsSearch"),
            Map.entry("mem_swappiness", "MemorySwappiness"),
            Map.entry("oom_kill_disable", "OomKillDisable"),
            Map.entry("oom_score_adj", "OomScoreAdj"),
            Map.entry("runtime", "Runtime"),
            Map.entry("userns_mode", "UsernsMode"),
            Map.entry("uts", "UTSMode"));

    private static final Set<String> NUMBERS =
            Set.of("cpu_rt_period", "cpu_rt_runtime", "mem_swappiness", "oom_kill_disable", "oom_score_adj");
    private static final Set<String> HOST_LISTS = Set.of("device_cgroup_rules", "dns_opt", "dns_search");
    private static final Map<String, String> TOP = Map.of("domainname", "Domainname", "mac_address", "MacAddress");

    private final ComposeContext context;

    ComposeOptions(ComposeContext context) {
        this.context = context;
    }

    /** Translates a key; false when it is none of these. */
    boolean translate(String key, Cursor value, ServiceDraft service) {
        Part.Fields keys = service.keys();
        if (FLAGS.contains(key)) {
            flag(value, key, keys);
        } else if (TEXTS.contains(key)) {
            keys.put(key, fill(value));
        } else if (LISTS.contains(key)) {
            keys.put(key, texts(value));
        } else if (MAPS.contains(key)) {
            assignments(value).entries().forEach((name, text) -> keys.map(key).put(name, text));
        } else if (HOST.containsKey(key)) {
            Part part = HOST_LISTS.contains(key)
                    ? texts(value)
                    : NUMBERS.contains(key) ? number(fill(value)) : Part.text(fill(value));
            service.hostConfig().put(String.valueOf(HOST.get(key)), part);
        } else if (TOP.containsKey(key)) {
            String text = fill(value);
            keys.map("docker").put(String.valueOf(TOP.get(key)), text);
        } else {
            return special(key, value, service);
        }
        return true;
    }

    private boolean special(String key, Cursor value, ServiceDraft service) {
        Part.Fields keys = service.keys();
        switch (key) {
            case "restart" -> restart(value, keys);
            case "hostname" -> hostname(value, keys);
            case "pid" -> oneOf(value, keys, "pid", Set.of("host"));
            case "ipc" -> oneOf(value, keys, "ipc", Set.of("host", "private", "shareable", "none"));
            case "ulimits" -> ulimits(value, keys);
            case "logging" -> logging(value, keys);
            case "extra_hosts" -> extraHosts(value, keys);
            case "devices" -> devices(value, keys);
            case "security_opt" -> securityOptions(value, keys);
            case "stop_signal" -> keys.map("stop").put("signal", fill(value));
            case "stop_grace_period" -> grace(value, keys);
            case "pull_policy" -> pull(value, keys);
            case "scale" -> keys.put("scale", Part.number(fill(value)));
            case "annotations" -> service.hostConfig().put("Annotations", assignments(value));
            case "storage_opt" -> service.hostConfig().put("StorageOpt", assignments(value));
            case "gpus" -> gpus(value, service);
            case "use_api_socket" -> {
                if (isTrue(fill(value))) {
                    keys.map("volumes").put("/var/run/docker.sock", "/var/run/docker.sock");
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private String fill(Cursor value) {
        return context.variables().fill(value);
    }

    private Part texts(Cursor list) {
        return Part.texts(list.items().stream().map(this::fill).toList());
    }

    private static Part number(String text) {
        return text.equals("true") || text.equals("false") ? Part.plain(text) : Part.number(text);
    }

    private static boolean isTrue(String text) {
        return text.equals("true") || text.equals("yes") || text.equals("on");
    }

    private void flag(Cursor value, String key, Part.Fields keys) {
        String text = fill(value);
        if (text.startsWith("{{")) {
            keys.put(key, Part.text(text));
        } else if (isTrue(text)) {
            keys.put(key, Part.plain(true));
        } else if (!text.equals("false") && !text.equals("no")) {
            value.lost("expected true or false");
        }
    }

    /** A map, or a list of {@code name=value}. */
    Part.Fields assignments(Cursor value) {
        Part.Fields map = new Part.Fields();
        for (Cursor.Pair pair : value.entries()) {
            pair.value().use();
            map.put(Naming.literal(pair.key()), pair.value().isNull() ? "" : fill(pair.value()));
        }
        if (!value.isMap()) {
            for (Cursor item : value.items()) {
                String text = fill(item);
                int equals = text.indexOf('=');
                map.put(equals < 0 ? text : text.substring(0, equals), equals < 0 ? "" : text.substring(equals + 1));
            }
        }
        return map;
    }

    private void restart(Cursor value, Part.Fields keys) {
        String text = fill(value);
        keys.put("restart", text.equals("no") || text.equals("false") ? Part.plain("no") : Part.text(text));
    }

    private void hostname(Cursor value, Part.Fields keys) {
        String now = context.variables().resolved(value);
        if (now.isEmpty()) {
            value.changed("it is empty as it is now: the engine names the host");
            return;
        }
        String text = fill(value);
        String fault = Names.checkHost(now, false);
        if (fault != null && !ComposeVariables.varies(value.peek())) {
            value.lost("not a valid host name: " + fault);
        } else {
            keys.put("hostname", text);
        }
    }

    private void oneOf(Cursor value, Part.Fields keys, String key, Set<String> words) {
        String text = context.variables().resolved(value);
        if (words.contains(text)) {
            keys.put(key, text);
        } else {
            value.lost("only " + String.join(", ", words) + " can be set, not another container's: " + text);
        }
    }

    private void ulimits(Cursor value, Part.Fields keys) {
        for (Cursor.Pair pair : value.entries()) {
            Part.Fields limits = keys.map("ulimits");
            if (!pair.value().isMap()) {
                limits.put(pair.key(), Part.number(fill(pair.value())));
                continue;
            }
            Cursor soft = pair.value().get("soft");
            Cursor hard = pair.value().get("hard");
            if (soft != null && hard != null) {
                Part.Fields both = new Part.Fields().put("soft", Part.number(fill(soft)));
                limits.put(pair.key(), both.put("hard", Part.number(fill(hard))));
            } else if (soft != null) {
                limits.put(pair.key(), Part.number(fill(soft)));
            } else if (hard != null) {
                limits.put(pair.key(), Part.number(fill(hard)));
            }
        }
    }

    private void logging(Cursor value, Part.Fields keys) {
        Part.Fields logging = keys.map("logging");
        Cursor driver = value.get("driver");
        if (driver != null) {
            logging.put("driver", fill(driver));
        }
        Cursor options = value.get("options");
        if (options != null) {
            logging.put("options", assignments(options));
        }
        if (logging.isEmpty()) {
            keys.remove("logging");
        }
    }

    private void extraHosts(Cursor value, Part.Fields keys) {
        for (Cursor.Pair pair : value.entries()) {
            for (Cursor address : pair.value().items()) {
                extraHost(address, pair.key(), fill(address), keys);
            }
        }
        if (!value.isMap()) {
            for (Cursor item : value.items()) {
                String text = fill(item);
                int end = text.indexOf('=') >= 0 ? text.indexOf('=') : text.indexOf(':');
                extraHost(item, end < 0 ? "" : text.substring(0, end), end < 0 ? text : text.substring(end + 1), keys);
            }
        }
    }

    private static void extraHost(Cursor at, String name, String address, Part.Fields keys) {
        String plain = address.replaceAll("^\\[(.*)\\]$", "$1");
        boolean known = plain.equals("host-gateway") || plain.matches("[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
        if (known && Names.checkHost(name, false) == null) {
            keys.map("extra_hosts").put(name, plain);
        } else {
            at.lost("an entry needs a host name and an IP address, or host-gateway");
        }
    }

    private void devices(Cursor value, Part.Fields keys) {
        List<Part> devices = new ArrayList<>();
        for (Cursor item : value.items()) {
            if (!item.isMap()) {
                devices.add(Part.text(fill(item)));
                continue;
            }
            Cursor source = item.get("source");
            Cursor target = item.get("target");
            Cursor permissions = item.get("permissions");
            if (source != null) {
                String from = fill(source);
                String to = target == null ? from : fill(target);
                devices.add(Part.text(from + ":" + to + (permissions == null ? "" : ":" + fill(permissions))));
            }
        }
        keys.put("devices", new Part.Items(devices));
    }

    private void securityOptions(Cursor value, Part.Fields keys) {
        List<Part> options = new ArrayList<>();
        for (Cursor item : value.items()) {
            String text = fill(item);
            if (text.matches("seccomp[:=].*") && !text.endsWith("unconfined")) {
                item.lost("the engine takes a seccomp profile as text, not as a file: give it in docker: {HostConfig:"
                        + " {SecurityOpt: [\"seccomp={…}\"]}}");
            } else {
                options.add(Part.text(text.replaceFirst("^(apparmor|seccomp|no-new-privileges):", "$1=")));
            }
        }
        if (!options.isEmpty()) {
            keys.put("security_opt", new Part.Items(options));
        }
    }

    private void grace(Cursor value, Part.Fields keys) {
        String text = context.variables().resolved(value);
        Optional<java.time.Duration> time = ComposeHealth.duration(text);
        if (time.isPresent()) {
            keys.map("stop").put("grace", org.portolan.model.Durations.format(time.get()));
        } else {
            value.lost("not a duration such as 30s: " + text);
        }
    }

    private void pull(Cursor value, Part.Fields keys) {
        String text = context.variables().resolved(value);
        switch (text) {
            case "always", "never", "missing" -> keys.put("pull", text);
            case "if_not_present" -> keys.put("pull", "missing");
            case "build" -> keys.put("pull", "never");
            default -> value.lost("write pull: missing, always or never");
        }
    }

    private void gpus(Cursor value, ServiceDraft service) {
        Part.Fields request = new Part.Fields().put("Count", Part.plain(-1));
        request.put("Capabilities", new Part.Items(List.of(Part.texts(List.of("gpu")))));
        if (value.isText() && fill(value).equals("all")) {
            service.hostConfig().add("DeviceRequests", request);
        } else {
            value.lost("write docker: {HostConfig: {DeviceRequests: […]}}");
        }
    }
}
