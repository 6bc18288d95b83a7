package org.portolan.rollout;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.portolan.model.ServiceSpec.CanaryStep;
import org.portolan.plan.Goal.ServiceGoal;

/**
 * The canary strategy: beside all old instances, a few new ones get a share of the traffic that grows step by step. The
 * last step, or one of 100 %, is a rolling replacement.
 */
final class Canary {
    private final String deployment;
    private final ServiceGoal goal;
    private final Journal journal;
    private final Instant now;

    Canary(String deployment, ServiceGoal goal, Journal journal, Instant now) {
        this.deployment = deployment;
        this.goal = goal;
        this.journal = journal;
        this.now = now;
    }

    /** Whether the steps are over and the rest is a rolling replacement. */
    boolean over() {
        List<CanaryStep> steps = goal.spec().rollout().steps();
        return journal.step() >= steps.size() || steps.get(journal.step()).weight() >= 100;
    }

    void decide(
            List<InstanceView> target, List<InstanceView> others, ServiceMachine machine, ServiceDecision.Builder out) {
        CanaryStep step = goal.spec().rollout().steps().get(journal.step());
        int wanted = Math.max(1, (goal.scale() * step.weight() + 99) / 100);
        List<InstanceView> extras = machine.shedExtras();
        machine.createUpTo(wanted, wanted);
        int serving = (int) target.stream().filter(InstanceView::serving).count();
        int old = machine.servingOthers().size();
        Weights weights = Weights.of(step.weight(), Math.max(1, wanted), Math.max(1, old));
        target.forEach(view -> machine.advance(view, Wish.ready(weights.fresh())));
        for (InstanceView view : others) {
            if (extras.contains(view)) {
                continue;
            }
            if (view.serving()) {
                out.wish(view, Wish.ready(weights.old()));
            } else {
                machine.keep(view);
            }
        }
        boolean carried = serving >= wanted
                && target.stream()
                        .filter(InstanceView::serving)
                        .allMatch(view ->
                                !view.ports() || view.route().wish().equals(Optional.of(Wish.ready(weights.fresh()))));
        if (carried) {
            bake(step, machine, out);
        } else {
            out.await("canary step " + (journal.step() + 1) + ": the new instances do not carry " + step.weight()
                    + " % yet");
        }
    }

    private void bake(CanaryStep step, ServiceMachine machine, ServiceDecision.Builder out) {
        if (journal.since().isEmpty()) {
            Journal carries = new Journal(journal.step(), Optional.of(now), journal.promoted());
            out.remember(carries);
            rest(carries, out);
            return;
        }
        Instant since = journal.since().get();
        boolean promoted = journal.promoted() >= journal.step();
        boolean baked = step.bake().map(bake -> !now.isBefore(since.plus(bake))).orElse(false);
        if (!promoted && !baked) {
            rest(journal, out);
            return;
        }
        if (machine.gatesPassed(journal.step())) {
            out.remember(new Journal(journal.step() + 1, Optional.empty(), journal.promoted()));
        }
    }

    private void rest(Journal stands, ServiceDecision.Builder out) {
        stands.describe(deployment, goal.spec().rollout().steps()).ifPresent(out::rest);
    }

    /**
     * The weights of one new and of one old instance.
     *
     * @param fresh 1 to 256
     * @param old 1 to 256
     */
    record Weights(int fresh, int old) {
        private static final int MOST = 256;

        /** Weights under which {@code newCount} instances get {@code percent} of what all get, as nearly as integers allow. */
        static Weights of(int percent, int newCount, int oldCount) {
            double ratio = (double) percent * oldCount / ((100.0 - percent) * newCount);
            double fresh = Wish.BASE_WEIGHT * ratio;
            double old = Wish.BASE_WEIGHT;
            if (fresh > MOST) {
                old = old * MOST / fresh;
                fresh = MOST;
            } else if (fresh < 1) {
                old = Math.min(MOST, old / fresh);
                fresh = 1;
            }
            return new Weights(round(fresh), round(old));
        }

        private static int round(double weight) {
            return (int) Math.max(1, Math.min(MOST, Math.round(weight)));
        }
    }
}
