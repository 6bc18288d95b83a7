package org.portolan.model.routing;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * One look at the proxies, for as many deployments as it was made for.
 *
 * @param applied every deployment's part that was applied last
 * @param controller the name that leads to the controller; empty: none
 * @param condition how the proxies are. Whoever wants it waits until it is observed, and gets the failure where it could not
 *     be: a plan, which takes a while to compute, needs it last
 */
public record ProxyObservation(
        SortedMap<String, RouteSet> applied, Optional<ControllerRoute> controller, Supplier<Condition> condition) {

    /**
     * How the proxies are.
     *
     * @param defects what is not as it should be; looked for only when a deployment of those that were asked for is applied
     * @param well whether they were looked for, and the port's {@code ensureRunning} would find nothing to do
     */
    public record Condition(List<ProxyDefect> defects, boolean well) {
        /** Nothing was looked for. */
        public static final Condition NOT_LOOKED = new Condition(List.of(), false);
    }

    /** See {@link Condition}; waits for it. */
    public List<ProxyDefect> defects() {
        return condition.get().defects();
    }

    /** See {@link Condition}; waits for it. */
    public boolean well() {
        return condition.get().well();
    }

    /** What is served of a deployment; empty when nothing was applied. */
    public Optional<RouteSet> of(String deployment) {
        return Optional.ofNullable(applied.get(deployment));
    }
}
