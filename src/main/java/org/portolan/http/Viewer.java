package org.portolan.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.portolan.model.event.Event;
import org.portolan.model.state.DeploymentState;
import org.portolan.operate.Volumes;
import org.portolan.query.ControllerStatus;
import org.portolan.query.DeploymentStatus;
import org.portolan.query.EventFeed;
import org.portolan.query.EventHub;
import org.portolan.query.Inventory;
import org.portolan.query.LocalQueries;
import org.portolan.query.Queries;
import org.portolan.query.StatusQuery;

/**
 * What there is for somebody. Routes that are about no deployment in particular are given this and nothing else: it tells nothing of a
 * deployment that does not exist for whoever asks.
 */
final class Viewer {
    /** Events that are looked at for the newest one of somebody. */
    private static final int SCANNED = 10_000;

    private final Api api;
    private final ApiCaller caller;

    Viewer(Api api, ApiCaller caller) {
        this.api = api;
        this.caller = caller;
    }

    /** What there is now; what cannot be looked up is left out. */
    Inventory inventory() {
        return api.inventory(caller);
    }

    /** What commands ask. */
    Queries queries() {
        return new LocalQueries(api.viewed(), api.clock(), caller::sees);
    }

    /** How everything stands with the controller, as last observed. */
    ControllerStatus standings() {
        return api.standings(caller);
    }

    /** Deployments as the store knows them. */
    SortedMap<String, DeploymentState> deployments() {
        SortedMap<String, DeploymentState> seen =
                new TreeMap<>(api.controller().installation().store().deployments());
        seen.keySet().removeIf(name -> !caller.sees(name));
        return seen;
    }

    /** How each deployment is. */
    List<DeploymentStatus> statuses() {
        Inventory inventory = inventory();
        StatusQuery query = new StatusQuery(api.viewed(), inventory, warning -> {}, caller::sees);
        List<DeploymentStatus> all = new ArrayList<>();
        for (String name : inventory.deployments(Optional.empty())) {
            all.add(query.of(name));
        }
        return all;
    }

    List<Volumes.Stored> volumes() {
        return Volumes.of(api.installation()).list().stream()
                .filter(volume -> caller.sees(volume.deployment()))
                .toList();
    }

    private Predicate<Event> seen(Predicate<Event> wanted) {
        return event -> caller.sees(event.deployment()) && wanted.test(event);
    }

    /** What happens, after an event or from now on. */
    EventHub.Follower follow(Optional<String> after, Predicate<Event> wanted) {
        return api.events().follow(after, seen(wanted));
    }

    EventHub.Some after(String id, int most, int scanned, Predicate<Event> wanted) {
        return api.events().after(id, most, scanned, seen(wanted));
    }

    EventHub.Some last(int most, int scanned, Predicate<Event> wanted) {
        return api.events().last(most, scanned, seen(wanted));
    }

    /** After which event the last ones begin. */
    String beginOfLast(String after, int most, Predicate<Event> wanted) {
        return api.events().beginOfLast(after, most, seen(wanted));
    }

    <E extends Exception> void between(
            String after, String until, Predicate<Event> wanted, EventHub.Receiver<E> receiver) throws E {
        api.events().between(after, until, seen(wanted), receiver);
    }

    /** The last events before one, the oldest first. */
    List<Event> before(String id, int most) {
        return api.controller().installation().store().eventsBefore(id, most).stream()
                .filter(seen(event -> true))
                .toList();
    }

    /** The id of the newest event, where whoever follows continues: an id of another deployment would show when something happened there. "" while there is none. */
    String newest() {
        List<Event> last = caller.seesAll()
                ? api.controller().installation().store().eventsBefore("", 1)
                : last(1, SCANNED, event -> true).events();
        return last.isEmpty() ? "" : last.getLast().id();
    }

    /** The audit log. */
    Optional<EventFeed> audit(Predicate<Event> wanted) {
        return EventFeed.pastAudit(api.viewed(), seen(wanted));
    }

    /** The id of the newest entry of the audit log. */
    String newestAudited() {
        List<Event> last =
                api.controller().installation().store().auditBefore("", caller.seesAll() ? 1 : SCANNED).stream()
                        .filter(seen(event -> true))
                        .toList();
        return last.isEmpty() ? "" : last.getLast().id();
    }
}
