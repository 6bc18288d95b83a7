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
        Duration login,
        Duration silence,
        Duration follow) {
    private static final long MEBIBYTE = 1L << 20;

    /** The usual ones, with the configured size of a push. */
    static GitLimits of(long packBytes) {
        return new GitLimits(
                packBytes,
                // Larger ones would be held in memory as the base of others.
                Math.min(packBytes, 50 * MEBIBYTE),
                500_000,
                4096 * MEBIBYTE,
                50,
                8,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofHours(1));
    }
}
