package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;
import static org.portolan.store.redis.RedisLink.text;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.Event;
import org.portolan.model.json.DomainJson;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Domain;
import org.portolan.model.service.GeneratedValue;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;
import org.portolan.store.StoreException;
import org.portolan.store.StoreFinding;

/** The store on Redis; its layout is in the package's description. Safe for use by many threads. */
public final class RedisStore implements Store {
    private static final String FIRST = "-";
    private static final String LAST = "+";

    private final ConnectionPool links;
    private final Keys keys;
    private final Encryptor seal;
    private final RedisQueue queue;
    private final StoredDefinitions definitions;
    private final StoreSettings settings;
    private final AtomicLong changes = new AtomicLong();
    /** Entries of deployments that could not be read, until they are written again. */
    private final Map<String, byte[]> damaged = new ConcurrentHashMap<>();
    /** Whether all entries were read: each reading notes those that are damaged. */
    private volatile boolean lookedForDamage;

    private final AtomicBoolean toldUnreadable = new AtomicBoolean();
    private final List<EventFollower> followers = new CopyOnWriteArrayList<>();

    private RedisStore(ConnectionPool links, StoreSettings settings) {
        this.links = links;
        this.keys = new Keys(settings.prefix());
        this.queue = new RedisQueue(links, keys);
        this.seal = new Encryptor(settings.key());
        this.settings = settings;
        this.definitions = new StoredDefinitions(links, keys, seal, this::unreadable);
    }

