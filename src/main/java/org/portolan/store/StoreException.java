package org.portolan.store;

import java.util.List;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Remedy;

/**
 * The store did not answer ({@code UNREACHABLE}), somebody else took the lock ({@code FENCED}), what it keeps cannot be
 * read ({@code CORRUPT}), or it belongs to another installation ({@code CONFLICT}).
 */
public final class StoreException extends Failure {
    public StoreException(Kind kind, String message, Optional<Throwable> cause) {
        this(kind, message, List.of(), Optional.empty(), cause);
    }

    private StoreException(
            Kind kind, String message, List<String> details, Optional<Remedy> remedy, Optional<Throwable> cause) {
        super(kind, message, details, remedy, cause);
    }

    @Override
    public StoreException withHint(String text) {
        return withRemedy(Remedy.of(text));
    }

    @Override
    public StoreException withRemedy(Remedy next) {
        return new StoreException(kind(), what(), details(), Optional.of(next), Optional.ofNullable(getCause()));
    }

    @Override
    public StoreException withDetails(List<String> lines) {
        return new StoreException(kind(), what(), lines, remedy(), Optional.ofNullable(getCause()));
    }
}
