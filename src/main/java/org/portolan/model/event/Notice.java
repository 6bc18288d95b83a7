package org.portolan.model.event;

import java.util.Map;

/** A line of a command that is about no deployment: what it set up on this machine, or warns of. */
public record Notice(EventLevel level, String text) implements EventData {
    @Override
    public EventKind kind() {
        return EventKind.NOTICE;
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
