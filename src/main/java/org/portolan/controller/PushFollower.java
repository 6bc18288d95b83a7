package org.portolan.controller;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.portolan.model.event.Event;
import org.portolan.model.service.Desired;
import org.portolan.reconcile.Cause;
import org.portolan.reconcile.Cause.Reason;
import org.portolan.reconcile.WorkKey;

/** Has sources looked at that got a new commit, and follows what that comes to until nothing more is done for it. */
public final class PushFollower {
    private final ControllerHandle controller;
    private final List<PushTarget> targets;
    private final List<Desired> deployments;
    private final Set<String> shown;
    private final Predicate<String> sees;

    /**
     * Marks nothing yet.
     *
     * @param deployments what the new commit says
     * @param shown the deployments whose events are of interest
     * @param sees which deployments exist for whoever pushed; no other is named
     */
    public PushFollower(
            ControllerHandle controller,
            PushTarget target,
            List<Desired> deployments,
            Set<String> shown,
            Predicate<String> sees) {
        this(controller, List.of(target), deployments, shown, sees);
    }

    /** The same of a commit that several sources are read from. */
    public PushFollower(
            ControllerHandle controller,
            List<PushTarget> targets,
            List<Desired> deployments,
            Set<String> shown,
            Predicate<String> sees) {
        this.controller = controller;
        this.targets = List.copyOf(targets);
        this.deployments = List.copyOf(deployments);
        this.shown = Set.copyOf(shown);
        this.sees = sees;
    }

    /**
     * How it ended.
     *
     * @param over whether nothing more is done for it: otherwise it continues without being followed
     * @param problems why not everything is as the commit says, a line each
     * @param waits whether all of these are that somebody has to approve
     */
    public record Ended(boolean over, List<String> problems, boolean waits) {
        public Ended(boolean over, List<String> problems) {
            this(over, problems, false);
        }
    }

    /**
     * Waits for the end.
     *
     * @param who pushed
     * @param events gets what happens
     * @param most how long to follow
     * @param stopped becomes true when it shall no longer be followed
     */
    public Ended follow(String who, Consumer<Event> events, Duration most, BooleanSupplier stopped) {
        return watch().until(() -> begin(who), events, most, stopped);
    }

    /**
     * Has what came with one push begin together, and waits for all of it.
     *
     * @param all at least one
     * @param ended gets how each ended, as soon as it has
     */
    public static void follow(
            List<PushFollower> all,
            String who,
            Consumer<Event> events,
            BiConsumer<PushFollower, Ended> ended,
            Duration most,
            BooleanSupplier stopped) {
        Map<WorkWatch, PushFollower> watches = new HashMap<>();
        List<WorkWatch> ordered = new ArrayList<>();
        for (PushFollower one : all) {
            WorkWatch watch = one.watch();
            watches.put(watch, one);
            ordered.add(watch);
        }
        WorkWatch.together(
                ordered,
                () -> all.forEach(one -> one.begin(who)),
                events,
                (watch, how) -> ended.accept(Objects.requireNonNull(watches.get(watch)), how),
                most,
                stopped);
    }

    /** Has them looked at, and waits for nothing. */
    public void begin(String who) {
        Set<String> wholes = new LinkedHashSet<>();
        for (PushTarget target : targets) {
            if (target.source().partOf().isEmpty()) {
                controller.follow(target.source());
            }
            // What patterns stand for is looked at by the one that has them.
            wholes.add(target.source().whole());
        }
        wholes.forEach(name -> look(controller, name, who));
    }

    /** Has a source looked at to which somebody pushed. */
    public static void look(ControllerHandle controller, String source, String who) {
        controller.mark(WorkKey.source(source), new Cause(Reason.PUSH, who));
    }

    private WorkWatch watch() {
        Set<WorkKey> sources = new LinkedHashSet<>();
        targets.forEach(target -> {
            sources.add(WorkKey.source(target.source().whole()));
            sources.add(WorkKey.source(target.source().name()));
        });
        return new WorkWatch(
                controller,
                () -> List.copyOf(sources),
                () -> deployments,
                event -> shown.contains(event.deployment()),
                sees);
    }
}
