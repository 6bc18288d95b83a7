package org.portolan.model.routing;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which lines of the edge's access log are wanted.
 *
 * @param names of domains and aliases
 * @param since no line of before
 * @param tail how many of the newest lines; none of before when it is 0
 * @param after what {@link AccessLogPage#next} said: all that came since then, instead of the newest lines
 */
public record AccessLogQuery(Set<String> names, Optional<Instant> since, int tail, Optional<String> after) {
    /** More lines are never given at once. */
    public static final int MOST = 10_000;

    /** The most that {@code tail} can be, and at least 0. */
    public AccessLogQuery {
        tail = Math.clamp(tail, 0, MOST);
    }
}
