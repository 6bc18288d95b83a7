package org.portolan.engine.docker;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.portolan.engine.Engine.EngineEvent;
import org.portolan.json.JsonStream;
import org.portolan.model.labels.Labels;

/**
 * Follows the engine's events of Portolan's containers, or of all networks, on a separate thread. When the stream breaks off it is opened
 * again from the last event's moment on, at growing intervals; since an engine that restarted has forgotten its events,
 * the listener gets an event {@code reconnected}, without a container, and has to look for itself.
 */
final class Events implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /** Of Portolan's containers. */
    static final String CONTAINERS = "{\"type\":[\"container\"],\"label\":[\"" + Labels.INSTALLATION + "\"]}";

    /** Of networks; these events carry no labels. */
    static final String NETWORKS = "{\"type\":[\"network\"]}";

    /** The attribute that names the container which a network's event is about. */
    static final String CONTAINER = "container";

    private final Calls calls;
    private final String filters;
    private final Consumer<EngineEvent> listener;
    private final Thread thread;
    /** Those of the last moment: the engine tells them again when asked for what came since. */
    private final Set<String> told = new HashSet<>();

    private Instant last;
    private volatile boolean closed;
    private volatile @Nullable Response current;

    private Events(Calls calls, String filters, Consumer<EngineEvent> listener) {
        this.calls = calls;
        this.filters = Calls.encode(filters);
        this.listener = listener;
        this.last = Instant.now();
        this.thread = Thread.ofPlatform().daemon().name("engine-events").unstarted(this::follow);
    }

    /**
     * Follows those that a filter lets through.
     *
     * @param listener gets the id of the container, or of whatever else the filter is for, as the container's
     */
    static Events follow(Calls calls, String filters, Consumer<EngineEvent> listener) {
        Events events = new Events(calls, filters, listener);
        events.thread.start();
        return events;
    }

    private void follow() {
        Duration pause = FIRST_PAUSE;
        boolean again = false;
        while (!closed) {
            try (Response response = open()) {
                current = response;
                pause = FIRST_PAUSE;
                if (again) {
                    listener.accept(new EngineEvent(Instant.now(), "reconnected", "", Map.of()));
                }
                again = true;
                read(response);
            } catch (IOException | RuntimeException brokeOff) {
                // The next round opens it again; whatever the listener throws is its own affair.
            }
            current = null;
            if (!closed) {
                try {
                    Thread.sleep(pause);
                } catch (InterruptedException end) {
                    return;
                }
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    private Response open() {
        String path = "/events?filters=" + filters + "&since=" + Logs.seconds(last);
        return calls.open("cannot follow the engine's events", "GET", path, null, Map.of(), null);
    }

    private void read(Response response) throws IOException {
        try (JsonStream events = JsonStream.of(response.getBody())) {
            while (events.next() && !closed) {
                tell(new DockerJson(events.value()));
            }
        }
    }

    private void tell(DockerJson event) {
        String action = event.at("Action").text();
        // Health checks and commands of people flood the stream and change nothing.
        if (action.startsWith("exec_")) {
            return;
        }
        long nanos = event.at("timeNano").number();
        Instant at = Instant.ofEpochSecond(nanos / 1_000_000_000L, nanos % 1_000_000_000L);
        String actor = event.at("Actor").at("ID").text();
        Map<String, String> attributes =
                new LinkedHashMap<>(event.at("Actor").at("Attributes").texts());
        if (at.isAfter(last)) {
            last = at;
            told.clear();
        }
        if (at.equals(last) && !told.add(action + " " + actor + " " + attributes.getOrDefault(CONTAINER, ""))) {
            return;
        }
        listener.accept(new EngineEvent(at, action, actor, attributes));
    }

    @Override
    public void close() {
        closed = true;
        Response open = current;
        if (open != null) {
            open.close();
        }
        thread.interrupt();
    }
}
