package org.portolan.engine.docker;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.portolan.engine.EngineException;
import org.portolan.engine.docker.Transport.Reply;

/**
 * Calls of the Engine API: versioned paths, JSON in and out, a deadline for each, errors in our own words. Nothing is
 * sent before the first call; that one asks for the engine's API version.
 */
final class Calls implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final DockerEndpoint endpoint;
    private final Duration deadline;
    private final Transport transport;
    private volatile @Nullable ApiVersion version;

    Calls(DockerEndpoint endpoint, Duration deadline) {
        this.endpoint = endpoint;
        this.deadline = deadline;
        this.transport = connect();
    }

    private Transport connect() {
        return endpoint.local()
                ? new UnixTransport(endpoint.socket())
                : new TcpTransport(
                        endpoint.uri(),
                        endpoint.tls()
                                .map(folder -> new ClientCertificates(folder, endpoint.verify()))
                                .orElse(null),
                        deadline);
    }

    DockerEndpoint endpoint() {
        return endpoint;
    }

    Duration deadline() {
        return deadline;
    }

    /** An answer with its status, whatever that is. */
    record Answer(int status, DockerJson body) {
        boolean ok() {
            return status < 400;
        }

        String message() {
            return body.at("message").text().strip();
        }
    }

    /** Whether a new connection is answered soon. */
    boolean accepts() {
        Duration soon = deadline.compareTo(SOON) < 0 ? deadline : SOON;
        try (Transport fresh = connect()) {
            return fresh.call(request("GET", "/_ping", null, Map.of(), null), soon)
                            .status()
                    < 400;
        } catch (IOException refused) {
            return false;
        }
    }

    /** GET; an answer that is an error throws. */
    DockerJson get(String what, String path) {
        return require(what, send("GET", path, null, deadline));
    }

    /** GET; empty when the engine answers "not found". */
    Optional<DockerJson> find(String what, String path) {
        Answer answer = send("GET", path, null, deadline);
        return answer.status() == 404 ? Optional.empty() : Optional.of(require(what, answer));
    }

    /** Sends a request with a JSON body or none, and gives the answer whatever its status. */
    Answer send(String method, String path, @Nullable Object json, Duration limit) {
        return send(path, limit, versioned -> request(method, versioned, json, Map.of(), null));
    }

    /** Sends a request with a body of another type. */
    Answer send(String method, String path, String type, byte[] body, Duration limit) {
        return send(path, limit, versioned -> Request.builder()
                .method(method)
                .path(versioned)
                .putHeader("Content-Type", type)
                .bodyBytes(body)
                .build());
    }

    /** Sends a request with a body of any length; nothing is sent again. */
    Answer stream(String method, String path, String type, InputStream body, Duration limit) {
        Request request = Request.builder()
                .method(method)
                .path(version().path(path))
                .putHeader("Content-Type", type)
                .body(body)
                .build();
        Reply reply = transmit(request, limit);
        return new Answer(reply.status(), body(reply, path));
    }

    private Answer send(String path, Duration limit, Function<String, Request> request) {
        for (int attempt = 1; ; attempt++) {
            ApiVersion used = version();
            Reply reply = transmit(request.apply(used.path(path)), limit);
            Answer answer = new Answer(reply.status(), body(reply, path));
            if (answer.status() != 400 || attempt > 2 || !renegotiate(used, answer.message())) {
                return answer;
            }
        }
    }

    /** The body of a successful answer. */
    DockerJson require(String what, Answer answer) {
        if (!answer.ok()) {
            throw EngineFailures.refused(what, answer.status(), answer.message());
        }
        return answer.body();
    }

    /**
     * Opens a stream; an answer that is an error throws. The caller closes it.
     *
     * @param input what is sent after the request on the same connection (hijacked), or null
     */
    Response open(
            String what,
            String method,
            String path,
            @Nullable Object json,
            Map<String, String> headers,
            @Nullable InputStream input) {
        return open(what, method, path, json, headers, input, deadline);
    }

    /** The same for what the engine may not answer before others have: {@code limit} until its first word. */
    Response open(
            String what,
            String method,
            String path,
            @Nullable Object json,
            Map<String, String> headers,
            @Nullable InputStream input,
            Duration limit) {
        Request request = request(method, version().path(path), json, headers, input);
        Response response;
        try {
            response = transport.open(request, limit);
        } catch (IOException e) {
            throw EngineFailures.unreachable(endpoint, request.method() + " " + path, limit, e);
        }
        if (response.getStatusCode() < 400) {
            return response;
        }
        try (response) {
            byte[] body = response.getBody().readNBytes(1 << 20);
            String message = DockerJson.parse(body).at("message").text();
            throw EngineFailures.refused(what, response.getStatusCode(), message);
        } catch (IOException e) {
            throw EngineFailures.refused(what, response.getStatusCode(), "");
        }
    }

    /** The API version in use; asks the engine the first time. */
    ApiVersion version() {
        ApiVersion known = version;
        if (known == null) {
            synchronized (this) {
                known = version;
                if (known == null) {
                    Reply reply = transmit(request("GET", "/_ping", null, Map.of(), null), deadline);
                    if (reply.status() >= 400) {
                        throw EngineFailures.greeting(endpoint, reply.status());
                    }
                    known = ApiVersion.negotiate(reply.apiVersion(), endpoint.address());
                    version = known;
                }
            }
        }
        return known;
    }

    private boolean renegotiate(ApiVersion used, String message) {
        Optional<ApiVersion> other = used.after(message);
        other.ifPresent(next -> version = next);
        return other.isPresent();
    }

    private Reply transmit(Request request, Duration limit) {
        try {
            return transport.call(request, limit);
        } catch (IOException e) {
            throw EngineFailures.unreachable(endpoint, request.method() + " " + request.path(), limit, e);
        }
    }

    private DockerJson body(Reply reply, String path) {
        if (reply.empty()) {
            return DockerJson.NOTHING;
        }
        try {
            return reply.json();
        } catch (IOException e) {
            throw new EngineException(
                    EngineException.Reason.REFUSED,
                    "the server at " + endpoint.address() + " is not a Docker Engine: its answer to " + path
                            + " (status " + reply.status() + ") is not JSON",
                    Optional.of(e));
        }
    }

    private static Request request(
            String method,
            String path,
            @Nullable Object json,
            Map<String, String> headers,
            @Nullable InputStream input) {
        Request.Builder request = Request.builder();
        request.method(method).path(path).putAllHeaders(headers);
        if (json != null) {
            request.putHeader("Content-Type", "application/json").bodyBytes(DockerJson.write(json));
        }
        if (input != null) {
            request.hijackedInput(input);
        }
        return request.build();
    }

    /** Percent-encodes a path segment or query value (RFC 3986: all but the unreserved characters). */
    static String encode(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = (c < 128 && Character.isLetterOrDigit(c)) || "-_.~".indexOf(c) >= 0;
            if (plain) {
                out.append(c);
            } else {
                out.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return out.toString();
    }

    @Override
    public void close() {
        transport.close();
    }
}
