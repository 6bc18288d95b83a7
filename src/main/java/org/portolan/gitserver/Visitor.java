package org.portolan.gitserver;

import org.portolan.model.state.Principal;

/**
 * Who asks.
 *
 * @param from the address that they come from
 */
record Visitor(Principal principal, String from) {
    /** For events and the audit log. */
    String who() {
        return principal.name();
    }
}
