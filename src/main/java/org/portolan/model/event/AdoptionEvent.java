package org.portolan.model.event;

import java.util.Map;

/**
 * What becomes of a container of a Compose project whose place a release takes.
 *
 * @param project the Compose project
 * @param container its name
 */
public record AdoptionEvent(Fate fate, String project, String container) implements EventData {

    /** What becomes of it. */
    public enum Fate {
        STOPPED(EventKind.CONTAINER_STOPPED, "stopped"),
        RESUMED(EventKind.CONTAINER_RESUMED, "started again"),
        REMOVED(EventKind.CONTAINER_REMOVED, "removed");

        private final EventKind kind;
        private final String words;

        Fate(EventKind kind, String words) {
            this.kind = kind;
            this.words = words;
        }
    }

    @Override
    public EventKind kind() {
        return fate.kind;
    }

    @Override
    public String message(String deployment, int release) {
        return fate.words + " " + container + " of the Compose project " + project;
    }

    @Override
    public Map<String, Object> fields() {
        return Map.of("project", project, "container", container);
    }
}
