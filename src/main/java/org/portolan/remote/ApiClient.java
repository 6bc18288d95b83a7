package org.portolan.remote;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.portolan.json.JsonTree;
import org.portolan.json.NotJson;
import org.portolan.json.StrictJson;
import org.portolan.model.Durations;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.query.json.JsonFields;
import org.portolan.socket.SocketWatchdog;

/**
 * Asks a controller's API. Every wait has an end, every answer a largest size; what the controller could not do is the same {@link
 * Failure} as if it had been tried here.
 */
final class ApiClient implements AutoCloseable {
    /** Of the edge's page for a domain whose controller is not there. */
    private static final String LEADER = "portolan-leader";

    private static final int BAD_GATEWAY = 502;
    private static final int GATEWAY_TIMEOUT = 504;
    private static final Duration CONNECTING = Duration.ofSeconds(10);
    static final Duration ANSWERING = Duration.ofSeconds(60);

    /** A stream sends something every 15 seconds at least. */
    private static final Duration SILENCE = Duration.ofSeconds(45);

    private static final int MOST_BYTES = 64 * 1024 * 1024;
    private static final int MOST_PROBLEM = 1024 * 1024;
    private static final int FINE = 300;
    private static final String JSON = Asking.JSON;
    static final byte[] NOTHING = {};

    /** As a controller waits for a body. */
    private static final int BYTES_A_SECOND = 64 * 1024;

    private final ControllerAddress address;
    private final Optional<String> token;
    private final SocketWatchdog watchdog = new SocketWatchdog();

    ApiClient(ControllerAddress address, Optional<String> token) {
        this.address = address;
        this.token = token;
    }

    /** A query for the end of a path; empty values are left out. */
    static String query(Map<String, String> parameters) {
        StringBuilder text = new StringBuilder();
        parameters.forEach((name, value) -> {
            if (!value.isEmpty()) {
                text.append(text.isEmpty() ? '?' : '&').append(name).append('=').append(encoded(value));
            }
        });
        return text.toString();
    }

    /** A name that may have slashes, as the end of a path or a part of it. */
    static String segments(String name) {
        return Arrays.stream(name.split("/", -1)).map(ApiClient::segment).collect(Collectors.joining("/"));
    }

