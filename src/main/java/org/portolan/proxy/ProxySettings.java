package org.portolan.proxy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the proxies of one machine are told once.
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
     * @param maxUpload bytes of a request's body; 0 for any
     */
    public record Edge(String address, int http, int https, long maxUpload) {}

    /**
     * HAProxy's statistics page and metrics.
     *
     * @param password empty: one is made and kept in the folder
     */
    public record Statistics(String address, int port, String user, Optional<String> password) {
        @Override
        public String toString() {
            return "Statistics[" + address + ":" + port + ", " + user + "]";
        }
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

        /** A process of Portolan's own. */
        public static Program process(String program) {
            return new Program(false, program, Optional.empty(), List.of(), Optional.empty());
        }
    }
}