    /**
     * Opens the store; the embedded server is started if it does not run. Nothing is sent yet.
     *
     * @throws StoreException when no connection can be made
     */
    public static RedisStore open(StoreSettings settings) {
        Encryptor.warmUp();
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
        for (Object name : list(links.call(Command.HKEYS, bytes(keys.deployments())))) {
            String key = keys.definitions(text(name));
            for (Object version : list(links.call(Command.HKEYS, bytes(key)))) {
                String field = text(version);
                return field(key, field)
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
        List<?> reply = list(links.call(Command.HGETALL, bytes(key)));
        for (int i = 0; i + 1 < reply.size(); i += 2) {
            String name = text(reply.get(i));
            byte[] value = content(reply.get(i + 1));
            readable(name, value, () -> StoreJson.read(key + " " + name, value, tree -> StateCodec.read(name, tree)))
                    .ifPresent(state -> states.put(name, state));
        }
        return states;
    }

    /** A deployment's value, or nothing when it is damaged: one bad entry costs one deployment. It is reported once. */
    private Optional<DeploymentState> readable(String name, byte[] value, Supplier<DeploymentState> reader) {
        try {
            return Optional.of(reader.get());
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
        return field(key, name)
                .flatMap(value -> readable(
                        name,
                        value,
                        () -> StoreJson.read(key + " " + name, value, tree -> StateCodec.read(name, tree))));
    }

    @Override
    public Set<String> damaged() {
        if (!lookedForDamage) {
            deployments();
        }
        return new TreeSet<>(damaged.keySet());
    }

    @Override
    public Optional<Definition> definition(String deployment, String service, int version) {
        return definitions.one(deployment, new Commit.VersionId(service, version));
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
        List<?> reply = list(links.call(Command.HGETALL, bytes(key)));
        String before = Keys.valueField(deployment, "");
        for (int i = 0; i + 1 < reply.size(); i += 2) {
            String field = text(reply.get(i));
            if (field.startsWith(before)) {
                values.put(field.substring(before.length()), generated(key + " " + field, content(reply.get(i + 1))));
            }
        }
        return values;
    }

    private List<GeneratedValue> generated(String place, byte[] value) {
        try {
            return StoreJson.read(place, seal.open(place, value), GeneratedCodec::read);
        } catch (StoreException problem) {
            return this.<List<GeneratedValue>>unreadable(problem).orElse(List.of());
        }
    }

    /** What another key encrypted, or what is damaged, is as good as lost; that is reported once. */
    private <T> Optional<T> unreadable(StoreException problem) {
        if (problem.kind() != Kind.CORRUPT) {
            throw problem;
        }
        if (toldUnreadable.compareAndSet(false, true)) {
            settings.warnings()
                    .accept(problem.what()
                            + problem.hint().map(hint -> "; " + hint).orElse(""));
        }
        return Optional.empty();
    }

    @Override
    public List<Release> releases(String deployment, int limit) {
        List<Integer> numbers = new ArrayList<>();
        for (Object field : list(links.call(Command.HKEYS, bytes(keys.releases(deployment))))) {
            numbers.add(releaseNumber(deployment, text(field)));
        }
        numbers.sort(Comparator.reverseOrder());
        List<String> fields = numbers.subList(0, Math.clamp(limit, 0, numbers.size())).stream()
                .map(String::valueOf)
                .toList();
        List<?> values = fields(keys.releases(deployment), fields);
        List<?> domains = fields(keys.domains(deployment), fields);
        List<Release> releases = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            Object value = values.get(i);
            if (value != null) {
                listed(deployment, fields.get(i), content(value), domains.get(i))
                        .ifPresent(releases::add);
            }
        }
        return releases;
    }

    /** A release as a list shows it: without domains that cannot be read, and left out when it cannot be itself. */
    private Optional<Release> listed(String deployment, String number, byte[] value, @Nullable Object domains) {
        try {
            return Optional.of(release(deployment, number, value, domains));
        } catch (StoreException problem) {
            unreadable(problem);
            try {
                return Optional.of(release(deployment, number, value, null));
            } catch (StoreException damagedToo) {
                return unreadable(damagedToo);
            }
        }
    }

    /** Several fields of a hash in one round trip; null for those that are not there. */
    private List<?> fields(String key, List<String> fields) {
        if (fields.isEmpty()) {
            return List.of();
        }
        byte[][] arguments = new byte[fields.size() + 1][];
        arguments[0] = bytes(key);
        for (int i = 0; i < fields.size(); i++) {
            arguments[i + 1] = bytes(fields.get(i));
        }
        return list(links.call(Command.HMGET, arguments));
    }

    private Release release(String deployment, String number, byte[] value, @Nullable Object domains) {
        String place = keys.releases(deployment) + " " + number;
        int count = Integer.parseInt(number);
        List<Domain> routed = domains == null ? List.of() : domains(deployment, number, content(domains));
        return StoreJson.read(place, value, tree -> ReleaseCodec.read(deployment, count, tree, routed));
    }

    private List<Domain> domains(String deployment, String number, byte[] value) {
        String place = keys.domains(deployment) + " " + number;
        return StoreJson.read(place, seal.open(place, value), tree -> tree.list("domains", DomainJson::read));
    }

    @Override
    public Optional<Release> release(String deployment, int number) {
        return readRelease(deployment, number).map(release -> ReleaseCodec.withEvents(release, log(deployment, "")));
    }

    @Override
    public List<Event> log(String deployment, String afterId) {
        String key = keys.log(deployment);
        String from = afterId.isEmpty() ? FIRST : "(" + afterId;
        return EventCodec.events(key, links.call(Command.XRANGE, bytes(key), bytes(from), bytes(LAST)));
    }

    private Optional<Release> readRelease(String deployment, int number) {
        String field = Integer.toString(number);
        return field(keys.releases(deployment), field)
                .map(value -> release(
                        deployment,
                        field,
                        value,
                        links.call(Command.HGET, bytes(keys.domains(deployment)), bytes(field))));
    }

    @Override
    public Optional<Lease> acquire(String name, String purpose) {
        byte[] owner = LockOwner.self(purpose).write();
        long asked = System.nanoTime();
        List<?> reply = take(name, owner, "");
        if (!granted(reply)) {
            String holder = text(reply.getLast());
            if (LockOwner.ofValue(holder).filter(LockOwner::isDead).isEmpty()) {
                return Optional.empty();
            }
            asked = System.nanoTime();
            reply = take(name, owner, holder);
            if (!granted(reply)) {
                return Optional.empty();
            }
        }
        String token = text(reply.getLast());
        byte[] value = bytes(token + " " + text(owner));
        return Optional.of(new RedisLease(links, keys, name, Long.parseLong(token), value, asked));
    }

    private List<?> take(String name, byte[] owner, String dead) {
        return list(links.call(
                Command.EVAL,
                bytes(Scripts.ACQUIRE),
                bytes("3"),
                bytes(keys.lock(name)),
                bytes(keys.fence(name)),
                bytes(keys.token()),
                owner,
                bytes(Long.toString(LEASE_TIME.toMillis())),
                bytes(dead)));
    }

    private static boolean granted(List<?> reply) {
        return reply.getFirst() instanceof Long one && one == 1;
    }

    @Override
    public Optional<String> holder(String name) {
        Object value = links.call(Command.GET, bytes(keys.lock(name)));
        if (value == null) {
            return Optional.empty();
        }
        Optional<LockOwner> owner = LockOwner.ofValue(text(value));
        return owner.isEmpty()
                ? Optional.of("unknown (its entry " + keys.lock(name) + " cannot be read)")
                : owner.filter(known -> !known.isDead()).map(LockOwner::describe);
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
        if (!(lease instanceof RedisLease own)) {
            throw new IllegalArgumentException("a lease of another store");
        }
        if (!own.holds()) {
            throw fenced(lease);
        }
        StateChange change = StateChange.of(commit, keys, seal);
        byte[] lost = commit.state().isPresent() ? damaged.get(commit.deployment()) : null;
        if (lost != null) {
            change.set(keys.damaged(), commit.deployment() + " " + Instant.now(), lost);
        }
        String id = lease.name() + ":" + lease.token() + ":" + changes.incrementAndGet();
        Object reply =
                links.call(Command.EVAL, change.evaluation(keys.fence(lease.name()), keys.done(id), lease.token()));
        if (!text(reply).equals("applied")) {
            throw fenced(lease);
        }
        if (commit.state().isPresent() || commit.remove()) {
            damaged.remove(commit.deployment());
        }
    }

    private static StoreException fenced(Lease lease) {
        return new StoreException(
                Kind.FENCED,
                "the lock of " + lease.name() + " was lost: another process may have taken over",
                Optional.empty());
    }

    @Override
    public List<Event> events(String afterId, int limit) {
        String key = keys.events();
        String from = afterId.isEmpty() ? FIRST : "(" + afterId;
        Object reply = links.call(
                Command.XRANGE, bytes(key), bytes(from), bytes(LAST), bytes("COUNT"), bytes(Integer.toString(limit)));
        return EventCodec.events(key, reply);
    }

    @Override
    public AutoCloseable follow(Consumer<Event> listener) {
        String key = keys.events();
        Object newest =
                links.call(Command.XREVRANGE, bytes(key), bytes(LAST), bytes(FIRST), bytes("COUNT"), bytes("1"));
        List<Event> last = EventCodec.events(key, newest);
        String id = last.isEmpty() ? "0-0" : last.getFirst().id();
        EventFollower follower = new EventFollower(links, key, id, settings.deadline(), listener);
        followers.add(follower);
        return () -> {
            followers.remove(follower);
            follower.close();
        };
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
        followers.forEach(EventFollower::close);
        links.close();
    }

    private Optional<byte[]> field(String key, String field) {
        return Optional.ofNullable(links.call(Command.HGET, bytes(key), bytes(field)))
                .map(RedisStore::content);
    }

    private int releaseNumber(String deployment, String field) {
        try {
            return Integer.parseInt(field);
        } catch (NumberFormatException notNumber) {
            throw StoreJson.damaged(
                    keys.releases(deployment) + " " + field, "expected a release number", Optional.of(notNumber));
        }
    }

    private static byte[] content(Object reply) {
        return (byte[]) reply;
    }

    private static List<?> list(@Nullable Object reply) {
        return reply instanceof List<?> list ? list : List.of();
    }
}
