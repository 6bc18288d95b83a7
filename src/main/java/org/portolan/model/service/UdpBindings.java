package org.portolan.model.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The part of a create request that publishes a service's UDP ports. */
final class UdpBindings {
    private UdpBindings() {}

    /**
     * Adds exposed ports to a request, and published ones to its host's part.
     *
     * @param udp as in a definition: {@code {dns: {port: "53", at: ["0.0.0.0:53"]}}}; a range begins at each address
     */
    static void add(Map<?, ?> udp, SortedMap<String, Object> request, SortedMap<String, Object> host) {
        SortedMap<String, Object> exposed = new TreeMap<>();
        SortedMap<String, Object> bindings = new TreeMap<>();
        for (Object each : udp.values()) {
            Map<?, ?> form = (Map<?, ?>) each;
            String ports = String.valueOf(form.get("port"));
            int dash = ports.indexOf('-');
            int first = Integer.parseInt(dash < 0 ? ports : ports.substring(0, dash));
            int last = dash < 0 ? first : Integer.parseInt(ports.substring(dash + 1));
            List<?> addresses = form.get("at") instanceof List<?> list ? list : List.of();
            for (int port = first; port <= last; port++) {
                exposed.put(port + "/udp", new TreeMap<String, Object>());
                List<Object> at = new ArrayList<>();
                for (Object address : addresses) {
                    at.add(binding(String.valueOf(address), port - first));
                }
                if (!at.isEmpty()) {
                    bindings.put(port + "/udp", at);
                }
            }
        }
        request.put("ExposedPorts", exposed);
        if (!bindings.isEmpty()) {
            host.put(DockerKeys.PORT_BINDINGS, bindings);
        }
    }

    private static Map<String, Object> binding(String address, int offset) {
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon);
        SortedMap<String, Object> binding = new TreeMap<>();
        binding.put("HostIp", host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
        binding.put("HostPort", Integer.toString(Integer.parseInt(address.substring(colon + 1)) + offset));
        return binding;
    }
}
