package org.portolan.sim;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.AccessLogPage;
import org.portolan.model.routing.AccessLogQuery;
import org.portolan.model.routing.ControllerEntry;
import org.portolan.model.routing.ControllerRoute;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.model.routing.ProxyListener;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.ServerView;
import org.portolan.proxy.Proxy;
import org.portolan.proxy.sim.SimProxy;

/**
 * Fails when a change of the routing takes a service below the number of instances that must serve: that have passed the
 * proxy's own checks and are up. One that served when the proxy was last observed counts: that it went down since then,
 * nobody could know.
 */
final class WatchedProxy implements Proxy {
    private final SimProxy proxy;
    private final Map<String, Integer> floor;
    private final Runnable changes;
    private final Map<String, Set<InstanceId>> observed = new TreeMap<>();

    /**
     * @param changes is run before each change
     */
    WatchedProxy(SimProxy proxy, Map<String, Integer> floor, Runnable changes) {
        this.proxy = proxy;
        this.floor = floor;
        this.changes = changes;
    }

    @Override
    public boolean apply(RouteSet routes) {
        changes.run();
        floor.forEach((service, least) -> {
            Set<InstanceId> up = new HashSet<>(proxy.trusted(routes.deployment(), service));
            up.addAll(observed.getOrDefault(service, Set.of()));
            Set<InstanceId> serving = new HashSet<>(up);
            proxy.applied(routes.deployment()).ifPresent(part -> serving.retainAll(ready(part, service)));
            int before = serving.size();
            serving.clear();
            serving.addAll(up);
            serving.retainAll(ready(routes, service));
            if (before >= least && serving.size() < least) {
                throw new AssertionError("of " + before + " serving instances of " + service + " only " + serving.size()
                        + " are left by Portolan itself; at least " + least + " must be; up: " + up + ", routes: "
                        + routes);
            }
        });
        return proxy.apply(routes);
    }

    @Override
    public boolean publish(Optional<ControllerRoute> route) {
        changes.run();
        return proxy.publish(route);
    }

    @Override
    public Optional<ControllerRoute> published() {
        return proxy.published();
    }

    @Override
    public ControllerEntry controllerEntry() {
        return proxy.controllerEntry();
    }

    @Override
    public void keepLogs() {
        proxy.keepLogs();
    }

    @Override
    public Optional<Path> accessLog() {
        return proxy.accessLog();
    }

    @Override
    public AccessLogPage accessLog(AccessLogQuery query) {
        return proxy.accessLog(query);
    }

    private static Set<InstanceId> ready(RouteSet routes, String service) {
        Set<InstanceId> ready = new HashSet<>();
        routes.backends().stream()
                .filter(backend -> backend.service().equals(service))
                .flatMap(backend -> backend.servers().stream())
                .filter(server -> server.state() == RouteSet.State.READY && server.weight() > 0)
                .forEach(server -> ready.add(server.instance()));
        return ready;
    }

    @Override
    public List<String> ensureRunning() {
        changes.run();
        return proxy.ensureRunning();
    }

    @Override
    public List<ProxyDefect> defects() {
        return proxy.defects();
    }

    @Override
    public List<ProxyListener> own() {
        return proxy.own();
    }

    @Override
    public Optional<String> obstacle(String address, int port) {
        return proxy.obstacle(address, port);
    }

    @Override
    public Optional<RouteSet> applied(String deployment) {
        return proxy.applied(deployment);
    }

    @Override
    public SortedMap<String, RouteSet> applied() {
        return proxy.applied();
    }

    @Override
    public void remove(String deployment) {
        changes.run();
        proxy.remove(deployment);
    }

    @Override
    public Map<InstanceId, List<ServerView>> observe(String deployment) {
        Map<InstanceId, List<ServerView>> shown = proxy.observe(deployment);
        floor.keySet().forEach(service -> observed.put(service, proxy.trusted(deployment, service)));
        return shown;
    }

    @Override
    public AutoCloseable watch(Runnable altered) {
        return proxy.watch(altered);
    }

    @Override
    public List<String> troubles() {
        return proxy.troubles();
    }

    @Override
    public List<String> describe() {
        return proxy.describe();
    }

    @Override
    public void close() {
        proxy.close();
    }
}
