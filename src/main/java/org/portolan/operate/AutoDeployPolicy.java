package org.portolan.operate;

import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.DeploymentEvent.DeployHeld;
import org.portolan.model.service.Desired;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.release.Installation;
import org.portolan.release.Outcome;

/** What an automatic deploy must not do by itself: undo a rollback, or try again what failed. */
final class AutoDeployPolicy {
    private final Installation installation;

    AutoDeployPolicy(Installation installation) {
        this.installation = installation;
    }

    /** Whether {@link #check} would hold or refuse it. */
    boolean holds(Desired desired, DeploymentState state, Caller caller) {
        return pinned(desired, state, caller) || failed(desired, state, caller);
    }

    Optional<Outcome> check(Desired desired, DeploymentState state, Caller caller) {
        if (pinned(desired, state, caller)) {
            installation.publish(state.name(), new DeployHeld(state.pinned().orElse(0)));
            return Optional.of(new Outcome(Outcome.Kind.HELD, state.name(), 0));
        }
        if (failed(desired, state, caller)) {
            String commit = desired.origin().commit().orElse("");
            throw new Failure(
                            Kind.REFUSED,
                            "commit " + commit.substring(0, Math.min(10, commit.length())) + " of " + state.name()
                                    + " failed before and is not retried automatically")
                    .withHint("push a commit that fixes it, or deploy it with --retry");
        }
        return Optional.empty();
    }

    private boolean pinned(Desired desired, DeploymentState state, Caller caller) {
        Optional<String> commit = desired.origin().commit();
        return caller instanceof Caller.Hook
                && commit.isPresent()
                && state.pinned().isPresent()
                && releasedBefore(state, commit.get());
    }

    private static boolean failed(Desired desired, DeploymentState state, Caller caller) {
        return caller instanceof Caller.Hook hook
                && !hook.retries()
                && desired.origin()
                        .commit()
                        .filter(state.failedCommits()::contains)
                        .isPresent();
    }

    private boolean releasedBefore(DeploymentState state, String commit) {
        for (Release release : installation
                .store()
                .releases(state.name(), installation.settings().keepReleases())) {
            if (release.origin().commit().filter(commit::equals).isPresent()) {
                return true;
            }
        }
        return false;
    }
}
