package org.portolan.operate;

import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.Outcome;
import org.portolan.release.ReleaseLog;

/** A release that another process began and may not have ended: brought to its end, and told how that was. */
public final class BegunRelease {
    /** Each of them continues the one before. */
    private static final int MOST = 50;

    private final Installation installation;

    public BegunRelease(Installation installation) {
        this.installation = installation;
    }

    /**
     * Waits for the end of a release, or continues it if nobody does.
     *
     * @param mandate of whoever asked for it
     * @throws Failure as the release failed, or when what became of it is no longer kept
     */
    public Outcome end(String deployment, int first, Mandate mandate, DeployOptions options) {
        int number = first;
        for (int round = 0; round < MOST; round++) {
            // Asked before the release is read: what is not in progress then has its end written.
            boolean inProgress = inProgress(deployment, number);
            Release release = find(deployment, number);
            Optional<Integer> next = ReleaseLog.continuedBy(release);
            if (next.isPresent()) {
                number = next.get();
                continue;
            }
            if (release.outcome() == Release.Outcome.DONE) {
                return new Outcome(Outcome.Kind.DONE, deployment, number);
            }
            if (!inProgress) {
                throw failed(deployment, number, release);
            }
            Outcome outcome = new Operations(installation).perform(new Request.Reconcile(deployment, mandate), options);
            if (outcome.kind() == Outcome.Kind.INTERRUPTED) {
                return new Outcome(Outcome.Kind.INTERRUPTED, deployment, number);
            }
        }
        throw new Failure(Kind.UNAVAILABLE, "release " + first + " of " + deployment + " does not come to an end")
                .withRemedy(Remedy.of(Call.on(deployment, Verb.STATUS)).and(" shows its state"));
    }

    private Release find(String deployment, int number) {
        return installation.store().release(deployment, number).orElseThrow(() -> new Failure(
                        Kind.REFUSED, "what became of release " + number + " of " + deployment + " is no longer kept")
                .withRemedy(Remedy.of(Call.on(deployment, Verb.STATUS)).and(" shows its state")));
    }

    /** Forward or back. */
    private boolean inProgress(String deployment, int number) {
        return installation
                .store()
                .deployment(deployment)
                .flatMap(DeploymentState::running)
                .filter(running -> running.release() == number)
                .isPresent();
    }

    private static Failure failed(String deployment, int number, Release release) {
        String why = release.cause().isEmpty() ? "" : ": " + release.cause();
        return new Failure(Kind.FAILED, "release " + number + " of " + deployment + " failed" + why)
                .withRemedy(Remedy.of("details: ").and(Call.on(deployment, Verb.HISTORY, Integer.toString(number))));
    }
}
