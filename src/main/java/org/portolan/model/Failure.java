package org.portolan.model;

import java.util.List;
import java.util.Optional;

/**
 * A failure that a person can act on: what happened, what to do next, and the exit status that tells scripts.
 * Anything else that is thrown is a fault of Portolan.
 */
public class Failure extends RuntimeException {
    private final ExitStatus status;
    private final Optional<String> hint;
    private final List<String> details;

    public Failure(ExitStatus status, String message) {
        this(status, message, List.of(), Optional.empty(), Optional.empty());
    }

    public Failure(
            ExitStatus status,
            String message,
            List<String> details,
            Optional<String> hint,
            Optional<? extends Throwable> cause) {
        super(message, cause.orElse(null));
        this.status = status;
        this.details = List.copyOf(details);
        this.hint = hint;
    }

    public Failure withHint(String text) {
        return new Failure(status, what(), details, Optional.of(text), Optional.ofNullable(getCause()));
    }

    /** Adds lines that are shown indented under the message, such as the last lines of a container's log. */
    public Failure withDetails(List<String> lines) {
        return new Failure(status, what(), lines, hint, Optional.ofNullable(getCause()));
    }

    public Failure withCause(Throwable cause) {
        return new Failure(status, what(), details, hint, Optional.of(cause));
    }

    public ExitStatus status() {
        return status;
    }

    /** What happened, in one line. */
    public String what() {
        String message = getMessage();
        return message == null ? "" : message;
    }

    public Optional<String> hint() {
        return hint;
    }

    public List<String> details() {
        return details;
    }
}
