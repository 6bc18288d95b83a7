package org.portolan.store.redis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.portolan.process.Home;
import org.portolan.store.RedisAddress;

/**
 * Which Redis keeps the state, and how.
 *
 * @param server a server that somebody else runs; empty for the embedded one
 * @param prefix what every key begins with
 * @param directory where the embedded server lives
 * @param key gives the 32 bytes that secrets are encrypted with; asked when the first secret is read or written
 * @param deadline the longest time that one call may take
 * @param warnings gets what a person must be told although the work continues
 */
public record StoreSettings(
        Optional<Server> server,
        String prefix,
        Path directory,
        Supplier<byte[]> key,
        Duration deadline,
        Consumer<String> warnings) {
    /**
     * A server.
     *
     * @param place where its address is configured, for hints: {@code PORTOLAN_REDIS}
     */
    public record Server(RedisAddress address, String place) {}

    public static final Duration DEADLINE = Duration.ofSeconds(5);

    /**
     * The settings of an installation. On a server that others may use the prefix holds the installation's id, so that two
     * do not mix; the embedded one belongs to one installation and can give its id back when the file is lost.
     *
     * @param prefix a prefix other than the default
     */
    public static StoreSettings of(
            Home home, Optional<Server> server, Optional<String> prefix, Consumer<String> warnings) {
        String chosen = prefix.orElseGet(() -> server.isPresent() ? "portolan:" + home.installation() : "portolan");
        if (server.filter(given -> given.address().transport() == RedisAddress.Transport.CLUSTER)
                .isPresent()) {
            // A Cluster keeps keys with the same text in braces in one place, where a script may change several of
            // them.
            chosen = "{" + chosen + "}";
        }
        return new StoreSettings(server, chosen, home.file("store"), home::key, DEADLINE, warnings);
    }
}
