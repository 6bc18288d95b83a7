package org.portolan.engine.docker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.container.ContainerOrigin;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.labels.InstanceLabels;
import org.portolan.model.labels.Labels;

/**
 * Reads from the inspection of a container how it was made. Pure. An inspection shows the request with every default filled
 * in; what is empty, false or zero is a default, and what the image says is compared with the image.
 */
final class Recreation {
    /** What every instance gets of its time, and what belongs to no request. */
    private static final Set<String> ANEW = Set.of(
            "Binds",
            "Mounts",
            "NetworkMode",
            "PortBindings",
            "RestartPolicy",
            "ContainerIDFile",
            "ConsoleSize",
            "MaskedPaths",
            "ReadonlyPaths",
            "AutoRemove");

    private Recreation() {}

    /** @param image the image's own configuration */
    static ContainerOrigin of(DockerJson container, DockerJson image) {
        DockerJson config = container.at("Config");
        String signal = config.at("StopSignal").text();
        boolean ownSignal =
                !signal.isEmpty() && !signal.equals(image.at("StopSignal").text());
        List<String> entrypoint = words(config.at("Entrypoint"));
        // The engine drops the image's command where a request names an entry point.
        boolean ownEntrypoint = !entrypoint.equals(words(image.at("Entrypoint")));
        List<String> command = words(config.at("Cmd"));
        return new ContainerOrigin(
                container.at("Image").text(),
                env(words(config.at("Env")), words(image.at("Env"))),
                ownEntrypoint || !command.equals(words(image.at("Cmd"))) ? command : List.of(),
                ownEntrypoint ? Optional.of(entrypoint) : Optional.empty(),
                mounts(container.at("Mounts"), image.at("Volumes").keys()),
                Containers.restart(container.at("HostConfig").at("RestartPolicy")),
                ownSignal ? Optional.of(signal) : Optional.empty(),
                config.at("StopTimeout").exists()
                        ? Optional.of(
                                Duration.ofSeconds(config.at("StopTimeout").number()))
                        : Optional.empty(),
                rest(container, image));
    }

    private static SortedMap<String, String> env(List<String> own, List<String> image) {
        SortedMap<String, String> env = new TreeMap<>();
        for (String word : own) {
            int equals = word.indexOf('=');
            if (equals > 0 && !image.contains(word)) {
                env.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return env;
    }

    /** Volumes at the paths that the image declares are kept for each instance by another rule. */
    private static List<ContainerSpec.Mount> mounts(DockerJson mounts, List<String> declared) {
        List<ContainerSpec.Mount> found = new ArrayList<>();
        for (DockerJson mount : mounts.items()) {
            boolean volume = mount.at("Type").text().equals("volume");
            boolean bind = mount.at("Type").text().equals("bind");
            String target = mount.at("Destination").text();
            if (bind || (volume && !declared.contains(target))) {
                found.add(new ContainerSpec.Mount(
                        volume,
                        mount.at(volume ? "Name" : "Source").text(),
                        target,
                        !mount.at("RW").flag()));
            }
        }
        return found;
    }

    private static Map<String, Object> rest(DockerJson container, DockerJson image) {
        DockerJson config = container.at("Config");
        Map<String, Object> rest = new LinkedHashMap<>();
        for (String key : List.of("User", "WorkingDir", "Domainname", "Tty", "OpenStdin")) {
            Object value = config.at(key).node();
            if (value != null && says(value) && !value.equals(image.at(key).node())) {
                rest.put(key, value);
            }
        }
        String hostname = config.at("Hostname").text();
        if (!hostname.isEmpty() && !container.at("Id").text().startsWith(hostname)) {
            rest.put("Hostname", hostname);
        }
        Map<String, String> labels = new TreeMap<>(config.at("Labels").texts());
        image.at("Labels").texts().forEach(labels::remove);
        labels.keySet().removeIf(Labels::isOwn);
        if (!labels.isEmpty()) {
            rest.put("Labels", labels);
        }
        Map<String, Object> host = host(container);
        if (!host.isEmpty()) {
            rest.put("HostConfig", host);
        }
        return rest;
    }

    private static Map<String, Object> host(DockerJson container) {
        DockerJson written = container.at("HostConfig");
        Map<String, Object> host = new LinkedHashMap<>();
        for (String key : written.keys()) {
            Object value = written.at(key).node();
            if (!ANEW.contains(key) && value != null && says(value)) {
                host.put(key, withoutNothing(value));
            }
        }
        Map<String, Object> fixed = new LinkedHashMap<>();
        Set<String> published = new HashSet<>();
        InstanceLabels.ports(
                        container.at("Config").at("Labels").at(Labels.PORTS).text())
                .values()
                .forEach(port -> published.add(String.valueOf(port.container())));
        for (String port : written.at("PortBindings").keys()) {
            int slash = port.indexOf('/');
            String number = slash < 0 ? port : port.substring(0, slash);
            Object bindings = written.at("PortBindings").at(port).node();
            if (!published.contains(number) && bindings != null && says(bindings)) {
                fixed.put(port, withoutNothing(bindings));
            }
        }
        if (!fixed.isEmpty()) {
            host.put("PortBindings", fixed);
        }
        return host;
    }

    /** The same tree without values that are null. */
    static Object withoutNothing(Object node) {
        if (node instanceof Map<?, ?> map) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, value) -> {
                if (value != null) {
                    copy.put(String.valueOf(key), withoutNothing(value));
                }
            });
            return copy;
        }
        if (node instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(item -> {
                if (item != null) {
                    copy.add(withoutNothing(item));
                }
            });
            return copy;
        }
        return node instanceof Double number ? (Object) number.longValue() : node;
    }

    private static boolean says(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Boolean flag -> flag;
            case Number number -> number.doubleValue() != 0;
            case String text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> true;
        };
    }

    private static List<String> words(DockerJson list) {
        return list.items().stream().map(DockerJson::text).toList();
    }
}
