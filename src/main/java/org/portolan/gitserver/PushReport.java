package org.portolan.gitserver;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.function.BooleanSupplier;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PostReceiveHook;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceivePack;
import org.portolan.controller.ControllerHandle;
import org.portolan.controller.PushFollower;

/** Has deployed what was pushed, and tells whoever pushed how that goes until it ends. */
final class PushReport implements PostReceiveHook {
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final PushCheck check;
    private final ControllerHandle controller;
    private final Visitor visitor;
    private final GitLimits limits;
    private final BooleanSupplier gone;

    /** @param gone whether nobody reads any more, or this process no longer leads */
    PushReport(PushCheck check, ControllerHandle controller, Visitor visitor, GitLimits limits, BooleanSupplier gone) {
        this.check = check;
        this.controller = controller;
        this.visitor = visitor;
        this.limits = limits;
        this.gone = gone;
    }

    @Override
    public void onPostReceive(ReceivePack pack, Collection<ReceiveCommand> moved) {
        PushOutput output = new PushOutput(pack.getMessageOutputStream());
        // It is called with what moved only, which may be nothing.
        for (PushCheck.Deploying one : check.deploying()) {
            if (moved.contains(one.command())) {
                follow(one, output);
            }
        }
    }

    private static String shortId(ReceiveCommand command) {
        return command.getNewId().abbreviate(7).name();
    }

    private void follow(PushCheck.Deploying one, PushOutput output) {
        String what = Repository.shortenRefName(one.command().getRefName()) + " " + shortId(one.command());
        Instant[] spoken = {Instant.now()};
        PushFollower.Ended ended = new PushFollower(controller, one.target(), one.deployments(), one.shown())
                .follow(
                        visitor.who(),
                        event -> {
                            spoken[0] = Instant.now();
                            output.event(event);
                        },
                        limits.follow(),
                        () -> {
                            if (Instant.now().isAfter(spoken[0].plus(SILENCE))) {
                                // Also so that nobody between here and there takes the connection for dead.
                                spoken[0] = Instant.now();
                                output.line("     still in progress");
                            }
                            return gone.getAsBoolean();
                        });
        if (!ended.over()) {
            output.line(what + ": NOT FINISHED: it continues in the controller, whose status shows it");
        } else if (ended.problems().isEmpty()) {
            output.line(what + ": done");
        } else {
            ended.problems().forEach(problem -> output.line("error: " + problem));
            output.line(what + ": FAILED; the commit is in the repository, and what ran before keeps running");
        }
    }
}
