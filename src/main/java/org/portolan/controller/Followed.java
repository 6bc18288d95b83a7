package org.portolan.controller;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.portolan.model.service.SourceId;

/**
 * A source that the controller follows.
 *
 * @param name what the configuration calls it
 * @param poll how often it is looked at
 * @param report whether what differs is reported only
 * @param owns whether what has this owner comes from it, also while it cannot be read
 * @param partOf the source whose patterns stand for this one now, which looks after it; empty: it is one by itself
 */
public record Followed(String name, Duration poll, boolean report, Predicate<SourceId> owns, Optional<String> partOf) {
    public Followed(String name, Duration poll, boolean report, Predicate<SourceId> owns) {
        this(name, poll, report, owns, Optional.empty());
    }

    /** Whether it is followed of a source of the configuration: as itself, a branch of it, or what its patterns stand for. */
    boolean isOf(String source) {
        return name.equals(source) || whole().equals(source) || name.startsWith(source + FollowedSources.AT);
    }

    /** The source that a person names to have this one left alone. */
    public String whole() {
        return partOf.orElse(name);
    }
}
