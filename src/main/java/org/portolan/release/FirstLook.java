package org.portolan.release;

import java.time.Instant;
import java.util.Collection;
import org.portolan.model.container.Container;

/**
 * A look at all containers that was asked for as a release began, beside the work that comes before its first step. It counts unless
 * that work changed a container.
 *
 * @param asked when it was asked for: what it shows may be as old
 */
record FirstLook(Ahead<Collection<Container>> containers, Instant asked) {
    static FirstLook ask(Installation installation) {
        Instant now = installation.clock().instant();
        return new FirstLook(Ahead.of(installation.tasks().get(), installation.engine()::containers), now);
    }
}
