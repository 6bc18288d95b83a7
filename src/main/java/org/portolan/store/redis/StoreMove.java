package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;
import static org.portolan.store.redis.RedisLink.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.store.Lease;
import org.portolan.store.Store;
import org.portolan.store.StoreException;
import org.portolan.store.StoredKey;

/**
 * Takes all that an installation keeps from one server to another, whatever it is. Values that are bound to their place are sealed
 * again. The list of deployments goes last, so that a move that was killed can be done again from the start.
 */
public final class StoreMove implements AutoCloseable {
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
        if (new KeySnapshot(from, fromKeys).names().isEmpty()) {
            throw new Failure(Kind.REFUSED, "the store at " + from.address() + " holds nothing");
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
            leases.add(lock(fromStore, Store.LEADER, who));
            leases.add(lock(toStore, Store.LEADER, who));
            for (String name : names) {
                leases.add(lock(fromStore, name, who));
                leases.add(lock(toStore, name, who));
            }
            return copy(names, new KeySnapshot(from, fromKeys).take());
        } finally {
            leases.forEach(Lease::close);
        }
    }

    private static Lease lock(RedisStore store, String name, String who) {
        boolean leads = name.equals(Store.LEADER);
        return store.acquire(name, "move of the store by " + who).orElseThrow(() -> new Failure(
                        Kind.LOCKED,
                        (leads ? "the lead of the controllers" : name) + " is locked by "
                                + store.holder(name).orElse("another process"))
                .withHint((leads ? "stop it" : "wait until it has finished") + ", then move the store"));
    }

    private static Set<String> names(ConnectionPool links, Keys keys) {
        Set<String> names = new TreeSet<>();
        if (links.call(Command.HKEYS, bytes(keys.deployments())) instanceof List<?> fields) {
            fields.forEach(name -> names.add(text(name)));
        }
        return names;
    }

    private Moved copy(Set<String> names, List<StoredKey> saved) {
        new KeyCopy(to, fromKeys, fromSeal, toKeys, toSeal).write(saved);
        int releases = 0;
        for (StoredKey key : saved) {
            for (String name : names) {
                releases += fromKeys.of(key.name()).equals(fromKeys.releases(name)) ? key.size() : 0;
            }
        }
        return new Moved(names.size(), releases);
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
