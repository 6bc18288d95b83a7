package org.portolan.controller;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Frozen;
import org.portolan.model.Instead;
import org.portolan.model.InvalidInput;
import org.portolan.model.Problem;
import org.portolan.model.event.ControllerEvent.ConditionChanged;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventData;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.reconcile.WorkKey;
import org.portolan.release.Installation;
import org.portolan.store.Commit;
import org.portolan.store.Lease;

/**
 * How everything stands, here and in the store, where {@code status} of any process sees it. What cannot be written now is
 * written with the next change; a change of the condition is an event.
 */
final class KeptStandings {
    /** A source that answers at each look is written so often, and not at each look. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    /** Of what is wrong in files so much is said; a command shows the rest. */
    private static final int MOST_ERRORS = 3;

    private static final String API = "api";

    private final Installation installation;
    private final Lease leader;
    private final Map<WorkKey, Standing> standings = new HashMap<>();
    private final Set<WorkKey> unwritten = new HashSet<>();

    /** Begins with what the leader before observed. */
    KeptStandings(Installation installation, Lease leader) {
        this.installation = installation;
        this.leader = leader;
        installation.store().standings().forEach(known -> standings.put(key(known), known));
    }

    private static WorkKey key(Standing standing) {
        return new WorkKey(standing.subject(), standing.name());
    }

    synchronized Standing of(WorkKey key) {
        Standing known = standings.get(key);
        return known == null ? Standing.unknown(key.subject(), key.name(), now()) : known;
    }

    synchronized List<Standing> all() {
        return List.copyOf(standings.values());
    }

    private Instant now() {
        return installation.clock().instant();
    }

    /** Says how something stands now. */
    void condition(WorkKey key, Condition condition, String what) {
        put(of(key).with(condition, installation.secrets().mask(what), now()));
    }

    /** Says how something stands now, and what is said of it to whoever does not see all that this speaks of. */
    void condition(WorkKey key, Condition condition, String what, Optional<Instead> instead) {
        put(of(key).with(condition, installation.secrets().mask(what), now())
                .naming(instead.map(other ->
                        new Instead(other.deployments(), installation.secrets().mask(other.words())))));
    }

    /** Says how the API stands; when all is well nothing of it is kept, so that versions which do not know it read nothing of it. */
    void api(Condition condition, String what) {
        condition(new WorkKey(Subject.CONTROLLER, API), condition, what);
        if (what.isEmpty()) {
            retain(Subject.CONTROLLER, name -> false);
        }
    }

    /** Says that an attempt failed; of what is wrong in files, what and where. */
    void failing(WorkKey key, Failure failure) {
        condition(key, Condition.FAILING, words(failure), instead(failure));
    }

    /** What is said to whoever does not see all the deployments that a failure speaks of. */
    private static Optional<Instead> instead(Failure failure) {
        if (!(failure instanceof InvalidInput invalid)) {
            return failure.instead();
        }
        Set<String> others = new TreeSet<>();
        invalid.problems().forEach(problem -> problem.instead().ifPresent(other -> others.addAll(other.deployments())));
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of(new Instead(others, words(invalid.seenBy(name -> false))));
    }

    /** What failed; of what is wrong in files, what and where. */
    static String words(Failure failure) {
        if (!(failure instanceof InvalidInput invalid)) {
            return failure.what();
        }
        List<String> errors = invalid.problems().stream()
                .filter(Problem::isError)
                .map(problem -> problem.at() + ": " + problem.message())
                .toList();
        int more = errors.size() - MOST_ERRORS;
        return String.join("; ", errors.subList(0, Math.min(errors.size(), MOST_ERRORS)))
                + (more > 0 ? "; " + more + " more" : "");
    }

    /** Says that somebody has to agree to this first. */
    void pending(WorkKey key, List<String> needed, String asks) {
        String what = installation.secrets().mask(String.join("; ", needed));
        put(of(key).with(Condition.PENDING_APPROVAL, what, now()).asking(asks));
    }

    /** Says that something new waits for the end of a freeze window. */
    void frozen(WorkKey key, Frozen window) {
        put(of(key).with(Condition.FROZEN, window.what(), now()).trying(Optional.of(window.until())));
    }

