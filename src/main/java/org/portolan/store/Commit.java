package org.portolan.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.portolan.model.event.Event;
import org.portolan.model.service.GeneratedValue;
import org.portolan.model.service.Version;
import org.portolan.model.state.AskedChange;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Grant;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Release;
import org.portolan.model.state.Standing;

/**
 * A change of one deployment's state, applied whole or not at all.
 *
 * @param deployment the deployment's name
 * @param state its new state; empty leaves it
 * @param versions versions to keep from now on
 * @param releases releases to write, new or again; their events are not written with them
 * @param events things that happened, in order
 * @param forget versions (service to number) and releases that are no longer kept
 * @param generated generated values to write, by name, all versions of each; none of a name: it is no longer kept. Like
 *     volumes they outlive a removal
 * @param remove whether the deployment goes, with its versions and releases; events stay
 * @param standings what the controller observed, of whatever deployments and sources
 * @param grants who may come in
 * @param instructions what people decided, of whatever deployments and sources
 * @param asked what was asked for with idempotency keys
 */
public record Commit(
        String deployment,
        Optional<DeploymentState> state,
        List<Version> versions,
        List<Release> releases,
        List<Event> events,
        Forget forget,
        Map<String, List<GeneratedValue>> generated,
        boolean remove,
        Standings standings,
        Grants grants,
        Instructions instructions,
        Asked asked) {

    /**
     * What was asked for with idempotency keys.
     *
     * @param now from now on; the commit is refused where another revision of one is kept than the one before it
     * @param gone the keys of those that are no longer kept
     * @param since when keys are kept; empty leaves it
     */
    public record Asked(List<AskedChange> now, List<String> gone, Optional<Instant> since) {
        public static final Asked UNCHANGED = new Asked(List.of(), List.of(), Optional.empty());

        /** This one from now on. */
        public static Asked of(AskedChange now) {
            return new Asked(List.of(now), List.of(), Optional.empty());
        }

        /** This one no longer. */
        public static Asked without(String key) {
            return new Asked(List.of(), List.of(key), Optional.empty());
        }
    }

    /** What people decided from now on. */
    public record Instructions(List<Instruction> now, List<Instruction> gone) {
        public static final Instructions UNCHANGED = new Instructions(List.of(), List.of());
    }

    /** Who may come in from now on, and by name who no longer may. */
    public record Grants(List<Grant> now, List<String> gone) {
        public static final Grants UNCHANGED = new Grants(List.of(), List.of());
    }

    /** How things stand with the controller from now on. */
    public record Standings(List<Standing> now, List<Standing> gone) {
        public static final Standings UNCHANGED = new Standings(List.of(), List.of());
    }

    /** What is no longer kept. */
    public record Forget(List<VersionId> versions, List<Integer> releases) {
        public static final Forget NOTHING = new Forget(List.of(), List.of());
    }

    /**
     * A version of a service.
     *
     * @param files what the content of the files that its instances reload is known by; "" for what the version began with
     */
    public record VersionId(String service, int number, String files) {
        public VersionId(String service, int number) {
            this(service, number, "");
        }

        /** What a release placed. */
        public static VersionId of(String service, Release.Placed placed) {
            return new VersionId(service, placed.version(), placed.files().orElse(""));
        }

        /** Written out, as {@link #hashCode}: each JVM would make a record's own again (docs/adr/0038). */
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof VersionId that
                    && number == that.number
                    && service.equals(that.service)
                    && files.equals(that.files);
        }

        @Override
        public int hashCode() {
            return 31 * service.hashCode() + number;
        }
    }

    private static Commit nothing(String deployment) {
        return new Commit(
                deployment,
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                Forget.NOTHING,
                Map.of(),
                false,
                Standings.UNCHANGED,
                Grants.UNCHANGED,
                Instructions.UNCHANGED,
                Asked.UNCHANGED);
    }

    public static Commit of(DeploymentState state) {
        return nothing(state.name()).with(state);
    }

    public static Commit events(String deployment, List<Event> events) {
        return nothing(deployment).withEvents(events);
    }

    public static Commit generated(String deployment, Map<String, List<GeneratedValue>> values) {
        return nothing(deployment).with(values);
    }

    public static Commit removal(String deployment, List<Event> events) {
        return events(deployment, events).removing();
    }

    /**
     * What a controller observed, with what it tells of.
     *
     * @param name the lock's that it leads under
     */
    public static Commit standings(String name, Standings standings, List<Event> events) {
        return events(name, events).with(standings);
    }

    /**
     * Who may come in, with the events of that.
     *
     * @param name the lock's that it is changed under
     */
    public static Commit grants(String name, Grants grants, List<Event> events) {
        return events(name, events).with(grants);
    }

    /**
     * What a person decided, or what no longer holds.
     *
     * @param name the lock's under which it is written
     */
    public static Commit instructions(String name, Instructions instructions, List<Event> events) {
        return events(name, events).with(instructions);
    }

    private Commit with(DeploymentState now) {
        Draft draft = new Draft(this);
        draft.state = Optional.of(now);
        return draft.commit();
    }

    private Commit with(Map<String, List<GeneratedValue>> values) {
        Draft draft = new Draft(this);
        draft.generated = values;
        return draft.commit();
    }

    private Commit removing() {
        Draft draft = new Draft(this);
        draft.remove = true;
        return draft.commit();
    }

    private Commit with(Standings observed) {
        Draft draft = new Draft(this);
        draft.standings = observed;
        return draft.commit();
    }

    private Commit with(Grants changed) {
        Draft draft = new Draft(this);
        draft.grants = changed;
        return draft.commit();
    }

    /**
     * What was asked for with keys, with the events of that.
     *
     * @param name the lock's under which it is written
     */
    public static Commit asked(String name, Asked asked, List<Event> events) {
        return events(name, events).with(asked);
    }

    /** The same with this asked for. */
    public Commit with(Asked more) {
        Draft draft = new Draft(this);
        draft.asked = more;
        return draft.commit();
    }

    /** The same with this decided. */
    public Commit with(Instructions more) {
        Draft draft = new Draft(this);
        draft.instructions = more;
        return draft.commit();
    }

    public Commit with(List<Version> more) {
        Draft draft = new Draft(this);
        draft.versions = more;
        return draft.commit();
    }

    /** The same with this release besides. */
    public Commit with(Release written) {
        Draft draft = new Draft(this);
        draft.releases = Stream.concat(releases.stream(), Stream.of(written)).toList();
        return draft.commit();
    }

    public Commit withEvents(List<Event> more) {
        Draft draft = new Draft(this);
        draft.events = more;
        return draft.commit();
    }

    public Commit forgetting(Forget what) {
        Draft draft = new Draft(this);
        draft.forget = what;
        return draft.commit();
    }

    /** A commit of which parts are exchanged. */
    private static final class Draft {
        private final String deployment;
        private Optional<DeploymentState> state;
        private List<Version> versions;
        private List<Release> releases;
        private List<Event> events;
        private Forget forget;
        private Map<String, List<GeneratedValue>> generated;
        private boolean remove;
        private Standings standings;
        private Grants grants;
        private Instructions instructions;
        private Asked asked;

        Draft(Commit from) {
            deployment = from.deployment;
            state = from.state;
            versions = from.versions;
            releases = from.releases;
            events = from.events;
            forget = from.forget;
            generated = from.generated;
            remove = from.remove;
            standings = from.standings;
            grants = from.grants;
            instructions = from.instructions;
            asked = from.asked;
        }

        Commit commit() {
            return new Commit(
                    deployment,
                    state,
                    versions,
                    releases,
                    events,
                    forget,
                    generated,
                    remove,
                    standings,
                    grants,
                    instructions,
                    asked);
        }
    }
}
