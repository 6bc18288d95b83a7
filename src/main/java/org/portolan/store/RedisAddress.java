package org.portolan.store;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a Redis server listens: {@code redis://[user:password@]host[:port][/database]}, {@code rediss://…} for TLS,
 * {@code unix://[user:password@]/path/of/socket}; or who knows it: {@code sentinel://[user:password@]host[:port],…/name},
 * {@code cluster://[user:password@]host[:port],…}. Its text never holds the password.
 *
 * @param host host name, or the socket's path; "" where it is found
 * @param user "" for the default user
 * @param password "" for none
 * @param nodes Sentinels, or some servers of a Cluster; none for a single server
 * @param primary what Sentinels call it; "" without them
 */
public record RedisAddress(
        Transport transport,
        String host,
        int port,
        String user,
        String password,
        int database,
        List<Node> nodes,
        String primary) {
    public static final String FORM =
            "redis://[user:password@]host[:port][/database], rediss://… for TLS, unix://[user:password@]/path,"
                    + " sentinel://[user:password@]host[:port],…/name, or cluster://[user:password@]host[:port],…";
    private static final int DEFAULT_PORT = 6379;
    private static final int SENTINEL_PORT = 26379;

    public RedisAddress {
        nodes = List.copyOf(nodes);
    }

    /** A single server. */
    public RedisAddress(Transport transport, String host, int port, String user, String password, int database) {
        this(transport, host, port, user, password, database, List.of(), "");
    }

    /** A server by its address. */
    public record Node(String host, int port) {
        /** Of what another server says. */
        public static Node of(String host, String port) throws IOException {
            try {
                int number = Integer.parseInt(port);
                if (number > 0 && number < 65536 && !host.isEmpty()) {
                    return new Node(host, number);
                }
            } catch (NumberFormatException notNumber) {
                // Told below.
            }
            throw new IOException("its answer is not an address");
        }

        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** The same user, password and database at one server. */
    public RedisAddress at(Node node) {
        return new RedisAddress(Transport.TCP, node.host(), node.port(), user, password, database);
    }

    /** How the server is reached. */
    public enum Transport {
        TCP,
        TLS,
        UNIX,
        /** The primary that Sentinels name. */
        SENTINEL,
        /** The server of a Cluster that has the store's keys. */
        CLUSTER
    }

    /** An address that cannot be used; the message never repeats it, since it may hold a password. */
    public static final class Malformed extends Exception {
        Malformed(String reason) {
            super(reason);
        }

        /** Why, in words that follow the key's name. */
        public String reason() {
            return String.valueOf(getMessage());
        }
    }

    /** A socket without user and password. */
    public static RedisAddress unix(Path socket) {
        return new RedisAddress(Transport.UNIX, socket.toString(), 0, "", "", 0);
    }

    /** Reads an address. What it does not understand (a query, a fragment, several hosts) is refused, never ignored. */
    public static RedisAddress parse(String text) throws Malformed {
        String given = text.strip();
        if (given.startsWith("sentinel://")) {
            return several(given.substring("sentinel://".length()), Transport.SENTINEL);
        }
        if (given.startsWith("cluster://")) {
            return several(given.substring("cluster://".length()), Transport.CLUSTER);
        }
        URI uri;
        try {
            uri = new URI(given);
        } catch (URISyntaxException notOne) {
            throw new Malformed(notOne.getReason() + " (write special characters of a password as %XX)");
        }
        Transport transport = transport(Optional.ofNullable(uri.getScheme()).orElse(""));
        if (uri.getRawQuery() != null) {
            throw new Malformed("options after `?` are not supported: for TLS use rediss://, for the database /2");
        }
        if (uri.getRawFragment() != null) {
            throw new Malformed("it contains a `#` (in a password write %23)");
        }
        return transport == Transport.UNIX ? socket(uri) : network(uri, transport);
    }

    private static Transport transport(String scheme) throws Malformed {
        return switch (scheme) {
            case "redis" -> Transport.TCP;
            case "rediss" -> Transport.TLS;
            case "unix" -> Transport.UNIX;
            default ->
                throw new Malformed("it must begin with redis://, rediss://, unix://, sentinel:// or cluster://");
        };
    }

    private static RedisAddress socket(URI uri) throws Malformed {
        String path = Optional.ofNullable(uri.getPath()).orElse("");
        String authority = Optional.ofNullable(uri.getRawAuthority()).orElse("");
        boolean named = !authority.isEmpty() && !authority.endsWith("@");
        if (named || !path.startsWith("/") || path.equals("/")) {
            throw new Malformed("the socket's path is missing; for example: unix:///run/redis.sock");
        }
        String[] who = credentials(authority.isEmpty() ? null : authority.substring(0, authority.length() - 1));
        return new RedisAddress(Transport.UNIX, path, 0, who[0], who[1], 0);
    }

    private static RedisAddress network(URI uri, Transport transport) throws Malformed {
        String authority = Optional.ofNullable(uri.getRawAuthority()).orElse("");
        if (authority.indexOf(',') >= 0) {
            throw new Malformed("it has several hosts: for Sentinels use sentinel://, for a Cluster cluster://");
        }
        String host = uri.getHost();
        if (host == null || host.isEmpty()) {
            throw new Malformed("the host is missing or invalid");
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        if (port < 1 || port > 65535) {
            throw new Malformed("its port is not between 1 and 65535");
        }
        String[] who = credentials(uri.getRawUserInfo());
        return new RedisAddress(transport, host, port, who[0], who[1], database(uri.getPath()));
    }

    private static RedisAddress several(String given, Transport transport) throws Malformed {
        if (given.indexOf('?') >= 0 || given.indexOf('#') >= 0 || given.indexOf(' ') >= 0) {
            throw new Malformed("it contains a `?`, `#` or space (in a password write %3F, %23, %20)");
        }
        int slash = given.indexOf('/');
        String authority = slash < 0 ? given : given.substring(0, slash);
        String name = slash < 0 ? "" : given.substring(slash + 1);
        int at = authority.lastIndexOf('@');
        String[] who = credentials(at < 0 ? null : authority.substring(0, at));
        boolean sentinels = transport == Transport.SENTINEL;
        List<Node> nodes = new ArrayList<>();
        for (String part : authority.substring(at + 1).split(",", -1)) {
            nodes.add(node(part, sentinels ? SENTINEL_PORT : DEFAULT_PORT));
        }
        if (sentinels && (name.isEmpty() || name.indexOf('/') >= 0)) {
            throw new Malformed("the primary's name is missing; for example: sentinel://host1,host2,host3/mymaster");
        }
        if (!sentinels && !name.isEmpty()) {
            throw new Malformed("a Cluster has no databases: leave the path out");
        }
        return new RedisAddress(transport, "", 0, who[0], who[1], 0, nodes, name);
    }

    private static Node node(String part, int usual) throws Malformed {
        try {
            URI one = new URI("redis://" + part);
            String host = one.getHost();
            int port = one.getPort() < 0 ? usual : one.getPort();
            if (host != null && !host.isEmpty() && one.getRawUserInfo() == null && port > 0 && port < 65536) {
                return new Node(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
            }
        } catch (URISyntaxException notOne) {
            // Told below.
        }
        throw new Malformed("one of its hosts is missing or invalid");
    }

    /** User and password, "" for what is not given. */
    private static String[] credentials(@org.jspecify.annotations.Nullable String given) throws Malformed {
        if (given == null) {
            return new String[] {"", ""};
        }
        int colon = given.indexOf(':');
        return colon < 0
                ? new String[] {decode(given), ""}
                : new String[] {decode(given.substring(0, colon)), decode(given.substring(colon + 1))};
    }

    private static int database(String path) throws Malformed {
        if (path.isEmpty() || path.equals("/")) {
            return 0;
        }
        try {
            int number = Integer.parseInt(path.substring(1));
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException notNumber) {
            // Told below, as a negative one is.
        }
        throw new Malformed("the path must be a database number, as in redis://host:6379/2");
    }

    private static String decode(String text) throws Malformed {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new Malformed("user or password has a % that is not followed by two hex digits");
        }
    }

    @Override
    public String toString() {
        if (transport == Transport.UNIX) {
            return "unix://" + host;
        }
        if (!nodes.isEmpty()) {
            StringBuilder text = new StringBuilder(transport == Transport.SENTINEL ? "sentinel://" : "cluster://");
            for (Node node : nodes) {
                text.append(text.toString().endsWith("/") ? "" : ",").append(node);
            }
            return text + (primary.isEmpty() ? "" : "/" + primary);
        }
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return (transport == Transport.TLS ? "rediss://" : "redis://") + name + ":" + port
                + (database == 0 ? "" : "/" + database);
    }
}
