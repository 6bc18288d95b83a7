package org.portolan.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The settings of a container as {@code docker inspect} shows them, each under its path. What two programs write in different
 * ways is the same here: no value and an empty one, the order of a set, a mount as bind or as mount.
 */
final class ContainerLeaves {
    /** Lists whose order says something. */
    private static final Set<String> ORDERED = Set.of("Config.Cmd", "Config.Entrypoint", "HostConfig.Dns");
    /** What says how mounts were asked for; {@code Mounts} says what came of it. */
    private static final Set<String> ASKED = Set.of("HostConfig.Binds", "HostConfig.Mounts", "HostConfig.Tmpfs");
    /** Variables that Portolan injects, and the one of the image. */
    private static final String INJECTED = "PATH|DEPLOY_ID|PORT(_\\w+)?|APP_(HOST|URL|PORT(_\\w+)?)";

    private final JsonNode container;
    private final Map<String, String> leaves = new TreeMap<>();

    ContainerLeaves(JsonNode container) {
        this.container = container;
    }

    Map<String, String> leaves() {
        collect("Config", container.get("Config"));
        collect("HostConfig", container.get("HostConfig"));
        String hostname = leaves.getOrDefault("Config.Hostname", "-");
        if (container.get("Id").asText().startsWith(hostname)) {
            leaves.remove("Config.Hostname");
        }
        for (JsonNode mount : container.get("Mounts")) {
            if (!mount.get("Type").asText().equals("tmpfs")) {
                String source = mount.get("Type").asText().equals("bind")
                        ? " " + mount.get("Source").asText()
                        : "";
                leaves.put(
                        "Mount " + mount.get("Destination").asText(),
                        mount.get("Type").asText() + source + (mount.get("RW").asBoolean() ? "" : " ro"));
            }
        }
        JsonNode host = container.get("HostConfig");
        host.path("Tmpfs")
                .properties()
                .forEach(each -> tmpfs(each.getKey(), each.getValue().asText()));
        for (JsonNode mount : host.path("Mounts")) {
            if (mount.get("Type").asText().equals("tmpfs")) {
                JsonNode size = mount.path("TmpfsOptions").path("SizeBytes");
                tmpfs(mount.get("Target").asText(), size.isMissingNode() ? "" : "size=" + size.asText());
            }
        }
        return leaves;
    }

    private void tmpfs(String path, String options) {
        List<String> words = new ArrayList<>(Arrays.asList(options.split(",", -1)));
        words.sort(String::compareTo);
        leaves.put("Mount " + path, "tmpfs " + String.join(",", words));
    }

    private void collect(String path, JsonNode node) {
        if (ASKED.contains(path) || node.isNull()) {
            return;
        }
        switch (path) {
            case "Config.Env" ->
                node.forEach(each -> {
                    String name = each.asText().substring(0, each.asText().indexOf('='));
                    if (!name.matches(INJECTED)) {
                        leaves.put(path + " " + name, each.asText().substring(name.length() + 1));
                    }
                });
            case "Config.Labels" ->
                node.properties().forEach(each -> {
                    if (!each.getKey().matches("(com\\.docker\\.compose|org\\.portolan)\\..*")) {
                        leaves.put(path + " " + each.getKey(), each.getValue().asText());
                    }
                });
            case "HostConfig.Ulimits" ->
                node.forEach(each ->
                        leaves.put(path + " " + each.get("Name").asText(), each.get("Soft") + ":" + each.get("Hard")));
            case "HostConfig.NetworkMode" -> {
                String mode = node.asText();
                leaves.put(path, Set.of("host", "none", "bridge").contains(mode) ? mode : "the project's own");
            }
            default -> plain(path, node);
        }
    }

    private void plain(String path, JsonNode node) {
        if (node.isObject()) {
            node.properties().forEach(each -> collect(path + "." + each.getKey(), each.getValue()));
        } else if (node.isArray()) {
            List<String> items = new ArrayList<>();
            node.forEach(item -> items.add(item.isTextual() ? word(item.asText()) : item.toString()));
            if (!ORDERED.contains(path)) {
                items.sort(String::compareTo);
            }
            if (!items.isEmpty()) {
                leaves.put(path, items.toString());
            }
        } else if (!Set.of("", "0", "false").contains(node.asText())) {
            leaves.put(path, node.asText());
        }
    }

    private static String word(String text) {
        return text.replaceFirst("^CAP_", "").replaceFirst("^no-new-privileges[:=]true$", "no-new-privileges");
    }
}
