package org.portolan.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.portolan.json.JsonMismatch;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.Notice;
import org.portolan.model.state.Scope;

/** Between the server and the routes: who asks, whether they may, what of it is read, and how the answer is written. */
final class ApiHandler extends Handler.Abstract {
    static final String REQUEST_ID = "X-Request-Id";

    /** For a client to read an answer of the usual size; for a larger one it has more in proportion. */
    private static final Duration READING = Duration.ofSeconds(15);

    private static final int READ_A_SECOND = 64 * 1024;

    private static final Duration DRAIN_TIME = Duration.ofSeconds(5);
    private static final int DRAINED = 4 * 1024 * 1024;
    private static final int ANSWERS = 64;
    private static final int STREAMS = 500;
    private static final String BEARER = "bearer ";
    private static final String HEAD = "HEAD";

    private final Api api;
    private final Callers callers;
    private final ConnectionDeadlines<EndPoint> deadlines;
    private final Router router;
    private final RateLimit rates = new RateLimit(50, 200, 4_096);
    /** Unknown tokens of each address: a few at once, then one every two seconds. */
    private final RateLimit guesses = new RateLimit(0.5, 20, 4_096);

    private final InstantSource clock = InstantSource.system();
    private final Upgrades upgrades;
    private final PageRoutes pages;
    private final Semaphore answers = new Semaphore(ANSWERS);
    private final Semaphore streams = new Semaphore(STREAMS);

    private final Bodies.Memory memory = new Bodies.Memory();
    private final Duration partTime;
    private final String version;
    private volatile boolean ending;

    ApiHandler(
            Api api,
            Callers callers,
            PageRoutes pages,
            ConnectionDeadlines<EndPoint> deadlines,
            Upgrades upgrades,
            Duration partTime,
            String version) {
        this.api = api;
        this.upgrades = upgrades;
        this.callers = callers;
        this.deadlines = deadlines;
        this.partTime = partTime;
        this.version = version;
        this.pages = pages;
        router = new Router(
                Stream.concat(RouteTable.ALL.stream(), pages.all().stream()).toList());
    }

    /** What is in progress ends; streams at once. */
    void end() {
        ending = true;
        upgrades.end();
    }

    /** Whether nothing is being answered. */
    boolean idle() {
        return answers.availablePermits() == ANSWERS && streams.availablePermits() == STREAMS && upgrades.idle();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        EndPoint connection = ConnectionDeadlines.transport(
                request.getConnectionMetaData().getConnection().getEndPoint());
        String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        response.getHeaders().put(REQUEST_ID, id);
        response.getHeaders().put("Portolan-Version", version);
        response.getHeaders().put("Cache-Control", "no-store");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        IOException gone = null;
        try {
            if (answer(request, response, id, connection, callback)) {
                return true;
            }
            drain(request, connection);
        } catch (IOException broken) {
            gone = broken;
        }
        // Before the callback: with it the next request of the connection may begin.
        deadlines.answered(connection, clock.instant());
        if (gone == null) {
            callback.succeeded();
        } else {
            callback.failed(gone);
        }
        return true;
    }

    /** Whether the connection is another protocol's now, which also ends the request. */
    private boolean answer(Request request, Response response, String id, EndPoint connection, Callback callback)
            throws IOException {
        Reply answer;
        ApiCaller caller = ApiCaller.unknown("");
        Semaphore taken = null;
        Bodies bodies = new Bodies(deadlines, connection, clock);
        // Its head is there.
        deadlines.answering(connection);
        try {
            Asked asked = asked(request, id, connection, bodies);
            deadlines.answering(connection);
            if (asked.refused() != null) {
                answer = asked.refused();
            } else if (answers.tryAcquire()) {
                taken = answers;
                caller = asked.request().caller();
                answer = asked.route().answer(api, asked.request());
            } else {
                answer = busy(id);
            }
        } catch (Failure failure) {
            answer = ProblemJson.answer(caller.shown(failure), id, this::mask);
        } catch (JsonMismatch wrong) {
            answer = ProblemJson.answer(
                    new Failure(Kind.INVALID, "the body is not valid: " + wrong.getMessage()), id, this::mask);
        } catch (Changes.OtherRequest other) {
            answer = ProblemJson.plain(
                    422,
                    "Another request",
                    String.valueOf(other.getMessage()),
                    Optional.of("use a new key for a new request"),
                    id);
        } catch (RuntimeException fault) {
            answer = fault(request, id, fault);
        } finally {
            if (taken != null) {
                taken.release();
            }
            bodies.close();
        }
        Optional<WebSocketPeer> peer = Optional.empty();
        try {
            peer = upgrades.peer(request, answer, api, id, caller, streams);
        } catch (Failure refused) {
            answer = ProblemJson.answer(refused, id, this::mask);
        }
        if (peer.isPresent() && upgrades.upgrade(request, response, callback, peer.get())) {
            return true;
        }
        if (GitRoutes.isGit(Request.getPathInContext(request))) {
            answer = GitRoutes.told(answer);
        }
        switch (answer) {
            case Reply.Whole plain -> {
                Reply.Whole whole = shown(request, plain);
                deadlines.body(connection, clock.instant(), READING.plusSeconds(whole.body().length / READ_A_SECOND));
                whole(request, response, whole);
            }
            case Reply.Exchanged exchanged -> exchange(request, response, exchanged, id);
            case Reply.Streamed streamed -> stream(request, response, streamed, id, caller);
            case Reply.Upgraded refused -> whole(request, response, Upgrades.required(id));
        }
        return false;
    }

