package org.portolan.model.state;

import java.time.Instant;
import java.util.Optional;

/**
 * A credential that is accepted, and for whom.
 *
 * @param by who added it
 * @param used when it was last used, to the minute; empty: never
 */
public record Grant(Principal principal, Credential credential, Instant created, String by, Optional<Instant> used) {
    public String name() {
        return principal.name();
    }

    /** The same, used now. */
    public Grant usedAt(Instant now) {
        return new Grant(principal, credential, created, by, Optional.of(now));
    }
}
