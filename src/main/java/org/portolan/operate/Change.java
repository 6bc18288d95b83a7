package org.portolan.operate;

import java.util.Optional;
import java.util.Set;
import org.portolan.model.labels.InstanceLabels;
import org.portolan.plan.Basis;

/** What kind of change a release is. */
sealed interface Change {
    /** A Compose project whose place it takes. */
    default Optional<String> project() {
        return Optional.empty();
    }

    /** What its plan is made of. */
    default Basis basis() {
        return Basis.Stored.IT;
    }

    /** For history: {@code rollback to 3}; "" for an ordinary deploy. */
    String cause();

    /** Services whose instances are all replaced, although their version stays. */
    default Set<String> restarted() {
        return Set.of();
    }

    /** Containers that are replaced, although their version stays. */
    default Set<String> replaced() {
        return Set.of();
    }

    /**
     * The release that automatic deploys shall not undo from then on.
     *
     * @param held the one that an earlier rollback holds: it stays held, except in a deploy of files
     */
    default Optional<Integer> pin(Optional<Integer> held) {
        return held;
    }

    /**
     * Files say what is to run.
     *
     * @param project a Compose project whose place it takes
     */
    record Deploy(Basis.Files basis, Optional<String> project) implements Change {
        @Override
        public String cause() {
            return "";
        }

        @Override
        public Optional<Integer> pin(Optional<Integer> held) {
            return Optional.empty();
        }
    }

    /** The desired services are added to the deployment, all others stay. */
    record SetByHand() implements Change {
        @Override
        public Basis basis() {
            return Basis.Hand.IT;
        }

        @Override
        public String cause() {
            return "set by hand";
        }
    }

    /** The deployment's own state, with its scales or stopped services changed. */
    record Adjust(String cause) implements Change {}

    /**
     * The deployment's own state, as it is.
     *
     * @param pin what it holds: that of the release which it continues
     */
    record Repair(String cause, Optional<Integer> pin, Set<String> replaced) implements Change {
        @Override
        public Optional<Integer> pin(Optional<Integer> held) {
            return pin;
        }
    }

    /** The deployment's own state, with new instances. */
    record Restart(Set<String> restarted) implements Change {
        @Override
        public String cause() {
            return "restart";
        }
    }

    /** The deployment as a kept release had it. */
    record Rollback(int to) implements Change {
        private static final String ROLLBACK_TO = "rollback to ";

        @Override
        public String cause() {
            return ROLLBACK_TO + to;
        }

        @Override
        public Optional<Integer> pin(Optional<Integer> held) {
            return Optional.of(to);
        }

        /**
         * The release that a release with this cause restored; empty when it was no rollback. What comes after the number
         * is the reason that somebody gave.
         */
        static Optional<Integer> restoredBy(String cause) {
            if (!cause.startsWith(ROLLBACK_TO)) {
                return Optional.empty();
            }
            int colon = cause.indexOf(':');
            int number =
                    InstanceLabels.number(cause.substring(ROLLBACK_TO.length(), colon < 0 ? cause.length() : colon));
            return number == 0 ? Optional.empty() : Optional.of(number);
        }
    }
}
