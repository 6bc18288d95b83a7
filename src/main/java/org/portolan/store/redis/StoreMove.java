package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;
import static org.portolan.store.redis.RedisLink.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.store.Lease;
import org.portolan.store.StoreException;

/**
 * Takes an installation's state and history from one server to another. Values that are bound to their place are sealed
 * again. The list of deployments goes last, so that a move that was killed can be done again from the start.
 */
public final class StoreMove implements AutoCloseable {
    private static final int EVENTS_AT_ONCE = 1000;

    private final RedisStore fromStore;
    private final RedisStore toStore;
    private final ConnectionPool from;
    private final ConnectionPool to;
    private final Keys fromKeys;
    private final Keys toKeys;
    private final Encryptor fromSeal;
    private final Encryptor toSeal;

    private StoreMove(StoreSettings source, StoreSettings target) {
        fromStore = RedisStore.open(source);
        toStore = RedisStore.open(target);
        from = links(source);
        to = links(target);
        fromKeys = new Keys(source.prefix());
        toKeys = new Keys(target.prefix());
        fromSeal = new Encryptor(source.key());
        toSeal = new Encryptor(target.key());
    }

    private static ConnectionPool links(StoreSettings settings) {
        return new ConnectionPool(Connector.of(settings), settings.deadline());
    }

    /** What was taken along. */
    public record Moved(int deployments, int releases) {}

    /**
     * Copies everything, under the locks of all deployments.
     *
     * @param installation whose state it is
     * @throws Failure when the source is another's, a deployment is being changed, or the target holds deployments
     */
    public static Moved move(StoreSettings source, StoreSettings target, String installation, String who) {
        try (StoreMove move = new StoreMove(source, target)) {
            return move.run(installation, who);
        }
    }

    private Moved run(String installation, String who) {
        Optional<String> owner = fromStore.installation();
        if (owner.isPresent() && !owner.get().equals(installation)) {
            throw new StoreException(
                    Kind.CONFLICT,
                    "the store at " + from.address() + " belongs to installation " + owner.get()
                            + ", but this is installation " + installation,
                    Optional.empty());
        }
        Set<String> names = names(from, fromKeys);
        if (names.isEmpty()) {
            throw new Failure(Kind.REFUSED, "the store at " + from.address() + " has no deployments");
        }
        toStore.claim(installation);
        Set<String> there = names(to, toKeys);
        if (!there.isEmpty()) {
            throw new Failure(
                            Kind.REFUSED,
                            "the store at " + to.address() + " already has " + String.join(", ", there)
                                    + ": two histories cannot be merged")
                    .withHint("to use the old one, remove the keys " + toKeys.prefix()
                            + ":* there first (running services are not affected), or set another redis_prefix");
        }
        List<Lease> leases = new ArrayList<>();
        try {
            for (String name : names) {
                leases.add(lock(fromStore, name, who));
                leases.add(lock(toStore, name, who));
            }
            return copy(names);
        } finally {
            leases.forEach(Lease::close);
        }
    }

    private static Lease lock(RedisStore store, String name, String who) {
        return store.acquire(name, "move of the store by " + who).orElseThrow(() -> new Failure(
                        Kind.LOCKED,
                        name + " is locked by " + store.holder(name).orElse("another process"))
                .withHint("wait until it has finished, then move the store"));
    }

    private static Set<String> names(ConnectionPool links, Keys keys) {
        Set<String> names = new TreeSet<>();
        if (links.call(Command.HKEYS, bytes(keys.deployments())) instanceof List<?> fields) {
            fields.forEach(name -> names.add(text(name)));
        }
        return names;
    }

    private Moved copy(Set<String> names) {
        int releases = 0;
        for (String name : names) {
            sealed(fromKeys.definitions(name), toKeys.definitions(name));
            sealed(fromKeys.domains(name), toKeys.domains(name));
            releases += hash(fromKeys.releases(name), toKeys.releases(name), field -> value -> value);
            stream(fromKeys.log(name), toKeys.log(name));
        }
        sealed(fromKeys.generated(), toKeys.generated());
        stream(fromKeys.events(), toKeys.events());
        hash(fromKeys.damaged(), toKeys.damaged(), field -> value -> value);
        hash(fromKeys.deployments(), toKeys.deployments(), field -> value -> value);
        return new Moved(names.size(), releases);
    }

    /** What cannot be decrypted any more is lost already. */
    private void sealed(String source, String target) {
        hash(source, target, field -> value -> {
            try {
                return toSeal.seal(target + " " + field, fromSeal.open(source + " " + field, value));
            } catch (StoreException lost) {
                return null;
            }
        });
    }

    private interface Change {
        byte @Nullable [] of(byte[] value);
    }

    private int hash(String source, String target, Function<String, Change> change) {
        to.call(Command.DEL, bytes(target));
        int copied = 0;
        if (from.call(Command.HGETALL, bytes(source)) instanceof List<?> pairs) {
            for (int i = 0; i + 1 < pairs.size(); i += 2) {
                String field = text(pairs.get(i));
                byte[] value = change.apply(field).of((byte[]) pairs.get(i + 1));
                if (value != null) {
                    to.call(Command.HSET, bytes(target), bytes(field), value);
                    copied++;
                }
            }
        }
        return copied;
    }

    private void stream(String source, String target) {
        to.call(Command.DEL, bytes(target));
        String after = "-";
        while (true) {
            Object reply = from.call(
                    Command.XRANGE,
                    bytes(source),
                    bytes(after),
                    bytes("+"),
                    bytes("COUNT"),
                    bytes(Integer.toString(EVENTS_AT_ONCE)));
            List<?> entries = reply instanceof List<?> list ? list : List.of();
            for (Object entry : entries) {
                if (entry instanceof List<?> pair && pair.get(1) instanceof List<?> fields) {
                    List<byte[]> words = new ArrayList<>(List.of(bytes(target), (byte[]) pair.get(0)));
                    fields.forEach(field -> words.add((byte[]) field));
                    to.call(Command.XADD, words.toArray(new byte[0][]));
                    after = "(" + text(pair.get(0));
                }
            }
            if (entries.size() < EVENTS_AT_ONCE) {
                return;
            }
        }
    }

    /** What an embedded store that is not used any more still holds; empty when there is nothing. Starts nothing. */
    public static Optional<String> leftIn(StoreSettings embedded) {
        if (!DataFiles.present(embedded.directory())) {
            return Optional.empty();
        }
        EmbeddedRedis server = new EmbeddedRedis(embedded.directory(), embedded.warnings());
        if (!server.isRunning()) {
            return Optional.of("old files");
        }
        try (RedisStore store = RedisStore.open(embedded)) {
            Set<String> names = store.deployments().keySet();
            int releases = 0;
            for (String name : names) {
                releases += store.releases(name, Integer.MAX_VALUE).size();
            }
            return Optional.of(
                    names.isEmpty() ? "no deployments" : releases + " releases of " + String.join(", ", names));
        }
    }

    /** Ends an embedded store whose state was taken elsewhere, and puts its files aside; gives where they are. */
    public static Path retire(StoreSettings embedded) {
        new EmbeddedRedis(embedded.directory(), embedded.warnings()).stop();
        return DataFiles.putAside(embedded.directory(), "moved-");
    }

    @Override
    public void close() {
        from.close();
        to.close();
        fromStore.close();
        toStore.close();
    }
}
