package org.portolan.controller;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.portolan.model.event.Event;
import org.portolan.model.service.Desired;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.reconcile.WorkKey;
import org.portolan.reconcile.WorkQueue.Progress;

/**
 * Watches what a controller does for sources until nothing more is done. What is done does not depend on whether somebody
 * watches.
 */
final class WorkWatch {
    private static final Duration ROUND = Duration.ofMillis(100);
    private static final int MOST_EVENTS = 1000;

    private final ControllerHandle controller;
    private final Supplier<List<WorkKey>> sources;
    private final Supplier<List<Desired>> deployments;
    private final Predicate<Event> shown;
    private final Predicate<String> sees;

    /**
     * Watches nothing yet.
     *
     * @param sources those that are looked at
     * @param deployments what they say, once they were looked at
     * @param shown the events that are of interest
     * @param sees which deployments exist for whoever watches; no other is named
     */
    WorkWatch(
            ControllerHandle controller,
            Supplier<List<WorkKey>> sources,
            Supplier<List<Desired>> deployments,
            Predicate<Event> shown,
            Predicate<String> sees) {
        this.controller = controller;
        this.sources = sources;
        this.deployments = deployments;
        this.shown = shown;
        this.sees = sees;
    }

    /**
     * Waits for the end.
     *
     * @param begin has it begin
     * @param events gets what happens
     * @param most how long to watch
     * @param stopped becomes true when it shall no longer be watched
     */
    PushFollower.Ended until(Runnable begin, Consumer<Event> events, Duration most, BooleanSupplier stopped) {
        List<PushFollower.Ended> told = new ArrayList<>();
        together(List.of(this), begin, events, (watch, ended) -> told.add(ended), most, stopped);
        return told.getFirst();
    }

    /**
     * Waits for the end of several that begin together.
     *
     * @param all of one controller, at least one
     * @param ended gets how each ended, as soon as it has, once for each
     */
    static void together(
            List<WorkWatch> all,
            Runnable begin,
            Consumer<Event> events,
            BiConsumer<WorkWatch, PushFollower.Ended> ended,
            Duration most,
            BooleanSupplier stopped) {
        WorkWatch first = all.getFirst();
        Instant begun = first.now();
        List<WorkWatch> open = new ArrayList<>(all);
        Consumer<Event> shown = event -> {
            if (all.stream().anyMatch(watch -> watch.shown.test(event))) {
                events.accept(event);
            }
        };
        // A receiver that is slow must not hold up a release: what it cannot take is left out.
        BlockingQueue<Event> happened = new LinkedBlockingQueue<>(MOST_EVENTS);
        try (ControllerHandle.Listening listening = first.controller.listen(happened::offer)) {
            begin.run();
            while (true) {
                List<Runnable> ends = new ArrayList<>();
                for (WorkWatch watch : List.copyOf(open)) {
                    watch.end(begun).ifPresent(problems -> {
                        open.remove(watch);
                        ends.add(() -> ended.accept(watch, watch.how(problems)));
                    });
                }
                for (Event event = happened.poll(); event != null; event = happened.poll()) {
                    shown.accept(event);
                }
                ends.forEach(Runnable::run);
                if (open.isEmpty() || stopped.getAsBoolean() || first.now().isAfter(begun.plus(most))) {
                    break;
                }
                Event next = happened.poll(ROUND.toMillis(), TimeUnit.MILLISECONDS);
                if (next != null) {
                    shown.accept(next);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        open.forEach(watch -> ended.accept(watch, new PushFollower.Ended(false, List.of())));
    }

    private Instant now() {
        return controller.installation().clock().instant();
    }

    /** Why not all is as the sources say; empty while something is still done for it. */
    private Optional<List<Standing>> end(Instant begun) {
        List<WorkKey> looked = sources.get();
        // Looked at first: a run of a source marks its deployments before it ends, and theirs may mark the source.
        if (looked.stream().anyMatch(this::isBusy)) {
            return Optional.empty();
        }
        List<Standing> standings = controller.standings();
        List<Standing> problems = new ArrayList<>();
        looked.stream()
                .flatMap(source -> standing(standings, source).stream())
                .filter(standing -> standing.condition() != Condition.OK)
                .forEach(problems::add);
        for (Desired desired : deployments.get()) {
            WorkKey key = WorkKey.deployment(desired.name());
            if (isBusy(key)) {
                return Optional.empty();
            }
            Optional<Standing> standing = standing(standings, key);
            boolean applied = standing.filter(known -> known.applied().equals(DesiredDigest.of(desired)))
                    .isPresent();
            boolean pending = standing.filter(known -> known.condition() == Condition.PENDING_APPROVAL)
                    .isPresent();
            // One that is the same in another file is applied, and still the other's until somebody approves.
            if (applied && !pending) {
                continue;
            }
            // Also what was refused before and is not tried again.
            boolean settled = controller.progress(key).next().isEmpty();
            boolean told = standing.filter(known -> known.condition() != Condition.OK)
                    .filter(known -> settled || !known.at().isBefore(begun))
                    .isPresent();
            if (told) {
                problems.add(standing.get());
            } else if (problems.isEmpty()) {
                // Neither applied nor refused: it has to wait for somebody else who changes the deployment.
                return Optional.empty();
            }
        }
        return looked.stream().anyMatch(this::isBusy) ? Optional.empty() : Optional.of(problems);
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

    private PushFollower.Ended how(List<Standing> problems) {
        return new PushFollower.Ended(
                true,
                problems.stream().map(this::text).toList(),
                !problems.isEmpty()
                        && problems.stream().allMatch(standing -> standing.condition() == Condition.PENDING_APPROVAL));
    }

    private String text(Standing standing) {
        return standing.subject().word() + " " + standing.name() + " is "
                + standing.condition().word() + ": " + standing.seenWhat(sees);
    }
}
