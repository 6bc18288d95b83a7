package org.portolan.importer.draft;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Options of {@code docker run}, as other systems pass them on. */
public final class RunOptions {
    private static final Map<String, String> SHORT = Map.ofEntries(
            Map.entry("m", "memory"),
            Map.entry("u", "user"),
            Map.entry("w", "workdir"),
            Map.entry("h", "hostname"),
            Map.entry("e", "env"),
            Map.entry("v", "volume"),
            Map.entry("p", "publish"),
            Map.entry("l", "label"),
            Map.entry("c", "cpu-shares"),
            Map.entry("t", "tty"),
            Map.entry("i", "interactive"),
            Map.entry("net", "network"));
    private static final Map<String, String> LISTS = Map.of(
            "cap-add",
            "cap_add",
            "cap-drop",
            "cap_drop",
            "device",
            "devices",
            "group-add",
            "group_add",
            "dns",
            "dns",
            "security-opt",
            "security_opt");
    private static final Map<String, String> TEXTS = Map.of(
            "platform",
            "platform",
            "user",
            "user",
            "workdir",
            "working_dir",
            "hostname",
            "hostname",
            "shm-size",
            "shm_size",
            "ipc",
            "ipc");
    private static final Map<String, String> LIMITS = Map.of(
            "memory", "memory",
            "memory-swap", "memory_swap",
            "cpus", "cpus",
            "cpu-shares", "cpu_shares",
            "pids-limit", "pids");
    private static final Map<String, String> HOST = Map.of(
            "cpuset-cpus", "CpusetCpus",
            "runtime", "Runtime",
            "userns", "UsernsMode",
            "uts", "UTSMode",
            "cgroup-parent", "CgroupParent");
    private static final Map<String, String> HOST_LISTS = Map.of("dns-search", "DnsSearch", "dns-opt", "DnsOptions");
    private static final Set<String> FLAGS =
            Set.of("privileged", "read-only", "init", "tty", "interactive", "rm", "detach", "d", "oom-kill-disable");

    /** What is said of a service that had a port of the edge. */
    public static final String PORT_80 =
            "port 80 is the edge's by default: use a domain instead of wan_map, or change edge.http in portolan.yaml";

    private final EnvDrafts env;
    private final PortDrafts ports;

    public RunOptions(EnvDrafts env, PortDrafts ports) {
        this.env = env;
        this.ports = ports;
    }

    /** Whether an option has no value. */
    public static boolean isFlag(String name) {
        return FLAGS.contains(SHORT.getOrDefault(name, name));
    }

    /** Translates one option; what has no counterpart is reported. */
    public void translate(String option, String value, Cursor at, ServiceDraft service) {
        String name = SHORT.getOrDefault(option, option);
        String text = MacroText.fill(value);
        Part.Fields keys = service.keys();
        if (LISTS.containsKey(name)) {
            keys.add(String.valueOf(LISTS.get(name)), Part.text(text));
        } else if (TEXTS.containsKey(name)) {
            keys.put(String.valueOf(TEXTS.get(name)), text);
        } else if (LIMITS.containsKey(name)) {
            keys.map("resources").put(String.valueOf(LIMITS.get(name)), Part.number(text));
        } else if (HOST.containsKey(name)) {
            service.hostConfig().put(String.valueOf(HOST.get(name)), text);
        } else if (HOST_LISTS.containsKey(name)) {
            service.hostConfig().add(String.valueOf(HOST_LISTS.get(name)), Part.text(text));
        } else if (isFlag(name)) {
            flag(name, value, at, service);
        } else {
            special(name, value, text, at, service);
        }
    }

    private static void flag(String name, String value, Cursor at, ServiceDraft service) {
        if (value.equals("false")) {
            return;
        }
        if (!value.equals("true") && !value.isEmpty()) {
            at.lost("expected true or false");
            return;
        }
        switch (name) {
            case "privileged", "init" -> service.keys().put(name, Part.plain(true));
            case "read-only" -> service.keys().put("read_only", Part.plain(true));
            case "tty" -> service.keys().put("tty", Part.plain(true));
            case "interactive" -> service.keys().put("stdin_open", Part.plain(true));
            case "oom-kill-disable" -> service.hostConfig().put("OomKillDisable", Part.plain(true));
            default -> at.lost("Portolan starts and removes containers itself");
        }
    }

