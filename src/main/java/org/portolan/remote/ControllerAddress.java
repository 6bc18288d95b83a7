package org.portolan.remote;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/**
 * Where a controller's API is.
 *
 * @param shown as it is named to people
 * @param socket the path of its unix socket; empty: it is reached over TCP
 * @param host "" for a unix socket
 * @param authorities the file with those that are trusted in place of this machine's; empty: this machine's
 */
record ControllerAddress(
        String shown, Optional<String> socket, String host, int port, boolean tls, Optional<Path> authorities) {
    private static final String CA_FILE = "PORTOLAN_CA_FILE";
    private static final int PORT = 8044;
    private static final int HTTPS = 443;
    private static final int MOST_PORTS = 65535;
    private static final String UNIX = "unix:";

    /**
     * Reads {@code PORTOLAN_URL}: {@code https://host:8044}, {@code http://127.0.0.1:8044}, {@code unix:/path/to/api.sock}.
     *
     * @param environment where {@code PORTOLAN_CA_FILE} names the authorities that are trusted
     * @throws Failure when it is none of these
     */
    static ControllerAddress of(String url, Map<String, String> environment) {
        if (url.startsWith(UNIX)) {
            String path = url.substring(UNIX.length()).replaceFirst("^//(?=/)", "");
            if (!path.startsWith("/")) {
                throw wrong(url);
            }
            return new ControllerAddress(path, Optional.of(path), "", 0, false, Optional.empty());
        }
        try {
            URI parsed = new URI(url);
            boolean tls = "https".equalsIgnoreCase(parsed.getScheme());
            boolean known = tls || "http".equalsIgnoreCase(parsed.getScheme());
            boolean bare = (parsed.getRawPath() == null || parsed.getRawPath().matches("/?"))
                    && parsed.getRawQuery() == null
                    && parsed.getRawUserInfo() == null
                    && parsed.getRawFragment() == null;
            if (!known || !bare || parsed.getHost() == null || parsed.getPort() > MOST_PORTS || parsed.getPort() == 0) {
                throw wrong(url);
            }
            int port = parsed.getPort() > 0 ? parsed.getPort() : tls ? HTTPS : PORT;
            return new ControllerAddress(url, Optional.empty(), parsed.getHost(), port, tls, authorities(environment));
        } catch (URISyntaxException noAddress) {
            throw wrong(url);
        }
    }

    private static Optional<Path> authorities(Map<String, String> environment) {
        String file = environment.getOrDefault(CA_FILE, "");
        try {
            return file.isBlank() ? Optional.empty() : Optional.of(Path.of(file));
        } catch (InvalidPathException noPath) {
            throw new Failure(Kind.INVALID, CA_FILE + " is not the path of a file");
        }
    }

    /** The URL may hold a password that somebody put there, so it is not repeated. */
    private static Failure wrong(String url) {
        String scheme = url.contains(":") ? url.substring(0, url.indexOf(':') + 1) + "…" : "that";
        return new Failure(Kind.INVALID, "PORTOLAN_URL is not the address of a controller: " + scheme)
                .withHint(
                        "for example https://deploy.example.org:8044 or unix:/srv/portolan/api.sock; a token goes into"
                                + " PORTOLAN_TOKEN");
    }

    /** For the header {@code Host}. */
    String authority() {
        return socket.isPresent() ? "localhost" : host + ":" + port;
    }

    /** Whether what is sent can be read on the way. */
    boolean exposed() {
        return socket.isEmpty()
                && !tls
                && !host.equals("localhost")
                && !host.startsWith("127.")
                && !host.equals("[::1]");
    }
}
