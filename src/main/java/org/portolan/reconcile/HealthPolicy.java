package org.portolan.reconcile;

import java.time.Duration;

/**
 * What is done about instances that run and are unhealthy.
 *
 * @param after how long one has to be so before another takes its place
 * @param attempts how many of a version of a service are replaced until one stays healthy; 0: none, they are reported only
 */
public record HealthPolicy(Duration after, int attempts) {
    /** The usual one. */
    public static final HealthPolicy USUAL = new HealthPolicy(Duration.ofMinutes(2), 3);
}
