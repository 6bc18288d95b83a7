package org.portolan.query;

import java.util.List;
import java.util.Optional;

/** The kept releases of deployments. */
public interface Releases {
    /**
     * Every deployment's name, sorted, or the one that was asked for.
     *
     * @throws org.portolan.model.Failure when there is no such deployment
     */
    List<String> deployments(Optional<String> asked);

    /** The newest releases first. */
    List<ReleaseSummary> releases(String deployment, int most);

    /**
     * One release, with all that happened.
     *
     * @throws org.portolan.model.Failure when it is not kept
     */
    ReleaseSummary release(String deployment, int number);
}
