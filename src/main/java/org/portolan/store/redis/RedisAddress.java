package org.portolan.store.redis;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;

/**
 * Where a Redis server listens, as {@code PORTOLAN_REDIS} gives it: {@code redis://[user:password@]host[:port][/database]},
 * {@code rediss://…} for TLS, {@code unix:///path/of/socket}. Its text never holds the password.
 *
 * @param host host name, or the socket's path
 * @param user "" for the default user
 * @param password "" for none
 */
public record RedisAddress(Transport transport, String host, int port, String user, String password, int database) {
    private static final int DEFAULT_PORT = 6379;
    private static final String FORM = "redis://[user:password@]host[:port][/database], rediss://… or unix:///path";

    /** How the server is reached. */
    public enum Transport {
        TCP,
        TLS,
        UNIX
    }

    static RedisAddress unix(Path socket) {
        return new RedisAddress(Transport.UNIX, socket.toString(), 0, "", "", 0);
    }

    /** Reads an address; what is wrong is told without repeating it, since it may hold a password. */
    public static RedisAddress parse(String text) {
        try {
            URI uri = new URI(text.strip());
            String scheme = Optional.ofNullable(uri.getScheme()).orElse("");
            return switch (scheme) {
                case "redis" -> network(uri, Transport.TCP);
                case "rediss" -> network(uri, Transport.TLS);
                case "unix" -> {
                    String path = Optional.ofNullable(uri.getPath()).orElse("");
                    if (!path.startsWith("/")) {
                        throw invalid("the socket's path is missing");
                    }
                    yield unix(Path.of(path));
                }
                default -> throw invalid("it does not begin with redis://, rediss:// or unix://");
            };
        } catch (URISyntaxException notOne) {
            throw invalid(notOne.getReason() + " (write special characters of a password as %XX)");
        }
    }

    private static RedisAddress network(URI uri, Transport transport) {
        String host = uri.getHost();
        if (host == null || host.isEmpty()) {
            throw invalid("the host is missing or not a name");
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        String user = "";
        String password = "";
        String credentials = uri.getRawUserInfo();
        if (credentials != null) {
            int colon = credentials.indexOf(':');
            user = colon < 0 ? decode(credentials) : decode(credentials.substring(0, colon));
            password = colon < 0 ? "" : decode(credentials.substring(colon + 1));
        }
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        return new RedisAddress(transport, host, port, user, password, database(uri.getPath()));
    }

    private static int database(String path) {
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
        throw invalid("after the host comes the database's number, as in redis://host:6379/2");
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw invalid("user or password has a % that is not followed by two hex digits");
        }
    }

    private static Failure invalid(String why) {
        return new Failure(ExitStatus.INVALID, "PORTOLAN_REDIS is not an address of a Redis server: " + why)
                .withHint("its form is " + FORM);
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
