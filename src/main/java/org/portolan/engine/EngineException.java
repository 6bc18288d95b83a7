package org.portolan.engine;

import java.util.List;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Remedy;

/** The engine refused or did not answer. */
public final class EngineException extends Failure {
    /** Why, for whoever can do something about it; each belongs to one kind of failure. */
    public enum Reason {
        /** No connection, or no answer within the deadline: nothing is known about the call's effect. */
        UNREACHABLE(Kind.UNREACHABLE),
        /** The engine lacks what a step needs; nobody named it, so this is a step that failed. */
        NOT_FOUND(Kind.FAILED),
        /** Name or state in conflict. */
        CONFLICT(Kind.FAILED),
        /** The port, address, subnet or process slot is in use; the caller tries another, or the step failed. */
        IN_USE(Kind.FAILED),
        /** The engine said no for a reason that its message gives. */
        REFUSED(Kind.FAILED);

        private final Kind kind;

        Reason(Kind kind) {
            this.kind = kind;
        }
    }

    private final Reason reason;

    public EngineException(Reason reason, String message, Optional<Throwable> cause) {
        this(reason, message, List.of(), Optional.empty(), cause);
    }

    public EngineException(
            Reason reason, String message, List<String> details, Optional<Remedy> remedy, Optional<Throwable> cause) {
        super(reason.kind, message, details, remedy, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    @Override
    public EngineException withHint(String text) {
        return withRemedy(Remedy.of(text));
    }

    @Override
    public EngineException withRemedy(Remedy next) {
        return new EngineException(reason, what(), details(), Optional.of(next), Optional.ofNullable(getCause()));
    }

    @Override
    public EngineException withDetails(List<String> lines) {
        return new EngineException(reason, what(), lines, remedy(), Optional.ofNullable(getCause()));
    }

    @Override
    public EngineException withCause(Throwable cause) {
        return new EngineException(reason, what(), details(), remedy(), Optional.of(cause));
    }
}
