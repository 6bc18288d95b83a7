package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;
import static org.portolan.store.redis.RedisLink.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.store.StoreException;
import org.portolan.store.StoreFinding;

/** Looks at a server as a release would need it: what it says of itself, and whether it takes a write. */
final class StoreCheck {
    private final ConnectionPool links;
    private final Keys keys;

    StoreCheck(ConnectionPool links, Keys keys) {
        this.links = links;
        this.keys = keys;
    }

    /** What the server says of itself. */
    static ServerInfo info(ConnectionPool links) {
        return new ServerInfo(text(links.call(Command.INFO)), save(links), links.replicated());
    }

    /** The schedule of snapshots; a user without rights to administer is not told. */
    private static Optional<String> save(ConnectionPool links) {
        try {
            Object reply = links.call(Command.CONFIG, bytes("GET"), bytes("save"));
            return reply instanceof List<?> pair && pair.size() == 2
                    ? Optional.of(text(pair.get(1)))
                    : Optional.empty();
        } catch (StoreException notAllowed) {
            return Optional.empty();
        }
    }

    List<StoreFinding> findings() {
        List<StoreFinding> findings = new ArrayList<>(info(links).findings());
        try {
            links.call(Command.EVAL, bytes(Scripts.PROBE), bytes("1"), bytes(keys.probe()));
        } catch (StoreException refused) {
            findings.add(new StoreFinding(
                    true,
                    "a test write failed: " + refused.what(),
                    refused.hint().orElse("Check the server's log.")));
        }
        return findings;
    }
}