    /** For people who look with a browser what is not a page becomes one. */
    private Reply.Whole shown(Request request, Reply.Whole answer) {
        String accepts = Optional.ofNullable(request.getHeaders().get("Accept")).orElse("");
        return pages.shown(answer, Request.getPathInContext(request), accepts, clock.instant());
    }

    private String mask(String text) {
        return api.controller().installation().secrets().mask(text);
    }

    /** A fault of Portolan: the log has what happened, the client a number to ask for it. */
    private Reply fault(Request request, String id, RuntimeException fault) {
        StackTraceElement[] trace = fault.getStackTrace();
        api.controller()
                .installation()
                .publish(
                        "",
                        new Notice(
                                EventLevel.ERROR,
                                "request " + id + " (" + request.getMethod() + " "
                                        + Request.getPathInContext(request) + "): internal error: " + fault
                                        + (trace.length == 0 ? "" : " at " + trace[0])));
        Failure told = new Failure(Kind.INTERNAL, "internal error")
                .withHint("this is a bug in Portolan: the controller's log has more under the request's id");
        return ProblemJson.answer(told, id, this::mask);
    }

    /** A request that was understood, or what is answered instead. */
    private record Asked(Route route, ApiRequest request, Reply.Whole refused) {}

    @SuppressWarnings("NullAway") // Either the first two or the last.
    private static Asked refuse(Reply.Whole answer) {
        return new Asked(null, null, answer);
    }

    @SuppressWarnings("NullAway")
    private Asked asked(Request request, String id, EndPoint connection, Bodies bodies) throws IOException {
        if (Upgrades.ofBrowser(request)) {
            return refuse(
                    ProblemJson.plain(403, "Forbidden", "WebSockets are not for web pages", Optional.empty(), id));
        }
        boolean local = callers.isLocal(request);
        String token = token(request);
        ApiCaller caller = callers.of(request, connection, token);
        if (!local) {
            Duration wait = rates.take(
                    caller.isKnown() ? "name " + caller.name() : ClientNetwork.of(caller.from()), clock.instant());
            if (!wait.isZero()) {
                return refuse(tooMany(wait, "too many requests", id));
            }
        }
        String path = RequestParts.path(request);
        Router.Match match = router.find(request.getMethod(), path);
        boolean open =
                match instanceof Router.Found found && found.route().scope().isEmpty();
        if (!open && !caller.isKnown()) {
            Duration wait =
                    token.isEmpty() ? Duration.ZERO : guesses.take(ClientNetwork.of(caller.from()), clock.instant());
            if (!wait.isZero()) {
                return refuse(tooMany(wait, "too many unknown tokens", id));
            }
            return refuse(ProblemJson.plain(
                            401,
                            "Unauthorized",
                            token.isEmpty() ? "this needs a token" : "the token is unknown, expired or removed",
                            Optional.of(
                                    GitRoutes.isGit(path) ? GitRoutes.HOW : "send it as `Authorization: Bearer TOKEN`"),
                            id)
                    .with("WWW-Authenticate", "Bearer realm=\"portolan\""));
        }
        if (match instanceof Router.OtherMethod other) {
            String allowed = String.join(", ", other.allowed());
            return refuse(ProblemJson.plain(
                            405,
                            "Method not allowed",
                            path + " does not take " + request.getMethod(),
                            Optional.of("use one of " + allowed),
                            id)
                    .with("Allow", allowed));
        }
        if (!(match instanceof Router.Found found)) {
            return refuse(ProblemJson.plain(
                    404,
                    "Not found",
                    "unknown path " + path,
                    Optional.of("`/v1/openapi.json` lists what there is"),
                    id));
        }
        Route route = found.route();
        Optional<Scope> lacking = route.scope().filter(needed -> !caller.has(needed));
        if (lacking.isPresent()) {
            return refuse(
                    ProblemJson.plain(403, "Forbidden", "this " + caller.lacks(lacking.get()), Optional.empty(), id));
        }
        byte[] body = {};
        if (route.body().isPresent()) {
            if (coded(request.getHeaders().get("Content-Encoding"))) {
                // What it unfolds to is of any size.
                return refuse(ProblemJson.plain(
                                415,
                                "Unsupported media type",
                                "the body has a Content-Encoding",
                                Optional.of("send it as it is"),
                                id)
                        .with("Accept-Encoding", "identity"));
            }
            String type = Optional.ofNullable(request.getHeaders().get("Content-Type"))
                    .orElse("");
            byte[] read;
            try {
                // Not closed here: that ends a connection with a body that was not read to its end, and may lose the
                // answer.
                InputStream in = Content.Source.asInputStream(request);
                read = bodies.read(in, memory.of(caller.isKnown()), request.getLength(), route.limit());
            } catch (Bodies.NoRoom full) {
                return refuse(busy(id).with("Connection", "close"));
            } catch (Bodies.TooLarge more) {
                return refuse(ProblemJson.plain(
                                413,
                                "Too large",
                                "the body is larger than " + route.limit() + " bytes",
                                Optional.empty(),
                                id)
                        .with("Connection", "close"));
            }
            // What needs no token is sent by others, in their form.
            boolean own = route.scope().isPresent();
            if (own && read.length > 0 && !type.toLowerCase(Locale.ROOT).startsWith(Reply.JSON)) {
                return refuse(ProblemJson.plain(
                        415, "Unsupported media type", "the body has to be " + Reply.JSON, Optional.empty(), id));
            }
            if (own) {
                try {
                    bodies.values(read, memory);
                } catch (Bodies.NoRoom full) {
                    return refuse(busy(id));
                }
            }
            body = read;
        }
        return new Asked(
                route,
                new ApiRequest(
                        id,
                        request.getMethod(),
                        path,
                        found.names(),
                        RequestParts.query(request, route),
                        RequestParts.headers(request),
                        body,
                        caller),
                null);
    }

