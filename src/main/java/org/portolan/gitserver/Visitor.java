package org.portolan.gitserver;

import java.util.function.BooleanSupplier;
import org.portolan.model.state.Principal;

/**
 * Who asks.
 *
 * @param proof what they came in with, in words: {@code key} or {@code token}
 * @param from the address that they come from
 */
record Visitor(Principal principal, String proof, String from, BooleanSupplier admitted) {
    /** For events and the audit log. */
    String who() {
        return principal.name();
    }

    /** For those who asked: {@code the key anna}. */
    String named() {
        return "the " + proof + " " + who();
    }

    /**
     * Whether what they came in with is still theirs: a connection may last longer.
     *
     * @throws org.portolan.model.Failure when the store does not answer
     */
    boolean stands() {
        return admitted.getAsBoolean();
    }
}
