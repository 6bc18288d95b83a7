package org.portolan.model.routing;

import java.util.List;
import java.util.Optional;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.service.Domain;
import org.portolan.model.service.ServiceSpec;

/**
 * One deployment's part of the routing: its services' ports on the mesh with their servers, and the domains that lead to
 * it. The proxies serve the union of all parts.
 *
 * @param domains each with the routes that this deployment declared
 */
public record RouteSet(String deployment, List<Backend> backends, List<Domain> domains) {

    /** Whether a port of this name speaks HTTP/2 without TLS, trailers included: {@code h2c} or {@code h2c-…}. */
    public static boolean http2(String port) {
        return port.equals("h2c") || port.startsWith("h2c-");
    }

    /**
     * A service's port: a stable frontend on the mesh, and the instances behind it.
     *
     * @param port the port's name, "" for the only one
     * @param http whether it speaks HTTP; else TCP
     * @param meshAddresses the addresses of this machine that the frontend listens on
     * @param meshPort the port that it listens on there
     * @param bindings further outside addresses ({@code 0.0.0.0:80}) that carry it: the service's wan_map
     * @param sticky whether clients stay with their instance (cookie)
     * @param health how the proxy itself checks servers; empty: by connecting
     * @param trial a second check of a version's servers, while versions whose checks differ share the backend
     * @param checked whether the proxy checks servers at all: not on a port on which nothing may listen
     * @param maxConnections how many connections the proxy opens to a server at once; 0: any number
     */
    public record Backend(
            String service,
            String port,
            boolean http,
            List<String> meshAddresses,
            int meshPort,
            List<String> bindings,
            boolean sticky,
            Optional<ServiceSpec.Health> health,
            Optional<Trial> trial,
            boolean checked,
            int maxConnections,
            List<Server> servers) {

        /** A backend all of whose servers are checked alike. */
        public Backend(
                String service,
                String port,
                boolean http,
                List<String> meshAddresses,
                int meshPort,
                List<String> bindings,
                boolean sticky,
                Optional<ServiceSpec.Health> health,
                List<Server> servers) {
            this(service, port, http, meshAddresses, meshPort, bindings, sticky, health, Optional.empty(), servers);
        }

        /** A backend whose servers are checked, perhaps those of one version in a second way. */
        public Backend(
                String service,
                String port,
                boolean http,
                List<String> meshAddresses,
                int meshPort,
                List<String> bindings,
                boolean sticky,
                Optional<ServiceSpec.Health> health,
                Optional<Trial> trial,
                List<Server> servers) {
            this(service, port, http, meshAddresses, meshPort, bindings, sticky, health, trial, true, 0, servers);
        }

        /** A copy with other servers. */
        public Backend with(List<Server> other) {
            return new Backend(
                    service,
                    port,
                    http,
                    meshAddresses,
                    meshPort,
                    bindings,
                    sticky,
                    health,
                    trial,
                    checked,
                    maxConnections,
                    other);
        }
    }

    /**
     * A separate check for one version's servers. HAProxy has one check for a backend, and that is by connecting while
     * an old version must not be judged by a new one's request; what this one says decides whether a server serves.
     *
     * @param version whose servers are checked
     */
    public record Trial(int version, ServiceSpec.Health health) {}

    /**
     * An instance behind a backend.
     *
     * @param address where its port is published
     * @param weight its share, 0 to 256; 100 is the base
     */
    public record Server(InstanceId instance, String address, int port, State state, int weight) {}

    /** What the proxy shall do with a server. */
    public enum State {
        /** Serve, as long as its checks pass. */
        READY,
        /** Take nothing new, let sessions end. */
        DRAIN,
        /** Take nothing; sessions are over. */
        MAINT
    }
}
