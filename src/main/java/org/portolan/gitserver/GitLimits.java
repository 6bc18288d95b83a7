package org.portolan.gitserver;

import java.time.Duration;

/**
 * What one client may take.
 *
 * @param packBytes of one push
 * @param objectBytes of one object, unpacked
 * @param objects in one push
 * @param repositoryBytes that a repository may have before a push
 * @param connections at once
 * @param pushes at once
 * @param uploads clones and fetches at once
 * @param login how long it may take
 * @param silence how long a client may send nothing while it is waited for
 * @param follow how long the output of a push follows its release
 */
record GitLimits(
        long packBytes,
        long objectBytes,
        long objects,
        long repositoryBytes,
        int connections,
        int pushes,
        int uploads,
        Duration login,
        Duration silence,
        Duration follow) {
    private static final long MEBIBYTE = 1L << 20;

    private static final int PART_OF_MEMORY = 16;

    /**
     * The usual ones.
     *
     * @param packBytes the configured size of a push
     * @param memory what this process may use, in bytes
     */
    static GitLimits of(long packBytes, long memory) {
        return new GitLimits(
                packBytes,
                // Held in memory, several of each push, while they are the base of others.
                Math.min(packBytes, Math.min(memory / PART_OF_MEMORY, 50 * MEBIBYTE)),
                500_000,
                4096 * MEBIBYTE,
                50,
                8,
                4,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofHours(1));
    }
}
