package org.portolan.controller;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Frozen;
import org.portolan.model.Instead;
import org.portolan.model.event.ControllerEvent.SourceRead;
import org.portolan.model.service.Desired;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Operations;
import org.portolan.plan.Departed;
import org.portolan.reconcile.Cause;
import org.portolan.reconcile.Cause.Reason;
import org.portolan.reconcile.WorkKey;
import org.portolan.reconcile.WorkResult;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;

/**
 * One look at a source: fetches and reads it, has those deployments looked at of which it says something else than was applied, and
 * removes what it no longer names once the others are where it says. A source that cannot be read changes nothing.
 */
final class SourceRun {
    private final Installation installation;
    private final SourceReader reader;
    private final SourceMemory sources;
    private final KeptStandings standings;
    private final Approvals approvals;
    private final BiConsumer<WorkKey, Cause> mark;
    private final DeployOptions options;
    private final PartsRun partsRun;

    /**
     * Looks at nothing yet.
     *
     * @param mark has something looked at: each deployment of which a source says something new, and the parts of a source
     */
    SourceRun(
            Installation installation,
            SourceReader reader,
            SourceMemory sources,
            KeptStandings standings,
            String who,
            BiConsumer<WorkKey, Cause> mark,
            BooleanSupplier stopped) {
        this.installation = installation;
        this.reader = reader;
        this.sources = sources;
        this.standings = standings;
        this.approvals = new Approvals(installation, standings, Mandate.of(new Caller.Hook(who, false)));
        this.mark = mark;
        this.options = new DeployOptions(false, Optional.empty(), stopped);
        this.partsRun = new PartsRun(installation, sources, standings, approvals, mark, options);
    }

    /** Looks at one. Every failure becomes its condition. */
    WorkResult run(WorkKey key) {
        Optional<Followed> source = sources.source(key.name());
        if (source.isEmpty()) {
            return WorkResult.SETTLED;
        }
        try {
            Optional<Instruction> suspended = Steering.of(installation.store(), Instruction.Kind.SUSPENDED, key)
                    .or(() -> Steering.of(
                            installation.store(),
                            Instruction.Kind.SUSPENDED,
                            WorkKey.source(source.get().whole())));
            if (suspended.isPresent()) {
                standings.condition(key, Condition.SUSPENDED, Steering.words(suspended.get()));
                return WorkResult.SETTLED;
            }
            return look(key, source.get());
        } catch (Frozen window) {
            standings.frozen(key, window);
            return WorkResult.SETTLED;
        } catch (Failure failure) {
            if (failure.kind() == Kind.FENCED || failure.kind() == Kind.LOCKED) {
                return new WorkResult.Later(Duration.ofSeconds(2));
            }
            if (!sources.isFollowed(source.get())) {
                return WorkResult.SETTLED;
            }
            standings.failing(key, failure);
            return WorkResult.FAILED;
        }
    }

    private WorkResult look(WorkKey key, Followed source) {
        Optional<SourceParts> parts = parts(source);
        if (parts.isPresent()) {
            return partsRun.look(key, source, parts.get());
        }
        Declared now = reader.read(source.name());
        boolean resumed = standings.of(key).condition() == Condition.SUSPENDED;
        Optional<Declared> before = resumed ? Optional.empty() : sources.declared(source.name());
        if (!sources.read(source, now)) {
            // It was taken out of the configuration, or changed there, while it was read.
            return WorkResult.SETTLED;
        }
        if (before.isEmpty()) {
            // It may have had patterns before.
            standings.retain(Subject.SOURCE, sources::mayFollow);
        }
        if (!standings.of(key).commit().equals(now.commit())) {
            standings.tell(new SourceRead(source.name(), now.commit()));
            standings.at(key, now.commit(), "");
        }
        Optional<Twice> twice = twice(source, now);
        // What was declared twice until now was never deployed.
        boolean mended = standings.of(key).condition() == Condition.FAILING && twice.isEmpty();
        SortedSet<String> open = new TreeSet<>();
        for (Desired desired : now.deployments()) {
            Standing standing = standings.of(WorkKey.deployment(desired.name()));
            String digest = DesiredDigest.of(desired);
            boolean applied = digest.equals(standing.applied())
                    && !OtherOwner.has(installation.store().deployment(desired.name()), desired);
            if (!applied) {
                open.add(desired.name());
                boolean news = before.flatMap(then -> then.deployment(desired.name()))
                        .filter(then -> DesiredDigest.of(then).equals(digest)
                                && before.get().commit().equals(now.commit()))
                        .isEmpty();
                if (news || mended) {
                    mark.accept(WorkKey.deployment(desired.name()), Cause.of(Reason.SOURCE));
                }
            }
        }
        if (twice.isPresent()) {
            standings.condition(
                    key,
                    Condition.FAILING,
                    twice.get().what(),
                    Optional.of(Instead.of("", twice.get().unnamed())));
            return WorkResult.SETTLED;
        }
        if (!open.isEmpty() || !now.complete() || prune(key, source, now)) {
            standings.condition(key, Condition.OK, "");
        }
        return WorkResult.SETTLED;
    }

