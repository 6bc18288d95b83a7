package org.portolan.store;

import java.util.List;
import java.util.Optional;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;

/** The store did not answer, or refused. */
public final class StoreException extends Failure {
    /** What kind of failure. */
    public enum Kind {
        UNREACHABLE,
        /** Somebody else took the lock since. */
        FENCED,
        /** What is kept cannot be read. */
        CORRUPT
    }

    private final Kind kind;

    public StoreException(Kind kind, String message, Optional<Throwable> cause) {
        super(ExitStatus.UNAVAILABLE, message, List.of(), Optional.empty(), cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
