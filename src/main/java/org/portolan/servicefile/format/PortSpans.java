package org.portolan.servicefile.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.portolan.model.service.TcpRange;
import org.portolan.servicefile.yaml.Wording;
import org.portolan.servicefile.yaml.YamlNode;

/** Ports and ranges of ports as a file names them, with their places: no two may overlap. */
final class PortSpans {
    private static final String UDP = "/udp";
    private static final String TCP = "/tcp";
    private static final int MOST_UDP = 1000;

    private final List<Span> spans = new ArrayList<>();

    /** A port, or a range of them. */
    record Span(String name, boolean udp, int first, int last, YamlNode at) {
        /** What is written of them: {@code 53}, {@code 53/udp}, {@code 30000-30010}. */
        String text() {
            return first + (single() ? "" : "-" + last) + (udp ? UDP : "");
        }

        boolean single() {
            return first == last;
        }

        boolean tooLong() {
            return last - first >= (udp ? MOST_UDP : TcpRange.MOST);
        }

        boolean overlaps(Span other) {
            return udp == other.udp && first <= other.last && other.first <= last;
        }

        private String shown() {
            String ports = (single() ? "port " : "ports ") + text();
            return name.isEmpty() ? ports : "the " + ports + " of " + Wording.quote(name);
        }
    }

    /** {@code 8000}, {@code 53/udp}, {@code 30000-30010}, {@code 30000-30010/tcp}; null for every other text. */
    static @Nullable Span parse(String name, String text, YamlNode at) {
        boolean udp = text.endsWith(UDP);
        String ports = udp || text.endsWith(TCP) ? text.substring(0, text.length() - UDP.length()) : text;
        int dash = ports.indexOf('-');
        int first = port(dash < 0 ? ports : ports.substring(0, dash));
        int last = dash < 0 ? first : port(ports.substring(dash + 1));
        return first > 0 && last >= first ? new Span(name, udp, first, last, at) : null;
    }

    private static int port(String text) {
        long port = Shapes.Whole.parse(text).orElse(0L);
        return port <= 65535 ? (int) port : 0;
    }

    /** Takes one in; false when it overlaps with one before, which is reported with both places. */
    boolean add(Span span, Reading in) {
        for (Span other : spans) {
            if (span.overlaps(other)) {
                if (span.single() && other.single()) {
                    in.fault(span.at(), "duplicate port " + span.text());
                } else {
                    in.fault(
                            span.at(),
                            span.shown() + " and " + other.shown() + " overlap",
                            "change one of them; the other is at " + other.at().at());
                }
                return false;
            }
        }
        spans.add(span);
        return true;
    }

    /** Reports ranges whose ports cannot have their names. */
    void checkNames(Set<String> taken, Reading in) {
        for (Span span : spans) {
            TcpRange range = new TcpRange(span.name(), span.first(), span.last());
            if (span.udp() || span.single()) {
                continue;
            }
            if (span.name().isEmpty()) {
                in.fault(
                        span.at(),
                        "a range of ports needs a name, found " + span.text(),
                        "write ports: {range: " + span.text() + "}");
                continue;
            }
            String fault = Names.checkName(range.name(range.last()));
            if (fault != null) {
                in.fault(
                        span.at(),
                        "invalid port name " + Wording.quote(range.name(range.last())) + ": " + fault,
                        "the ports of a range are named after it and their numbers: shorten its name");
            }
            for (int port = range.first(); port <= range.last(); port++) {
                if (taken.contains(range.name(port))) {
                    in.fault(
                            span.at(),
                            "duplicate port name " + Wording.quote(range.name(port)),
                            "the ports of a range are named after it and their numbers: rename one of the two");
                }
            }
        }
    }
}
