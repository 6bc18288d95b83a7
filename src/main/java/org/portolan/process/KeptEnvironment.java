package org.portolan.process;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The environment that an installation was set up with, as whoever starts it later needs it (a Git hook, a boot unit,
 * cron), where little is set: {@code PORTOLAN_*}, {@code DOCKER_*}, {@code JAVA_HOME}, the state directory and the
 * {@code PATH}. It may be secret; what holds it is for its owner only.
 */
public final class KeptEnvironment {
    /** Those whose value is a path, which must not depend on the present folder. */
    private static final Set<String> PATHS =
            Set.of("DOCKER_CERT_PATH", "DOCKER_CONFIG", "JAVA_HOME", "PORTOLAN_CONFIG", "PORTOLAN_JAVA");

    /** Those that are meant for one command. */
    private static final Set<String> PASSING = Set.of("PORTOLAN_WHO", "PORTOLAN_BACKUP_PASSPHRASE");

    private KeptEnvironment() {}

    /** The variables that are kept. */
    public static SortedMap<String, String> variables(Map<String, String> environment, Path stateDirectory) {
        SortedMap<String, String> kept = new TreeMap<>();
        environment.forEach((name, value) -> {
            boolean wanted = name.startsWith("PORTOLAN_") || name.startsWith("DOCKER_") || name.equals("JAVA_HOME");
            if (wanted && isName(name) && !PASSING.contains(name)) {
                boolean path = PATHS.contains(name) && !value.isBlank();
                kept.put(name, path ? Path.of(value).toAbsolutePath().toString() : value);
            }
        });
        kept.put("PORTOLAN_HOME", stateDirectory.toAbsolutePath().toString());
        return kept;
    }

    /** Lines of a POSIX shell script that set the environment. */
    public static String exports(Map<String, String> environment, Path stateDirectory) {
        StringBuilder text = new StringBuilder();
        variables(environment, stateDirectory).forEach((name, value) -> text.append("export ")
                .append(name)
                .append('=')
                .append(quoted(value))
                .append('\n'));
        String path = environment.getOrDefault("PATH", "");
        if (!path.isEmpty()) {
            // ssh, systemd and cron bring a short PATH, which may lack the proxies' and the engine's programs.
            text.append("export PATH=\"${PATH:-/usr/bin:/bin}\":")
                    .append(quoted(path))
                    .append('\n');
        }
        return text.toString();
    }

    /** A word of the POSIX shell that stands for exactly this text. */
    public static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
            boolean known = letter || (i > 0 && c >= '0' && c <= '9');
            if (!known) {
                return false;
            }
        }
        return true;
    }
}
