package org.portolan.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.portolan.engine.Container;
import org.portolan.model.Durations;
import org.portolan.model.InstanceId;
import org.portolan.model.ServiceSpec;
import org.portolan.plan.Deadlines;
import org.portolan.plan.Goal.ServiceGoal;
import org.portolan.proxy.DeploymentRoutes;

/**
 * Decides what is to be done next for one service, from what was observed and nothing else. It is asked again after every
 * change; it keeps nothing. The story of an instance:
 *
 * <pre>
 *   create → start → healthy for min_healthy → routed → the proxy says UP: serving
 *   drain → the proxy says so, sessions end or stop.drain is over → out → signal, grace → remove
 * </pre>
 *
 * <p>The instances of the goal's version come forward ({@link #advance}), all others leave ({@link #retire}); the strategy
 * says how many of each at the same time. Two rules hold whatever it says: nothing that serves leaves while the serving
 * ones would fall below {@code scale − max_unavailable}, and nothing is stopped before the proxy said that it is drained.
 */
final class ServiceMachine {
    private final String deployment;
    private final ServiceGoal goal;
    private final ServiceSpec spec;
    private final Journal journal;
    private final Gates gates;
    private final boolean forward;
    private final Instant now;
    private final List<InstanceView> target = new ArrayList<>();
    private final List<InstanceView> others = new ArrayList<>();
    private final ServiceDecision.Builder out = new ServiceDecision.Builder();
    private final Watch watch;
    /** Whether instances of another version, or that are to be restarted, are there. */
    private final boolean replaces;

    private boolean holdCreation;

    /**
     * @param views every container of the service
     * @param replace containers of the goal's own version that shall be replaced (a restart)
     * @param forward false on the way back: no canary steps, no gates
     */
    private ServiceMachine(
            String deployment,
            ServiceGoal goal,
            List<InstanceView> views,
            Set<String> replace,
            Journal journal,
            Gates gates,
            boolean forward,
            Instant now) {
        this.deployment = deployment;
        this.goal = goal;
        this.spec = goal.spec();
        this.journal = journal;
        this.gates = gates;
        this.forward = forward;
        this.now = now;
        for (InstanceView view : views) {
            boolean wanted = view.id().version() == goal.version() && !replace.contains(view.container());
            (wanted ? target : others).add(view);
        }
        replaces = !others.isEmpty();
        // Beyond the scale the least useful leave: those that do not serve, then the highest numbers.
        target.sort(Comparator.comparing(InstanceView::leaving)
                .thenComparing(view -> !view.serving())
                .thenComparing(view -> !view.running())
                .thenComparing(InstanceView::id));
        while (target.size() > goal.scale()) {
            others.add(target.removeLast());
        }
        others.sort(Comparator.comparing(InstanceView::id));
        watch = new Watch(goal, journal, forward, replaces, now, out);
    }

    static ServiceDecision decide(
            String deployment,
            ServiceGoal goal,
            List<InstanceView> views,
            Set<String> replace,
            Journal journal,
            Gates gates,
            boolean forward,
            Instant now) {
        return new ServiceMachine(deployment, goal, views, replace, journal, gates, forward, now).decide();
    }

    /** A service that goes: every instance leaves. */
    static ServiceDecision remove(List<InstanceView> views, ServiceSpec.Stop stop, Instant now) {
        ServiceDecision.Builder out = new ServiceDecision.Builder();
        views.forEach(view -> retire(view, stop, now, true, out));
        return out.build(true, views.isEmpty());
    }

