package org.portolan.model.routing;

import java.time.Duration;

/**
 * What the proxy says of one server of one backend.
 *
 * @param sessions open sessions now, those of old workers included
 * @param responses answers since the server was added
 * @param errors 5xx answers since then
 * @param averageResponse mean time to answer of the last 1024 requests
 * @param lastCheck what the last check came to, in the proxy's words
 */
public record ServerView(
        String port,
        Status status,
        int weight,
        long sessions,
        long responses,
        long errors,
        Duration averageResponse,
        String lastCheck) {
    /** Whether any check has answered. */
    public boolean checked() {
        return !lastCheck.isEmpty() && !lastCheck.contains("INI") && !lastCheck.contains("UNK");
    }

    /** Whether the last check passed: the proxy calls a server UP as well that no check has reached or passed yet. */
    public boolean passed() {
        return lastCheck.contains("OK");
    }

    /** The proxy's own word for a server. */
    public enum Status {
        /** Gets traffic. */
        UP,
        /** Its checks fail. */
        DOWN,
        /** Gets nothing new. */
        DRAIN,
        MAINT
    }
}