    private Optional<SourceParts> parts(Followed source) {
        return source.partOf().isEmpty() ? reader.parts(source.name()) : Optional.empty();
    }

    /**
     * A deployment that two sources declare.
     *
     * @param unnamed the same without the other source
     */
    private record Twice(String what, String unnamed) {}

    /** A deployment belongs to one source. */
    private Optional<Twice> twice(Followed source, Declared now) {
        for (Desired desired : now.deployments()) {
            for (SourceMemory.Claim other : sources.claims(desired.name())) {
                if (!other.followed().name().equals(source.name())) {
                    String declared =
                            "deployment " + desired.name() + " is declared by " + source.name() + " (" + now.id() + ")";
                    return Optional.of(new Twice(
                            declared + " and by " + other.followed().name() + " ("
                                    + other.declared().id() + "); neither deploys it",
                            declared + " and by another source; neither deploys it"));
                }
            }
        }
        return Optional.empty();
    }

    /** Whether it was done; else it waits for somebody who agrees, as its condition shows. */
    private boolean prune(WorkKey key, Followed source, Declared now) {
        Predicate<String> left = name -> suspended(name) || claimedElsewhere(source, name);
        if (now.deployments().isEmpty()
                || source.report()
                || departed(now, left).isEmpty()) {
            return true;
        }
        Set<String> moved = declaredElsewhere(source);
        // Nothing goes because its source was taken out of the configuration, while this waits for a lock, for example.
        Predicate<String> kept = name -> moved.contains(name) || left.test(name) || !sources.isFollowed(source);
        if (departed(now, kept).isEmpty()) {
            return true;
        }
        return approvals
                .ask(key, mandate -> new Operations(installation.forRun())
                        .prune(
                                now.id(),
                                now.deployments(),
                                () -> sources.latest(source.name()),
                                kept,
                                mandate,
                                options))
                .isPresent();
    }

    private List<String> departed(Declared now, Predicate<String> kept) {
        return Departed.of(installation.store().deployments(), now.id(), now.deployments(), kept)
                .names();
    }

    private boolean suspended(String deployment) {
        return Steering.of(installation.store(), Instruction.Kind.SUSPENDED, WorkKey.deployment(deployment))
                .isPresent();
    }

    private boolean claimedElsewhere(Followed source, String deployment) {
        return sources.claims(deployment).stream()
                .anyMatch(claim -> !claim.followed().name().equals(source.name()));
    }

    /** What the other sources say now: a deployment may just have moved to one that was not read since. */
    private Set<String> declaredElsewhere(Followed source) {
        Set<String> names = new HashSet<>();
        for (Followed other : sources.all()) {
            if (other.partOf().isEmpty() && !other.name().equals(source.name())) {
                partsNow(other).forEach(each -> names.addAll(declaredBy(each, source)));
            }
        }
        return names;
    }

    /** What is to be read of a source: itself, or what its patterns stand for. */
    private List<Followed> partsNow(Followed other) {
        try {
            return parts(other).map(SourceParts::all).orElse(List.of(other));
        } catch (Failure unread) {
            List<Followed> known = sources.all().stream()
                    .filter(part -> part.partOf().filter(other.name()::equals).isPresent())
                    .toList();
            if (known.isEmpty()) {
                throw until(other, unread);
            }
            return known;
        }
    }

    private List<String> declaredBy(Followed other, Followed asking) {
        if (other.name().equals(asking.name())) {
            return List.of();
        }
        try {
            return reader.read(other.name()).deployments().stream()
                    .map(Desired::name)
                    .toList();
        } catch (Failure unread) {
            // What it said before is still known; of one that was never read nobody knows what is its own.
            if (sources.declared(other.name()).isEmpty()) {
                throw until(other, unread);
            }
            return List.of();
        }
    }

    private static Failure until(Followed other, Failure unread) {
        return new Failure(
                        unread.kind(),
                        "what it no longer names stays until source " + other.name() + " can be read: " + unread.what())
                .naming(Set.of(""), "what it no longer names stays until another source can be read")
                .withCause(unread);
    }
}
