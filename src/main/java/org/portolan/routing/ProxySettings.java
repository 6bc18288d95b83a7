package org.portolan.routing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.Durations;

/**
 * What the proxies of one machine get once.
 *
 * @param folder where rendered files, parts, sockets and pages are kept; made when missing
 * @param templates a folder whose files are used instead of the shipped templates, file by file
 * @param workerUser the user that the proxies' workers run as when Portolan is root; empty: www-data, nginx or nobody
 */
public record ProxySettings(
        Path folder,
        Optional<Path> templates,
        Edge edge,
        Statistics statistics,
        Timeouts timeouts,
        Program haproxy,
        Program nginx,
        Optional<String> workerUser) {

    /**
     * Where the outside comes in.
     *
     * @param addresses {@code ::} alone takes IPv4 as well; beside an IPv4 address it is IPv6 only
     * @param maxUpload bytes of a request's body; 0 for any
     * @param trusted addresses and networks of proxies in front, whose headers about a client are accepted
     * @param proxyProtocol whether every connection begins with the PROXY protocol
     * @param log how much of the access log is kept
     */
    public record Edge(
            List<String> addresses,
            int http,
            int https,
            long maxUpload,
            List<String> trusted,
            boolean proxyProtocol,
            AccessLog log) {
        /** An edge that nothing stands before. */
        public Edge(List<String> addresses, int http, int https, long maxUpload) {
            this(addresses, http, https, maxUpload, List.of(), false, AccessLog.USUAL);
        }

        /** Where this machine itself reaches the edge. */
        public String nearest() {
            return near(addresses.getFirst());
        }
    }

    /**
     * How much of the access log is kept.
     *
     * @param size in bytes of a file, beyond which it becomes an earlier one
     * @param files that are kept beside the one that is written
     * @param age after which lines go
     */
    public record AccessLog(long size, int files, Duration age) {
        public static final AccessLog USUAL = new AccessLog(16L << 20, 8, Duration.ofDays(30));
    }

    /**
     * HAProxy's statistics page and metrics.
     *
     * @param password empty: one is made and kept in the folder
     */
    public record Statistics(List<String> addresses, int port, String user, Optional<String> password) {
        /** Where this machine itself reaches the page. */
        public String nearest() {
            return near(addresses.getFirst());
        }

        @Override
        public String toString() {
            return "Statistics[" + addresses + ":" + port + ", " + user + "]";
        }
    }

    /**
     * What is written into the proxies' files, by configuration key: to see what changed since. No secrets. A key that came
     * after the first version stands here only when it is not the default, or every upgrade would look like a change.
     */
    public SortedMap<String, String> values() {
        SortedMap<String, String> values = new TreeMap<>();
        values.put("edge.address", String.join(", ", edge.addresses()));
        values.put("edge.http", String.valueOf(edge.http()));
        values.put("edge.https", String.valueOf(edge.https()));
        values.put("edge.max_upload", String.valueOf(edge.maxUpload()));
        if (!edge.trusted().isEmpty()) {
            values.put("edge.trusted_proxies", String.join(", ", edge.trusted()));
        }
        if (edge.proxyProtocol()) {
            values.put("edge.proxy_protocol", "true");
        }
        values.put("edge.timeout", Durations.format(timeouts.answer()));
        values.put("stats.address", String.join(", ", statistics.addresses()));
        values.put("stats.port", String.valueOf(statistics.port()));
        values.put("stats.user", statistics.user());
        return values;
    }

    /** An address that answers for a listener's: one of all addresses has loopback among them. */
    private static String near(String address) {
        return switch (address) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "::1";
            default -> address;
        };
    }

    /**
     * How long is waited.
     *
     * @param answer for a service's answer, and between two parts of a body
     * @param tunnel idle time of a websocket or TCP session
     * @param keepAlive idle time of a client's connection on the mesh; shorter than {@code stop.drain}, because an idle
     *     connection keeps the worker of before a reload
     * @param oldWorker the longest life of a worker after a reload
     */
    public record Timeouts(Duration connect, Duration answer, Duration tunnel, Duration keepAlive, Duration oldWorker) {

        /** The defaults, with one time for slow answers and idle sessions. */
        public static Timeouts of(Duration idle) {
            return new Timeouts(
                    Duration.ofSeconds(5),
                    idle,
                    idle,
                    Duration.ofSeconds(20),
                    idle.compareTo(Duration.ofHours(1)) > 0 ? idle : Duration.ofHours(1));
        }
    }

    /**
     * One proxy program.
     *
     * @param system whether it is the system's own service; else Portolan starts it
     * @param folder the system's: where it reads configuration
     * @param reload the system's: the command that reloads it, in words
     * @param socket the system's HAProxy: its master socket
     */
    public record Program(
            boolean system, String program, Optional<Path> folder, List<String> reload, Optional<Path> socket) {

        /** A process of Portolan. */
        public static Program process(String program) {
            return new Program(false, program, Optional.empty(), List.of(), Optional.empty());
        }
    }
}
