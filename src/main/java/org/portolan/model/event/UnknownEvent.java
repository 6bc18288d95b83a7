package org.portolan.model.event;

import java.util.Map;

/** What another version stored and this one does not know, or not in this form: it is shown as it says itself. */
public record UnknownEvent(String word, String service, String instance, String text) implements EventData {
    @Override
    public EventKind kind() {
        return EventKind.UNKNOWN;
    }

    @Override
    public String message(String deployment, int release) {
        return text;
    }

    @Override
    public Map<String, Object> fields() {
        return Map.of();
    }
}
