package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;
import static org.portolan.store.redis.RedisLink.text;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.Event;
import org.portolan.model.json.StateJson;
import org.portolan.model.service.Definition;
import org.portolan.model.service.GeneratedValue;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Grant;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Release;
import org.portolan.model.state.Standing;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;
import org.portolan.store.StoreException;
import org.portolan.store.StoreFinding;

/** The store on Redis; its layout is in the package's description. Safe for use by many threads. */
public final class RedisStore implements Store {
    private final ConnectionPool links;
    private final Keys keys;
    private final Encryptor seal;
    private final RedisLocks locks;
    private final RedisQueue queue;
    private final RedisEvents events;
    private final StoredDefinitions definitions;
    private final StoredReleases releases;
    private final StoreSettings settings;
    private final AtomicLong changes = new AtomicLong();
    /** Entries of deployments that could not be read, until they are written again. */
    private final Map<String, byte[]> damaged = new ConcurrentHashMap<>();
    /** Whether all entries were read: each reading notes those that are damaged. */
    private volatile boolean lookedForDamage;

    private final AtomicBoolean toldUnreadable = new AtomicBoolean();

    /** What was read of each deployment last: what is still the same is not read again, and is the very same. */
    private final Map<String, Read> read = new ConcurrentHashMap<>();

    /** An entry, and what it says. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared as a whole.
    private record Read(byte[] value, DeploymentState state) {}

    private RedisStore(ConnectionPool links, StoreSettings settings) {
        this.links = links;
        this.keys = new Keys(settings.prefix());
        this.locks = new RedisLocks(links, keys);
        this.queue = new RedisQueue(links, keys);
        this.events = new RedisEvents(links, keys, settings.deadline(), settings.warnings());
        this.seal = new Encryptor(settings.key());
        this.settings = settings;
        this.definitions = new StoredDefinitions(links, keys, seal, this::unreadable);
        this.releases = new StoredReleases(links, keys, seal, this::unreadable);
    }

    /** Has the JDK load what encrypted entries need, beside the caller's work. */
    public static void warmUp() {
        Encryptor.warmUp();
    }

    /**
     * Opens the store; the embedded server is started if it does not run. Nothing is sent yet.
     *
     * @throws StoreException when no connection can be made
     */
    public static RedisStore open(StoreSettings settings) {
        ConnectionPool links = new ConnectionPool(Connector.of(settings), settings.deadline());
        try {
            links.giveBack(links.open());
            return new RedisStore(links, settings);
        } catch (RuntimeException unreachable) {
            links.close();
            throw unreachable;
        }
    }

    @Override
    public Optional<String> installation() {
        return Optional.ofNullable(links.call(Command.GET, bytes(keys.installation())))
                .map(RedisLink::text);
    }

    @Override
    public void claim(String installation) {
        Object reply = links.call(
                Command.EVAL, bytes(Scripts.CLAIM), bytes("1"), bytes(keys.installation()), bytes(installation));
        String known = text(reply);
        if (!known.equals(installation)) {
            throw new StoreException(
                            Kind.CONFLICT,
                            "the store at " + links.address() + " belongs to installation " + known
                                    + ", but this is installation " + installation,
                            Optional.empty())
                    .withHint("use a separate store or key prefix (redis_prefix) for each installation");
        }
    }

    @Override
    public boolean readable() {
        for (String name : new RedisHash(links, keys.deployments()).names()) {
            String key = keys.definitions(name);
            RedisHash versions = new RedisHash(links, key);
            for (String field : versions.names()) {
                return versions.field(field)
                        .map(value -> opens(key + " " + field, value))
                        .orElse(true);
            }
        }
        return true;
    }

    private boolean opens(String place, byte[] value) {
        try {
            seal.open(place, value);
            return true;
        } catch (StoreException closed) {
            return false;
        }
    }

