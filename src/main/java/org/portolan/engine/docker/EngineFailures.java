package org.portolan.engine.docker;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.portolan.engine.EngineException;
import org.portolan.engine.EngineException.Reason;
import org.portolan.model.Durations;

/** The wording of everything that an engine refuses or does not answer, in one place. */
final class EngineFailures {
    private static final String START_IT = "is dockerd running? (systemctl status docker)";
    /** What an engine answers, for a moment, that is being stopped or that has lost its containerd. */
    private static final List<String> ENDING = List.of(
            "transport is closing",
            "connection is closing",
            "ttrpc: closed",
            "containerd.sock",
            "context canceled",
            "failed to update store for object type",
            "shutting down");

    private static final String ELSEWHERE =
            "start the Docker Engine, or set its address with DOCKER_HOST or a Docker context";

    private EngineFailures() {}

    /** No connection, or no answer in time. */
    static EngineException unreachable(DockerEndpoint endpoint, String call, Duration deadline, IOException cause) {
        String address = endpoint.address();
        if (cause instanceof Transport.DeadlineExceeded) {
            return gone(
                            "the Docker Engine at " + address + " did not answer " + shortened(call) + " within "
                                    + Durations.format(deadline),
                            cause)
                    .withHint("it may hang or be overloaded: check its log (journalctl -u docker), or restart it");
        }
        if (cause instanceof UnknownHostException) {
            return gone("the Docker Engine's host is unknown: " + address, cause)
                    .withHint("check DOCKER_HOST, the Docker context, and name resolution");
        }
        if (cause instanceof SSLException) {
            return gone("no secure connection to the Docker Engine at " + address + ": " + cause.getMessage(), cause)
                    .withHint("check the certificates (DOCKER_CERT_PATH, ca.pem, cert.pem, key.pem) and that the engine"
                            + " uses TLS on this port");
        }
        if (endpoint.local()) {
            Path socket = endpoint.socket();
            if (!Files.exists(socket)) {
                return gone("no Docker Engine at " + address + ": the socket does not exist", cause)
                        .withHint(ELSEWHERE);
            }
            if (String.valueOf(cause.getMessage()).contains("Permission denied")) {
                return gone("permission denied for the Docker Engine's socket " + socket, cause)
                        .withHint(
                                "add this user to the group that owns it (usually: sudo usermod -aG docker $USER, then log in"
                                        + " again), or run as root");
            }
        }
        if (cause instanceof ConnectException) {
            return gone("nothing listens at the Docker Engine's address " + address, cause)
                    .withHint(START_IT);
        }
        return gone("lost the connection to the Docker Engine at " + address + ": " + cause.getMessage(), cause)
                .withHint(START_IT);
    }

    /**
     * The engine's no.
     *
     * @param what what could not be done, for people: {@code cannot start shop-web-1-1}
     */
    static EngineException refused(String what, int status, String message) {
        String reason = message.isEmpty() ? "status " + status : message;
        if (status >= 500 && ENDING.stream().anyMatch(message::contains)) {
            return new EngineException(
                            Reason.UNREACHABLE,
                            what + ": the Docker Engine is shutting down: " + reason,
                            Optional.empty())
                    .withHint(START_IT);
        }
        return new EngineException(reason(status, message), what + ": " + reason, Optional.empty());
    }

    /** What listens there does not greet as an engine does. */
    static EngineException greeting(DockerEndpoint endpoint, int status) {
        EngineException refused = new EngineException(
                Reason.UNREACHABLE,
                "the server at " + endpoint.address() + " does not answer like a Docker Engine (status " + status + ")",
                Optional.empty());
        return endpoint.local() || endpoint.tls().isPresent()
                ? refused
                : refused.withHint("if it speaks TLS, set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH");
    }

    private static Reason reason(int status, String message) {
        String text = message.toLowerCase(Locale.ROOT);
        if (text.contains("port is already allocated")
                || text.contains("address already in use")
                || text.contains("pool overlaps")
                // An engine that went down in the middle of a start left the process's task behind.
                || (text.contains("task ") && text.contains(": already exists"))) {
            return Reason.IN_USE;
        }
        return switch (status) {
            case 404 -> Reason.NOT_FOUND;
            case 409 -> Reason.CONFLICT;
            default -> Reason.REFUSED;
        };
    }

    private static EngineException gone(String message, IOException cause) {
        return new EngineException(Reason.UNREACHABLE, message, Optional.of(cause));
    }

    /** A call without its query, which says nothing to people. */
    private static String shortened(String call) {
        int query = call.indexOf('?');
        return query < 0 ? call : call.substring(0, query);
    }
}
