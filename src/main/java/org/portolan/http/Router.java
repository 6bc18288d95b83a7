package org.portolan.http;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Finds the route of a request. */
final class Router {
    private static final String GET = "GET";
    private static final String HEAD = "HEAD";

    private final List<Route> routes;

    Router(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /** What was found. */
    sealed interface Match {}

    /** A route, with what the names in its path stand for. */
    record Found(Route route, Map<String, String> names) implements Match {}

    /**
     * The path exists, with other methods.
     *
     * @param allowed those, as the Allow header lists them
     */
    record OtherMethod(SortedSet<String> allowed) implements Match {}

    /** There is no such path. */
    record NoPath() implements Match {}

    /** A HEAD is answered by what answers GET. */
    Match find(String method, String path) {
        Found best = null;
        SortedSet<String> allowed = new TreeSet<>();
        String wanted = method.equals(HEAD) ? GET : method;
        for (Route route : routes) {
            Map<String, String> names = route.path().match(path).orElse(null);
            if (names == null) {
                continue;
            }
            allowed.add(route.method());
            boolean better = best == null
                    || route.path().literals() > best.route().path().literals();
            if (route.method().equals(wanted) && better) {
                best = new Found(route, names);
            }
        }
        if (best != null) {
            return best;
        }
        if (allowed.contains(GET)) {
            allowed.add(HEAD);
        }
        return allowed.isEmpty() ? new NoPath() : new OtherMethod(allowed);
    }
}
