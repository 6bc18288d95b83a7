package org.portolan.controller;

import java.util.List;

/**
 * How the configuration's file stands with the process that runs.
 *
 * @param file for people
 * @param changed whether something that a running controller takes over is another one now
 * @param later keys that were changed and need a restart
 * @param fault why it was not taken over, with its place; "" when it was
 */
public record ConfigurationState(String file, boolean changed, List<String> later, String fault) {
    /** The same with a change before it that was not taken over yet. */
    ConfigurationState changing() {
        return new ConfigurationState(file, true, later, fault);
    }

    /** The same, not taken over for now. */
    ConfigurationState failing(String why) {
        return new ConfigurationState(file, false, later, why);
    }

    /** What is to be said of it; "" when it is in force as it is written. */
    String words() {
        if (!fault.isEmpty()) {
            return "not taken over, what was read before stays in force: " + fault;
        }
        return later.isEmpty() ? "" : "in force after a restart: " + String.join(", ", later);
    }
}
