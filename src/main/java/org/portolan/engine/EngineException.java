package org.portolan.engine;

import java.util.List;
import java.util.Optional;
import org.portolan.model.ExitStatus;
import org.portolan.model.Failure;

/** The engine refused or did not answer. */
public final class EngineException extends Failure {
    /** What kind of failure, for whoever can do something about it. */
    public enum Kind {
        /** No connection, or no answer within the deadline: nothing is known about the call's effect. */
        UNREACHABLE,
        NOT_FOUND,
        /** Name or state in conflict. */
        CONFLICT,
        /** The port, address, subnet or process slot is in use. */
        IN_USE,
        /** The engine said no for a reason that its message gives. */
        REFUSED
    }

    private final Kind kind;

    public EngineException(Kind kind, String message, Optional<Throwable> cause) {
        this(kind, message, List.of(), Optional.empty(), cause);
    }

    public EngineException(
            Kind kind, String message, List<String> details, Optional<String> hint, Optional<Throwable> cause) {
        super(kind == Kind.UNREACHABLE ? ExitStatus.UNAVAILABLE : ExitStatus.FAILED, message, details, hint, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    @Override
    public EngineException withHint(String text) {
        return new EngineException(kind, what(), details(), Optional.of(text), Optional.ofNullable(getCause()));
    }

    @Override
    public EngineException withDetails(List<String> lines) {
        return new EngineException(kind, what(), lines, hint(), Optional.ofNullable(getCause()));
    }

    @Override
    public EngineException withCause(Throwable cause) {
        return new EngineException(kind, what(), details(), hint(), Optional.of(cause));
    }
}
