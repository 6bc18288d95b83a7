package org.portolan.controller;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.ControllerEvent.SourceRead;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.operate.Operations;
import org.portolan.reconcile.Cause;
import org.portolan.reconcile.Cause.Reason;
import org.portolan.reconcile.WorkKey;
import org.portolan.reconcile.WorkResult;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;

/**
 * One look at a source with patterns: follows each Servicefile of each branch that there is now by itself, so that one that fails
 * stops no other, and removes what belonged to one that is gone once somebody agrees.
 */
final class PartsRun {
    private static final WorkResult SOON = new WorkResult.Later(Duration.ofSeconds(1));

    private final Installation installation;
    private final SourceMemory sources;
    private final KeptStandings standings;
    private final Approvals approvals;
    private final BiConsumer<WorkKey, Cause> mark;
    private final DeployOptions options;

    PartsRun(
            Installation installation,
            SourceMemory sources,
            KeptStandings standings,
            Approvals approvals,
            BiConsumer<WorkKey, Cause> mark,
            DeployOptions options) {
        this.installation = installation;
        this.sources = sources;
        this.standings = standings;
        this.approvals = approvals;
        this.mark = mark;
        this.options = options;
    }

    WorkResult look(WorkKey key, Followed whole, SourceParts now) {
        Optional<Set<String>> followed = sources.parts(whole, now);
        if (followed.isEmpty()) {
            // Another configuration was taken over meanwhile, which has what it follows looked at.
            return WorkResult.SETTLED;
        }
        Set<String> fresh = followed.get();
        if (standings.of(key).condition() == Condition.SUSPENDED) {
            // Once: all of it is news after that.
            sources.unread(whole.name());
            standings.condition(key, Condition.OK, "");
        }
        String commit = now.commit();
        if (!commit.isEmpty() && !standings.of(key).commit().equals(commit)) {
            standings.tell(new SourceRead(whole.name(), commit));
        }
        standings.at(key, commit, "");
        standings.retain(Subject.SOURCE, sources::mayFollow);
        List<Followed> unread = new ArrayList<>();
        for (Followed part : now.all()) {
            boolean same = sources.declared(part.name())
                    .filter(known -> known.commit().equals(now.commits().get(part.name())))
                    .isPresent();
            if (!same) {
                unread.add(part);
            }
            boolean news = fresh.contains(part.name())
                    || (!same && standings.of(WorkKey.source(part.name())).condition() != Condition.FAILING);
            mark.accept(WorkKey.source(part.name()), new Cause(news ? Reason.SOURCE : Reason.POLL, whole.name()));
        }
        SortedSet<String> left = left(now);
        if (left.isEmpty() || whole.report()) {
            standings.condition(key, Condition.OK, "");
            return WorkResult.SETTLED;
        }
        return unread.isEmpty() ? remove(key, whole, now, left) : later(unread);
    }

    /** What is left may have moved to a part that was not read yet. */
    private WorkResult later(List<Followed> unread) {
        for (Followed part : unread) {
            Condition condition = standings.of(WorkKey.source(part.name())).condition();
            if (condition == Condition.FAILING || condition == Condition.SUSPENDED) {
                throw new Failure(
                        Kind.INVALID, "what is no longer declared stays until source " + part.name() + " can be read");
            }
        }
        return SOON;
    }

    private SortedSet<String> left(SourceParts now) {
        SortedSet<String> left = new TreeSet<>();
        installation.store().deployments().forEach((name, state) -> {
            if (now.left().test(state.owner(), name) && isLeft(state)) {
                left.add(name);
            }
        });
        return left;
    }

    private boolean isLeft(DeploymentState state) {
        return sources.claims(state.name()).isEmpty()
                && Steering.of(installation.store(), Instruction.Kind.SUSPENDED, WorkKey.deployment(state.name()))
                        .isEmpty();
    }

    /** A whole file or branch that is gone may be a mistake: whatever there was of it needs somebody who agrees. */
    private WorkResult remove(WorkKey key, Followed whole, SourceParts now, SortedSet<String> left) {
        String needed = "removes " + String.join(", ", left) + ": what is like " + now.pattern()
                + " no longer declares " + (left.size() == 1 ? "it" : "them");
        Optional<Integer> removed = approvals.ask(key, mandate -> new Operations(installation.forRun())
                .removeLeft(
                        left,
                        needed,
                        state -> sources.isFollowed(whole)
                                && now.left().test(state.owner(), state.name())
                                && isLeft(state),
                        mandate,
                        options));
        if (removed.isPresent()) {
            standings.condition(key, Condition.OK, "");
        }
        return WorkResult.SETTLED;
    }
}
