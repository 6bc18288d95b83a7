package org.portolan.model.service;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import org.portolan.model.Position;

/**
 * What the files say, expanded: one deployment.
 *
 * @param name the deployment's name
 * @param services by name
 * @param domains those whose routes lead to this deployment, in the file's order
 * @param template the template it was made from, or ""
 * @param generated how the values are generated that its services use in braces, by name
 * @param notes what the file says under {@code meta} and {@code x-} keys: free trees, shown and never interpreted
 * @param allows the deployments whose services may join its network
 */
public record Desired(
        String name,
        Origin origin,
        SortedMap<String, DesiredService> services,
        List<Domain> domains,
        String template,
        SortedMap<String, GenerateSpec> generated,
        SortedMap<String, Object> notes,
        SortedSet<String> allows) {

    /** A deployment whose network no other may join. */
    public Desired(
            String name,
            Origin origin,
            SortedMap<String, DesiredService> services,
            List<Domain> domains,
            String template,
            SortedMap<String, GenerateSpec> generated,
            SortedMap<String, Object> notes) {
        this(name, origin, services, domains, template, generated, notes, Collections.emptySortedSet());
    }

    /** A deployment without generated values and notes. */
    public Desired(
            String name,
            Origin origin,
            SortedMap<String, DesiredService> services,
            List<Domain> domains,
            String template) {
        this(name, origin, services, domains, template, Collections.emptySortedMap(), Collections.emptySortedMap());
    }

    /** The same deployment, from that commit. */
    public Desired from(Origin other) {
        return new Desired(name, other, services, domains, template, generated, notes, allows);
    }

    /** The same deployment with other services. */
    public Desired withServices(SortedMap<String, DesiredService> other) {
        return new Desired(name, origin, other, domains, template, generated, notes, allows);
    }

    /** The same deployment, whose network these may join. */
    public Desired allowing(SortedSet<String> others) {
        return new Desired(name, origin, services, domains, template, generated, notes, others);
    }

    /**
     * A service as the files want it.
     *
     * @param definition without the image's content, which is known only when the image was looked up
     * @param scale how many instances; 0 or more
     * @param at where it is declared
     * @param notes the service's {@code meta} and {@code x-} keys
     */
    public record DesiredService(
            String name, Definition definition, int scale, Position at, SortedMap<String, Object> notes) {

        public DesiredService(String name, Definition definition, int scale, Position at) {
            this(name, definition, scale, at, Collections.emptySortedMap());
        }

        /** The same service with another definition. */
        public DesiredService with(Definition other) {
            return new DesiredService(name, other, scale, at, notes);
        }

        /** The same service with so many instances. */
        public DesiredService scaled(int count) {
            return new DesiredService(name, definition, count, at, notes);
        }
    }
}
