package org.portolan.model.routing;

import java.util.Optional;
import org.portolan.model.service.Domain;

/**
 * The name under which the edge leads to the controller that leads, and no deployment.
 *
 * @param domain an exact host name in lower case
 * @param certificate what the edge shows for it; empty: that of a wildcard domain, if there is one
 * @param at where it is configured, for people
 */
public record ControllerRoute(String domain, Optional<Domain.Certificate> certificate, String at) {
    /** Whether a deployment declares this name. */
    public boolean isClaimedBy(RouteSet part) {
        return claim(part).isPresent();
    }

    /** The domain by which a deployment declares this name, as its host or one of its aliases. */
    public Optional<Domain> claim(RouteSet part) {
        return part.domains().stream()
                .filter(each -> each.host().equals(domain) || each.aliases().contains(domain))
                .findFirst();
    }

    @Override
    public String toString() {
        return "ControllerRoute[" + domain + "]";
    }
}
