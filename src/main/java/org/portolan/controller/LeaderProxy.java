package org.portolan.controller;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.AccessLogPage;
import org.portolan.model.routing.AccessLogQuery;
import org.portolan.model.routing.ControllerEntry;
import org.portolan.model.routing.ControllerRoute;
import org.portolan.model.routing.ProxyCapacity;
import org.portolan.model.routing.ProxyDefect;
import org.portolan.model.routing.ProxyListener;
import org.portolan.model.routing.ProxyObservation;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.ServerView;
import org.portolan.proxy.Proxy;

/** The proxies as a leader's runs use them: what changes them is asked for only while it leads. */
final class LeaderProxy implements Proxy {
    private final Proxy inner;
    private final Runnable allowed;

    /**
     * @param allowed fails once it may change nothing any more
     */
    LeaderProxy(Proxy inner, Runnable allowed) {
        this.inner = inner;
        this.allowed = allowed;
    }

    @Override
    public List<String> ensureRunning() {
        allowed.run();
        return inner.ensureRunning();
    }

    @Override
    public boolean apply(RouteSet routes) {
        allowed.run();
        return inner.apply(routes);
    }

    @Override
    public void remove(String deployment) {
        allowed.run();
        inner.remove(deployment);
    }

    @Override
    public boolean publish(Optional<ControllerRoute> route) {
        allowed.run();
        return inner.publish(route);
    }

    @Override
    public Optional<ControllerRoute> published() {
        return inner.published();
    }

    @Override
    public ControllerEntry controllerEntry() {
        allowed.run();
        return inner.controllerEntry();
    }

    @Override
    public void keepLogs() {
        allowed.run();
        inner.keepLogs();
    }

    @Override
    public Optional<Path> accessLog() {
        return inner.accessLog();
    }

    @Override
    public AccessLogPage accessLog(AccessLogQuery query) {
        return inner.accessLog(query);
    }

    @Override
    public List<ProxyDefect> defects() {
        return inner.defects();
    }

    @Override
    public List<ProxyListener> own() {
        return inner.own();
    }

    @Override
    public Optional<String> obstacle(String address, int port) {
        return inner.obstacle(address, port);
    }

    @Override
    public ProxyObservation look(Set<String> deployments) {
        return inner.look(deployments);
    }

    @Override
    public AutoCloseable watch(Runnable altered) {
        return inner.watch(altered);
    }

    @Override
    public Optional<String> renewal() {
        return inner.renewal();
    }

    @Override
    public Optional<RouteSet> applied(String deployment) {
        return inner.applied(deployment);
    }

    @Override
    public SortedMap<String, RouteSet> applied() {
        return inner.applied();
    }

    @Override
    public Map<InstanceId, List<ServerView>> observe(String deployment) {
        return inner.observe(deployment);
    }

    @Override
    public List<String> describe() {
        return inner.describe();
    }

    @Override
    public List<ProxyCapacity> capacities() {
        return inner.capacities();
    }

    @Override
    public List<String> troubles() {
        return inner.troubles();
    }

    /** Closed by whoever opened it: several leaderships of a process use it one after the other. */
    @Override
    public void close() {
        // Above.
    }
}
