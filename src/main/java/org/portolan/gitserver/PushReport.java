package org.portolan.gitserver;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private final String source;
    private final PushCheck check;
    private final ControllerHandle controller;
    private final Visitor visitor;
    private final GitLimits limits;
    private final BooleanSupplier gone;

    /** @param gone whether nobody reads any more, or this process no longer leads */
    PushReport(
            String source,
            PushCheck check,
            ControllerHandle controller,
            Visitor visitor,
            GitLimits limits,
            BooleanSupplier gone) {
        this.source = source;
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
        if (check.dropping().stream().anyMatch(moved::contains)) {
            PushFollower.look(controller, source, visitor.who());
        }
        Map<PushFollower, String> followed = new LinkedHashMap<>();
        for (PushCheck.Deploying one : check.deploying()) {
            if (moved.contains(one.command())) {
                followed.put(
                        new PushFollower(
                                controller, one.targets(), one.deployments(), one.shown(), visitor.principal()::sees),
                        Repository.shortenRefName(one.command().getRefName()) + " " + shortId(one.command()));
            }
        }
        boolean several = check.deploying().stream()
                        .flatMap(one -> one.shown().stream())
                        .distinct()
                        .count()
                > 1;
        if (!followed.isEmpty()) {
            follow(followed, several, output);
        }
    }

    private static String shortId(ReceiveCommand command) {
        return command.getNewId().abbreviate(7).name();
    }

    private void follow(Map<PushFollower, String> followed, boolean several, PushOutput output) {
        Instant[] spoken = {Instant.now()};
        PushFollower.follow(
                List.copyOf(followed.keySet()),
                visitor.who(),
                event -> {
                    spoken[0] = Instant.now();
                    output.event(event, several);
                },
                (one, ended) -> told(String.valueOf(followed.get(one)), ended, output),
                limits.follow(),
                () -> {
                    if (Instant.now().isAfter(spoken[0].plus(SILENCE))) {
                        // Also so that nobody between here and there takes the connection for dead.
                        spoken[0] = Instant.now();
                        output.line("     still in progress");
                    }
                    return gone.getAsBoolean();
                });
    }

    private static void told(String what, PushFollower.Ended ended, PushOutput output) {
        if (!ended.over()) {
            output.line(what + ": NOT FINISHED: it continues in the controller, whose status shows it");
        } else if (ended.problems().isEmpty()) {
            output.line(what + ": done");
        } else if (ended.waits()) {
            ended.problems().forEach(output::line);
            output.line(
                    what + ": WAITS for approval; the commit is in the repository, and what ran before keeps running");
        } else {
            ended.problems().forEach(problem -> output.line("error: " + problem));
            output.line(what + ": FAILED; the commit is in the repository, and what ran before keeps running");
        }
    }
}