    private static boolean coded(@Nullable String coding) {
        return coding != null && !coding.isBlank() && !coding.strip().equalsIgnoreCase("identity");
    }

    private static Reply.Whole tooMany(Duration wait, String what, String id) {
        long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
        return ProblemJson.plain(429, "Too many requests", what, Optional.empty(), id)
                .with("Retry-After", String.valueOf(seconds));
    }

    /** Reads what was not of interest: a connection that is closed while the client still sends can lose the answer. */
    private void drain(Request request, EndPoint connection) throws IOException {
        deadlines.body(connection, clock.instant(), DRAIN_TIME);
        try (InputStream in = Content.Source.asInputStream(request)) {
            byte[] part = new byte[8 * 1024];
            int left = DRAINED;
            for (int read = in.read(part); read > 0 && left > 0; read = in.read(part)) {
                left -= read;
            }
        }
    }

    private static String token(Request request) {
        String given =
                Optional.ofNullable(request.getHeaders().get("Authorization")).orElse("");
        String password = GitRoutes.isGit(Request.getPathInContext(request)) ? GitRoutes.token(given) : "";
        if (!password.isEmpty()) {
            return password;
        }
        return given.toLowerCase(Locale.ROOT).startsWith(BEARER)
                ? given.substring(BEARER.length()).strip()
                : "";
    }

    private static Reply.Whole busy(String id) {
        return ProblemJson.plain(503, "Busy", "too many requests are being answered", Optional.empty(), id)
                .with("Retry-After", "1");
    }

    private static void whole(Request request, Response response, Reply.Whole answer) throws IOException {
        answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        int status = answer.status();
        byte[] body = answer.body();
        if (answer.tagged()) {
            String tag = EntityTag.of(body);
            response.getHeaders().put("ETag", tag);
            String known = Optional.ofNullable(request.getHeaders().get("If-None-Match"))
                    .orElse("");
            if (EntityTag.matches(known, tag)) {
                status = 304;
                body = new byte[0];
            }
        }
        response.setStatus(status);
        if (status != 304) {
            response.getHeaders().put("Content-Type", answer.type());
            response.getHeaders().put("Content-Length", body.length);
        }
        boolean head = request.getMethod().equals(HEAD);
        Content.Sink.write(response, true, ByteBuffer.wrap(head ? new byte[0] : body));
    }

    private void stream(Request request, Response response, Reply.Streamed streamed, String id, ApiCaller caller)
            throws IOException {
        if (!streams.tryAcquire()) {
            whole(request, response, busy(id));
            return;
        }
        try {
            response.getHeaders().put("Content-Type", streamed.type());
            if (!request.getMethod().equals(HEAD)) {
                streamed.content()
                        .write(new StreamOut(response, streamed.reader().orElse(caller)));
            }
            Content.Sink.write(response, true, ByteBuffer.allocate(0));
        } finally {
            streams.release();
        }
    }

    private void exchange(Request request, Response response, Reply.Exchanged exchanged, String id) throws IOException {
        if (!streams.tryAcquire()) {
            whole(request, response, busy(id));
            return;
        }
        try {
            response.getHeaders().put("Content-Type", exchanged.type());
            new Exchange(request, response, deadlines, clock, partTime, () -> ending).with(exchanged.conversation());
        } catch (RuntimeException fault) {
            fault(request, id, fault);
            throw new IOException(fault);
        } finally {
            streams.release();
        }
    }

    private final class StreamOut implements Reply.Out {
        private final Response response;
        private final ApiCaller caller;

        StreamOut(Response response, ApiCaller caller) {
            this.response = response;
            this.caller = caller;
        }

        @Override
        public void send(String text) throws IOException {
            if (!callers.stands(caller)) {
                throw new IOException("the token was removed, or has expired");
            }
            Content.Sink.write(response, false, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public boolean ending() {
            return ending || !callers.stands(caller);
        }
    }
}
