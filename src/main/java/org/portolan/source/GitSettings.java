package org.portolan.source;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How repositories are reached.
 *
 * @param mirrors the folder that keeps a bare mirror of every repository
 * @param userHome where {@code .ssh} and {@code .netrc} are
 * @param agentSocket the ssh agent's socket
 * @param silence the longest time that a server may say nothing
 * @param deadline the longest time that one fetch may take
 * @param maxBytes the most that one mirror may hold on disk
 * @param logins what to log in with
 */
public record GitSettings(
        Path mirrors,
        Path userHome,
        Optional<Path> agentSocket,
        Duration silence,
        Duration deadline,
        long maxBytes,
        GitLogins logins) {
    private static final long GIBIBYTE = 1L << 30;

    /** With the logins of addresses and of the user's own files only. */
    public GitSettings(
            Path mirrors,
            Path userHome,
            Optional<Path> agentSocket,
            Duration silence,
            Duration deadline,
            long maxBytes) {
        this(mirrors, userHome, agentSocket, silence, deadline, maxBytes, GitLogins.NONE);
    }

    /** The defaults, for a state directory and an environment. */
    public static GitSettings of(Path stateDirectory, Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", "");
        String agent = environment.getOrDefault("SSH_AUTH_SOCK", "");
        return new GitSettings(
                stateDirectory.resolve("git"),
                Path.of(home.isEmpty() ? System.getProperty("user.home") : home),
                agent.isEmpty() ? Optional.empty() : Optional.of(Path.of(agent)),
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                4 * GIBIBYTE);
    }

    /** The same with these logins. */
    public GitSettings with(GitLogins others) {
        return new GitSettings(mirrors, userHome, agentSocket, silence, deadline, maxBytes, others);
    }
}
