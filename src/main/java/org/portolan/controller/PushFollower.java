package org.portolan.controller;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.portolan.model.event.Event;
import org.portolan.model.service.Desired;
import org.portolan.reconcile.Cause;
import org.portolan.reconcile.Cause.Reason;
import org.portolan.reconcile.WorkKey;

/** Has a source looked at that got a new commit, and follows what that comes to until nothing more is done for it. */
public final class PushFollower {
    private final ControllerHandle controller;
    private final PushTarget target;
    private final List<Desired> deployments;
    private final Set<String> shown;

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
        WorkKey source = WorkKey.source(target.source().name());
        WorkWatch watch = new WorkWatch(
                controller, () -> List.of(source), () -> deployments, event -> shown.contains(event.deployment()));
        return watch.until(
                () -> {
                    controller.follow(target.source());
                    controller.mark(source, new Cause(Reason.PUSH, who));
                },
                events,
                most,
                stopped);
    }
}
