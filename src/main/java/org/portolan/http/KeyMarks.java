package org.portolan.http;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.portolan.controller.KeyedStore;
import org.portolan.model.Failure;
import org.portolan.model.state.AskedChange;
import org.portolan.model.state.AskedChange.End;
import org.portolan.model.state.Release;
import org.portolan.release.Outcome;
import org.portolan.store.Commit;

/** What is known of an operation that was asked for with a key, while it is carried out. */
final class KeyMarks implements KeyedStore.Marks {
    private static final int LONGEST = 500;

    private final AskedBefore keys;
    private final ChangeNature nature;
    private final InstantSource clock;
    private AskedChange now;
    private boolean doubtful;

    KeyMarks(AskedBefore keys, ChangeNature nature, InstantSource clock, AskedChange now) {
        this.keys = keys;
        this.nature = nature;
        this.clock = clock;
        this.now = now;
    }

    synchronized AskedChange now() {
        return now;
    }

    /** Whether something of it may be done. */
    synchronized boolean begun() {
        return doubtful || now.begun() || !now.releases().isEmpty() || now.end().isPresent();
    }

    @Override
    public synchronized Optional<AskedChange> with(Commit commit) {
        if (now.end().isPresent() || nature == ChangeNature.UNTOLD) {
            return Optional.empty();
        }
        String deployment = commit.deployment();
        Optional<Integer> release = commit.releases().stream()
                .filter(written -> written.outcome() == Release.Outcome.RUNNING
                        && now.deployments().contains(deployment))
                .map(Release::number)
                .findFirst();
        boolean removed = nature == ChangeNature.RELEASE
                && commit.remove()
                && now.deployments().contains(deployment);
        if (nature == ChangeNature.AT_ONCE || removed) {
            return Optional.of(now.ended(new End(clock.instant(), Operation.word(Outcome.Kind.DONE), 0, "", "")));
        }
        if (release.isPresent()) {
            return release.filter(number -> !number.equals(now.releases().get(deployment)))
                    .map(number -> now.released(deployment, number));
        }
        boolean values = nature == ChangeNature.RELEASE && !commit.generated().isEmpty();
        return values && !now.begun() ? Optional.of(now.beginning()) : Optional.empty();
    }

    @Override
    public synchronized void kept(AskedChange next) {
        now = next;
        keys.kept(next);
    }

    @Override
    public synchronized void unknown() {
        doubtful = true;
        keys.unknown();
    }

    /** As it is once it has ended well. */
    synchronized AskedChange ended(Outcome outcome, Instant at) {
        return now.ended(new End(at, Operation.word(outcome.kind()), outcome.release(), "", ""));
    }

    /** As it is once it has failed. */
    synchronized AskedChange ended(Failure failure, int release, Instant at, UnaryOperator<String> mask) {
        String why = mask.apply(failure.what());
        return now.ended(new End(
                at,
                Operation.FAILED,
                release,
                failure.kind().name(),
                why.length() > LONGEST ? why.substring(0, LONGEST) : why));
    }
}
