package org.portolan.routing;

import java.util.Collection;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.routing.ControllerRoute;
import org.portolan.model.routing.RouteSet;

/** Keeps the controller's name apart from those of deployments. */
public final class ControllerClaims {
    private ControllerClaims() {}

    /**
     * Refuses a name that a deployment has.
     *
     * @throws Failure with both places
     */
    public static void requireFree(ControllerRoute route, Collection<RouteSet> parts) {
        for (RouteSet part : parts) {
            route.claim(part).ifPresent(domain -> {
                throw new Failure(
                                Kind.REFUSED,
                                "api.domain: " + route.domain() + " (" + route.at() + ") is a domain of deployment "
                                        + part.deployment() + " (" + domain.at() + ")")
                        .withHint("change one of them; until then the name leads to the deployment");
            });
        }
    }

    /**
     * Refuses routes that would take the controller's name away.
     *
     * @throws Failure with both places
     */
    public static void requireKept(ControllerRoute route, RouteSet part) {
        route.claim(part).ifPresent(domain -> {
            throw new Failure(
                            Kind.REFUSED,
                            "domain " + route.domain() + " (" + domain.at() + ") is the controller's, by api.domain ("
                                    + route.at() + ")")
                    .withHint("change one of them");
        });
    }
}
