package org.portolan.importer.draft;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The ports of a service: those that it listens on, by name, and the host's addresses that lead to them. */
public final class PortDrafts {
    private static final Map<String, String> KNOWN = Map.ofEntries(
            Map.entry("443", "https"),
            Map.entry("8443", "https"),
            Map.entry("22", "ssh"),
            Map.entry("25", "smtp"),
            Map.entry("53", "dns"),
            Map.entry("1883", "mqtt"),
            Map.entry("3306", "mysql"),
            Map.entry("5432", "postgres"),
            Map.entry("5672", "amqp"),
            Map.entry("6379", "redis"),
            Map.entry("9092", "kafka"),
            Map.entry("11211", "memcached"),
            Map.entry("27017", "mongo"));
    private static final Set<String> WEB = Set.of(
            "80", "3000", "3001", "4000", "4200", "5000", "5173", "8000", "8001", "8008", "8080", "8081", "8088",
            "8090", "8096", "8123", "8888", "9000", "9090");

    private static final String UDP = "/udp";

    private final Map<String, String> names = new LinkedHashMap<>();
    private final Map<String, String> wan = new LinkedHashMap<>();
    private final Map<String, String> given = new LinkedHashMap<>();

    /** A port of the container: a number, or a parameter; {@code 53/udp} of UDP. */
    public void listen(String port) {
        if (rangeOf(port).isEmpty()) {
            names.putIfAbsent(port, "");
        }
    }

    /**
     * A range of ports of the container, and the host's address where it begins.
     *
     * @param range {@code 3000-3005}
     * @param address empty where it is not published
     */
    public void range(String range, Optional<String> address) {
        names.putIfAbsent(range, "");
        address.ifPresent(at -> wan.put(at, range));
    }

    /** Whether a port from one number to another is there already. */
    public boolean overlaps(int first, int last) {
        for (String port : names.keySet()) {
            int from = first(port);
            if (from > 0 && from <= last && last(port) >= first) {
                return true;
            }
        }
        return false;
    }

    /** The first port of a range, the port itself otherwise; 0 of UDP and of parameters. */
    private static int first(String port) {
        int dash = port.indexOf('-');
        return number(dash < 0 ? port : port.substring(0, dash));
    }

    private static boolean isRange(String port) {
        return first(port) > 0 && first(port) < last(port);
    }

    private static int last(String port) {
        return number(port.substring(port.indexOf('-') + 1));
    }

    private static int number(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Integer.parseInt(text) : 0;
    }

    /** The range that a port belongs to; empty for any other port. */
    private Optional<String> rangeOf(String port) {
        int wanted = number(port);
        return names.keySet().stream()
                .filter(each -> isRange(each) && first(each) <= wanted && wanted <= last(each))
                .findFirst();
    }

    /** The same, with a name of the input. */
    public void listen(String port, String name) {
        listen(port);
        given.put(port, name);
    }

    /** An address of the host, such as {@code :8080} or {@code :53/udp}, that leads to a port of the container. */
    public void publish(String address, String port) {
        listen(port);
        wan.put(address, port);
    }

    public boolean isEmpty() {
        return names.isEmpty();
    }

    public int size() {
        return names.size();
    }

    public boolean published() {
        return !wan.isEmpty();
    }

    public boolean has(String port) {
        return names.containsKey(port) || rangeOf(port).isPresent();
    }

    /** The first port that looks like one of a web server; else the first, of a range only where there is no other. */
    public String main() {
        String first = "";
        String ranged = "";
        for (String port : names.keySet()) {
            if (WEB.contains(port)) {
                return port;
            }
            if (isRange(port)) {
                ranged = ranged.isEmpty() ? String.valueOf(first(port)) : ranged;
            } else {
                first = first.isEmpty() && !port.endsWith(UDP) ? port : first;
            }
        }
        return first.isEmpty() ? ranged : first;
    }

    /** Whether the port is one that web servers usually have. */
    public static boolean isWeb(String port) {
        return WEB.contains(port);
    }

    /** The name that a port gets; "" for the only one, unless it has a name. */
    public String name(String port) {
        Optional<String> range = names.containsKey(port) ? Optional.empty() : rangeOf(port);
        if (range.isPresent()) {
            return name(range.get()) + "-" + port;
        }
        if (names.size() == 1
                && !isRange(port)
                && !port.endsWith(UDP)
                && !WEB.contains(port)
                && !given.containsKey(port)) {
            return "";
        }
        Map<String, String> taken = new LinkedHashMap<>();
        for (String each : names.keySet()) {
            String wanted = given.getOrDefault(each, "");
            if (wanted.isEmpty() && isRange(each)) {
                wanted = "range";
            } else if (wanted.isEmpty()) {
                wanted = each.equals(main()) && (WEB.contains(each) || (given.isEmpty() && !KNOWN.containsKey(each)))
                        ? "http"
                        : word(each);
            }
            taken.put(each, Naming.free(Naming.name(wanted, "port"), taken.values()));
        }
        return taken.getOrDefault(port, "");
    }

    private static String word(String port) {
        boolean udp = port.endsWith(UDP);
        String number = udp ? port.substring(0, port.length() - UDP.length()) : port;
        return KNOWN.getOrDefault(number, "port-" + Naming.name(number, "x")) + (udp ? "-udp" : "");
    }

    /** Where a domain leads: the service, with deployment and port where it is not the main one. */
    public String target(String deployment, String service, String port) {
        boolean ranged = !names.containsKey(port) && rangeOf(port).isPresent();
        return (names.size() <= 1 && !ranged)
                        || (port.equals(main()) && name(port).equals("http"))
                ? service
                : deployment + ":" + service + ":" + name(port);
    }

    public void write(ServiceDraft service) {
        Part.Fields ports = new Part.Fields();
        for (String port : names.keySet()) {
            String name = name(port);
            Part number = Part.number(port);
            if (name.isEmpty()) {
                service.keys().put("port", number);
            } else {
                ports.put(name, number);
            }
        }
        if (!ports.isEmpty()) {
            service.keys().put("ports", ports);
        }
        if (!wan.isEmpty()) {
            Part.Fields map = new Part.Fields();
            wan.forEach((address, port) -> {
                String name = name(port);
                map.put(address, name.isEmpty() ? "port" : name);
            });
            service.keys().put("wan_map", map);
        }
    }
}
