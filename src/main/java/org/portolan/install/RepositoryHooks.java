package org.portolan.install;

import java.nio.file.Path;
import java.util.Optional;

/** Hooks in bare Git repositories of this machine that deploy what is pushed. */
public interface RepositoryHooks {
    /** Puts the hook into a repository. */
    InstalledHook installHook(
            Path repository, Optional<String> branch, String path, Optional<String> deployment, Path launcher);

    /** Takes the hook out of a repository; false when there was none. */
    boolean removeHook(Path repository);

    /**
     * What installing a hook came to.
     *
     * @param branch the branch that is deployed; empty for the one that HEAD names
     * @param replaced whether an older hook of Portolan was there
     */
    record InstalledHook(Path file, Optional<String> branch, boolean replaced) {}
}
