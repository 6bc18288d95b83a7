package org.portolan.query;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.portolan.model.state.Release;

/**
 * A release, and whether somebody still works on it.
 *
 * @param interrupted whether it has no end and nobody brings it about
 */
public record ReleaseSummary(Release release, boolean interrupted) {

    /**
     * Of a release as it is kept.
     *
     * @param held whether somebody holds the deployment's lock; asked only where it matters
     */
    static ReleaseSummary of(Release release, BooleanSupplier held) {
        boolean open =
                release.outcome() == Release.Outcome.RUNNING || release.ended().isEmpty();
        return new ReleaseSummary(release, open && !held.getAsBoolean());
    }

    /** {@code done}, {@code failed}, {@code running}, {@code superseded}, {@code interrupted}. */
    public String outcome() {
        return interrupted && release.outcome() == Release.Outcome.RUNNING
                ? "interrupted"
                : release.outcome().name().toLowerCase(Locale.ROOT);
    }

    /** How long it took, or how long it has been running; of one that was interrupted nobody knows. */
    public Optional<Duration> duration(Instant now) {
        return interrupted && release.ended().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Duration.between(release.started(), release.ended().orElse(now)));
    }
}
