package org.portolan.gitserver;

import java.util.function.BooleanSupplier;
import org.portolan.model.state.Principal;

/**
 * Who asks.
 *
 * @param from the address that they come from
 */
record Visitor(Principal principal, String from, BooleanSupplier admitted) {
    /** For events and the audit log. */
    String who() {
        return principal.name();
    }

    /**
     * Whether their key is still theirs: a connection may last longer.
     *
     * @throws org.portolan.model.Failure when the store does not answer
     */
    boolean stands() {
        return admitted.getAsBoolean();
    }
}
