package org.portolan.model.state;

import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Containers of Compose projects that releases take the place of. Written before the first of them is stopped, so that
 * whoever holds the lock next either removes them or starts them again.
 *
 * @param decided whether a release succeeded in their place: they are to be removed. Until then they are started again when
 *     it fails
 * @param containers by the engine's id
 */
public record Adoption(boolean decided, SortedMap<String, Adopted> containers) {

    /**
     * One container, as it was before.
     *
     * @param project the Compose project; the container is touched only as long as its label names it
     * @param name for people
     * @param restart its restart policy
     * @param ran whether it ran
     * @param grace how long its stop may take
     */
    public record Adopted(String project, String name, String restart, boolean ran, Duration grace) {}

    /** These and what an earlier release began to take the place of: what that saw counts, since it stopped them. */
    public Adoption over(Adoption earlier) {
        SortedMap<String, Adopted> all = new TreeMap<>(containers);
        all.putAll(earlier.containers);
        return new Adoption(false, all);
    }

    /** The same, to be removed. */
    public Adoption toRemove() {
        return new Adoption(true, containers);
    }
}
