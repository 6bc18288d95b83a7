package org.portolan.model.labels;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Reads and writes the labels of an instance. Every text has a reading: anybody may put labels on a container, and a newer Portolan may
 * write more than this one knows. What is not of the known form is passed over, never an error.
 */
public final class InstanceLabels {
    /** Longer labels are a burden for every listing. */
    private static final int MAX_FILES_TEXT = 4096;

    private static final String MANY_FILES = "*";

    private InstanceLabels() {}

    /** A published port. */
    public record Published(int host, int container) {}

    /** The instance that the labels name; empty when they do not name one. */
    public static Optional<InstanceId> id(Map<String, String> labels) {
        String deployment = labels.getOrDefault(Labels.DEPLOYMENT, "");
        String service = labels.getOrDefault(Labels.SERVICE, "");
        int version = number(labels.getOrDefault(Labels.VERSION, ""));
        int n = number(labels.getOrDefault(Labels.INSTANCE, ""));
        return deployment.isEmpty() || service.isEmpty() || version == 0 || n == 0
                ? Optional.empty()
                : Optional.of(new InstanceId(deployment, service, version, n));
    }

    /** {@link Labels#PORTS} by the port's name. */
    public static SortedMap<String, Published> ports(String label) {
        SortedMap<String, Published> ports = new TreeMap<>();
        for (String entry : label.split(",", -1)) {
            int host = host(entry);
            int container = host == 0 ? 0 : port(entry.substring(entry.indexOf('/', entry.indexOf('=')) + 1));
            if (container > 0) {
                ports.put(entry.substring(0, entry.indexOf('=')), new Published(host, container));
            }
        }
        return ports;
    }

    /** The host ports in {@link Labels#PORTS} by the port's name, whatever a newer Portolan wrote behind the slash. */
    public static SortedMap<String, Integer> hostPorts(String label) {
        SortedMap<String, Integer> ports = new TreeMap<>();
        for (String entry : label.split(",", -1)) {
            int host = host(entry);
            if (host > 0) {
                ports.put(entry.substring(0, entry.indexOf('=')), host);
            }
        }
        return ports;
    }

    /** The host port of {@code name=host/…}; 0 for every other text. */
    private static int host(String entry) {
        int equals = entry.indexOf('=');
        int slash = entry.indexOf('/', equals + 1);
        return equals < 0 || slash < 0 ? 0 : port(entry.substring(equals + 1, slash));
    }

    /** The text of {@link Labels#PORTS}. */
    public static String ports(Map<String, Published> ports) {
        // No stream of a sorted map's entries: its comparator is made by each JVM (ADR 38).
        StringJoiner text = new StringJoiner(",");
        ports.forEach((name, port) -> text.add(name + "=" + port.host() + "/" + port.container()));
        return text.toString();
    }

    /** The text of {@link Labels#MESH}. */
    public static String mesh(Map<String, Integer> ports) {
        StringJoiner text = new StringJoiner(",");
        ports.forEach((name, port) -> text.add(name + "=" + port));
        return text.toString();
    }

    /** {@link Labels#MESH} by the port's name. */
    public static SortedMap<String, Integer> mesh(String label) {
        SortedMap<String, Integer> ports = new TreeMap<>();
        for (String entry : label.split(",", -1)) {
            int equals = entry.indexOf('=');
            int port = equals < 0 ? 0 : port(entry.substring(equals + 1));
            if (port > 0) {
                ports.put(entry.substring(0, equals), port);
            }
        }
        return ports;
    }

    /**
     * The text of {@link Labels#FILES}.
     *
     * @param folders those that the files are in, which are named where the files are too many
     */
    public static String files(Collection<String> paths, Collection<String> folders) {
        String text = String.join("\n", paths);
        return text.length() > MAX_FILES_TEXT ? MANY_FILES + "\n" + String.join("\n", folders) : text;
    }

    /** The paths in {@link Labels#FILES}; empty when there are too many to be named. */
    public static Optional<List<String>> files(String label) {
        return label.startsWith(MANY_FILES)
                ? Optional.empty()
                : Optional.of(label.lines().toList());
    }

    /** Whether an instance is named and every entry of its ports is of the known form. */
    public static boolean whole(Map<String, String> labels) {
        String ports = labels.getOrDefault(Labels.PORTS, "");
        return id(labels).isPresent() && (ports.isEmpty() || ports(ports).size() == ports.split(",", -1).length);
    }

    /** A port's number; 0 for every other text. */
    public static int port(String text) {
        int number = text.length() > 5 ? 0 : number(text);
        return number <= 65_535 ? number : 0;
    }

    /** A number from 1 on; 0 for every other text. */
    public static int number(String text) {
        if (text.isEmpty() || text.length() > 9) {
            return 0;
        }
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