    /** What waited for the end of a freeze window that is over; each is said once. */
    synchronized List<WorkKey> thawed() {
        Instant now = now();
        List<WorkKey> over = standings.values().stream()
                .filter(known -> known.condition() == Condition.FROZEN
                        && known.next().filter(until -> !until.isAfter(now)).isPresent())
                .map(KeptStandings::key)
                .toList();
        over.forEach(key -> next(key, null));
        return over;
    }

    /** What a person decided was done, or no longer fits. */
    synchronized void ended(Instruction instruction) {
        installation
                .store()
                .commit(
                        leader,
                        Commit.instructions(
                                leader.name(), new Commit.Instructions(List.of(), List.of(instruction)), List.of()));
    }

    /** Says what something was brought to, or read at. */
    void at(WorkKey key, String commit, String applied) {
        put(of(key).at(commit, applied));
    }

    /** Says how often unhealthy instances of a deployment were replaced, and which are unhealthy since when. */
    void ailing(WorkKey key, List<Standing.Replaced> often, List<Standing.Unhealthy> now) {
        Standing known = of(key);
        if (!known.replaced().equals(often) || !known.unhealthy().equals(now)) {
            put(known.ailing(often, now));
        }
    }

    /** Says when something is tried again. */
    void next(WorkKey key, @Nullable Instant next) {
        put(of(key).trying(Optional.ofNullable(next)));
    }

    private synchronized void put(Standing now) {
        WorkKey key = key(now);
        Standing before = standings.put(key, now);
        boolean known = before != null && before.says(now);
        boolean fresh =
                before != null && Duration.between(before.at(), now.at()).abs().compareTo(FRESH) < 0;
        if (known && now.subject() == Subject.DEPLOYMENT) {
            return;
        }
        if (known && fresh) {
            standings.put(key, before);
            return;
        }
        List<Event> events = new ArrayList<>();
        Condition then = before == null ? Condition.OK : before.condition();
        boolean changed = then != now.condition()
                || (now.condition() != Condition.OK
                        && before != null
                        && !before.what().equals(now.what()));
        if (changed) {
            events.add(event(
                    key,
                    new ConditionChanged(
                            now.subject().word(),
                            now.name(),
                            now.condition().word(),
                            // Everybody who sees the deployment may read its events.
                            now.subject() == Subject.DEPLOYMENT ? now.seenWhat(name -> false) : now.what())));
        }
        unwritten.add(key);
        write(List.of(), events);
        events.forEach(installation::publish);
    }

    private Event event(WorkKey key, EventData data) {
        return installation.event(key.subject() == Subject.DEPLOYMENT ? key.name() : "", 0, data);
    }

    /** Forgets what is no longer there. */
    synchronized void retain(Subject subject, Predicate<String> there) {
        List<Standing> gone = standings.values().stream()
                .filter(known -> known.subject() == subject && !there.test(known.name()))
                .toList();
        if (!gone.isEmpty()) {
            gone.forEach(known -> {
                standings.remove(key(known));
                unwritten.remove(key(known));
            });
            write(gone, List.of());
        }
    }

    /** Tells something that is about no source and no deployment in particular, and keeps it. */
    synchronized void tell(EventData data) {
        Event event = installation.event("", 0, data);
        write(List.of(), List.of(event));
        installation.publish(event);
    }

    /**
     * Tells something and keeps it.
     *
     * @throws Failure when it cannot be kept
     */
    void keep(List<String> deployments, EventData data, Commit.Asked asked) {
        List<Event> events = deployments.stream()
                .map(deployment -> installation.event(deployment, 0, data))
                .toList();
        installation.store().commit(leader, Commit.asked(leader.name(), asked, events));
        events.forEach(installation::publish);
    }

    /**
     * Keeps what became of what was asked for.
     *
     * @throws Failure when it cannot be kept
     */
    void keep(Commit.Asked asked) {
        installation.store().commit(leader, Commit.asked(leader.name(), asked, List.of()));
    }

    private void write(List<Standing> gone, List<Event> events) {
        List<Standing> now = new ArrayList<>();
        for (WorkKey key : unwritten) {
            Standing standing = standings.get(key);
            if (standing != null) {
                now.add(standing);
            }
        }
        try {
            installation
                    .store()
                    .commit(leader, Commit.standings(leader.name(), new Commit.Standings(now, gone), events));
            unwritten.clear();
        } catch (Failure later) {
            // They stay unwritten; that the store does not answer is said by the runs that need it.
        }
    }
}
