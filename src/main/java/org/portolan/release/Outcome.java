package org.portolan.release;

import java.util.List;

/**
 * How a change ended, when it did not fail.
 *
 * @param release the release's number; 0 when none was needed
 * @param keptVolumes the names of volumes that a removal left
 */
public record Outcome(Kind kind, String deployment, int release, List<String> keptVolumes) {
    /** Of a change that leaves nothing behind. */
    public Outcome(Kind kind, String deployment, int release) {
        this(kind, deployment, release, List.of());
    }

    /** The ways of ending well, or at a person's wish. */
    public enum Kind {
        /** Nothing was to be done. */
        NO_CHANGES,
        DONE,
        /** A person stopped it; the next run continues from there. */
        INTERRUPTED,
        /** An automatic deploy that must not act: the deployment is pinned. */
        HELD
    }
}
