package org.portolan.importer.running;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The ports that a container publishes, and those that its user exposed. */
final class RunningPorts {
    private static final Set<String> EVERYWHERE = Set.of("", "0.0.0.0", "::");

    private RunningPorts() {}

    /** The keys {@code ports} and {@code expose}, as far as there is something to say. */
    static Map<String, Object> of(RunningContainer container) {
        Map<String, Facts> bindings = container.host().at("PortBindings").entries();
        List<Object> published = new ArrayList<>();
        bindings.forEach((port, addresses) -> addresses.items().forEach(address -> {
            Map<String, Object> written = published(port, address);
            if (!published.contains(written)) {
                published.add(written);
            }
        }));
        List<Object> exposed = new ArrayList<>();
        Map<String, Facts> fromImage =
                container.imageConfig().at("ExposedPorts").entries();
        container.config().at("ExposedPorts").entries().keySet().forEach(port -> {
            boolean open = bindings.containsKey(port) && bindings.get(port).says();
            if (!open && !fromImage.containsKey(port)) {
                exposed.add(port);
            }
        });
        Map<String, Object> keys = new LinkedHashMap<>();
        if (!published.isEmpty()) {
            keys.put("ports", published);
        }
        if (!exposed.isEmpty()) {
            keys.put("expose", exposed);
        }
        return keys;
    }

    private static Map<String, Object> published(String port, Facts address) {
        int slash = port.indexOf('/');
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("target", slash < 0 ? port : port.substring(0, slash));
        String host = address.at("HostPort").text();
        if (!host.isEmpty() && !host.equals("0")) {
            written.put("published", host);
        }
        String ip = address.at("HostIp").text();
        if (!EVERYWHERE.contains(ip)) {
            written.put("host_ip", ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip);
        }
        if (slash >= 0 && !port.endsWith("/tcp")) {
            written.put("protocol", port.substring(slash + 1));
        }
        return written;
    }
}
