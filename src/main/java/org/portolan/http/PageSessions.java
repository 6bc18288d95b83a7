package org.portolan.http;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who is signed in to the pages, in this process's memory: after a change of the leader one signs in again. The token is looked at with
 * every request, so that one that was removed ends its sessions too. May be used by many threads.
 */
final class PageSessions {
    static final Duration LIFE = Duration.ofHours(12);
    private static final int MOST = 1_000;
    private static final int BYTES = 32;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, PageSession> sessions = new LinkedHashMap<>();

    /**
     * Somebody who is signed in.
     *
     * @param csrf what their forms send back
     */
    record PageSession(String id, String token, String csrf, Instant until) {
        /** Without what lets somebody in. */
        @Override
        public String toString() {
            return "PageSession[until " + until + "]";
        }
    }

    /** A new session; of too many the oldest ends. */
    synchronized PageSession begin(String token, Instant now) {
        sessions.values().removeIf(old -> !now.isBefore(old.until()));
        if (sessions.size() >= MOST) {
            sessions.remove(sessions.keySet().iterator().next());
        }
        PageSession session = new PageSession(secret(), token, secret(), now.plus(LIFE));
        sessions.put(session.id(), session);
        return session;
    }

    synchronized Optional<PageSession> find(String id, Instant now) {
        return Optional.ofNullable(sessions.get(id)).filter(session -> now.isBefore(session.until()));
    }

    synchronized void end(String id) {
        sessions.remove(id);
    }

    private String secret() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
