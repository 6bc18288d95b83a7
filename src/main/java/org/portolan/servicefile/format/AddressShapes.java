package org.portolan.servicefile.format;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/** The shapes with IP addresses in them. */
final class AddressShapes {
    private AddressShapes() {}

    /** Addresses of the outside to port names. Normal form: {@code 0.0.0.0:80}, {@code 0.0.0.0:53/udp}. */
    record WanMap() implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            if (!(node instanceof YamlNode.Mapping mapping)) {
                in.fault(
                        node,
                        "expected a map of addresses to ports, found " + in.found(node),
                        "for example: {\":80\": http}");
                return null;
            }
            SortedMap<String, Object> bindings = new TreeMap<>();
            for (YamlNode.Entry entry : mapping.entries()) {
                String address = entry.key().text();
                boolean udp = address.endsWith("/udp");
                String binding = binding(udp ? address.substring(0, address.length() - 4) : address);
                String port = YamlNode.isNull(entry.value()) ? "" : in.text(entry.value(), "a port's name");
                if (binding == null) {
                    String message = "expected an address such as :80 or 0.0.0.0:80, found " + in.found(entry.key());
                    int dash = address.lastIndexOf('-');
                    if (dash > address.lastIndexOf(':')) {
                        in.fault(
                                entry.key(),
                                message,
                                "a range of ports begins at its address: write "
                                        + Wording.quote(address.substring(0, dash) + (udp ? "/udp" : "")));
                    } else {
                        in.fault(entry.key(), message);
                    }
                } else if (port != null && bindings.put(udp ? binding + "/udp" : binding, port) != null) {
                    in.fault(entry.key(), "duplicate address " + binding);
                }
            }
            return bindings.isEmpty() ? null : bindings;
        }

        /** An address in normal form: {@code 0.0.0.0:80}; null when it is none. */
        static @Nullable String binding(String text) {
            int colon = text.lastIndexOf(':');
            String address = colon <= 0 ? "0.0.0.0" : text.substring(0, colon);
            long port = Shapes.Whole.parse(text.substring(colon + 1)).orElse(0L);
            if (address.equals("*")) {
                address = "0.0.0.0";
            }
            return port >= 1 && port <= 65535 && IpAddresses.isAddress(address) ? address + ":" + port : null;
        }

        @Override
        public String words() {
            return "map of addresses to port names";
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.mapOf(Map.of("type", List.of("string", "integer", "null")));
        }
    }

    /** Further names for addresses: a map, or a list of {@code name:address}. Normal form: the sorted list. */
    record ExtraHosts() implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            TreeSet<String> hosts = new TreeSet<>();
            if (node instanceof YamlNode.Mapping mapping) {
                for (YamlNode.Entry entry : mapping.entries()) {
                    String address = in.text(entry.value(), "an address");
                    if (address != null) {
                        add(entry.key(), entry.key().text(), address, hosts, in);
                    }
                }
            } else if (node instanceof YamlNode.Sequence list) {
                for (YamlNode item : list.items()) {
                    String text = in.text(item, "name:address");
                    if (text != null) {
                        int colon = text.indexOf(':');
                        String address = colon < 0 ? "" : text.substring(colon + 1);
                        add(item, colon < 0 ? text : text.substring(0, colon), address, hosts, in);
                    }
                }
            } else {
                in.fault(node, "expected a map of names to addresses, found " + in.found(node));
            }
            return hosts.isEmpty() ? null : List.copyOf(hosts);
        }

        private static void add(YamlNode at, String name, String address, TreeSet<String> hosts, Reading in) {
            if (Names.checkHost(name, false) != null) {
                in.fault(at, "expected a host name, found " + Wording.quote(name));
            } else if (!address.equals("host-gateway") && !IpAddresses.isAddress(address)) {
                in.fault(at, "expected an IP address for " + name + ", found " + Wording.quote(address));
            } else {
                hosts.add(name + ":" + address);
            }
        }

        @Override
        public String words() {
            return "map of names to addresses, or list of `name:address`";
        }

        @Override
        public Map<String, Object> schema() {
            return Schemas.either(List.of(Schemas.mapOf(Schemas.TEXT), Schemas.listOf(Schemas.TEXT)));
        }
    }

    /** A list of IP addresses. */
    record AddressList() implements Shape {
        @Override
        public @Nullable Object read(YamlNode node, Reading in) {
            Object texts = Shapes.TEXTS.read(node, in);
            if (texts instanceof List<?> list) {
                for (Object text : list) {
                    if (!IpAddresses.isAddress((String) text)) {
                        in.fault(node, "expected an IP address, found " + Wording.quote((String) text));
                        return null;
                    }
                }
            }
            return texts;
        }

        @Override
        public String words() {
            return "address or list of addresses";
        }

        @Override
        public Map<String, Object> schema() {
            return Shapes.TEXTS.schema();
        }
    }
}
