package org.portolan.remote;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.portolan.controller.SourceBook;
import org.portolan.json.JsonMismatch;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/** That of the file which a controller follows. */
final class RemoteSourceBook implements SourceBook {
    private static final String SOURCES = "/v1/configuration/sources";

    private final ApiClient client;

    RemoteSourceBook(ApiClient client) {
        this.client = client;
    }

    @Override
    public boolean here() {
        return client.isNear();
    }

    @Override
    public Listed list() {
        StrictJson answer = client.get(SOURCES);
        return understood(() -> new Listed(
                answer.list(
                        "sources",
                        source -> new Entry(
                                source.text("name"),
                                source.text("location"),
                                source.find("path").map(StrictJson::text),
                                source.find("ref").map(StrictJson::text),
                                source.texts("branches"),
                                source.flag("followed"))),
                ""));
    }

    private <T> T understood(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (JsonMismatch otherForm) {
            throw client.notUnderstood(String.valueOf(otherForm.getMessage()));
        }
    }

    @Override
    public String add(String name, SequencedMap<String, String> keys, Predicate<String> seen) {
        Map<String, Object> body = new LinkedHashMap<>();
        keys.forEach((key, value) -> put(body, key, value));
        return change("PUT", name, body);
    }

    @SuppressWarnings("unchecked") // It holds what is put here only.
    private static void put(Map<String, Object> body, String key, String value) {
        int dot = key.indexOf('.');
        if (dot < 0) {
            body.put(key, value);
        } else {
            Map<String, String> section =
                    (Map<String, String>) body.computeIfAbsent(key.substring(0, dot), outer -> new LinkedHashMap<>());
            section.put(key.substring(dot + 1), value);
        }
    }

    @Override
    public String remove(String name, Predicate<String> seen) {
        return change("DELETE", name, Map.of());
    }

    /** Nothing is asked twice: what is there already is refused, whoever put it there. */
    private String change(String method, String name, Map<String, ?> body) {
        try {
            StrictJson answer = client.send(method, SOURCES + "/" + ApiClient.segment(name), body, Map.of());
            return understood(() -> answer.text("file"));
        } catch (Failure failure) {
            if (ApiClient.isLost(failure) && !ApiClient.isNobody(failure)) {
                throw new Failure(
                                Kind.UNREACHABLE,
                                "the connection to the controller at " + client.shown()
                                        + " broke: whether this was done is not known")
                        .withHint("`source list` shows it")
                        .withCause(failure);
            }
            throw failure;
        }
    }
}
