package org.portolan.page;

import java.time.Instant;
import java.util.Optional;
import org.portolan.model.Durations;
import org.portolan.model.state.Release;
import org.portolan.query.ReleaseSummary;

/**
 * A release in a list.
 *
 * @param commit its first digits, with + for a work tree with changes; "" without Git
 * @param subject the first line of the commit's message
 * @param took how long
 * @param restorable whether it can be rolled back to
 */
public record ReleaseRow(
        int number,
        String href,
        StateMark state,
        String commit,
        String subject,
        String who,
        Moment started,
        String took,
        String cause,
        boolean restorable) {
    private static final int SHORT_COMMIT = 7;

    /** @param current the release that is in place */
    static ReleaseRow of(ReleaseSummary summary, int current, Instant now) {
        Release release = summary.release();
        return new ReleaseRow(
                release.number(),
                "/deployments/" + release.deployment() + "/releases/" + release.number(),
                StateMark.of(summary),
                commit(release),
                release.origin().subject().orElse(""),
                release.who(),
                Moment.at(release.started()),
                summary.duration(now).map(Durations::rough).orElse("–"),
                release.cause(),
                release.outcome() == Release.Outcome.DONE && release.number() != current);
    }

    static String commit(Release release) {
        Optional<String> id = release.origin().commit();
        return id.map(whole -> whole.substring(0, Math.min(SHORT_COMMIT, whole.length()))
                        + (release.origin().dirty() ? "+" : ""))
                .orElse("");
    }

    /** Whether it says why. */
    public boolean caused() {
        return !cause.isEmpty();
    }

    /** Whether it comes from Git. */
    public boolean committed() {
        return !commit.isEmpty();
    }
}
