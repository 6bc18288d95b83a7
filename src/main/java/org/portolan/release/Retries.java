package org.portolan.release;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * When what failed is tried again, and when it has failed for good: one rule for the steps of instances, jobs and databases.
 *
 * @param <K> what a step is about
 */
final class Retries<K> {
    /** How often something is tried that the engine refuses. */
    static final int TRIES = 5;
    /** Between two tries. */
    static final Duration PAUSE = Duration.ofMillis(500);
    /** How long an engine is asked in vain. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<K, Integer> failures = new HashMap<>();
    private final Map<K, Instant> retryAt = new HashMap<>();
    private final Map<K, Instant> unansweredSince = new HashMap<>();

    /** Whether it may be tried now. */
    boolean due(K key, Instant now) {
        return !now.isBefore(retryAt.getOrDefault(key, now));
    }

    /** How often it has failed. */
    int failures(K key) {
        return failures.getOrDefault(key, 0);
    }

    /** It was refused; gives whether that was once too often. */
    boolean refused(K key, Instant now) {
        return refused(key, now, TRIES);
    }

    /** @param most how often it may be refused */
    boolean refused(K key, Instant now, int most) {
        pause(key, now, PAUSE);
        return failures.merge(key, 1, Integer::sum) >= most;
    }

    /** Nobody answered, so nothing is known of it; gives whether that has gone on for too long. */
    boolean unanswered(K key, Instant now) {
        refused(key, now);
        return now.isAfter(unansweredSince.computeIfAbsent(key, first -> now).plus(PATIENCE));
    }

    /** It was done. */
    void done(K key) {
        unansweredSince.remove(key);
    }

    /** It is tried again after a while; that does not count as a failure. */
    void pause(K key, Instant now, Duration pause) {
        retryAt.put(key, now.plus(pause));
    }
}
