package org.portolan.http;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.EventLevel;
import org.portolan.model.event.Notice;

/** Requests that become WebSockets: commands in containers, and streams of lines. */
final class Upgrades {
    static final int SWITCHING = 101;
    private static final int REQUIRED = 426;

    /** Commands that run at once, of all and of one name: each has threads, and a connection to the engine. */
    private static final int COMMANDS = 32;

    private static final int COMMANDS_OF_ONE = 8;
    private static final String UPGRADE = "Upgrade";
    private static final String PROTOCOLS = "Sec-WebSocket-Protocol";

    private final WebSocketMappings mappings;
    private final Callers callers;
    private final WebSocketPeer.Times times;
    private final Map<String, Integer> commands = new HashMap<>();
    private final Set<WebSocketPeer> open = ConcurrentHashMap.newKeySet();
    private volatile boolean ending;

    Upgrades(WebSocketComponents components, Callers callers, WebSocketPeer.Times times) {
        mappings = new WebSocketMappings(components);
        this.callers = callers;
        this.times = times;
    }

    private static boolean asked(Request request) {
        return Optional.ofNullable(request.getHeaders().get(UPGRADE))
                .filter(Reply.WEBSOCKET::equalsIgnoreCase)
                .isPresent();
    }

    /**
     * Whether a web page asks for a WebSocket. Browsers let any page do that, with this browser's cookies, and say only here which
     * page it is; no page needs one.
     */
    static boolean ofBrowser(Request request) {
        return asked(request) && request.getHeaders().contains("Origin");
    }

    /** What is said where nothing but a WebSocket will do. */
    static Reply.Whole required(String id) {
        return ProblemJson.plain(
                        REQUIRED,
                        "Upgrade required",
                        "this is a WebSocket with subprotocol " + ExecSession.PROTOCOL,
                        Optional.of("ask for it with a WebSocket client"),
                        id)
                .with(UPGRADE, Reply.WEBSOCKET)
                .with("Sec-WebSocket-Version", "13");
    }

    /**
     * Whoever is at the other end, where an answer is given over a WebSocket.
     *
     * @param streams has a place for each stream of lines
     * @throws Failure when there are too many
     */
    Optional<WebSocketPeer> peer(
            Request request, Reply answer, Api api, String id, ApiCaller caller, Semaphore streams) {
        if (!asked(request) || ending) {
            return Optional.empty();
        }
        if (answer instanceof Reply.Upgraded command && offers(request)) {
            take(caller.name());
            return Optional.of(new ExecSession(
                    times,
                    standing(caller),
                    peer -> {
                        open.remove(peer);
                        give(caller.name());
                    },
                    command.work(),
                    failure -> ProblemJson.fields(
                            caller.shown(told(api, id, failure)),
                            id,
                            api.controller().installation().secrets()::mask)));
        }
        if (answer instanceof Reply.Streamed lines && lines.type().equals(Reply.NDJSON) && streams.tryAcquire()) {
            ApiCaller reader = lines.reader().orElse(caller);
            return Optional.of(new LineSession(
                    times,
                    standing(reader),
                    peer -> {
                        open.remove(peer);
                        streams.release();
                    },
                    lines.content()));
        }
        return Optional.empty();
    }

    private static boolean offers(Request request) {
        return request.getHeaders().getCSV(PROTOCOLS, false).contains(ExecSession.PROTOCOL);
    }

    private BooleanSupplier standing(ApiCaller caller) {
        return () -> callers.stands(caller);
    }

    private static Failure told(Api api, String id, RuntimeException fault) {
        if (fault instanceof Failure failure) {
            return failure;
        }
        api.controller()
                .installation()
                .publish("", new Notice(EventLevel.ERROR, "request " + id + ": internal error: " + fault));
        return new Failure(Kind.INTERNAL, "internal error")
                .withHint("this is a bug in Portolan: the controller's log has more under the request's id");
    }

    private void take(String name) {
        synchronized (commands) {
            int all = commands.values().stream().mapToInt(Integer::intValue).sum();
            if (all >= COMMANDS || commands.getOrDefault(name, 0) >= COMMANDS_OF_ONE) {
                throw new Failure(Kind.UNAVAILABLE, "too many commands run in containers")
                        .withHint("try again when some have ended");
            }
            commands.merge(name, 1, Integer::sum);
        }
    }

    private void give(String name) {
        synchronized (commands) {
            commands.computeIfPresent(name, (known, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Whether it was one; the request is then no longer its own. */
    boolean upgrade(Request request, Response response, Callback callback, WebSocketPeer peer) throws IOException {
        boolean command = peer instanceof ExecSession;
        WebSocketNegotiator negotiator = (asked, answered, done) -> {
            // None: compressed input would be of any size.
            answered.setExtensions(List.of());
            if (command) {
                answered.setAcceptedSubProtocol(ExecSession.PROTOCOL);
            }
            return peer;
        };
        open.add(peer);
        boolean upgraded = false;
        try {
            upgraded = mappings.upgrade(
                    negotiator,
                    request,
                    response,
                    Callback.from(callback::succeeded, failure -> {
                        peer.over();
                        callback.failed(failure);
                    }),
                    null);
            return upgraded;
        } finally {
            if (!upgraded) {
                peer.over();
            }
        }
    }

    /** All end; no further one begins. */
    void end() {
        ending = true;
        open.forEach(peer -> peer.end(WebSocketPeer.GOING_AWAY, "this controller ends"));
    }

    /** Whether none is open. */
    boolean idle() {
        return open.isEmpty();
    }
}
