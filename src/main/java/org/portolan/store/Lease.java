package org.portolan.store;

import java.time.Duration;
import java.util.Optional;
import org.portolan.model.Failure;

/** A lock that is held for a time and renewed until closed. */
public interface Lease extends AutoCloseable {
    String name();

    /** Greater than that of every earlier holder. */
    long token();

    /**
     * The token of whoever held it before: 0 for nobody, -1 where that is not known. Who saw the lock free after that one
     * ({@link Store#free}) knows that nobody has held it in between.
     */
    long previous();

    /** False once it was lost, or could not be renewed for two thirds of its time: stop acting. */
    boolean held();

    /** How long it is still {@link #held} if it cannot be renewed from now on; zero when it is not. */
    Duration left();

    /** Why it could not be renewed, when it is not held for that reason; empty when somebody took it, or nothing is known. */
    default Optional<Failure> trouble() {
        return Optional.empty();
    }

    @Override
    void close();
}
