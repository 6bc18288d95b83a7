package org.portolan.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.portolan.model.FreezeWindow;
import org.portolan.model.Position;
import org.portolan.store.RedisAddress;

/**
 * The configuration in force. An instances' address "" means the gateway of each deployment's network.
 *
 * @param redis where the store is; empty: a private store
 * @param data where named volumes live
 * @param sources what is known of sources, in the file's order
 * @param notifications where releases and conditions are reported to
 * @param freezes when nothing new is deployed, in the file's order
 * @param secretNames parts of a variable's name that make it a secret, lower-case
 */
public record Configuration(
        Optional<StoreAddress> redis,
        Optional<String> redisPrefix,
        Edge edge,
        Mesh mesh,
        Stats stats,
        Proxies proxies,
        NetworkPool network,
        Instances instances,
        Path data,
        Deploy deploy,
        Control controller,
        Api api,
        Git git,
        Duration engineDeadline,
        List<SourceSettings> sources,
        List<NotificationSettings> notifications,
        List<FreezeWindow> freezes,
        List<String> secretNames) {

    /** The same with all that a running controller takes over from another one: sources, notifications, freeze windows. */
    public Configuration with(Configuration newer) {
        return new Configuration(
                redis,
                redisPrefix,
                edge,
                mesh,
                stats,
                proxies,
                network,
                instances,
                data,
                deploy,
                controller,
                api,
                git,
                engineDeadline,
                newer.sources(),
                newer.notifications(),
                newer.freezes(),
                secretNames);
    }

    /**
     * The store's server, and where that is configured.
     *
     * @param place the configuration's key as a person finds it: {@code PORTOLAN_REDIS}, {@code redis (portolan.yaml:2:8)}
     */
    public record StoreAddress(RedisAddress server, String place) {}

    /** A value that no text shows. */
    public record Secret(String text) {
        @Override
        public String toString() {
            return "••••";
        }
    }

    /** Ports, both ends included. */
    public record Ports(int first, int last) {
        public boolean overlaps(Ports other) {
            return first <= other.last && other.first <= last;
        }

        @Override
        public String toString() {
            return first + "-" + last;
        }
    }

    /**
     * Where the outside comes in.
     *
     * @param maxUpload bytes; 0 for any
     * @param timeout for answers and idle sessions
     * @param trusted addresses and networks of proxies in front, whose headers about a client are accepted
     * @param proxyProtocol whether every connection begins with the PROXY protocol
     * @param log how much of the access log is kept
     */
    public record Edge(
            List<String> addresses,
            int http,
            int https,
            long maxUpload,
            Duration timeout,
            List<String> trusted,
            boolean proxyProtocol,
            AccessLog log) {}

    /**
     * How much of the access log is kept.
     *
     * @param size in bytes of a file, beyond which it becomes an earlier one
     * @param files that are kept beside the one that is written
     * @param age after which lines go
     */
    public record AccessLog(long size, int files, Duration age) {}

    /** Where services' own ports listen; no address: at the gateway of each deployment's network. */
    public record Mesh(List<String> addresses, Ports ports) {}

    /** HAProxy's statistics page; an empty password is made by whoever starts the page. */
    public record Stats(List<String> addresses, int port, String user, Optional<Secret> password) {}

    /** How the proxies are run. */
    public record Proxies(Optional<Path> templates, ProxyProgram haproxy, ProxyProgram nginx) {}

    /**
     * One proxy.
     *
     * @param system whether it is the system's own; else Portolan starts it
     * @param folder where the system's own reads its configuration
     * @param reload the command that reloads the system's own, in words
     * @param socket the system's own master socket
     */
    public record ProxyProgram(
            boolean system, String program, Optional<Path> folder, List<String> reload, Optional<Path> socket) {
        ProxyProgram with(Optional<Path> masterSocket) {
            return new ProxyProgram(system, program, folder, reload, masterSocket);
        }
    }

    /** Where deployments' networks get their addresses. */
    public record NetworkPool(String pool, int prefix) {}

    /** Where instances' ports are published. */
    public record Instances(String address, Ports ports) {}

    /**
     * What the controller does.
     *
     * @param report whether drift of deployments that no followed source declares is reported only
     * @param unhealthyAfter how long an instance that runs is unhealthy before another takes its place
     * @param unhealthyAttempts how many are replaced until one stays healthy; 0: they are reported only
     */
    public record Control(boolean report, Duration unhealthyAfter, int unhealthyAttempts) {}

    /**
     * Where the controller's API listens.
     *
     * @param port 0: on no port
     * @param tls what the port speaks TLS with; empty: it speaks HTTP without
     * @param domain the name under which the edge serves it; empty: none
     */
    public record Api(String address, int port, Optional<Tls> tls, Optional<PublicName> domain) {}

    /** A name that the edge answers to, and where it is set. */
    public record PublicName(String name, Position at) {}

    /** Files in PEM, which may be one. */
    public record Tls(Path certificate, Path key) {}

    /**
     * The Git server.
     *
     * @param maxPack bytes of one push
     */
    public record Git(String address, int port, long maxPack) {}

    /** How releases are made. */
    public record Deploy(int parallel, int keepReleases, boolean cleanImages, Duration lockWait) {}
}
