package org.portolan.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.container.Inspection;
import org.portolan.model.labels.ComposeProject;

/**
 * A container of a Compose project, as far as it matters for taking its place.
 *
 * @param service the service's name in the Compose file
 * @param runs whether it runs, or is being restarted
 * @param restart its restart policy, as {@code Engine.setRestart} takes it
 * @param grace how long its stop may take
 * @param mounts what it mounts, by path: a volume's name, or a path of the machine
 * @param ports {@code address:port} that it publishes; the address is "" for all
 */
record ComposeContainer(
        String id,
        String name,
        String service,
        boolean runs,
        String restart,
        Duration grace,
        SortedMap<String, String> mounts,
        List<String> ports) {
    private static final Duration USUAL_GRACE = Duration.ofSeconds(10);

    static ComposeContainer of(Inspection inspection) {
        Map<String, Object> container = inspection.container();
        Object config = container.get("Config");
        Object host = container.get("HostConfig");
        String name = text(container.get("Name"));
        String status = text(at(container.get("State"), "Status"));
        Object policy = at(host, "RestartPolicy");
        String restart = text(at(policy, "Name"));
        Object most = at(policy, "MaximumRetryCount");
        Object grace = at(config, "StopTimeout");
        SortedMap<String, String> mounts = new TreeMap<>();
        for (Object mount : list(container.get("Mounts"))) {
            String source = text(at(mount, "Name"));
            mounts.put(text(at(mount, "Destination")), source.isEmpty() ? text(at(mount, "Source")) : source);
        }
        return new ComposeContainer(
                text(container.get("Id")),
                name.startsWith("/") ? name.substring(1) : name,
                text(at(at(config, "Labels"), ComposeProject.SERVICE)),
                status.equals("running") || status.equals("restarting") || status.equals("paused"),
                restart.isEmpty()
                        ? "no"
                        : most instanceof Number times && times.longValue() > 0 ? restart + ":" + times : restart,
                grace instanceof Number seconds ? Duration.ofSeconds(seconds.longValue()) : USUAL_GRACE,
                mounts,
                ports(at(host, "PortBindings")));
    }

    static boolean isOneOff(Inspection inspection) {
        return text(at(at(inspection.container().get("Config"), "Labels"), ComposeProject.ONE_OFF))
                .equalsIgnoreCase("true");
    }

    private static List<String> ports(@Nullable Object bindings) {
        List<String> ports = new ArrayList<>();
        if (bindings instanceof Map<?, ?> map) {
            map.values().forEach(addresses -> list(addresses).forEach(binding -> {
                String address = text(at(binding, "HostIp"));
                boolean all = address.equals("0.0.0.0") || address.equals("::");
                ports.add((all ? "" : address) + ":" + text(at(binding, "HostPort")));
            }));
        }
        return ports;
    }

    private static @Nullable Object at(@Nullable Object map, String key) {
        return map instanceof Map<?, ?> entries ? entries.get(key) : null;
    }

    private static List<?> list(@Nullable Object node) {
        return node instanceof List<?> items ? items : List.of();
    }

    private static String text(@Nullable Object node) {
        return node instanceof String text ? text : "";
    }
}
