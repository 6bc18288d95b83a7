package org.portolan.engine.docker;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/**
 * Where an engine is and how to speak to it.
 *
 * @param address as people write it: {@code unix:///path} or {@code tcp://host:port}
 * @param tls the certificates' folder where TLS is spoken
 * @param verify whether the engine's certificate is checked
 * @param configuration Docker's folder with {@code config.json}, for credentials of registries
 * @param environment for credential helpers: the environment that the endpoint was read from
 */
public record DockerEndpoint(
        String address, Optional<Path> tls, boolean verify, Path configuration, Map<String, String> environment) {
    private static final String DEFAULT = "unix:///var/run/docker.sock";

    public DockerEndpoint {
        environment = Map.copyOf(environment);
    }

    /**
     * Reads the endpoint as the docker command does: {@code DOCKER_HOST} (with {@code DOCKER_TLS_VERIFY}, {@code
     * DOCKER_TLS} and {@code DOCKER_CERT_PATH}), else the context named by {@code DOCKER_CONTEXT}, else the current
     * context of Docker's {@code config.json}, else the usual socket.
     *
     * @throws Failure (wrong usage) when what they say cannot be used
     */
    public static DockerEndpoint fromEnvironment(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", System.getProperty("user.home", "/"));
        String folder = environment.getOrDefault("DOCKER_CONFIG", "");
        Path configuration = folder.isEmpty() ? Path.of(home, ".docker") : Path.of(folder);
        String host = environment.getOrDefault("DOCKER_HOST", "").strip();
        boolean verify = !environment.getOrDefault("DOCKER_TLS_VERIFY", "").isEmpty();
        boolean tls = verify || !environment.getOrDefault("DOCKER_TLS", "").isEmpty();
        if (host.isEmpty()) {
            String context = DockerContexts.chosen(environment, configuration);
            if (!context.isEmpty() && !context.equals("default")) {
                DockerContexts.Context found = DockerContexts.read(configuration, context);
                return of(found.host(), found.tls(), found.verify(), configuration, environment);
            }
            host = DEFAULT;
        }
        String certificates = environment.getOrDefault("DOCKER_CERT_PATH", "");
        Optional<Path> with =
                tls ? Optional.of(certificates.isEmpty() ? configuration : Path.of(certificates)) : Optional.empty();
        return of(host, with, verify, configuration, environment);
    }

    /** The engine behind a unix socket, with Docker's usual configuration folder of this environment. */
    public static DockerEndpoint unix(Path socket, Path configuration) {
        return new DockerEndpoint("unix://" + socket, Optional.empty(), false, configuration, Map.of());
    }

    boolean local() {
        return address.startsWith("unix://");
    }

    Path socket() {
        return Path.of(address.substring("unix://".length()));
    }

    URI uri() {
        return URI.create(address);
    }

    private static DockerEndpoint of(
            String host, Optional<Path> tls, boolean verify, Path configuration, Map<String, String> environment) {
        if (host.startsWith("unix://")) {
            String path = host.substring("unix://".length());
            return new DockerEndpoint(
                    path.isEmpty() ? DEFAULT : "unix://" + Path.of(path).toAbsolutePath(),
                    Optional.empty(),
                    false,
                    configuration,
                    environment);
        }
        int scheme = host.indexOf("://");
        if (scheme >= 0 && !host.startsWith("tcp://")) {
            throw wrong(host, host.substring(0, scheme) + ":// is not supported")
                    .withHint(
                            host.startsWith("ssh://")
                                    ? "forward the engine's socket: ssh -nNT -L /tmp/docker.sock:"
                                            + "/var/run/docker.sock HOST, then DOCKER_HOST=unix:///tmp/docker.sock"
                                    : "use unix:///path or tcp://host:port");
        }
        String rest = scheme >= 0 ? host.substring("tcp://".length()) : host;
        try {
            URI uri = new URI("tcp://" + (rest.isEmpty() ? "127.0.0.1" : rest));
            String path = uri.getRawPath();
            if (uri.getHost() == null || (path != null && !path.isEmpty() && !path.equals("/"))) {
                throw wrong(host, "it must be tcp://host:port, without a path");
            }
            int port = uri.getPort() > 0 ? uri.getPort() : tls.isPresent() ? 2376 : 2375;
            return new DockerEndpoint("tcp://" + uri.getHost() + ":" + port, tls, verify, configuration, environment);
        } catch (URISyntaxException e) {
            throw wrong(host, "it must be unix:///path or tcp://host:port");
        }
    }

    private static Failure wrong(String host, String why) {
        return new Failure(Kind.INVALID, "cannot use the Docker host \"" + host + "\": " + why);
    }

    /** Without the environment, which may hold secrets. */
    @Override
    public String toString() {
        return "DockerEndpoint[" + address + (tls.isPresent() ? ", TLS" : "") + "]";
    }
}
