package org.portolan.store;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.Event;
import org.portolan.model.service.Definition;
import org.portolan.model.service.GeneratedValue;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Grant;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Release;
import org.portolan.model.state.Standing;

/**
 * What must outlive a command. It can be lost: containers' labels and the files rebuild all that keeps services running;
 * history is what goes. "Not found" is never a reason to remove anything.
 *
 * <p>Every call fails with {@link StoreException} when the store does not answer in time.
 */
public interface Store extends AutoCloseable {

    /** The installation that this store belongs to, if it was ever told; kept beside the one in the state directory. */
    Optional<String> installation();

    /** Remembers the installation in an empty store. */
    void claim(String installation);

    /** Whether this installation's key opens what the store holds encrypted; true when it holds nothing. */
    boolean readable();

    /**
     * Every deployment by name. One whose entry is damaged is left out, here and below, and told as a warning: it is known
     * from its containers' labels until it is deployed again.
     */
    Map<String, DeploymentState> deployments();

    Optional<DeploymentState> deployment(String name);

    /** The names of deployments whose entries are damaged. */
    Set<String> damaged();

    /** A kept version's definition; empty also when it cannot be read (another key encrypted it), told as a warning. */
    default Optional<Definition> definition(String deployment, String service, int version) {
        return definition(deployment, new Commit.VersionId(service, version));
    }

    /** The same, with the content of its files that its instances reload. */
    Optional<Definition> definition(String deployment, Commit.VersionId version);

    /** Those of several versions that can be read, as {@link #definition} gives each, in one round trip. */
    default Map<Commit.VersionId, Definition> definitions(String deployment, Collection<Commit.VersionId> versions) {
        Map<Commit.VersionId, Definition> found = new HashMap<>();
        for (Commit.VersionId version : versions) {
            definition(deployment, version).ifPresent(definition -> found.put(version, definition));
        }
        return found;
    }

    /** The same of several deployments, by deployment, in one round trip. */
    default Map<String, Map<Commit.VersionId, Definition>> definitions(
            Map<String, ? extends Collection<Commit.VersionId>> versions) {
        Map<String, Map<Commit.VersionId, Definition>> found = new HashMap<>();
        versions.forEach((deployment, some) -> found.put(deployment, definitions(deployment, some)));
        return found;
    }

    /**
     * A deployment's generated values, by name: all versions, oldest first. A name without any is one whose entry cannot be
     * read (another key encrypted it), told as a warning.
     */
    Map<String, List<GeneratedValue>> generated(String deployment);

    /**
     * Releases, newest first, at most {@code limit}, each without its events; what cannot be read of them is left out and
     * told as a warning.
     */
    List<Release> releases(String deployment, int limit);

    /**
     * One release with its events.
     *
     * @throws StoreException when it, or the domains that belong to it, cannot be read: nothing may go back to half of it
     */
    Optional<Release> release(String deployment, int number);

    /** As {@link #release}; empty also where it cannot be read any more (another key encrypted it). */
    default Optional<Release> readableRelease(String deployment, int number) {
        try {
            return release(deployment, number);
        } catch (StoreException unreadable) {
            if (unreadable.kind() != Kind.CORRUPT) {
                throw unreadable;
            }
            return Optional.empty();
        }
    }

    /**
     * Takes the named lock if it is free or its holder is a dead process of this machine; renewed in the background until
     * closed. Every taking has a fencing token greater than all before it.
     *
     * @param name what is locked; for a release the deployment's name
     * @param purpose for people: what the holder does
     * @return empty when somebody else holds it
     */
    Optional<Lease> acquire(String name, String purpose);

    /**
     * The same for one who may act only as long as it holds another lock, in one step: no lock is given to a process that was
     * frozen or cut off while somebody else took that other one.
     *
     * @throws StoreException with {@link Kind#FENCED} when it no longer does
     */
    Optional<Lease> acquire(String name, String purpose, Lease under);

    /**
     * The named locks that nobody holds now, each with the last token that was given out for it (0: none was). One that a dead
     * process holds is not free.
     */
    Map<String, Long> free(Collection<String> names);

    /** Who holds the named lock, for people; empty when nobody does, or a dead process of this machine. */
    Optional<String> holder(String name);

    /**
     * Says that somebody came to bring what the lock guards to a new state: whoever came earlier for the same and still
     * waits for the lock is superseded, and sees it with {@link #supersededBy}. It keeps nobody from taking the lock, so
     * one that came and died delays nobody. Forgotten after {@link #TICKET_TIME}.
     *
     * @param purpose for people: what the comer does
     * @param token the token of a lease that the comer holds already: its place in the order of all; 0 for a new place
     * @return the comer's ticket; a new one is greater than every token and ticket before it
     */
    long arrive(String name, String purpose, long token);

    /** Who came after the one with the ticket, for people; empty when nobody did. */
    Optional<String> supersededBy(String name, long ticket);

    /**
     * Applies one change whole or not at all.
     *
     * @param lease the lease under which the deployment is changed
     * @throws StoreException with {@link Kind#FENCED} when a newer token was given out: the caller is no
     *     longer the one that decides and must stop
     */
    void commit(Lease lease, Commit commit);

    /** How sources and deployments stand with the controller, as it last observed; what cannot be read is left out. */
    List<Standing> standings();

    /** Every credential that is accepted, also expired ones; what cannot be read is left out, and so is not accepted. */
    List<Grant> grants();

    /** The last entries of the audit log before the given id ("" for the newest of all), oldest first, at most {@code limit}. */
    List<Event> auditBefore(String beforeId, int limit);

    /** What people decided about sources and deployments and what still holds; what cannot be read is left out. */
    List<Instruction> instructions();

    /** What was asked for with idempotency keys, and since when that is kept; what cannot be read is left out. */
    Commit.Asked asked();

    /** Events after the given id ("" for all that are kept), oldest first, at most {@code limit}. */
    List<Event> events(String afterId, int limit);

    /** The last events before the given id ("" for the newest of all), oldest first, at most {@code limit}. */
    List<Event> eventsBefore(String beforeId, int limit);

    /** A deployment's own events after the given id ("" for all that are kept), oldest first, in one round trip. */
    List<Event> log(String deployment, String afterId);

    /** Hands each new event to the listener until closed. */
    AutoCloseable follow(Consumer<Event> listener);

    /** How far a reader of the events came that continues there: the last event's id. Empty when it never began, or that is lost. */
    Optional<String> position(String reader);

    /**
     * Keeps how far a reader came.
     *
     * @param lease the lease under which it reads
     * @throws StoreException with {@link Kind#FENCED} when another one reads now
     */
    void position(Lease lease, String reader, String id);

    /** A line on the store for {@code status} and {@code doctor}: address, version, whether it persists. */
    String describe();

    /**
     * What of the server does not suit a release: its role, mode, memory, persistence, and whether it takes a write, which is
     * tried on a separate key and removed. None: it is well.
     */
    default List<StoreFinding> check() {
        return List.of();
    }

    @Override
    void close();

    /** The lock of the controller that leads, under a name that no deployment can have. */
    String LEADER = "controller/leader";

    /** The lock under which it is changed who may come in. */
    String ACCESS = "controller/access";

    /** Taken for a moment by whoever writes down what a person decided, under a name that no deployment can have. */
    String INSTRUCTIONS = "controller/instructions";

    /** The longest time that a lock of another machine's dead process stands. */
    Duration LEASE_TIME = Duration.ofSeconds(15);

    /** How long it is remembered who came last for a lock: longer than anybody waits for one. */
    Duration TICKET_TIME = Duration.ofDays(1);
}
