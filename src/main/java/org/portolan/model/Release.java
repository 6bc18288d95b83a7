package org.portolan.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One deployment at one moment: the unit of history and of rollback.
 *
 * @param number from 1 in each deployment
 * @param who the person or hook that asked, {@code user@host}
 * @param services every service's version and scale
 * @param domains the domains whose routes lead to this deployment, as they stood
 * @param ended when the outcome was known
 * @param cause why it failed, or what kind of release it is ({@code rollback to 3}); "" otherwise
 * @param events what happened, a line each with its time, oldest first
 */
public record Release(
        String deployment,
        int number,
        Origin origin,
        String who,
        Instant started,
        Optional<Instant> ended,
        Outcome outcome,
        String cause,
        SortedMap<String, Placed> services,
        List<Domain> domains,
        List<Event> events) {

    /** How a release ended. */
    public enum Outcome {
        RUNNING,
        DONE,
        FAILED,
        /** A newer one took its place before it began. */
        SUPERSEDED
    }

    /** A service in a release. */
    public record Placed(int version, int scale) {}

    /** One thing that happened. */
    public record Event(Instant at, String kind, String service, String instance, String message) {}

    public Release ended(Instant at, Outcome how, String why) {
        return new Release(
                deployment, number, origin, who, started, Optional.of(at), how, why, services, domains, events);
    }
}