    private ServiceDecision decide() {
        for (InstanceView view : target) {
            if (view.phase() == Phase.FAILED) {
                out.fail(view, view.failure().orElse("failed"));
            }
        }
        if (forward && gates.failure().isPresent() && !target.isEmpty()) {
            out.fail(target.getFirst(), gates.failure().get());
        }
        switch (spec.strategy()) {
            case ROLLING -> roll(goal.scale());
            case BLUE_GREEN ->
                new BlueGreen(this, goal, now, out).decide(target, others, forward ? watch.keepOld() : Duration.ZERO);
            case CANARY -> {
                Canary canary = new Canary(deployment, goal, journal, now);
                if (forward && replaces && !canary.over() && !servingOthers().isEmpty()) {
                    canary.decide(target, others, this, out);
                } else {
                    roll(goal.scale());
                }
            }
            case RECREATE -> new Recreate(this, goal, out).decide(target, others, watch);
        }
        boolean serving = target.stream().filter(InstanceView::awaitedNoMore).count() == goal.scale();
        boolean settled = target.stream().allMatch(InstanceView::settled);
        if (serving && !settled) {
            out.await("looks once more whether all instances keep running");
        }
        boolean done = serving && settled && watch.all() && others.isEmpty();
        return out.build(serving, done && out.build(true, true).steps().isEmpty());
    }

    /** Start first, stop after: at most {@code max_surge} more than the scale, at most {@code max_unavailable} fewer. */
    private void roll(int scale) {
        target.forEach(view -> advance(view, Wish.READY));
        boolean first = forward
                && replaces
                && countServing(target) > 0
                && !servingOthers().isEmpty();
        if (first && (!watch.first() || !gatesPassed(spec.rollout().steps().size()))) {
            others.forEach(this::keep);
            return;
        }
        int surge = spec.rollout().maxSurge() + spec.rollout().maxUnavailable() == 0
                ? 1
                : spec.rollout().maxSurge();
        long occupied =
                target.size() + others.stream().filter(InstanceView::running).count();
        createUpTo(scale, (int) Math.max(0, scale + surge - occupied));
        retireWithinLimits(others);
    }

    /** Lets others go as far as the limit allows; those that do not serve anyway go at once. */
    void retireWithinLimits(List<InstanceView> going) {
        int available = countCarrying(target) + countCarrying(others);
        int floor = goal.scale() - spec.rollout().maxUnavailable();
        boolean settled = target.stream().filter(InstanceView::awaitedNoMore).count() == goal.scale();
        for (InstanceView view : going) {
            boolean counted = view.carries();
            // One that is out of order may be back: it goes when those that stay are all that can be had.
            boolean free = view.useless() || (view.impaired() && settled);
            // One that is down for the moment, or has not proved itself since a run died, is no loss if the rest
            // suffice.
            if (free || available - (counted ? 1 : 0) >= floor) {
                available -= counted && !free ? 1 : 0;
                retire(view);
            } else {
                keep(view);
            }
        }
    }

    /**
     * Lets go of what interrupted releases left beside one full set of old instances, before another set is made: those
     * that do not serve, and of those that serve the newest versions first.
     *
     * @return those that go; until they are gone nothing is made
     */
    List<InstanceView> shedExtras() {
        List<InstanceView> serving = new ArrayList<>(servingOthers());
        serving.sort(Comparator.comparingInt(view -> -view.id().version()));
        List<InstanceView> extras =
                new ArrayList<>(others.stream().filter(InstanceView::useless).toList());
        int spare = serving.size() + countCarrying(target) - goal.scale();
        for (int i = 0; i < Math.min(spare, serving.size() - goal.scale()); i++) {
            extras.add(serving.get(i));
        }
        if (serving.isEmpty()) {
            return List.of();
        }
        extras.forEach(this::retire);
        holdCreation = extras.stream().anyMatch(InstanceView::running);
        return extras;
    }

    /** Whether the step's gates have passed; asks for them when they have not been tried. */
    boolean gatesPassed(int step) {
        if (spec.rollout().gates().isEmpty() || !forward || gates.passed().contains(step)) {
            return true;
        }
        out.wantGates(step);
        out.await("the gates are being tried");
        return false;
    }

    /** Makes missing instances of the goal's version, {@code most} at the most, at the lowest free numbers. */
    void createUpTo(int wanted, int most) {
        if (holdCreation) {
            out.await("waits until instances of an interrupted release are gone");
            return;
        }
        Set<Integer> taken = new HashSet<>();
        target.forEach(view -> taken.add(view.id().n()));
        others.stream()
                .filter(view -> view.id().version() == goal.version())
                .forEach(view -> taken.add(view.id().n()));
        int missing = Math.min(wanted - target.size(), most);
        for (int n = 1; missing > 0; n++) {
            if (taken.add(n)) {
                out.step(new Step.Create(new InstanceId(deployment, goal.name(), goal.version(), n)));
                missing--;
            }
        }
    }

