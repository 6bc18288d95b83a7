package org.portolan.servicefile.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.service.ServiceSpec;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/**
 * Ports that speak UDP, which no proxy carries: the engine publishes them at fixed addresses. In a definition they stand apart
 * from the others, {@code udp: {dns: {port: "53", at: ["0.0.0.0:53"]}}}, and are a part of the version.
 */
public final class UdpPorts {
    private static final String SUFFIX = "/udp";

    private UdpPorts() {}

    /** Moves what speaks UDP out of a service's ports and addresses. */
    public static void separate(YamlNode.Mapping body, SortedMap<String, Object> keys, Reading in) {
        SortedMap<String, Object> udp = new TreeMap<>();
        SortedMap<String, List<Object>> at = new TreeMap<>();
        if (keys.get("ports") instanceof Map<?, ?> ports) {
            SortedMap<String, Object> others = new TreeMap<>();
            ports.forEach((name, port) -> {
                boolean datagrams = port instanceof String text && text.endsWith(SUFFIX);
                (datagrams ? udp : others).put(String.valueOf(name), port);
            });
            if (!udp.isEmpty()) {
                keys.put("ports", others.isEmpty() ? ServiceSpec.NO_PORTS : others);
            }
        }
        addresses(body, keys, udp, at, in);
        SortedMap<String, Object> forms = new TreeMap<>();
        udp.forEach((name, port) -> {
            String text = String.valueOf(port);
            SortedMap<String, Object> form = new TreeMap<>();
            form.put("port", text.substring(0, text.length() - SUFFIX.length()));
            if (at.containsKey(name)) {
                form.put("at", at.get(name));
            }
            forms.put(name, form);
        });
        if (!forms.isEmpty()) {
            keys.put("udp", forms);
        }
    }

    /** The name of a port that is written as its name, its number, or {@code port} for the one without a name. */
    private static String named(String written, SortedMap<String, Object> udp) {
        if (written.equals(ServiceSpec.UNNAMED_PORT) && udp.containsKey("")) {
            return "";
        }
        for (Map.Entry<String, Object> port : udp.entrySet()) {
            if (port.getValue().equals(written + SUFFIX)) {
                return port.getKey();
            }
        }
        return written;
    }

    private static void addresses(
            YamlNode.Mapping body,
            SortedMap<String, Object> keys,
            SortedMap<String, Object> udp,
            SortedMap<String, List<Object>> at,
            Reading in) {
        YamlNode written = body.get("wan_map");
        if (written == null || !(keys.get("wan_map") instanceof Map<?, ?> bindings)) {
            return;
        }
        SortedMap<String, Object> others = new TreeMap<>();
        bindings.forEach((address, port) -> {
            String from = String.valueOf(address);
            String name = named(String.valueOf(port), udp);
            if (!from.endsWith(SUFFIX)) {
                if (udp.containsKey(name)) {
                    in.fault(
                            written,
                            "the port " + Wording.quote(name) + " speaks UDP, and the address does not",
                            "write wan_map: {\"" + from + "/udp\": " + name + "}");
                }
                others.put(from, name);
            } else if (udp.containsKey(name)) {
                at.computeIfAbsent(name, key -> new ArrayList<>())
                        .add(from.substring(0, from.length() - SUFFIX.length()));
            } else {
                in.fault(
                        written,
                        "wan_map uses the UDP port " + Wording.quote(name) + ", which is not in ports",
                        "declare it: ports: {dns: 53/udp}");
            }
        });
        if (others.isEmpty()) {
            keys.remove("wan_map");
        } else {
            keys.put("wan_map", others);
        }
    }
}
