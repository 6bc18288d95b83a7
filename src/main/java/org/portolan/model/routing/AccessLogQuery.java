package org.portolan.model.routing;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which lines of the edge's access log are wanted.
 *
 * @param names of domains and aliases
 * @param since no line of before
 * @param tail how many of the newest lines; none of before when it is 0. The answer has the oldest of them when they are too many for one
 * @param after what {@link AccessLogPage#next} said: all that came since then, instead of the newest lines
 * @param deployments only what these served or the edge itself answered: a domain may have been another's before; empty: all
 */
public record AccessLogQuery(
        Set<String> names, Optional<Instant> since, int tail, Optional<String> after, Set<String> deployments) {
    /** More lines are never given at once. */
    public static final int MOST = 10_000;

    public AccessLogQuery {
        tail = Math.max(tail, 0);
        deployments = Set.copyOf(deployments);
    }

    /** Whichever deployment served them. */
    public AccessLogQuery(Set<String> names, Optional<Instant> since, int tail, Optional<String> after) {
        this(names, since, tail, after, Set.of());
    }

    /** Whether a line is wanted that this deployment served; "": the edge itself did. */
    public boolean isOf(String deployment) {
        return deployments.isEmpty() || deployment.isEmpty() || deployments.contains(deployment);
    }
}
