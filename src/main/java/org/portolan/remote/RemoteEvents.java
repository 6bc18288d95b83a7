package org.portolan.remote;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.portolan.json.JsonMismatch;
import org.portolan.json.StrictJson;
import org.portolan.model.event.Event;
import org.portolan.model.json.EventJson;
import org.portolan.query.EventFilter;
import org.portolan.query.Happenings;

/** A controller's events. What comes after the past ones is asked for with the last id that was seen, so that none is missed. */
final class RemoteEvents implements Happenings {
    /** More are not asked for at once; the store keeps fewer. */
    private static final int MOST = 100_000;

    private final ApiClient client;
    private final boolean follow;
    private final EventFilter wanted;
    private String last = "";

    RemoteEvents(ApiClient client, boolean follow, EventFilter wanted) {
        this.client = client;
        this.follow = follow;
        this.wanted = wanted;
    }

    @Override
    public List<Event> past(String since, int tail) {
        List<Event> events = new ArrayList<>();
        client.lines(
                path(Map.of("after", since, "tail", String.valueOf(Math.clamp(tail, 0, MOST)), "follow", "false")),
                line -> line(line, events::add),
                () -> false);
        return List.copyOf(events);
    }

    @Override
    public void follow(Consumer<Event> sink, BooleanSupplier ended) {
        if (follow
                && client.lines(
                        path(Map.of("after", last, "tail", "0", "follow", "true")), line -> line(line, sink), ended)) {
            throw client.gone();
        }
    }

    private String path(Map<String, String> more) {
        Map<String, String> parameters = new LinkedHashMap<>(more);
        parameters.put("deployment", wanted.deployment().orElse(""));
        if (wanted.audit()) {
            return "/v1/queries/audit" + ApiClient.query(parameters);
        }
        parameters.put("steps", String.valueOf(wanted.steps()));
        return "/v1/queries/events" + ApiClient.query(parameters);
    }

    /** An event, or the id of the last one that was looked at. */
    private void line(StrictJson line, Consumer<Event> sink) {
        try {
            if (line.find("seen").isPresent()) {
                last = line.text("seen");
            } else {
                sink.accept(EventJson.read(line));
            }
        } catch (JsonMismatch otherForm) {
            throw client.notUnderstood(String.valueOf(otherForm.getMessage()));
        }
    }

    @Override
    public void close() {
        // Each request has closed its connection.
    }
}
