package org.portolan.reconcile;

import java.time.Duration;
import org.portolan.model.state.Standing.Subject;

/**
 * How often the same thing may be worked on.
 *
 * @param backoff after failures
 * @param pause the least time between two runs of one key, unless something new is asked for
 * @param free so many repairs of one key within {@code calm} follow each other without a wait; further ones back off, so that
 *     what breaks again and again is not repaired in a hot loop
 * @param sources how many of them are looked at side by side
 * @param deployments the same of deployments
 */
public record Pace(Backoff backoff, Duration pause, int free, Duration calm, int sources, int deployments) {
    /** The usual one. */
    public static final Pace USUAL = new Pace(Backoff.USUAL, Duration.ofMillis(250), 5, Duration.ofMinutes(10), 4, 10);

    int limit(Subject subject) {
        return switch (subject) {
            case SOURCE -> sources;
            case DEPLOYMENT -> deployments;
            // Nothing is queued of it.
            case CONFIGURATION, CONTROLLER -> 0;
        };
    }
}