    /** Brings an instance one step nearer to serving. */
    void advance(InstanceView view, Wish ready) {
        switch (view.phase()) {
            case CREATED, STOPPED -> out.step(new Step.Start(view.id(), view.container()));
            case STARTED -> {
                keep(view);
                out.await(view.id() + " is not healthy yet");
            }
            case HEALTHY, ROUTED, SERVING, DRAINING, DRAINED -> {
                out.wish(view, ready);
                if (view.trial() && !view.keepsRunning()) {
                    out.step(new Step.KeepRunning(view.id(), view.container()));
                }
                if (view.phase() != Phase.SERVING) {
                    String trouble = view.route().trouble();
                    out.await(trouble.isEmpty() ? "the proxy has not said UP of " + view.id() : trouble);
                }
            }
            case FAILED -> keep(view);
        }
    }

    /** Leaves an instance as it is. */
    void keep(InstanceView view) {
        view.route().wish().ifPresent(wish -> out.wish(view, wish));
    }

    void retire(InstanceView view) {
        retire(view, true);
    }

    /** As {@link #retire(InstanceView)}; {@code remove} false leaves its container, stopped. */
    void retire(InstanceView view, boolean remove) {
        retire(view, spec.stop(), now, remove, out);
    }

    /** Brings an instance one step nearer to being gone; {@code remove} false leaves its container, stopped. */
    private static void retire(
            InstanceView view, ServiceSpec.Stop stop, Instant now, boolean remove, ServiceDecision.Builder out) {
        if (!view.running()) {
            if (remove && view.state() != Container.State.REMOVING) {
                out.step(new Step.Remove(view.id(), view.container()));
            }
            return;
        }
        if (!view.ports() || view.route().wish().isEmpty()) {
            out.step(new Step.Stop(view.id(), view.container()));
            return;
        }
        if (!view.leaving()) {
            out.wish(view, Wish.DRAIN);
            out.await("the proxy has not acknowledged the drain of " + view.id());
            return;
        }
        if (view.route().is(DeploymentRoutes.State.MAINT)) {
            out.wish(view, Wish.OUT);
            if (view.route().acknowledged()) {
                out.step(new Step.Stop(view.id(), view.container()));
            } else if (lasts(view, Deadlines.ACKNOWLEDGED, now)) {
                String time = Durations.format(Deadlines.ACKNOWLEDGED);
                out.fail(view, "cannot be stopped: for " + time + " the proxy has not taken it out of the traffic");
            } else {
                out.await("the proxy has not taken " + view.id() + " out of the traffic");
            }
            return;
        }
        boolean over = lasts(view, stop.drain(), now);
        boolean drained = view.route().acknowledged() && view.route().sessions() == 0;
        out.wish(view, drained || over ? Wish.OUT : Wish.DRAIN);
        if (!drained && !over) {
            long open = view.route().sessions();
            out.await(view.id() + " drains, " + open + (open == 1 ? " session open" : " sessions open"));
        }
    }

    /** Whether what the proxy shall do with it has been asked for that long ago. */
    private static boolean lasts(InstanceView view, Duration time, Instant now) {
        return view.route()
                .since()
                .map(since -> !now.isBefore(since.plus(time)))
                .orElse(false);
    }

    List<InstanceView> servingOthers() {
        return others.stream().filter(InstanceView::carries).toList();
    }

    private static int countCarrying(List<InstanceView> views) {
        int count = 0;
        for (InstanceView view : views) {
            if (view.carries()) {
                count++;
            }
        }
        return count;
    }

    static int countServing(List<InstanceView> views) {
        int count = 0;
        for (InstanceView view : views) {
            if (view.serving()) {
                count++;
            }
        }
        return count;
    }
}
