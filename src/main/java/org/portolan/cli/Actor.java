package org.portolan.cli;

import java.util.Map;
import org.portolan.process.Home;

/** Who asks, for history and locks. */
final class Actor {
    private Actor() {}

    /** {@code PORTOLAN_WHO} (a hook sets it for the pusher), else {@code user@host}. */
    static String asks(Map<String, String> environment) {
        String given = environment.getOrDefault("PORTOLAN_WHO", "");
        if (!given.isBlank()) {
            return given.strip();
        }
        return System.getProperty("user.name", "somebody") + "@" + host();
    }

    /** The name of this machine. */
    static String host() {
        return Home.machine();
    }
}
