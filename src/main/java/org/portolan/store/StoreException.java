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
        CORRUPT,
        /** It belongs to another installation. */
        FOREIGN
    }

    private final Kind kind;

    public StoreException(Kind kind, String message, Optional<Throwable> cause) {
        this(kind, message, List.of(), Optional.empty(), cause);
    }

    private StoreException(
            Kind kind, String message, List<String> details, Optional<String> hint, Optional<Throwable> cause) {
        super(ExitStatus.UNAVAILABLE, message, details, hint, cause);
        this.kind = kind;
    }

    @Override
    public StoreException withHint(String text) {
        return new StoreException(kind, what(), details(), Optional.of(text), Optional.ofNullable(getCause()));
    }

    @Override
    public StoreException withDetails(List<String> lines) {
        return new StoreException(kind, what(), lines, hint(), Optional.ofNullable(getCause()));
    }

    public Kind kind() {
        return kind;
    }
}
