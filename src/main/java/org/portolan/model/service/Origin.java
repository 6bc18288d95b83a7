package org.portolan.model.service;

import java.util.Optional;

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

    public static Origin of(SourceId source) {
        return new Origin(source, Optional.empty(), false, Optional.empty(), Optional.empty());
    }
}
