package org.portolan.importer.compose;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.portolan.importer.draft.Cursor;
import org.portolan.importer.draft.Part;
import org.portolan.importer.draft.PortDrafts;
import org.portolan.importer.draft.ServiceDraft;

/** {@code ports} and {@code expose} of a service. */
final class ComposePorts {
    /** As many as a Servicefile's range may have. */
    private static final int MOST = 100;

    /** Where every web client comes in: the edge's, which leads on to the service. */
    private static final String WEB = "80";

    private static final String TLS = "443";
    private static final Set<String> EVERYWHERE = Set.of("", "0.0.0.0", "*", "[::]", "::");

    private final ComposeContext context;

    ComposePorts(ComposeContext context) {
        this.context = context;
    }

    void expose(Cursor expose, String name, ServiceDraft service) {
        for (Cursor item : expose.items()) {
            String text = context.variables().fill(item);
            List<String> listed = range(text.replace("/tcp", ""));
            if (listed.size() > 1 && asRange(name, new Published("", "", text, ""), listed, List.of())) {
                continue;
            }
            for (String port : listed) {
                if (port.endsWith("/udp") || !isPort(port)) {
                    item.lost("UDP needs no declaration in the deployment's network");
                } else {
                    context.ports(name).listen(port);
                }
            }
        }
    }

    void ports(Cursor ports, String name, ServiceDraft service) {
        boolean web = false;
        for (Cursor item : ports.items()) {
            web |= published(item, WEB);
        }
        for (Cursor item : ports.items()) {
            if (item.isMap()) {
                longForm(item, name, service, web);
            } else {
                shortForm(item, name, service, web);
            }
        }
    }

    private boolean published(Cursor item, String port) {
        if (item.isMap()) {
            Cursor host = item.get("published");
            return host != null && host.peek().equals(port);
        }
        String text = context.variables().resolved(item.peek());
        int colon = text.lastIndexOf(':');
        String before = colon < 0 ? "" : text.substring(0, colon);
        return before.equals(port) || before.endsWith(":" + port);
    }

    private void longForm(Cursor item, String name, ServiceDraft service, boolean web) {
        Cursor target = item.get("target");
        if (target == null) {
            return;
        }
        Cursor host = item.get("published");
        String address = text(item, "host_ip");
        String protocol = text(item, "protocol");
        String mode = text(item, "mode");
        item.text("name");
        Cursor said = item.get("app_protocol");
        if (said != null) {
            said.lost("whether a port speaks HTTP shows in what leads to it: Domains, or a check with http");
        }
        if (mode.equals("host")) {
            item.changed("Swarm's mode host: Portolan publishes the port on this machine in any case");
        }
        publish(
                item,
                name,
                service,
                new Published(
                        address,
                        host == null ? "" : context.variables().fill(host),
                        context.variables().fill(target),
                        protocol),
                web);
    }

    private String text(Cursor item, String key) {
        Cursor value = item.get(key);
        return value == null ? "" : context.variables().fill(value);
    }

    private void shortForm(Cursor item, String name, ServiceDraft service, boolean web) {
        String text = context.variables().resolved(item);
        // A variable may hold an address and a port in one.
        if (parts(ComposeVariables.shape(item.peek())).size() == parts(text).size()) {
            text = context.variables().fill(item);
        } else {
            item.changed("variables in it are filled in as they are now: " + text);
        }
        String protocol = "";
        int slash = text.lastIndexOf('/');
        if (slash >= 0) {
            protocol = text.substring(slash + 1);
            text = text.substring(0, slash);
        }
        List<String> parts = parts(text);
        String container = parts.get(parts.size() - 1);
        String host = parts.size() < 2 ? "" : parts.get(parts.size() - 2);
        String address = parts.size() < 3 ? "" : parts.get(0);
        publish(item, name, service, new Published(address, host, container, protocol), web);
    }

    /** Address, host port and container port, whatever of them is there; an address of IPv6 stands in brackets. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        int brackets = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ':';
            brackets += c == '[' ? 1 : c == ']' ? -1 : 0;
            if (c == ':' && brackets == 0) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        int count = parts.size();
        if (count > 3) {
            String address = String.join(":", parts.subList(0, count - 2));
            return List.of("[" + address + "]", parts.get(count - 2), parts.get(count - 1));
        }
        return parts;
    }

    /** A published port or range of them. */
    private record Published(String address, String host, String container, String protocol) {}

    private void publish(Cursor item, String name, ServiceDraft service, Published port, boolean web) {
        List<String> containers = range(port.container);
        List<String> hosts = range(port.host);
        boolean some = hosts.size() > containers.size() && containers.size() == 1;
        if (containers.isEmpty() || (!port.host.isEmpty() && hosts.size() != containers.size() && !some)) {
            item.lost("a range of ports that cannot be read, or has more than " + MOST + " ports");
            return;
        }
        if (asRange(name, port, containers, hosts)) {
            if (hosts.isEmpty()) {
                item.changed("Compose publishes the ports on host ports by chance; here they are not published. Add"
                        + " wan_map: {\":" + containers.getFirst() + "\": …}");
            }
            return;
        }
        if (some) {
            item.changed("Compose takes any host port of the range " + port.host + "; the first is written");
        }
        for (int i = 0; i < containers.size(); i++) {
            String host = port.host.isEmpty() ? "" : hosts.get(i);
            one(item, name, service, new Published(port.address, host, containers.get(i), port.protocol), web);
        }
    }

