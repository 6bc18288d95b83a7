package org.portolan.proxy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
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
import org.portolan.model.routing.ProxyObservation.Condition;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.ServerView;

/**
 * The proxies of this machine as one: nginx at the edge, HAProxy as the mesh. Calls of several processes are serialised
 * by the adapter. What it applied is kept on disk, so that the proxies come back as they were without the store.
 */
public interface Proxy extends AutoCloseable {

    /**
     * Starts what does not run, adopts what does, and repairs what {@link #defects} says can be repaired.
     *
     * @return what was done, a line each; none when all was well
     * @throws org.portolan.model.Failure when something cannot be repaired, with the cause
     */
    List<String> ensureRunning();

    /**
     * What differs between what should run and listen by the configuration, and what does by the kernel and the proxies'
     * own word: proxies that do not run, listeners and addresses that are missing, a configuration that is not in force.
     * Changes nothing; empty when all is well, or nothing was ever applied.
     */
    List<ProxyDefect> defects();

    /** Portolan's own listeners by the configuration, whether they run or not; those of deployments are in their parts. */
    List<ProxyListener> own();

    /**
     * Why these proxies could not listen at an address and port: who holds it, or the system's reason.
     *
     * @return empty when they could, or do already
     */
    Optional<String> obstacle(String address, int port);

    /**
     * Looks once at what was applied and, when that is the case for one of the deployments, for {@link #defects}. Changes
     * nothing. Their condition may be observed still when it returns.
     */
    default ProxyObservation look(Set<String> deployments) {
        SortedMap<String, RouteSet> applied = applied();
        boolean served = !Collections.disjoint(applied.keySet(), deployments);
        List<ProxyDefect> defects = served ? defects() : List.of();
        boolean well =
                served && !ProxyDefect.anyRepairable(defects) && renewal().isEmpty();
        Condition condition = new Condition(defects, well);
        return new ProxyObservation(applied, published(), () -> condition);
    }

    /**
     * Tells soon after a file that the proxies are served from was changed, or a process of theirs ended, until closed. What is done through
     * this object is not reported; what is reported may be nothing that {@link #defects} finds.
     */
    AutoCloseable watch(Runnable altered);

    /** What the next change or {@link #ensureRunning} does besides what it is asked, for people; empty: nothing. */
    default Optional<String> renewal() {
        return Optional.empty();
    }

    /**
     * Replaces a deployment's part of the routing, whole: writes the files, changes servers, weights and states through
     * the runtime API, and reloads HAProxy only when a frontend or a backend came, went or changed. Returns when the
     * proxy has acknowledged. Nothing changed: nothing is written.
     *
     * @return whether HAProxy was reloaded
     */
    boolean apply(RouteSet routes);

    /** The part that was applied last; empty when there is none. */
    Optional<RouteSet> applied(String deployment);

    /** Every applied part by deployment. */
    SortedMap<String, RouteSet> applied();

    /** Takes a deployment's part away. */
    void remove(String deployment);

    /**
     * Has the edge lead a name to the controller, or none: kept like a deployment's part, so that the name stays while no
     * controller leads; it is answered with 503 then.
     *
     * @return whether anything was changed
     * @throws org.portolan.model.Failure when a deployment has the name, or the edge cannot use the certificate; nothing is changed then
     */
    boolean publish(Optional<ControllerRoute> route);

    /** What {@link #publish} was last asked for. */
    Optional<ControllerRoute> published();

    /**
     * Where the edge asks the controller; the folder is made.
     *
     * @throws org.portolan.model.Failure when these proxies could not reach a socket there
     */
    ControllerEntry controllerEntry();

    /** What the proxy itself says of a deployment's servers now, over all of its workers. */
    Map<InstanceId, List<ServerView>> observe(String deployment);

    /** Puts logs aside that are large, and removes old ones. What cannot be done is left to the next call. */
    void keepLogs();

    /** The file of the edge's access log; empty when no domain has one. */
    Optional<Path> accessLog();

    /** Lines of the edge's access log, the oldest first. */
    AccessLogPage accessLog(AccessLogQuery query);

    /** A line each for {@code status}: what runs, where it listens, since when. */
    List<String> describe();

    /** What each running proxy process carries and can carry. */
    default List<ProxyCapacity> capacities() {
        return List.of();
    }

    /**
     * Causes for which instances may not be reached that lie with the proxies themselves, such as an address of theirs that
     * this machine has no more; a line each, none when none is known.
     */
    default List<String> troubles() {
        List<String> troubles = new ArrayList<>();
        defects().forEach(defect -> troubles.add(defect.found()));
        capacities().forEach(capacity -> troubles.addAll(capacity.troubles()));
        return troubles;
    }

    @Override
    void close();
}
