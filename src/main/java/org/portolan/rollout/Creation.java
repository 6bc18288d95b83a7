package org.portolan.rollout;

import java.util.List;
import java.util.Optional;

/**
 * How many instances to make beside the old ones, and which of an interrupted release's must go first. Pure.
 *
 * @param extras instances to let go of
 * @param awaits for them to be gone, while one of them still runs: until then nothing is made
 */
record Creation(int count, List<InstanceView> extras, Optional<WaitReason> awaits) {

    /** As many as are missing of {@code wanted}, whatever else is there. */
    static Creation of(ServiceView seen, int wanted) {
        return new Creation(seen.missing(wanted, wanted), List.of(), Optional.empty());
    }

    /** As many as are missing of {@code wanted}, once no more than one full set of old instances is there. */
    static Creation beside(ServiceView seen, int wanted) {
        List<InstanceView> extras = Retirement.extras(seen);
        if (extras.stream().anyMatch(InstanceView::running)) {
            WaitReason gone = WaitReason.until("waiting until instances of an interrupted release are removed");
            return new Creation(0, extras, Optional.of(gone));
        }
        return new Creation(seen.missing(wanted, wanted), extras, Optional.empty());
    }
}
