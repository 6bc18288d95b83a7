package org.portolan.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a Redis server listens: {@code redis://[user:password@]host[:port][/database]}, {@code rediss://…} for TLS,
 * {@code unix://[user:password@]/path/of/socket}. Its text never holds the password.
 *
 * @param host host name, or the socket's path
 * @param user "" for the default user
 * @param password "" for none
 */
public record RedisAddress(Transport transport, String host, int port, String user, String password, int database) {
    public static final String FORM =
            "redis://[user:password@]host[:port][/database], rediss://… for TLS, or unix://[user:password@]/path";
    private static final int DEFAULT_PORT = 6379;

    /** How the server is reached. */
    public enum Transport {
        TCP,
        TLS,
        UNIX
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
        URI uri;
        try {
            uri = new URI(text.strip());
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
                throw new Malformed(
                        scheme.contains("sentinel") || scheme.contains("cluster")
                                ? "Sentinel and Cluster are not supported; use the primary's address"
                                : "it must begin with redis://, rediss:// or unix://");
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
            throw new Malformed(
                    "it has several hosts; Sentinel and Cluster are not supported, use the primary's address");
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
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return (transport == Transport.TLS ? "rediss://" : "redis://") + name + ":" + port
                + (database == 0 ? "" : "/" + database);
    }
}
