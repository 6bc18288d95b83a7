package org.portolan.servicefile.format;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.TcpRange;
import org.portolan.servicefile.yaml.CharacterSets;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/**
 * Ports: a map of names, a list of names that are all assigned, or one unnamed. Normal form: name to number, range or "assign";
 * or "none".
 */
record PortsShape() implements Shape {
    private static final String ASSIGN = "assign";

    @Override
    public @Nullable Object read(YamlNode node, Reading in) {
        if (node instanceof YamlNode.Scalar scalar && scalar.text().equals(ServiceSpec.NO_PORTS)) {
            return ServiceSpec.NO_PORTS;
        }
        SortedMap<String, Object> ports = new TreeMap<>();
        PortSpans spans = new PortSpans();
        if (node instanceof YamlNode.Mapping mapping) {
            for (YamlNode.Entry entry : mapping.entries()) {
                String name = entry.key().text();
                if (name.isEmpty() || nameHolds(entry.key(), in)) {
                    put(name, entry.value(), ports, spans, in);
                }
            }
        } else if (node instanceof YamlNode.Sequence list) {
            for (YamlNode item : list.items()) {
                if (item instanceof YamlNode.Mapping) {
                    in.fault(item, "expected a port's name, found a map", "write the container's ports: {http: 8000}");
                    continue;
                }
                String name = in.text(item, "a port's name");
                if (name == null) {
                    continue;
                }
                if (Shapes.Whole.parse(name).isPresent()) {
                    if (list.items().size() == 1) {
                        put("", item, ports, spans, in);
                    } else {
                        in.fault(
                                item,
                                "a list of ports contains names, found " + in.found(item),
                                "name the numbers: {http: " + Wording.clip(name) + "}");
                    }
                } else if (nameHolds((YamlNode.Scalar) item, in) && ports.put(name, ASSIGN) != null) {
                    in.fault(item, "duplicate port " + in.found(item));
                }
            }
        } else {
            put("", node, ports, spans, in);
        }
        spans.checkNames(ports.keySet(), in);
        return ports.isEmpty() ? null : ports;
    }

    private static boolean nameHolds(YamlNode.Scalar name, Reading in) {
        if (name.unresolved()) {
            return false;
        }
        String fault = Names.checkName(name.text());
        if (fault != null) {
            in.fault(
                    name,
                    "invalid port name " + in.found(name) + ": " + fault,
                    foreign(name.text()).orElse("for example: {http: 8000}"));
        }
        return fault == null;
    }

    /** What to write instead of a form of docker's or Compose's: {@code 8080:80}, {@code 53/udp}, {@code 80-90}. */
    private static Optional<String> foreign(String text) {
        if (text.endsWith("/udp")) {
            String port = Wording.clip(text.substring(text.lastIndexOf(':') + 1));
            return Optional.of(
                    "write the container's port, {dns: " + port + "}, or a range, 10000-10100/udp; to publish it on"
                            + " the host, add wan_map: {\":53/udp\": dns}");
        }
        if (text.endsWith("/sctp")) {
            int slash = text.lastIndexOf('/');
            String port = Wording.clip(text.substring(text.lastIndexOf(':') + 1, slash));
            return Optional.of("SCTP is not routed; to publish it use docker: {HostConfig: {PortBindings: {\"" + port
                    + text.substring(slash) + "\": [{HostPort: \"" + port + "\"}]}}}, or network: host");
        }
        if (text.endsWith("/tcp")) {
            return foreign(text.substring(0, text.length() - "/tcp".length()));
        }
        if (text.indexOf(':') >= 0) {
            String port = text.substring(text.lastIndexOf(':') + 1);
            String name = port.indexOf('-') > 0 ? "range" : "http";
            return Optional.of("write the container's port, for example {" + name + ": " + Wording.clip(port)
                    + "}; to publish it on the host, add wan_map: {\":80\": " + name + "}");
        }
        boolean range = text.indexOf('-') > 0 && CharacterSets.isDigit(text.charAt(0));
        return range
                ? Optional.of("a range has at most " + TcpRange.MOST + " ports: {passive: 30000-30010}")
                : Optional.empty();
    }

    private static void put(String name, YamlNode value, SortedMap<String, Object> ports, PortSpans spans, Reading in) {
        String text = in.text(value, "a port from 1 to 65535, or assign");
        if (text == null) {
            return;
        }
        if (text.equals(ASSIGN)) {
            ports.put(name, ASSIGN);
            return;
        }
        PortSpans.Span span = PortSpans.parse(name, text, value);
        if (span == null || span.tooLong()) {
            String hint = foreign(text).orElse("with assign Portolan chooses a port and passes it as PORT");
            in.fault(value, "expected a port from 1 to 65535, or assign, found " + in.found(value), hint);
        } else if (spans.add(span, in)) {
            ports.put(name, span.udp() ? text : span.single() ? (Object) (long) span.first() : span.text());
        }
    }

    @Override
    public String words() {
        return "map of names to ports (or `assign`, `53/udp`, `30000-30010`), list of names, one port, or `none`";
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> port = Schemas.either(List.of(
                Schemas.whole(1, 65535),
                Map.of("const", ASSIGN),
                Schemas.pattern("^[0-9]{1,5}(-[0-9]{1,5}|(-[0-9]{1,5})?/(tcp|udp))$")));
        return Schemas.either(List.of(
                port, Map.of("const", ServiceSpec.NO_PORTS), Schemas.listOf(Schemas.TEXT), Schemas.mapOf(port)));
    }
}