    private void special(String name, String value, String text, Cursor at, ServiceDraft service) {
        Part.Fields keys = service.keys();
        switch (name) {
            case "env" -> {
                int equals = value.indexOf('=');
                if (equals > 0) {
                    env.put(service, value.substring(0, equals), at, value.substring(equals + 1));
                } else {
                    at.lost("a variable without a value: write it under env");
                }
            }
            case "volume" -> Mounts.write(value, at, service);
            case "publish" -> publish(value, at);
            case "label" -> pair(keys.map("labels"), text);
            case "sysctl" -> pair(keys.map("sysctls"), text);
            case "log-driver" -> keys.map("logging").put("driver", text);
            case "log-opt" -> pair(keys.map("logging").map("options"), text);
            case "add-host" -> {
                int colon = text.indexOf(':');
                if (colon > 0) {
                    keys.map("extra_hosts").put(text.substring(0, colon), text.substring(colon + 1));
                } else {
                    at.lost("expected name:address");
                }
            }
            case "tmpfs" -> {
                int colon = text.indexOf(':');
                keys.map("tmpfs")
                        .put(colon < 0 ? text : text.substring(0, colon), colon < 0 ? "" : text.substring(colon + 1));
            }
            case "ulimit" -> ulimit(text, at, keys);
            case "network" -> {
                if (text.equals("host") || text.equals("none")) {
                    keys.map("network").put("mode", text);
                } else {
                    at.lost("each deployment has a network; services find each other by name");
                }
            }
            case "network-alias", "name" -> keys.map("network").add("aliases", Part.text(text));
            case "pid" -> {
                if (text.equals("host")) {
                    keys.put("pid", text);
                } else {
                    at.lost("only host can be set");
                }
            }
            case "restart" -> keys.put("restart", text.equals("no") ? Part.plain("no") : Part.text(text));
            case "stop-signal" -> keys.map("stop").put("signal", text);
            case "stop-timeout" -> keys.map("stop").put("grace", text + "s");
            case "entrypoint" -> keys.put("entrypoint", Part.texts(List.of(text)));
            case "gpus" -> {
                Part.Fields request = new Part.Fields().put("Count", Part.plain(-1));
                request.put("Capabilities", new Part.Items(List.of(Part.texts(List.of("gpu")))));
                service.hostConfig().add("DeviceRequests", request);
                if (!text.equals("all")) {
                    at.changed("all GPUs are given instead of " + text);
                }
            }
            default -> at.lost("the option --" + name + " of docker run has no counterpart");
        }
    }

    private static void pair(Part.Fields map, String text) {
        int equals = text.indexOf('=');
        map.put(equals < 0 ? text : text.substring(0, equals), equals < 0 ? "" : text.substring(equals + 1));
    }

    private static void ulimit(String text, Cursor at, Part.Fields keys) {
        String[] parts = text.split("[=:]", -1);
        if (parts.length == 2) {
            keys.map("ulimits").put(parts[0], Part.number(parts[1]));
        } else if (parts.length == 3) {
            Part.Fields both = new Part.Fields().put("soft", Part.number(parts[1]));
            keys.map("ulimits").put(parts[0], both.put("hard", Part.number(parts[2])));
        } else {
            at.lost("expected name=soft:hard");
        }
    }

    /** A port as {@code docker run -p} takes it. */
    public void publish(String value, Cursor at) {
        String[] parts = value.replaceFirst("/tcp$", "").split(":", -1);
        String container = MacroText.fill(parts[parts.length - 1]);
        boolean number = container.matches("[1-9][0-9]{0,4}(/udp)?") || container.contains("%%");
        if (!number || parts.length > 3) {
            at.lost("only single TCP and UDP ports are published: " + MacroText.shown(value));
        } else if (parts.length == 1) {
            ports.listen(container);
        } else {
            String address = parts.length == 3 && !parts[0].equals("0.0.0.0") ? parts[0] : "";
            String protocol = container.endsWith("/udp") ? "/udp" : "";
            String published = MacroText.fill(parts[parts.length - 2]).replaceFirst("/udp$", "");
            ports.publish(address + ":" + published + protocol, container);
            if (published.equals("80") && address.isEmpty()) {
                at.changed(PORT_80);
            }
        }
    }

    /** A word of a command line, and where it is from. */
    public record Word(String text, Cursor at) {}

    /** Options as words of a command line: {@code --name=value}, {@code --name value}, {@code -p value}, {@code -it}. */
    public void words(List<Word> words, ServiceDraft service) {
        for (int i = 0; i < words.size(); i++) {
            Cursor at = words.get(i).at();
            String word = words.get(i).text();
            String name = word.replaceFirst("^--?", "");
            if (name.equals(word) || name.isEmpty()) {
                at.lost("expected an option, found " + word);
                continue;
            }
            int equals = name.indexOf('=');
            boolean cluster = !word.startsWith("--") && !SHORT.containsKey(name) && name.length() > 1;
            if (cluster && name.chars().allMatch(each -> isFlag(Character.toString(each)))) {
                name.chars().forEach(each -> translate(Character.toString(each), "true", at, service));
            } else if (cluster && equals != 1 && SHORT.containsKey(name.substring(0, 1))) {
                translate(name.substring(0, 1), name.substring(1), at, service);
            } else if (equals > 0) {
                translate(name.substring(0, equals), name.substring(equals + 1), at, service);
            } else if (isFlag(name)) {
                translate(name, "true", at, service);
            } else if (i + 1 == words.size()) {
                at.lost("the option --" + SHORT.getOrDefault(name, name) + " has no value");
            } else {
                i++;
                words.get(i).at().use();
                translate(name, words.get(i).text(), at, service);
            }
        }
    }
}
