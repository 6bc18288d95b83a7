package org.portolan.release;

import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * How a change is carried out, whatever it is.
 *
 * @param waitForLock whether to wait for another process that changes the deployment
 * @param parallel how many services roll at the same time; empty: as configured
 * @param interrupted becomes true when a person wants to stop
 */
public record DeployOptions(boolean waitForLock, Optional<Integer> parallel, BooleanSupplier interrupted) {
    /** With patience, and nobody who stops it. */
    public static final DeployOptions DEFAULT = new DeployOptions(true, Optional.empty(), () -> false);

    /** The same, for so many services at the same time. */
    public DeployOptions withParallel(int count) {
        return new DeployOptions(waitForLock, Optional.of(count), interrupted);
    }

    /** The same, for one whom a person watches, who may stop it. */
    public DeployOptions attended(BooleanSupplier stopped) {
        return new DeployOptions(waitForLock, parallel, stopped);
    }
}
