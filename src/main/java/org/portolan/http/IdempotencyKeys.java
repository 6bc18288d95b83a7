package org.portolan.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was asked for under which key, so that a client that got no answer can ask again without asking twice. Kept for a day in this
 * process, the oldest forgotten first when there are too many.
 */
final class IdempotencyKeys {
    static final Duration KEPT = Duration.ofDays(1);

    private final int most;
    private final Map<String, Used> used = new LinkedHashMap<>();

    IdempotencyKeys(int most) {
        this.most = most;
    }

    /**
     * A key that was used.
     *
     * @param digest of the request
     * @param operation what came of it
     */
    record Used(String digest, String operation, Instant at) {}

    /** What the key was used for. */
    synchronized Optional<Used> find(String key, Instant now) {
        Iterator<Used> oldest = used.values().iterator();
        while (oldest.hasNext() && Duration.between(oldest.next().at(), now).compareTo(KEPT) >= 0) {
            oldest.remove();
        }
        return Optional.ofNullable(used.get(key));
    }

    /** Forgets the key of an operation that nothing came of. */
    synchronized void drop(String key, String operation) {
        Used use = used.get(key);
        if (use != null && use.operation().equals(operation)) {
            used.remove(key);
        }
    }

    synchronized void put(String key, Used use) {
        used.put(key, use);
        Iterator<String> oldest = used.keySet().iterator();
        while (used.size() > most && oldest.hasNext()) {
            oldest.next();
            oldest.remove();
        }
    }
}
