package org.portolan.plan;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.portolan.model.routing.ControllerRoute;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.model.routing.ProxyListener;

/**
 * What a plan has to know of the proxies and of this machine's ports.
 *
 * @param own Portolan's own listeners by the configuration
 * @param obstacles asked only for listeners that the deployment wants
 * @param defects what differs between what should run and listen and what does; asked for last, since it is waited for
 * @param controller the name that leads to the controller, which no deployment can have; empty: none
 */
public record ProxyState(
        List<ProxyListener> own,
        Obstacles obstacles,
        Supplier<List<ProxyDefect>> defects,
        Optional<ControllerRoute> controller) {
    /** Nothing is known, and nothing is in the way. */
    public static final ProxyState UNKNOWN =
            new ProxyState(List.of(), (address, port) -> Optional.empty(), List::of, Optional.empty());

    /** Finds why the proxies could not listen at an address and port; empty when they could, or do. */
    @FunctionalInterface
    public interface Obstacles {
        Optional<String> at(String address, int port);
    }
}