    /** A name as a part of a path. */
    static String segment(String name) {
        return encoded(name).replace("+", "%20");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Headers that say in whose name something is asked for. */
    static Map<String, String> onBehalfOf(String who) {
        return Map.of("Portolan-Who", encoded(who));
    }

    /** What a path answers. */
    StrictJson get(String path) {
        return ask(new Asking("GET", path, JSON, Map.of(), NOTHING, ANSWERING), ApiClient::whole);
    }

    /** The version of the controller, if one answers within this time. */
    String version(Duration limit) {
        Asking asking = new Asking("GET", "/healthz", JSON, Map.of(), NOTHING, limit);
        return ask(asking, reply -> reply.header(ProblemReply.VERSION));
    }

    /**
     * Sends something, and gives what is answered.
     *
     * @param body as JSON
     * @param headers beside those that every request has
     */
    StrictJson send(String method, String path, Map<String, ?> body, Map<String, String> headers) {
        byte[] text = JsonTree.bytes(JsonFields.plain(body));
        Duration limit = ANSWERING.plusSeconds(text.length / BYTES_A_SECOND);
        return ask(new Asking(method, path, JSON, headers, text, limit), ApiClient::whole);
    }

    private static StrictJson whole(HttpReply reply) throws IOException {
        try {
            return StrictJson.read(reply.body(MOST_BYTES));
        } catch (NotJson broken) {
            throw new HttpReply.NotHttp();
        }
    }

    /** Whether nobody knows what became of a request, since the connection to the controller failed or broke. */
    static boolean isLost(Failure failure) {
        return failure.kind() == Kind.UNREACHABLE && failure.getCause() instanceof IOException;
    }

    /**
     * Hands on every line of a stream until its end, or until told to end. Lines without text, which only say that the
     * controller is there, are left out.
     *
     * @return whether the stream came to its end
     */
    boolean lines(String path, Consumer<StrictJson> sink, BooleanSupplier ended) {
        Asking asking = new Asking("GET", path, "application/x-ndjson", Map.of(), NOTHING, ANSWERING);
        return ask(asking, reply -> ReplyLines.read(reply, sink, ended));
    }

    /** Reads what is answered when all is well. */
    @FunctionalInterface
    interface Reading<T> {
        T read(HttpReply reply) throws IOException;
    }

    private <T> T ask(Asking asking, Reading<T> reading) {
        return ask(asking, asking.type().endsWith("ndjson") ? SILENCE : Duration.ZERO, reading);
    }

    /**
     * Asks something.
     *
     * @param silence how long each wait for more of the answer may take; zero: all of it is one wait
     */
    <T> T ask(Asking asking, Duration silence, Reading<T> reading) {
        boolean stream = !silence.isZero();
        Duration connecting = asking.limit().compareTo(CONNECTING) < 0 ? asking.limit() : CONNECTING;
        try (Link link = open(connecting)) {
            HttpReply reply;
            try (SocketWatchdog.Guard guard = watchdog.guard(asking.limit(), link)) {
                try {
                    link.out().write(asking.head(address, token));
                    link.out().write(asking.body());
                    link.out().flush();
                    reply = HttpReply.read(stream ? new Patient(link, watchdog, silence) : link.in());
                    requireController(reply);
                    if (reply.status() >= FINE) {
                        throw ProblemReply.read(address, reply, reply.body(MOST_PROBLEM));
                    }
                    if (!stream) {
                        return reading.read(reply);
                    }
                } catch (IOException broken) {
                    if (guard.expired()) {
                        throw new SocketTimeoutException("no answer within " + Durations.format(asking.limit()));
                    }
                    throw broken;
                }
            }
            return reading.read(reply);
        } catch (HttpReply.NotHttp other) {
            throw notAController();
        } catch (IOException broken) {
            throw unreachable(broken);
        }
    }

    /**
     * Opens a WebSocket.
     *
     * @param headers beside those that every request has
     */
    WebSocket socket(String path, String protocol, Map<String, String> headers) {
        SecureRandom random = new SecureRandom();
        String key = WebSocket.key(random);
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(WebSocket.ask(key, protocol));
        Asking asking = new Asking("GET", path, JSON, all, NOTHING, ANSWERING);
        Link link = open(CONNECTING);
        boolean agreed = false;
        try (SocketWatchdog.Guard guard = watchdog.guard(ANSWERING, link)) {
            link.out().write(asking.head(address, token));
            link.out().flush();
            Patient in = new Patient(link, watchdog, SILENCE);
            HttpReply reply = HttpReply.read(in);
            requireController(reply);
            if (reply.status() != WebSocket.SWITCHING) {
                throw ProblemReply.read(address, reply, reply.body(MOST_PROBLEM));
            }
            WebSocket.check(reply, key, protocol);
            agreed = true;
            return new WebSocket(link, in, random);
        } catch (HttpReply.NotHttp other) {
            throw notAController();
        } catch (IOException broken) {
            throw unreachable(broken);
        } finally {
            if (!agreed) {
                closeQuietly(link);
            }
        }
    }

    private static void closeQuietly(Link link) {
        try {
            link.close();
        } catch (IOException alreadyBroken) {
            // Nothing more is wanted of it.
        }
    }

    /** Something that is said and heard over a WebSocket. */
    @FunctionalInterface
    interface Talk {
        int talk() throws IOException;
    }

    /** Talks; when the connection breaks, that is the failure. */
    int talking(Talk talk) {
        try {
            return talk.talk();
        } catch (EOFException ended) {
            throw gone().withCause(ended);
        } catch (IOException broken) {
            throw unreachable(broken);
        }
    }

    /** A connection on which a request was begun: its head is sent. */
    interface Begun {
        void go(Link link, SocketWatchdog watchdog) throws IOException;
    }

    /** Sends a request whose body is not there at once; what is answered after it was sent, or instead, counts. */
    void send(Asking asking, Begun body) {
        try (Link link = open(CONNECTING)) {
            IOException unsent = null;
            try {
                link.out().write(asking.head(address, token));
                body.go(link, watchdog);
            } catch (IOException refused) {
                // It may have said why before it stopped reading.
                unsent = refused;
            }
            try (SocketWatchdog.Guard guard = watchdog.guard(ANSWERING, link)) {
                HttpReply reply = HttpReply.read(link.in());
                requireController(reply);
                if (reply.status() >= FINE) {
                    throw ProblemReply.read(address, reply, reply.body(MOST_PROBLEM));
                }
                reply.body(MOST_PROBLEM);
            } catch (IOException silent) {
                throw unsent == null ? silent : unsent;
            }
        } catch (HttpReply.NotHttp other) {
            throw notAController();
        } catch (IOException broken) {
            throw unreachable(broken);
        }
    }

    private Link open(Duration limit) {
        try {
            return Link.open(address, limit, watchdog);
        } catch (IOException nobody) {
            throw unreachable(nobody).withCause(new Nobody(nobody));
        }
    }

    /** There was no connection, so nothing was asked for. */
    private static final class Nobody extends IOException {
        private static final long serialVersionUID = 1;

        Nobody(@Nullable IOException cause) {
            super(cause == null ? "nobody" : cause.getMessage(), cause);
        }
    }

    /** Whether nothing was asked for, since nobody was there. */
    static boolean isNobody(Failure failure) {
        return failure.getCause() instanceof Nobody;
    }

    /** The same where a machine answered that nobody listens there now, or a proxy that none leads. */
    static boolean isNotYet(Failure failure) {
        return failure.getCause() instanceof Nobody nobody
                && (nobody.getCause() == null || nobody.getCause() instanceof ConnectException);
    }

    /** What a proxy in front answers by itself says nothing of the controller, but where it knows that none leads. */
    private void requireController(HttpReply reply) throws IOException {
        if (!reply.header(ProblemReply.VERSION).isEmpty()) {
            return;
        }
        if (reply.header(LEADER).equals("none")) {
            throw unreachable(new IOException("no controller leads at the moment"))
                    .withCause(new Nobody(null));
        }
        if (reply.header("location").startsWith("https://") && !address.tls()) {
            throw new Failure(Kind.INVALID, address.shown() + " answers over TLS only")
                    .withHint(
                            "PORTOLAN_URL has to begin with https://; use another token, as this one was sent in the clear");
        }
        if (reply.status() >= BAD_GATEWAY && reply.status() <= GATEWAY_TIMEOUT) {
            throw new IOException("a proxy in front of it answers HTTP " + reply.status());
        }
        throw notAController();
    }

    private Failure notAController() {
        return new Failure(Kind.INVALID, address.shown() + " is not a controller of Portolan")
                .withHint(
                        "PORTOLAN_URL has to name where a controller answers: its api.address and api.port, or its socket");
    }

    private Failure unreachable(IOException broken) {
        if (broken instanceof ControllerTrust.NotTrusted bad) {
            return new Failure(
                            Kind.UNREACHABLE,
                            "cannot reach the controller at " + address.shown() + ": " + bad.getMessage())
                    .withHint(bad.remedy())
                    .withCause(bad);
        }
        boolean perhapsTls = broken instanceof EOFException && address.socket().isEmpty() && !address.tls();
        String why = broken instanceof UnknownHostException
                ? "unknown host"
                : broken instanceof SSLException ? "TLS: " + broken.getMessage() : String.valueOf(broken.getMessage());
        return new Failure(Kind.UNREACHABLE, "cannot reach the controller at " + address.shown() + ": " + why)
                .withHint(
                        perhapsTls
                                ? "if it speaks TLS, PORTOLAN_URL has to begin with https://"
                                : "check PORTOLAN_URL, and that a controller runs there")
                .withCause(broken);
    }

    /** Whether it is on this machine, reached through its socket. */
    boolean isNear() {
        return address.socket().isPresent();
    }

    /** Where it is, for people. */
    String shown() {
        return address.shown();
    }

    /** What answers where something is said that it does not understand. */
    Failure notUnderstood(String why) {
        return new Failure(
                        Kind.UNAVAILABLE, "the controller at " + address.shown() + " answers in another form: " + why)
                .withHint("use the same version of Portolan here and there");
    }

    /** The stream ended though the controller should send more. */
    Failure gone() {
        return gone("");
    }

    /** The same with what it said; "" for nothing. */
    Failure gone(String reason) {
        return new Failure(Kind.UNREACHABLE, ended(reason))
                .withHint("it was stopped, or another one leads now: run the command again");
    }

    /** The controller takes no more of what was sent. */
    Failure refused(String reason) {
        return new Failure(Kind.REFUSED, ended(reason));
    }

    private String ended(String reason) {
        return "the controller at " + address.shown() + " ended the connection"
                + (reason.isEmpty() ? "" : ": " + reason);
    }

    @Override
    public void close() {
        watchdog.close();
    }
}
