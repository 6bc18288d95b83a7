package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.store.Lease;
import org.portolan.store.Store;
import org.portolan.store.StoreContent;
import org.portolan.store.StoredKey;

/** What an installation keeps in Redis, for backups. Connections are made by each call and closed with it. */
public final class RedisContent implements StoreContent {
    private final StoreSettings settings;
    private final Keys keys;

    public RedisContent(StoreSettings settings) {
        this.settings = settings;
        this.keys = new Keys(settings.prefix());
    }

    @Override
    public String address() {
        return Connector.of(settings).address();
    }

    @Override
    public String prefix() {
        return settings.prefix();
    }

    @Override
    public List<StoredKey> read() {
        try (ConnectionPool links = links()) {
            return new KeySnapshot(links, keys).take();
        }
    }

    private ConnectionPool links() {
        return new ConnectionPool(Connector.of(settings), settings.deadline());
    }

    @Override
    public void restore(List<StoredKey> saved, String prefix, byte[] key, String installation, boolean replace) {
        List<Lease> leases = new ArrayList<>();
        try (RedisStore store = RedisStore.open(settings);
                ConnectionPool links = links()) {
            Set<String> there = new KeySnapshot(links, keys).names();
            if (!there.isEmpty() && !replace) {
                throw new Failure(
                                Kind.REFUSED,
                                "the store at " + address() + " already holds " + keys.prefix() + ":"
                                        + there.iterator().next())
                        .withHint("to replace all that this installation keeps there, use --replace");
            }
            try {
                leases.add(lock(store, Store.LEADER, "a controller"));
                for (String name : store.deployments().keySet()) {
                    leases.add(lock(store, name, name));
                }
                there.forEach(name -> links.call(Command.DEL, bytes(keys.of(name))));
                links.call(Command.SET, bytes(keys.installation()), bytes(installation));
                new KeyCopy(links, new Keys(prefix), new Encryptor(key::clone), keys, new Encryptor(settings.key()))
                        .write(saved);
            } finally {
                leases.forEach(Lease::close);
            }
        }
    }

    private static Lease lock(RedisStore store, String name, String what) {
        return store.acquire(name, "restore of the system").orElseThrow(() -> new Failure(
                        Kind.LOCKED,
                        what + " works with the store: " + store.holder(name).orElse("another process"))
                .withHint("stop it, or wait until it has finished, then restore again"));
    }
}
