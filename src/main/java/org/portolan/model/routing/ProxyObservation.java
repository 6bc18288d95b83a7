package org.portolan.model.routing;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One look at the proxies, for as many deployments as it was made for.
 *
 * @param applied every deployment's part that was applied last
 * @param defects what is not as it should be; looked for only when a deployment of those that were asked for is applied
 * @param controller the name that leads to the controller; empty: none
 * @param well whether they were looked for, and the port's {@code ensureRunning} would find nothing to do
 */
public record ProxyObservation(
        SortedMap<String, RouteSet> applied,
        List<ProxyDefect> defects,
        Optional<ControllerRoute> controller,
        boolean well) {

    /** What is served of a deployment; empty when nothing was applied. */
    public Optional<RouteSet> of(String deployment) {
        return Optional.ofNullable(applied.get(deployment));
    }

    /** What was found that can be repaired. */
    public boolean repairable() {
        return defects.stream().anyMatch(defect -> defect.repair().isPresent());
    }
}
