package org.portolan.release;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.event.ResourceEvent.ProxyReloaded;
import org.portolan.model.event.ResourceEvent.ProxyRestarted;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.ServerView;
import org.portolan.model.service.Domain;
import org.portolan.proxy.Proxy;
import org.portolan.rollout.Decision;
import org.portolan.rollout.InstanceState;
import org.portolan.rollout.RouteSetBuilder;

/** What the proxies have of the deployment during a run. Used by the loop's thread only. */
final class AppliedRoutes {
    private final Proxy proxy;
    private final ReleaseRequest run;
    private final EventRecorder events;
    private final String deployment;
    private Optional<RouteSet> applied;
    private List<Domain> domains;
    private boolean domainsApplied;

    AppliedRoutes(Proxy proxy, ReleaseRequest run, EventRecorder events) {
        this.proxy = proxy;
        this.run = run;
        this.events = events;
        deployment = run.goal().deployment();
        applied = proxy.applied(deployment);
        domains = applied.map(RouteSet::domains).orElse(List.of());
        domainsApplied = domains.equals(run.domains());
    }

    /** What was applied last; empty: nothing. */
    Optional<RouteSet> applied() {
        return applied;
    }

    /** Whether the proxies have the domains that they shall have in the end. */
    boolean domainsApplied() {
        return domainsApplied;
    }

    /** Every domain that may lead to this deployment: its own, those to come, and other deployments'. */
    List<Domain> reaching() {
        List<Domain> all = new ArrayList<>(run.domains());
        proxy.applied().values().forEach(part -> all.addAll(part.domains()));
        return all;
    }

    /** What the proxies say of the deployment's servers; proxies that somebody killed are started again. */
    Map<InstanceId, List<ServerView>> observe() {
        try {
            return proxy.observe(deployment);
        } catch (Failure down) {
            // It comes back with the configuration that it had.
            events.publish(new ProxyRestarted(down.what()));
            proxy.ensureRunning();
            return proxy.observe(deployment);
        }
    }

    /**
     * Gives the proxies what was decided; they have acknowledged when this returns.
     *
     * @param settled whether the goal is reached
     * @return whether anything changed
     */
    boolean apply(Decision decision, List<InstanceState> instances, boolean settled) {
        boolean switchDomains = decision.applyDomains() && !domainsApplied;
        List<Domain> next = switchDomains || settled ? run.domains() : domains;
        RouteSet part = new RouteSetBuilder(
                        run.goal(), applied, run.factory().addresses(), next, run.domains(), settled)
                .part(instances, decision.serverTargets());
        boolean nothing = part.backends().isEmpty() && part.domains().isEmpty();
        boolean same = applied.map(part::equals).orElse(nothing);
        if (!same) {
            give(part, nothing);
            domains = next;
        }
        domainsApplied |= switchDomains;
        return !same || switchDomains;
    }

    private void give(RouteSet part, boolean nothing) {
        if (nothing) {
            proxy.remove(deployment);
            applied = Optional.empty();
            return;
        }
        if (applied.isEmpty()) {
            proxy.ensureRunning();
        }
        if (proxy.apply(part)) {
            events.publish(new ProxyReloaded());
        }
        applied = Optional.of(part);
    }
}
