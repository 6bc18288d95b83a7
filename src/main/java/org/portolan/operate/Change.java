package org.portolan.operate;

import java.util.Optional;
import java.util.Set;

/**
 * What kind of change a release is.
 *
 * @param byHand the desired services are added to the deployment, all others stay
 * @param kept the desired state is the deployment's own, with something changed: ownership stays as it is
 * @param cause for history: {@code rollback to 3}; "" for an ordinary deploy
 * @param restart services whose instances are all replaced
 * @param pin the release that automatic deploys shall not undo
 */
record Change(boolean byHand, boolean kept, String cause, Set<String> restart, Optional<Integer> pin) {
    private static final String ROLLBACK_TO = "rollback to ";
    static final Change DEPLOY = new Change(false, false, "", Set.of(), Optional.empty());
    static final Change BY_HAND = new Change(true, false, "set by hand", Set.of(), Optional.empty());

    static Change kept(String cause) {
        return new Change(false, true, cause, Set.of(), Optional.empty());
    }

    static Change restart(Set<String> services) {
        return new Change(false, true, "restart", services, Optional.empty());
    }

    /** The release that a release with this cause restored; empty when it was no rollback. */
    static Optional<Integer> restoredBy(String cause) {
        try {
            return cause.startsWith(ROLLBACK_TO)
                    ? Optional.of(Integer.valueOf(cause.substring(ROLLBACK_TO.length())))
                    : Optional.empty();
        } catch (NumberFormatException another) {
            return Optional.empty();
        }
    }

    static Change rollback(int release) {
        return new Change(false, true, ROLLBACK_TO + release, Set.of(), Optional.of(release));
    }
}
