package org.portolan.source;

import java.util.Optional;

/** Which login a repository needs. It is asked for each time one is used, so that what is replaced works at once. */
@FunctionalInterface
public interface GitLogins {
    /** What the address and the user's own files say. */
    GitLogins NONE = address -> Optional.empty();

    /**
     * The one of a repository; empty: what its address and the user's own files say.
     *
     * @throws org.portolan.model.Failure when it is configured and cannot be read
     */
    Optional<GitLogin> of(GitAddress address);
}
