package org.portolan.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.portolan.plan.Goal.ServiceGoal;

/**
 * The blue-green strategy: all new beside all old, then one switch, in which the new get their weight and the old drain in
 * the same change of the proxy.
 */
final class BlueGreen {
    private final ServiceMachine machine;
    private final ServiceGoal goal;
    private final Instant now;
    private final ServiceDecision.Builder out;

    BlueGreen(ServiceMachine machine, ServiceGoal goal, Instant now, ServiceDecision.Builder out) {
        this.machine = machine;
        this.goal = goal;
        this.now = now;
        this.out = out;
    }

    /**
     * Decides.
     *
     * @param keepOld how long the old ones stay, out of the traffic, after the switch
     */
    void decide(List<InstanceView> target, List<InstanceView> others, Duration keepOld) {
        boolean switched = others.isEmpty()
                || machine.servingOthers().isEmpty()
                || target.stream().anyMatch(view -> weightOf(view) == Wish.BASE_WEIGHT && view.serving());
        List<InstanceView> extras = switched ? List.of() : machine.shedExtras();
        machine.createUpTo(goal.scale(), goal.scale());
        boolean allReady = target.size() == goal.scale()
                && target.stream().allMatch(view -> view.serving() || view.phase() == Phase.ROUTED);
        boolean allUp = target.size() == goal.scale() && ServiceMachine.countServing(target) == goal.scale();
        if (!switched && (!allUp || !machine.gatesPassed(0))) {
            target.forEach(view -> machine.advance(view, Wish.ready(0)));
            others.stream().filter(view -> !extras.contains(view)).forEach(machine::keep);
            if (allReady) {
                out.await("waits for the proxy to see all new instances");
            }
            return;
        }
        target.forEach(view -> machine.advance(view, Wish.READY));
        List<InstanceView> going = new ArrayList<>();
        for (InstanceView view : others) {
            boolean kept = view.running()
                    && view.phase() == Phase.DRAINED
                    && view.route()
                            .since()
                            .map(since -> now.isBefore(since.plus(keepOld)))
                            .orElse(false);
            if (kept) {
                out.wish(view, Wish.OUT);
                out.rest("keeps the old instances for " + keepOld.toSeconds() + " s");
            } else if (!extras.contains(view)) {
                going.add(view);
            }
        }
        if (allUp) {
            going.forEach(machine::retire);
        } else {
            machine.retireWithinLimits(going);
        }
    }

    private static int weightOf(InstanceView view) {
        return view.route().wish().map(Wish::weight).orElse(0);
    }
}