    /**
     * Writes a range of TCP ports as one, where none of them is declared otherwise and none of the host's is a web server's.
     *
     * @return whether it was written
     */
    private boolean asRange(String name, Published port, List<String> containers, List<String> hosts) {
        boolean tcp = port.protocol.isEmpty() || port.protocol.equals("tcp");
        if (!tcp || containers.size() < 2) {
            return false;
        }
        String first = containers.getFirst();
        String last = containers.getLast();
        boolean everywhere = EVERYWHERE.contains(port.address);
        boolean edges = everywhere && (hosts.contains(WEB) || hosts.contains(TLS));
        PortDrafts ports = context.ports(name);
        if (edges || !isPort(first) || !isPort(last) || overlaps(ports, first, last)) {
            return false;
        }
        ports.range(
                port.container, hosts.stream().findFirst().map(host -> (everywhere ? "" : port.address) + ":" + host));
        return true;
    }

    private static boolean overlaps(PortDrafts ports, String first, String last) {
        return ports.overlaps(Integer.parseInt(first), Integer.parseInt(last));
    }

    private void one(Cursor item, String name, ServiceDraft service, Published port, boolean web) {
        if (port.protocol.equals("udp") || port.protocol.equals("sctp")) {
            datagrams(item, name, service, port);
            return;
        }
        if (!port.protocol.isEmpty() && !port.protocol.equals("tcp")) {
            item.lost("unknown protocol " + port.protocol);
            return;
        }
        if (!isPort(port.container)) {
            item.lost("expected a port of the container, found " + port.container);
            return;
        }
        PortDrafts ports = context.ports(name);
        boolean everywhere = EVERYWHERE.contains(port.address);
        if (port.host.isEmpty()) {
            ports.listen(port.container);
            item.changed("Compose publishes the port on a host port by chance; Portolan chooses one and keeps it. For a"
                    + " fixed one write wan_map: {\":8080\": …}");
        } else if (port.host.equals(WEB) && everywhere) {
            ports.listen(port.container);
            context.web(name, port.container);
            item.changed("port 80 is the edge's: Domains leads every host name to " + service.name());
        } else if (port.host.equals(TLS) && everywhere && web) {
            ports.listen(port.container);
            item.lost("port 443 is the edge's, which speaks TLS itself: give the domain cert: and key:");
        } else {
            ports.publish((everywhere ? "" : port.address) + ":" + port.host, port.container);
            if (port.host.equals(TLS) && everywhere) {
                item.changed("port 443 is the edge's by default: change its port in portolan.yaml, or use a domain"
                        + " with cert: and key:");
            }
        }
    }

    /** UDP is published by the engine; SCTP is too, but has no key. */
    private void datagrams(Cursor item, String name, ServiceDraft service, Published port) {
        boolean everywhere = EVERYWHERE.contains(port.address);
        if (port.protocol.equals("udp")) {
            String container = port.container + "/udp";
            if (port.host.isEmpty()) {
                context.ports(name).listen(container);
                item.changed(
                        "Compose publishes the port on a host port by chance; here it is not published. Add wan_map");
            } else {
                context.ports(name).publish((everywhere ? "" : port.address) + ":" + port.host + "/udp", container);
            }
        } else if (port.host.isEmpty()) {
            item.lost("SCTP ports are published on a fixed host port only");
        } else {
            Part.Fields binding = new Part.Fields();
            if (!everywhere) {
                binding.put("HostIp", port.address.replace("[", "").replace("]", ""));
            }
            binding.put("HostPort", port.host);
            service.hostConfig().map("PortBindings").add(port.container + "/sctp", binding);
        }
    }

    private static List<String> range(String text) {
        int dash = text.indexOf('-');
        if (text.isEmpty() || dash < 0 || text.contains("{{")) {
            return text.isEmpty() ? List.of() : List.of(text);
        }
        List<String> ports = new ArrayList<>();
        String first = text.substring(0, dash);
        String last = text.substring(dash + 1);
        if (!isNumber(first) || !isNumber(last) || Integer.parseInt(last) - Integer.parseInt(first) >= MOST) {
            return List.of();
        }
        for (int port = Integer.parseInt(first); port <= Integer.parseInt(last); port++) {
            ports.add(String.valueOf(port));
        }
        return ports;
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(Character::isDigit);
    }

    private static boolean isPort(String text) {
        return text.startsWith("{{")
                || (isNumber(text) && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 65535);
    }
}