    @Override
    public Map<String, DeploymentState> deployments() {
        lookedForDamage = true;
        String key = keys.deployments();
        Map<String, DeploymentState> states = new TreeMap<>();
        Map<String, byte[]> entries = new RedisHash(links, key).all();
        damaged.keySet().retainAll(entries.keySet());
        read.keySet().retainAll(entries.keySet());
        entries.forEach((name, value) -> readable(key, name, value).ifPresent(state -> states.put(name, state)));
        return states;
    }

    /** A deployment's value, or nothing when it is damaged: one bad entry costs one deployment. It is reported once. */
    private Optional<DeploymentState> readable(String key, String name, byte[] value) {
        try {
            Read found = read.compute(name, (same, before) -> {
                boolean known = before != null && Arrays.equals(before.value(), value);
                return known
                        ? before
                        : new Read(value, StoreJson.read(key + " " + name, value, tree -> StateJson.read(name, tree)));
            });
            // Another process may have written it again.
            damaged.remove(name);
            return Optional.of(found.state());
        } catch (StoreException problem) {
            if (problem.kind() != Kind.CORRUPT) {
                throw problem;
            }
            if (damaged.put(name, value) == null) {
                settings.warnings()
                        .accept(problem.what() + "; " + name + " is restored from labels of its containers until it is"
                                + " deployed again; the damaged entry is then kept as " + keys.damaged());
            }
            return Optional.empty();
        }
    }

    @Override
    public Optional<DeploymentState> deployment(String name) {
        String key = keys.deployments();
        return new RedisHash(links, key).field(name).flatMap(value -> readable(key, name, value));
    }

    @Override
    public Set<String> damaged() {
        if (!lookedForDamage) {
            deployments();
        }
        return new TreeSet<>(damaged.keySet());
    }

    @Override
    public Optional<Definition> definition(String deployment, Commit.VersionId version) {
        return definitions.one(deployment, version);
    }

    @Override
    public Map<Commit.VersionId, Definition> definitions(String deployment, Collection<Commit.VersionId> versions) {
        return definitions.some(deployment, versions);
    }

    @Override
    public Map<String, Map<Commit.VersionId, Definition>> definitions(
            Map<String, ? extends Collection<Commit.VersionId>> versions) {
        return definitions.ofAll(versions);
    }

    @Override
    public Map<String, List<GeneratedValue>> generated(String deployment) {
        String key = keys.generated();
        Map<String, List<GeneratedValue>> values = new TreeMap<>();
        String before = Keys.valueField(deployment, "");
        new RedisHash(links, key).all().forEach((field, value) -> {
            if (field.startsWith(before)) {
                values.put(field.substring(before.length()), generated(key + " " + field, value));
            }
        });
        return values;
    }

    private List<GeneratedValue> generated(String place, byte[] value) {
        try {
            return StoreJson.read(place, seal.open(place, value), GeneratedCodec::read);
        } catch (StoreException problem) {
            unreadable(problem);
            return List.of();
        }
    }

    /** What another key encrypted, or what is damaged, is as good as lost; that is reported once. */
    private void unreadable(StoreException problem) {
        if (problem.kind() != Kind.CORRUPT) {
            throw problem;
        }
        if (toldUnreadable.compareAndSet(false, true)) {
            settings.warnings()
                    .accept(problem.what()
                            + problem.hint().map(hint -> "; " + hint).orElse(""));
        }
    }

    @Override
    public List<Release> releases(String deployment, int limit) {
        return releases.newest(deployment, limit);
    }

    @Override
    public Optional<Release> release(String deployment, int number) {
        return releases.one(deployment, number).map(release -> release.withEventsOf(log(deployment, "")));
    }

    @Override
    public List<Event> log(String deployment, String afterId) {
        return events.of(deployment, afterId);
    }

    @Override
    public Optional<Lease> acquire(String name, String purpose) {
        return locks.acquire(name, purpose);
    }

    @Override
    public Optional<Lease> acquire(String name, String purpose, Lease under) {
        if (!(under instanceof RedisLease own)) {
            throw new IllegalArgumentException("a lease of another store");
        }
        if (!own.holds()) {
            throw fenced(under);
        }
        return locks.acquire(name, purpose, own);
    }

