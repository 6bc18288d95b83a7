package org.portolan.routing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.portolan.model.routing.ControllerRoute;
import org.portolan.model.routing.RouteSet;

/**
 * What the proxies of this machine serve: the union of all deployments' parts, every value checked.
 *
 * @param pools by name, in order
 * @param frontends besides the one that nginx asks
 * @param routes {@code host/path/} to a pool's name, or to {@link #NOWHERE}: a host is always answered by its own most
 *     specific entry (whole segments), else by {@code *.parent}, else by {@code *}
 * @param sites by host
 * @param controller the name that leads to the controller, among the sites; empty: none, or a deployment has it
 */
public record RoutingTable(
        SortedMap<String, MeshBackend> pools,
        List<Frontend> frontends,
        SortedMap<String, String> routes,
        SortedMap<String, Site> sites,
        Optional<ControllerRoute> controller) {
    /** A known host has nothing at this path. */
    public static final String NOWHERE = "nowhere";

    /** HAProxy's backend that is the controller; no service's is named so. */
    static final String CONTROLLER = "api::controller";

    /** Whether there is a domain with HTTP Digest. */
    public boolean digest() {
        return sites.values().stream().anyMatch(site -> Policy.Kind.of(site) == Policy.Kind.DIGEST);
    }

    /** Whether there is a domain whose requests are written down. */
    public boolean logs() {
        return sites.values().stream().anyMatch(site -> site.accessLog().on());
    }

    /**
     * The union.
     *
     * @param parts the one applied last comes last: what it says of a domain itself (passwords, certificate, aliases …)
     *     wins over older parts with the same domain, but none of them makes a protected domain open
     * @throws org.portolan.model.Failure when a value has not the form that the proxies can safely be given, or two
     *     frontends want the same address and port
     */
    public static RoutingTable of(Collection<RouteSet> parts) {
        return of(parts, List.of("127.0.0.1"));
    }

    /** As {@link #of(Collection)}, with TCP domains listening at the edge's addresses. */
    public static RoutingTable of(Collection<RouteSet> parts, List<String> edgeAddresses) {
        return of(parts, edgeAddresses, Optional.empty());
    }

    /** As {@link #of(Collection, List)}, with a name that leads to the controller unless a deployment has it. */
    public static RoutingTable of(
            Collection<RouteSet> parts, List<String> edgeAddresses, Optional<ControllerRoute> controller) {
        return new TableBuilder(new ArrayList<>(parts), edgeAddresses, controller).build();
    }
}
