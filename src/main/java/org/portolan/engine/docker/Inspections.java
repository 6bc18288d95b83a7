package org.portolan.engine.docker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.portolan.model.container.Container;
import org.portolan.model.container.Inspection;

/** Containers by a label, whoever made them. Read only. */
final class Inspections {
    private final Calls calls;

    Inspections(Calls calls) {
        this.calls = calls;
    }

    /** See {@link org.portolan.engine.Engine#labelled}. */
    List<Container> labelled(String label, String value) {
        List<Container> found = new ArrayList<>();
        list(label, value).items().forEach(item -> found.add(Observer.listed(item)));
        found.sort(Comparator.comparing(Container::name));
        return found;
    }

    /** See {@link org.portolan.engine.Engine#inspections}. */
    List<Inspection> inspections(String label, String value) {
        DockerJson info = calls.get("cannot get the engine's information", "/info");
        List<Inspection> found = new ArrayList<>();
        for (Container each : labelled(label, value)) {
            calls.find("cannot inspect " + each.name(), Containers.path(each.id(), "/json"))
                    .map(container -> new Inspection(
                            withoutDefaults(map(container.node()), info),
                            calls.find(
                                            "cannot inspect the image of " + each.name(),
                                            "/images/" + container.at("Image").text() + "/json")
                                    .map(image -> map(image.node()))
                                    .orElse(Map.of())))
                    .ifPresent(found::add);
        }
        return found;
    }

    private DockerJson list(String label, String value) {
        String filters = new String(
                DockerJson.write(Map.of("label", List.of(label + "=" + value))),
                java.nio.charset.StandardCharsets.UTF_8);
        return calls.get("cannot list containers", "/containers/json?all=1&filters=" + Calls.encode(filters));
    }

    private static Map<String, Object> map(@Nullable Object node) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (node instanceof Map<?, ?> && Recreation.withoutNothing(node) instanceof Map<?, ?> clean) {
            clean.forEach((key, value) -> map.put(String.valueOf(key), value));
        }
        return map;
    }

    /** An inspection shows the engine's defaults as if they had been asked for. */
    static Map<String, Object> withoutDefaults(Map<String, Object> container, DockerJson info) {
        if (!(container.get("HostConfig") instanceof Map<?, ?> written)) {
            return container;
        }
        Map<String, Object> host = new LinkedHashMap<>();
        written.forEach((key, value) -> host.put(String.valueOf(key), value));
        String cgroups = info.at("CgroupVersion").text();
        host.remove("Runtime", info.at("DefaultRuntime").text());
        host.remove("CgroupnsMode", cgroups.equals("2") ? "private" : "host");
        DockerJson log = new DockerJson(host.get("LogConfig"));
        if (log.at("Type").text().equals(info.at("LoggingDriver").text())
                && log.at("Config").keys().isEmpty()) {
            host.remove("LogConfig");
        }
        container.put("HostConfig", host);
        return container;
    }
}
