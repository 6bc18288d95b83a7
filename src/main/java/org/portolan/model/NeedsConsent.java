package org.portolan.model;

import java.util.List;
import java.util.Optional;

/**
 * What was asked for is done only if somebody agrees. Whoever asked for it shows {@link #details()} and asks for the same again, having
 * agreed to {@link #needed()}.
 */
public final class NeedsConsent extends Failure {
    private final List<String> needed;

    /**
     * A refusal for want of consent.
     *
     * @param needed what has to be agreed to, each a line that a person can read; not empty
     */
    public NeedsConsent(List<String> needed) {
        this(needed, "refused without consent: " + needed.getFirst(), needed, Optional.empty(), Optional.empty());
    }

    private NeedsConsent(
            List<String> needed,
            String message,
            List<String> details,
            Optional<Remedy> remedy,
            Optional<Throwable> cause) {
        super(Kind.NEEDS_CONSENT, message, details, remedy, cause);
        this.needed = List.copyOf(needed);
    }

    /** Exactly what has to be agreed to; something else, or more of it, needs consent again. */
    public List<String> needed() {
        return needed;
    }

    @Override
    public NeedsConsent withHint(String text) {
        return withRemedy(Remedy.of(text));
    }

    @Override
    public NeedsConsent withRemedy(Remedy next) {
        return new NeedsConsent(needed, what(), details(), Optional.of(next), Optional.ofNullable(getCause()));
    }

    /** The same, in words that may be shown. */
    public NeedsConsent shown(String message, List<String> lines) {
        return new NeedsConsent(needed, message, lines, remedy(), Optional.ofNullable(getCause()));
    }
}
