package org.portolan.rollout;

import java.util.List;
import org.portolan.plan.Goal.ServiceGoal;

/**
 * The recreate strategy: stop first, one instance at a time; an old container is kept, stopped, until the new ones serve,
 * and is started again if they do not.
 */
final class Recreate {
    private final ServiceMachine machine;
    private final ServiceGoal goal;
    private final ServiceDecision.Builder out;

    Recreate(ServiceMachine machine, ServiceGoal goal, ServiceDecision.Builder out) {
        this.machine = machine;
        this.goal = goal;
        this.out = out;
    }

    /**
     * Decides.
     *
     * @param watch over the new ones: until it is over the old containers stay. It begins when it is first asked
     */
    void decide(List<InstanceView> target, List<InstanceView> others, Watch watch) {
        int free = room(target, others);
        for (InstanceView view : target) {
            boolean stopped = view.phase() == Phase.STOPPED || view.phase() == Phase.CREATED;
            if (!stopped) {
                machine.advance(view, Wish.READY);
            } else if (free > 0) {
                free--;
                machine.advance(view, Wish.READY);
            } else {
                out.await("waits until the other instance has stopped");
            }
        }
        boolean inTransit = target.stream().anyMatch(view -> !view.awaitedNoMore());
        boolean allServe = target.stream().filter(InstanceView::awaitedNoMore).count() == goal.scale();
        boolean done = allServe && watch.all();
        if (!inTransit) {
            machine.createUpTo(goal.scale(), others.isEmpty() ? goal.scale() : Math.min(1, room(target, others)));
        }
        boolean oneLeaves = others.stream().anyMatch(view -> view.running() && view.leaving());
        for (InstanceView view : others) {
            boolean useless = view.running() && !view.serving();
            if (allServe || useless || (view.running() && view.leaving())) {
                machine.retire(view, done);
            } else if (view.running() && room(target, others) == 0 && !oneLeaves && !transitRunning(target)) {
                oneLeaves = true;
                machine.retire(view, false);
            } else if (view.running()) {
                machine.keep(view);
            }
        }
    }

    private static boolean transitRunning(List<InstanceView> target) {
        return target.stream().anyMatch(view -> view.running() && !view.awaitedNoMore());
    }

    /** How many more may run at once. */
    private int room(List<InstanceView> target, List<InstanceView> others) {
        long running = target.stream().filter(InstanceView::running).count()
                + others.stream().filter(InstanceView::running).count();
        return (int) Math.max(0, goal.scale() - running);
    }
}
