package org.portolan.controller;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.portolan.model.event.Event;
import org.portolan.model.service.Desired;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.reconcile.Cause;
import org.portolan.reconcile.Cause.Reason;
import org.portolan.reconcile.WorkKey;
import org.portolan.reconcile.WorkQueue.Progress;

/**
 * Has a source looked at that got a new commit, and follows what that comes to until nothing more is done for it. It only watches: what
 * is deployed does not depend on whether somebody does.
 */
public final class PushFollower {
    private static final Duration ROUND = Duration.ofMillis(100);
    private static final int MOST_EVENTS = 1000;

    private final ControllerHandle controller;
    private final PushTarget target;
    private final List<Desired> deployments;
    private final Set<String> shown;
    private final WorkKey source;

    /**
     * Marks nothing yet.
     *
     * @param deployments what the new commit says
     * @param shown the deployments whose events are of interest
     */
    public PushFollower(ControllerHandle controller, PushTarget target, List<Desired> deployments, Set<String> shown) {
        this.controller = controller;
        this.target = target;
        this.deployments = List.copyOf(deployments);
        this.shown = Set.copyOf(shown);
        this.source = WorkKey.source(target.source().name());
    }

    /**
     * How it ended.
     *
     * @param over whether nothing more is done for it: otherwise it continues without being followed
     * @param problems why not everything is as the commit says, a line each
     */
    public record Ended(boolean over, List<String> problems) {}

    /**
     * Waits for the end.
     *
     * @param who pushed
     * @param events gets what happens
     * @param most how long to follow
     * @param stopped becomes true when it shall no longer be followed
     */
    public Ended follow(String who, Consumer<Event> events, Duration most, BooleanSupplier stopped) {
        Instant begun = now();
        // A receiver that is slow must not hold up a release: what it cannot take is left out.
        BlockingQueue<Event> happened = new LinkedBlockingQueue<>(MOST_EVENTS);
        try (ControllerHandle.Listening listening = controller.listen(happened::offer)) {
            controller.follow(target.source());
            controller.mark(source, new Cause(Reason.PUSH, who));
            while (true) {
                Optional<List<String>> end = end(begun);
                for (Event event = happened.poll(); event != null; event = happened.poll()) {
                    tell(event, events);
                }
                if (end.isPresent()) {
                    return new Ended(true, end.get());
                }
                if (stopped.getAsBoolean() || now().isAfter(begun.plus(most))) {
                    return new Ended(false, List.of());
                }
                Event next = happened.poll(ROUND.toMillis(), TimeUnit.MILLISECONDS);
                if (next != null) {
                    tell(next, events);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Ended(false, List.of());
        }
    }

    private Instant now() {
        return controller.installation().clock().instant();
    }

    private void tell(Event event, Consumer<Event> events) {
        if (shown.contains(event.deployment())) {
            events.accept(event);
        }
    }

    /** Why not all is as the commit says; empty while something is still done for it. */
    private Optional<List<String>> end(Instant begun) {
        // Looked at first: a run of the source marks its deployments before it ends, and theirs may mark the source.
        if (isBusy(source)) {
            return Optional.empty();
        }
        List<String> problems = new ArrayList<>();
        List<Standing> standings = controller.standings();
        Optional<Standing> own = standing(standings, source);
        if (own.filter(standing -> standing.condition() != Condition.OK).isPresent()) {
            problems.add(text(own.get()));
        }
        for (Desired desired : deployments) {
            WorkKey key = WorkKey.deployment(desired.name());
            if (isBusy(key)) {
                return Optional.empty();
            }
            Optional<Standing> standing = standing(standings, key);
            boolean applied = standing.filter(known -> known.applied().equals(DesiredDigest.of(desired)))
                    .filter(known -> known.condition() != Condition.PENDING_APPROVAL)
                    .isPresent();
            if (applied) {
                continue;
            }
            boolean told = standing.filter(known -> known.condition() != Condition.OK)
                    .filter(known -> !known.at().isBefore(begun))
                    .isPresent();
            if (told) {
                problems.add(text(standing.get()));
            } else if (problems.isEmpty()) {
                // Neither applied nor refused: it has to wait for somebody else who changes the deployment.
                return Optional.empty();
            }
        }
        return isBusy(source) ? Optional.empty() : Optional.of(problems);
    }

    /** Whether a run is in progress or about to begin. */
    private boolean isBusy(WorkKey key) {
        Progress progress = controller.progress(key);
        return progress.running()
                || progress.next().filter(next -> !next.isAfter(now())).isPresent();
    }

    private static Optional<Standing> standing(List<Standing> all, WorkKey key) {
        return all.stream()
                .filter(each -> each.subject() == key.subject() && each.name().equals(key.name()))
                .findFirst();
    }

    private static String text(Standing standing) {
        return standing.subject().word() + " " + standing.name() + " is "
                + standing.condition().word() + ": " + standing.what();
    }
}
