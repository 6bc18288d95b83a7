package org.portolan.store.redis;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.store.Store;
import org.portolan.store.StoreContract;

/** The contract on a server that somebody else started: TCP, a password, a separate database. */
@Tag("real")
class RemoteRedisStoreTest extends StoreContract {
    @TempDir
    static Path directory;

    private static final RedisServers SERVERS = new RedisServers();
    private static String url = "";

    @BeforeAll
    static void start() throws Exception {
        url = SERVERS.start(directory);
    }

    @AfterAll
    static void stop() {
        SERVERS.close();
    }

    @BeforeEach
    void empty() {
        flush();
    }

    @Override
    protected Store connect() {
        return RedisStore.open(RedisServers.settings(Optional.of(url), directory));
    }

    @Override
    protected void flush() {
        try {
            RedisServers.command(
                    RedisServers.settings(Optional.of(url), directory), Command.EVAL, "redis.call('FLUSHALL')", "0");
        } catch (Exception problem) {
            throw new AssertionError(problem);
        }
    }
}
