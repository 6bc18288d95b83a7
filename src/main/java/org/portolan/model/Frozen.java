package org.portolan.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A freeze window is open in which nothing new is deployed; nothing was changed. */
public final class Frozen extends Failure {
    private final Instant until;

    /**
     * A refusal for the time of a window.
     *
     * @param message what is frozen until when, and why
     * @param until when the window ends
     */
    public Frozen(String message, Instant until) {
        this(message, until, List.of(), Optional.empty(), Optional.empty());
    }

    private Frozen(
            String message, Instant until, List<String> details, Optional<Remedy> remedy, Optional<Throwable> cause) {
        super(Kind.REFUSED, message, details, remedy, cause);
        this.until = until;
    }

    /** When it can be tried again. */
    public Instant until() {
        return until;
    }

    @Override
    public Frozen withRemedy(Remedy next) {
        return new Frozen(what(), until, details(), Optional.of(next), Optional.ofNullable(getCause()));
    }

    @Override
    public Frozen withHint(String text) {
        return withRemedy(Remedy.of(text));
    }
}
