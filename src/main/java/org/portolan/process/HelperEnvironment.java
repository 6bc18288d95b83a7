package org.portolan.process;

import java.util.List;
import java.util.Map;

/**
 * The environment of what Portolan starts. A helper that stays (store, proxies) gets one made for it: it outlives the
 * caller, and {@code /proc/PID/environ} would show the caller's secrets as long as it runs. A short command keeps the
 * caller's, without Portolan's own variables.
 */
final class HelperEnvironment {
    private static final String OWN = "PORTOLAN_";
    private static final List<String> KEPT =
            List.of("PATH", "HOME", "TMPDIR", "TZ", "LANG", "LC_ALL", "LD_LIBRARY_PATH");

    private HelperEnvironment() {}

    /** Leaves what a helper needs to run and to write its messages, times and files as the caller would. */
    static void forHelper(Map<String, String> environment) {
        environment.keySet().retainAll(KEPT);
    }

    /** Takes away what only Portolan itself reads, its key and passwords among it. */
    static void forCommand(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.startsWith(OWN));
    }
}
