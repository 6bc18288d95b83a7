package org.portolan.rollout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/**
 * What is seen of one service at one moment; a strategy sees nothing else.
 *
 * @param target instances of the goal's version, at most as many as its scale, the most useful first
 * @param others instances that leave: of other versions, to be restarted, or beyond the scale; by name
 * @param replaces whether instances of another version, or that are to be restarted, are among them
 * @param progress what earlier rounds remembered
 * @param gates what is known of the service's gates
 * @param forward false while a release is rolled back: no canary steps, no bake time, no gates
 */
public record ServiceView(
        String deployment,
        ServiceGoal goal,
        List<InstanceView> target,
        List<InstanceView> others,
        boolean replaces,
        RolloutProgress progress,
        Analysis gates,
        boolean forward,
        Instant now) {

    /**
     * Sorts a service's instances into those that stay and those that leave.
     *
     * @param views every container of the service
     * @param replace containers of the goal's own version that are to be replaced (a restart)
     */
    static ServiceView of(
            String deployment,
            ServiceGoal goal,
            List<InstanceView> views,
            Set<String> replace,
            RolloutProgress progress,
            Analysis gates,
            boolean forward,
            Instant now) {
        List<InstanceView> target = new ArrayList<>();
        List<InstanceView> others = new ArrayList<>();
        for (InstanceView view : views) {
            boolean wanted = view.id().version() == goal.version() && !replace.contains(view.container());
            (wanted ? target : others).add(view);
        }
        boolean replaces = !others.isEmpty();
        // Beyond the scale the least useful leave: those that do not serve, then the highest numbers.
        target.sort(ServiceView::byUse);
        while (target.size() > goal.scale()) {
            others.add(target.removeLast());
        }
        others.sort((one, other) -> one.id().compareTo(other.id()));
        return new ServiceView(deployment, goal, target, others, replaces, progress, gates, forward, now);
    }

    /** The most useful first. No comparator of {@code Comparator.comparing}: each JVM makes its code again (ADR 38). */
    private static int byUse(InstanceView one, InstanceView other) {
        int leaving = Boolean.compare(one.leaving(), other.leaving());
        int serving = Boolean.compare(other.serving(), one.serving());
        int running = Boolean.compare(other.running(), one.running());
        int first = leaving != 0 ? leaving : serving != 0 ? serving : running;
        return first != 0 ? first : one.id().compareTo(other.id());
    }

    ServiceSpec spec() {
        return goal.spec();
    }

    int scale() {
        return goal.scale();
    }

    /** The instances that leave and still carry traffic. */
    List<InstanceView> carryingOthers() {
        return others.stream().filter(InstanceView::carries).toList();
    }

    /** How many of the goal's instances serve. */
    int serving() {
        return (int) target.stream().filter(InstanceView::serving).count();
    }

    /** How many of all instances carry traffic. */
    int carrying() {
        return (int) (target.stream().filter(InstanceView::carries).count()
                + others.stream().filter(InstanceView::carries).count());
    }

    /** Whether as many as the scale says serve with the files as they are to be, or are out of order without the run's doing. */
    boolean complete() {
        return target.stream()
                        .filter(view -> view.awaitedNoMore() && !view.awaitsFiles())
                        .count()
                == scale();
    }

    /**
     * How many instances may load other files now: as many as the strategy replaces at the same time, less those that do, those of
     * which nothing is known yet, and those that have not yet proved to be healthy with theirs.
     */
    int reloads() {
        ServiceSpec.Rollout rollout = spec().rollout();
        int most =
                switch (spec().strategy()) {
                    case ROLLING -> Math.max(1, rollout.maxSurge() + rollout.maxUnavailable());
                    case BLUE_GREEN -> target.size();
                    case CANARY, RECREATE -> 1;
                };
        long busy = target.stream()
                .filter(view -> view.running()
                        && (view.awaitsFiles() ? view.files() != FileState.OUTDATED : !view.awaitedNoMore()))
                .count();
        return (int) Math.max(0, most - busy);
    }

    /** Whether it is complete, and each instance was seen running for long enough to rule out that it exits at once. */
    boolean settled() {
        return complete() && target.stream().allMatch(InstanceView::settled);
    }

    /** How many instances of the goal's version to make to have {@code wanted}, at most {@code most}. */
    int missing(int wanted, int most) {
        return Math.max(0, Math.min(wanted - target.size(), most));
    }

    /** Whether a step's gates have passed, or there are none to pass. */
    boolean gatesPassed(int step) {
        return spec().rollout().gates().isEmpty() || !forward || gates.passed().contains(step);
    }
}