    @Override
    public Map<String, Long> free(Collection<String> names) {
        return locks.free(names);
    }

    @Override
    public Optional<String> holder(String name) {
        return locks.holder(name);
    }

    @Override
    public long arrive(String name, String purpose, long token) {
        return queue.arrive(name, purpose, token);
    }

    @Override
    public Optional<String> supersededBy(String name, long ticket) {
        return queue.supersededBy(name, ticket);
    }

    @Override
    public void commit(Lease lease, Commit commit) {
        StateChange change = StateChange.of(commit, keys, seal);
        byte[] lost = commit.state().isPresent() ? damaged.get(commit.deployment()) : null;
        if (lost != null) {
            change.set(keys.damaged(), commit.deployment() + " " + Instant.now(), lost);
        }
        apply(lease, change);
        if (commit.state().isPresent() || commit.remove()) {
            damaged.remove(commit.deployment());
        }
    }

    private void apply(Lease lease, StateChange change) {
        if (!(lease instanceof RedisLease own)) {
            throw new IllegalArgumentException("a lease of another store");
        }
        if (!own.holds()) {
            throw fenced(lease);
        }
        String id = lease.name() + ":" + lease.token() + ":" + changes.incrementAndGet();
        Object reply = links.confirmed(
                Command.EVAL, change.evaluation(keys.fence(lease.name()), keys.done(id), lease.token()));
        if (text(reply).equals("overtaken")) {
            throw new StoreException(
                    Kind.FENCED, "another controller carries out what was asked for", Optional.empty());
        }
        if (!text(reply).equals("applied")) {
            throw fenced(lease);
        }
    }

    @Override
    public Optional<String> position(String reader) {
        return new RedisHash(links, keys.positions()).field(reader).map(RedisLink::text);
    }

    @Override
    public void position(Lease lease, String reader, String id) {
        StateChange change = new StateChange();
        change.set(keys.positions(), reader, bytes(id));
        apply(lease, change);
    }

    private static StoreException fenced(Lease lease) {
        return new StoreException(
                Kind.FENCED,
                "the lock of " + lease.name() + " was lost: another process may have taken over",
                Optional.empty());
    }

    @Override
    public List<Standing> standings() {
        List<Standing> standings = new ArrayList<>();
        new RedisHash(links, keys.standings()).all().forEach((field, value) -> {
            try {
                standings.add(StoreJson.read(keys.standings() + " " + field, value, StandingCodec::read));
            } catch (StoreException unreadable) {
                // A newer Portolan's, or damaged: it is observed and written again.
            }
        });
        return standings;
    }

    @Override
    public List<Grant> grants() {
        return GrantCodec.all(new RedisHash(links, keys.grants()).all(), keys.grants());
    }

    @Override
    public List<Event> auditBefore(String beforeId, int limit) {
        return events.auditBefore(beforeId, limit);
    }

    @Override
    public List<Instruction> instructions() {
        List<Instruction> instructions = new ArrayList<>();
        new RedisHash(links, keys.instructions()).all().forEach((field, value) -> {
            try {
                instructions.add(StoreJson.read(keys.instructions() + " " + field, value, InstructionCodec::read));
            } catch (StoreException unreadable) {
                // A newer Portolan's; whoever wrote it knows what it says.
            }
        });
        return instructions;
    }

    @Override
    public Commit.Asked asked() {
        return AskedCodec.all(new RedisHash(links, keys.asked()).all(), keys.asked());
    }

    @Override
    public List<Event> events(String afterId, int limit) {
        return events.after(afterId, limit);
    }

    @Override
    public List<Event> eventsBefore(String beforeId, int limit) {
        return events.before(beforeId, limit);
    }

    @Override
    public AutoCloseable follow(Consumer<Event> listener) {
        return events.follow(listener);
    }

    @Override
    public String describe() {
        return links.address() + ", " + StoreCheck.info(links).describe();
    }

    @Override
    public List<StoreFinding> check() {
        return new StoreCheck(links, keys).findings();
    }

    @Override
    public void close() {
        events.close();
        links.close();
    }
}
