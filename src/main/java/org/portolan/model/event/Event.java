package org.portolan.model.event;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * One thing that happened.
 *
 * @param id the store's id, which grows with every event: what came after one can be asked for. "" for what is not stored, or
 *     not yet
 * @param deployment "" when it is about none
 * @param release the release's number, 0 when it belongs to none
 */
public record Event(String id, Instant at, String deployment, int release, EventData data) {

    /** One that is not stored yet. */
    public Event(Instant at, String deployment, int release, EventData data) {
        this("", at, deployment, release, data);
    }

    /** The kind's word. */
    public String kind() {
        return data instanceof UnknownEvent other ? other.word() : data.kind().word();
    }

    public EventLevel level() {
        return data.level();
    }

    public String service() {
        return data.service();
    }

    public String instance() {
        return data.instance();
    }

    /** One line for people. */
    public String message() {
        return data.message(deployment, release);
    }

    /** The instance or service that it is about, if its message does not name it; else "". */
    public String subject() {
        String subject = instance().isEmpty() ? service() : instance();
        return message().contains(subject) ? "" : subject;
    }

    /** What programs read beside the common fields, by name. */
    public SortedMap<String, Object> fields() {
        return new TreeMap<>(data.fields());
    }

    public Event withId(String given) {
        return new Event(given, at, deployment, release, data);
    }

    /** A copy whose texts are masked; the same event where that changes none. Names of services and instances stay. */
    public Event masked(UnaryOperator<String> mask) {
        Map<String, Object> fields = data.fields();
        Map<String, Object> masked = new HashMap<>();
        fields.forEach((name, value) -> masked.put(name, value instanceof String text ? mask.apply(text) : value));
        String shown = mask.apply(message());
        if (masked.equals(fields) && shown.equals(message())) {
            return this;
        }
        Map<String, String> texts = new HashMap<>(Map.of(
                "level", level().word(),
                "deployment", deployment,
                "kind", kind(),
                "service", service(),
                "instance", instance(),
                "message", shown));
        masked.forEach((name, value) -> texts.put(name, value.toString()));
        return new Event(id, at, deployment, release, EventReader.data(texts));
    }
}
