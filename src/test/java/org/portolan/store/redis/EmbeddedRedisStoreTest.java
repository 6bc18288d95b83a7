package org.portolan.store.redis;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.store.Store;
import org.portolan.store.StoreContract;

/** The contract on the server that Portolan starts for itself. */
@Tag("real")
class EmbeddedRedisStoreTest extends StoreContract {
    @TempDir
    static Path directory;

    @AfterAll
    static void stop() {
        new EmbeddedRedis(directory, warning -> {}).stop();
    }

    @BeforeEach
    void empty() {
        connect().close();
        flush();
    }

    @Override
    protected Store connect() {
        return RedisStore.open(RedisServers.settings(Optional.empty(), directory));
    }

    @Override
    protected void flush() {
        try {
            RedisServers.command(
                    RedisServers.settings(Optional.empty(), directory), Command.EVAL, "redis.call('FLUSHALL')", "0");
        } catch (Exception problem) {
            throw new AssertionError(problem);
        }
    }
}
