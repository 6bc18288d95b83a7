package org.portolan.model.service;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where one release came from.
 *
 * @param source the source
 * @param commit the full commit id, when it came from Git (of a work tree: its HEAD)
 * @param dirty whether the work tree had changes that the commit does not hold
 * @param author the commit's author, {@code Name <mail>}
 * @param subject the first line of the commit's message
 */
public record Origin(
        SourceId source, Optional<String> commit, boolean dirty, Optional<String> author, Optional<String> subject) {

    /** Written out: each deploy compares it, and each JVM makes the code of a record's equality again (ADR 38). */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Origin that
                && source.equals(that.source)
                && commit.equals(that.commit)
                && dirty == that.dirty
                && author.equals(that.author)
                && subject.equals(that.subject);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * source.hashCode() + commit.hashCode()) + Boolean.hashCode(dirty);
    }

    public static Origin of(SourceId source) {
        return new Origin(source, Optional.empty(), false, Optional.empty(), Optional.empty());
    }
}
