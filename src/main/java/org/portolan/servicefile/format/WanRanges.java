package org.portolan.servicefile.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.portolan.model.service.TcpRange;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/** The addresses of ranges of ports in a service's {@code wan_map}: a range begins at its address. */
public final class WanRanges {
    private static final String UDP = "/udp";
    private static final String ANY = "0.0.0.0";

    private final SortedMap<String, Object> keys;
    private final Reading in;
    private final List<Span> spans = new ArrayList<>();

    private WanRanges(SortedMap<String, Object> keys, Reading in) {
        this.keys = keys;
        this.in = in;
    }

    /** Consecutive ports at an address. */
    private record Span(String address, boolean udp, int first, int last, YamlNode at) {
        boolean single() {
            return first == last;
        }

        boolean overlaps(Span other) {
            boolean meet = address.equals(other.address)
                    || (address.equals(ANY) && other.four())
                    || (other.address.equals(ANY) && four());
            return udp == other.udp && meet && first <= other.last && other.first <= last;
        }

        private boolean four() {
            return address.indexOf(':') < 0;
        }

        String text() {
            return address + ":" + first + (single() ? "" : "-" + last) + (udp ? UDP : "");
        }
    }

    /** Gives each port of a range its own address in the definition, and finds addresses that overlap. */
    public static void spread(YamlNode.Mapping body, SortedMap<String, Object> keys, Reading in) {
        if (body.get("wan_map") instanceof YamlNode.Mapping written) {
            WanRanges ranges = new WanRanges(keys, in);
            written.entries().forEach(ranges::add);
        }
    }

    private void add(YamlNode.Entry entry) {
        String written = entry.key().text();
        boolean udp = written.endsWith(UDP);
        String binding =
                AddressShapes.WanMap.binding(udp ? written.substring(0, written.length() - UDP.length()) : written);
        if (binding == null || !(entry.value() instanceof YamlNode.Scalar port)) {
            return;
        }
        String name = YamlNode.isNull(port) ? "" : port.text();
        Optional<TcpRange> range = udp ? udp(name) : tcp(name);
        int colon = binding.lastIndexOf(':');
        int first = Integer.parseInt(binding.substring(colon + 1));
        int more = range.map(ports -> ports.last() - ports.first()).orElse(0);
        Span span = new Span(binding.substring(0, colon), udp, first, first + more, entry.key());
        if (span.last() > 65535) {
            in.fault(
                    entry.key(),
                    "the range " + Wording.quote(name) + " has " + (more + 1) + " ports, so it cannot begin at "
                            + Wording.clip(written),
                    "choose an address with a lower port");
            return;
        }
        boolean free = add(span);
        if (free && !udp && range.isPresent()) {
            spread(span, range.get());
        }
    }

    private boolean add(Span span) {
        for (Span other : spans) {
            // Two single addresses that are the same were reported already; those that only meet are the plan's affair.
            if (span.overlaps(other) && !(span.single() && other.single())) {
                in.fault(
                        span.at(),
                        "the addresses " + span.text() + " and " + other.text() + " overlap",
                        "change one of them; the other is at " + other.at().at());
                return false;
            }
        }
        spans.add(span);
        return true;
    }

    private void spread(Span span, TcpRange range) {
        SortedMap<String, Object> addresses = new TreeMap<>();
        if (keys.get("wan_map") instanceof Map<?, ?> before) {
            before.forEach((address, port) -> addresses.put(String.valueOf(address), port));
        }
        for (int port = range.first(); port <= range.last(); port++) {
            addresses.put(span.address() + ":" + (span.first() + port - range.first()), range.name(port));
        }
        keys.put("wan_map", addresses);
    }

    private Optional<TcpRange> tcp(String written) {
        return keys.get("ports") instanceof Map<?, ?> ports ? find(written, ports) : Optional.empty();
    }

    private Optional<TcpRange> udp(String written) {
        SortedMap<String, Object> ports = new TreeMap<>();
        if (keys.get("udp") instanceof Map<?, ?> forms) {
            forms.forEach((name, form) -> ports.put(String.valueOf(name), port(form)));
        }
        return find(written, ports);
    }

    private static @Nullable Object port(@Nullable Object form) {
        return form instanceof Map<?, ?> map ? map.get("port") : null;
    }

    /** The range that an address leads to: by its name, its numbers, or as the only port. */
    private static Optional<TcpRange> find(String written, Map<?, ?> ports) {
        for (Map.Entry<?, ?> entry : ports.entrySet()) {
            String name = String.valueOf(entry.getKey());
            boolean only = ports.size() == 1 && written.isEmpty();
            Optional<TcpRange> range = TcpRange.of(name, entry.getValue());
            if (range.isPresent()
                    && (only || name.equals(written) || range.get().text().equals(written))) {
                return range;
            }
        }
        return Optional.empty();
    }
}
