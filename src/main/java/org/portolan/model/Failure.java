package org.portolan.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A failure that a person can act on: what happened, of which kind it is, and what to do next.
 * Anything else that is thrown is a fault of Portolan.
 */
public class Failure extends RuntimeException {
    /** What sort of failure: decides what is waited for, what becomes of a release, and what a door answers. */
    public enum Kind {
        /** What a person wrote or asked for: a file, an option, a configuration. */
        INVALID,
        /** What was named does not exist. */
        NOT_FOUND,
        /** Possible, and not done on purpose; nothing was changed. */
        REFUSED,
        /** Done only if somebody agrees. */
        NEEDS_CONSENT,
        /** What was looked at before has changed. */
        STALE,
        /** Tried, and failed: a release that was rolled back, an image that was not pulled. */
        FAILED,
        /** It belongs to another installation or user. */
        CONFLICT,
        /** Another process has the lock. */
        LOCKED,
        /** The lock was lost: another process may have it. */
        FENCED,
        /** An order to a release that no process runs. */
        NOT_RUNNING,
        /** The engine, the store, a proxy, a registry or a Git host does not answer. */
        UNREACHABLE,
        /** This machine cannot: its disk is full, a port is taken, a program is missing, a file cannot be read. */
        UNAVAILABLE,
        /** What is kept is damaged. */
        CORRUPT,
        /** A fault of Portolan. */
        INTERNAL;

        /** Whether the cause can end by itself, so that waiting and trying again helps. */
        public boolean passes() {
            return switch (this) {
                case LOCKED, UNREACHABLE, UNAVAILABLE -> true;
                case INVALID,
                        NOT_FOUND,
                        REFUSED,
                        NEEDS_CONSENT,
                        STALE,
                        FAILED,
                        CONFLICT,
                        FENCED,
                        NOT_RUNNING,
                        CORRUPT,
                        INTERNAL -> false;
            };
        }

        /**
         * Whether a release that meets it is left as it is, for the same command to continue. Any other ends the
         * release, which is rolled back: the next steps of a rollback could be done no better than those of the release
         * where nothing answers or what is kept is damaged, and are not this process's to do where the lock or the
         * state is another's.
         */
        public boolean leavesUnfinished() {
            return passes() || this == FENCED || this == CONFLICT || this == CORRUPT;
        }
    }

    private final Kind kind;
    private final Optional<Remedy> remedy;
    private final List<String> details;
    private final Optional<Instead> instead;

    public Failure(Kind kind, String message) {
        this(kind, message, List.of(), Optional.empty(), Optional.empty());
    }

    public Failure(
            Kind kind,
            String message,
            List<String> details,
            Optional<Remedy> remedy,
            Optional<? extends Throwable> cause) {
        this(kind, message, details, remedy, cause, Optional.empty());
    }

    private Failure(
            Kind kind,
            String message,
            List<String> details,
            Optional<Remedy> remedy,
            Optional<? extends Throwable> cause,
            Optional<Instead> instead) {
        super(message, cause.orElse(null));
        this.instead = instead;
        this.kind = kind;
        this.details = List.copyOf(details);
        this.remedy = remedy;
    }

    public Failure withHint(String text) {
        return withRemedy(Remedy.of(text));
    }

    public Failure withRemedy(Remedy next) {
        return new Failure(kind, what(), details, Optional.of(next), Optional.ofNullable(getCause()), instead);
    }

    /** Adds lines that are shown indented under the message, such as the last lines of a container's log. */
    public Failure withDetails(List<String> lines) {
        return new Failure(kind, what(), lines, remedy, Optional.ofNullable(getCause()), instead);
    }

    public Failure withCause(Throwable cause) {
        return new Failure(kind, what(), details, remedy, Optional.of(cause), instead);
    }

    /** The same, with what is said, alone, to whoever does not see these other deployments. */
    public Failure naming(Set<String> deployments, String words) {
        return new Failure(
                kind,
                what(),
                details,
                remedy,
                Optional.ofNullable(getCause()),
                Optional.of(new Instead(deployments, words)));
    }

    /** As somebody is shown it who sees these deployments. */
    public Failure seenBy(Predicate<String> sees) {
        return instead.filter(other -> !other.isSeen(sees))
                .map(other -> new Failure(kind, other.words()))
                .orElse(this);
    }

    /** What is said to whoever does not see the deployments that it speaks of; empty: it speaks of no other one. */
    public Optional<Instead> instead() {
        return instead;
    }

    public Kind kind() {
        return kind;
    }

    /** What happened, in one line. */
    public String what() {
        String message = getMessage();
        return message == null ? "" : message;
    }

    /** What to do next. */
    public Optional<Remedy> remedy() {
        return remedy;
    }

    /** What to do next, in plain words: see {@link Remedy#plain()}. */
    public Optional<String> hint() {
        return remedy.map(Remedy::plain);
    }

    public List<String> details() {
        return details;
    }
}
