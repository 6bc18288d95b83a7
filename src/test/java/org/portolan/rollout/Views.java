package org.portolan.rollout;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.portolan.model.container.Container;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/** Instances as the state machine sees them, for tests: {@code serving(2, 1)} is {@code web-2-1}. */
public final class Views {
    public static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private Views() {}

    public static InstanceId id(int version, int n) {
        return new InstanceId("shop", "web", version, n);
    }

    /** One that runs, is healthy, and that the proxy has done this with for a minute. */
    public static InstanceView routed(
            int version, int n, ServerTarget serverTarget, boolean acknowledged, long sessions) {
        InstanceView.Route route = new InstanceView.Route(
                Optional.of(serverTarget), acknowledged, sessions, Optional.of(NOW.minusSeconds(60)), "");
        return view(version, n, Container.State.RUNNING, true, route);
    }

    public static InstanceView serving(int version, int n) {
        return routed(version, n, ServerTarget.READY, true, 0);
    }

    /** One that is in no proxy. */
    public static InstanceView view(int version, int n, Container.State state, boolean healthy) {
        return view(version, n, state, healthy, InstanceView.Route.NONE);
    }

    public static InstanceView view(
            int version, int n, Container.State state, boolean healthy, InstanceView.Route route) {
        return new InstanceView(
                id(version, n),
                "c-" + version + "-" + n,
                state,
                new Condition.Checked(healthy, true, true),
                true,
                route);
    }

    /** The same since another moment. */
    public static InstanceView since(Instant since, InstanceView view) {
        InstanceView.Route route = view.route();
        return view(
                view.id().version(),
                view.id().n(),
                view.state(),
                view.healthy(),
                new InstanceView.Route(
                        route.serverTarget(),
                        route.acknowledged(),
                        route.sessions(),
                        Optional.of(since),
                        route.trouble()));
    }

    public static ServiceSpec spec(String strategy, Object... further) {
        Map<String, Object> rollout = new TreeMap<>();
        rollout.put("strategy", strategy);
        for (int i = 0; i < further.length; i += 2) {
            rollout.put((String) further[i], further[i + 1]);
        }
        return ServiceSpec.from("web", Definition.of(Map.of("rollout", rollout, "ports", Map.of("http", 80L))));
    }

    /** What is seen of a service that goes forward to version 2. */
    public static ServiceView seen(ServiceSpec spec, int scale, RolloutProgress progress, InstanceView... views) {
        return seen(spec, scale, progress, Analysis.NONE, true, Arrays.asList(views));
    }

    public static ServiceView seen(
            ServiceSpec spec,
            int scale,
            RolloutProgress progress,
            Analysis gates,
            boolean forward,
            List<InstanceView> views) {
        ServiceGoal goal = new ServiceGoal("web", 2, true, "hash", Definition.of(Map.of()), spec, scale, "localhost");
        return ServiceView.of("shop", goal, views, Set.of(), progress, gates, forward, NOW);
    }
}
