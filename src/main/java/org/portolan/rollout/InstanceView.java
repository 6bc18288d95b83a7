package org.portolan.rollout;

import java.time.Instant;
import java.util.Optional;
import org.portolan.model.container.Container;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet;

/**
 * All that is known of one instance at one moment; the state machine sees nothing else.
 *
 * @param container the engine's id of its container
 * @param state the engine's word
 * @param condition how far it can be relied on
 * @param ports whether the service has ports, and so goes through the proxy
 * @param route its place in the proxy
 * @param files how far it has loaded the files that it reloads
 */
public record InstanceView(
        InstanceId id,
        String container,
        Container.State state,
        Condition condition,
        boolean ports,
        Route route,
        FileState files) {

    /** One that reloads no file. */
    public InstanceView(
            InstanceId id, String container, Container.State state, Condition condition, boolean ports, Route route) {
        this(id, container, state, condition, ports, route, FileState.CURRENT);
    }

    /**
     * An instance's place in the proxy.
     *
     * @param serverTarget what was last asked for; empty: it is not in the proxy
     * @param acknowledged whether the proxy says of every port what was asked for
     * @param sessions open sessions over all workers
     * @param since when that was first applied
     * @param trouble what keeps the proxy from sending it traffic that it shall get; "" when nothing does
     */
    public record Route(
            Optional<ServerTarget> serverTarget,
            boolean acknowledged,
            long sessions,
            Optional<Instant> since,
            String trouble) {
        public static final Route NONE = new Route(Optional.empty(), true, 0, Optional.empty(), "");

        boolean is(RouteSet.State state) {
            return serverTarget.isPresent() && serverTarget.get().state() == state;
        }
    }

    /** An instance whose container the engine has not shown yet. */
    public static InstanceView beingMade(InstanceId id) {
        Condition unknown = new Condition.Checked(false, false, false);
        return new InstanceView(id, "", Container.State.CREATED, unknown, false, Route.NONE);
    }

    public boolean running() {
        return state.up();
    }

    public boolean healthy() {
        return condition.healthy();
    }

    /** Why it did not pass its startup check; empty while it may still. */
    public Optional<String> failure() {
        return condition instanceof Condition.Failed failed ? Optional.of(failed.why()) : Optional.empty();
    }

    /** Whether it was seen running for long enough to rule out that it exits at once. */
    boolean settled() {
        return !(condition instanceof Condition.Checked checked) || checked.settled();
    }

    /** Whether it is out of order without the run's doing. */
    public boolean impaired() {
        return condition instanceof Condition.Trusted trusted && trusted.impaired();
    }

    /** Whether it was started without its restart policy, which it gets once it is healthy. */
    boolean lacksRestartPolicy() {
        return condition instanceof Condition.Checked checked && !checked.keepsRunning();
    }

    public boolean serving() {
        return phase() == Phase.SERVING;
    }

    /** Whether nothing more is waited for of it: it serves, or is out of order without the run's doing. */
    public boolean awaitedNoMore() {
        return serving() || impaired();
    }

    /** Whether it can take other files, and may have to. */
    public boolean awaitsFiles() {
        return files != FileState.CURRENT && canReload(state);
    }

    /** Whether files can be replaced now: not in one that is paused. One that has ended gets them before it starts. */
    static boolean canReload(Container.State state) {
        return state == Container.State.RUNNING || state == Container.State.RESTARTING;
    }

    /**
     * Whether nothing is lost when it goes: it ended, failed, leaves already or never got traffic. One that is down for the
     * moment may be back before it is drained.
     */
    public boolean useless() {
        return !running() || condition instanceof Condition.Failed || leaving() || (ports && weight() == 0);
    }

    /** Whether it serves and has a share of the traffic. */
    public boolean carries() {
        return serving() && (!ports || weight() > 0);
    }

    private int weight() {
        return route.is(RouteSet.State.READY)
                ? route.serverTarget().map(ServerTarget::weight).orElse(0)
                : 0;
    }

    /** Whether it was asked to leave and has not been brought back. */
    public boolean leaving() {
        return route.is(RouteSet.State.DRAIN) || route.is(RouteSet.State.MAINT);
    }

    /** Where it stands; derived, never kept. */
    public Phase phase() {
        if (condition instanceof Condition.Failed) {
            return Phase.FAILED;
        }
        if (state == Container.State.CREATED) {
            return Phase.CREATED;
        }
        if (!running()) {
            return Phase.STOPPED;
        }
        if (route.is(RouteSet.State.DRAIN)) {
            return Phase.DRAINING;
        }
        if (route.is(RouteSet.State.MAINT)) {
            return route.acknowledged() ? Phase.DRAINED : Phase.DRAINING;
        }
        if (!healthy()) {
            return Phase.STARTED;
        }
        if (!ports) {
            return Phase.SERVING;
        }
        if (route.serverTarget().isEmpty()) {
            return Phase.HEALTHY;
        }
        return route.acknowledged() ? Phase.SERVING : Phase.ROUTED;
    }
}
