package org.portolan.proxy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.portolan.model.InstanceId;

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
    List<Defect> defects();

    /** Portolan's own listeners by the configuration, whether they run or not; those of deployments are in their parts. */
    List<Listener> own();

    /**
     * Why these proxies could not listen at an address and port: who holds it, or the system's reason.
     *
     * @return empty when they could, or do already
     */
    Optional<String> obstacle(String address, int port);

    /**
     * Looks once at what was applied and, when that is the case for one of the deployments, for {@link #defects}. Changes
     * nothing.
     */
    default Sight look(Set<String> deployments) {
        SortedMap<String, DeploymentRoutes> applied = applied();
        boolean served = !Collections.disjoint(applied.keySet(), deployments);
        List<Defect> defects = served ? defects() : List.of();
        Sight seen = new Sight(applied, defects, false);
        return new Sight(
                applied, defects, served && !seen.repairable() && renewal().isEmpty());
    }

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
    boolean apply(DeploymentRoutes routes);

    /** The part that was applied last; empty when there is none. */
    Optional<DeploymentRoutes> applied(String deployment);

    /** Every applied part by deployment. */
    SortedMap<String, DeploymentRoutes> applied();

    /** Takes a deployment's part away. */
    void remove(String deployment);

    /** What the proxy itself says of a deployment's servers now, over all of its workers. */
    Map<InstanceId, List<ServerView>> observe(String deployment);

    /** A line each for {@code status}: what runs, where it listens, since when. */
    List<String> describe();

    /** What each running proxy process carries and can carry. */
    default List<Capacity> capacities() {
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

    /**
     * Something that is not as it should be.
     *
     * @param found what was seen, on which proxy or address
     * @param repair what {@link #ensureRunning} does about it, and whether that interrupts; empty: it can do nothing
     * @param down whether a proxy just does not run, as after {@code system down}: every change starts it
     * @param remedy what a person can do where {@code ensureRunning} cannot
     */
    record Defect(String found, Optional<String> repair, boolean down, Optional<String> remedy) {
        public Defect(String found, Optional<String> repair, boolean down) {
            this(found, repair, down, Optional.empty());
        }

        public Defect(String found, Optional<String> repair) {
            this(found, repair, false);
        }

        /** One that {@link #ensureRunning} can do nothing about. */
        public static Defect forPeople(String found, String remedy) {
            return new Defect(found, Optional.empty(), false, Optional.of(remedy));
        }
    }

    /**
     * An address and port that belong to Portolan itself.
     *
     * @param purpose what listens there
     * @param key the configuration's key that says so; "" for a port that Portolan chose
     */
    record Listener(String address, int port, String purpose, String key) {}
}
