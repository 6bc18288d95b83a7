package org.portolan.store.redis;

import java.io.IOException;
import java.time.Duration;
import org.portolan.model.Remedy;
import org.portolan.socket.SocketWatchdog;

/** Makes connections to one server; the embedded one is started by it when it does not run. */
interface Connector {
    RedisLink connect(Duration limit, SocketWatchdog watchdog) throws IOException, RedisLink.Broken;

    /** The server for people, without its password. */
    String address();

    /** What a person can do when it cannot be reached. */
    Remedy hint();

    /** Where its address is configured, for hints. */
    default String place() {
        return "PORTOLAN_REDIS";
    }

    /** Whether a refusal says that another server is the primary now, and connecting again finds it. */
    default boolean moved(String refusal) {
        return false;
    }

    /** Whether another server may take its place, which has what was replicated by then. */
    default boolean replicated() {
        return false;
    }

    /** The server of a store. */
    static Connector of(StoreSettings settings) {
        return settings.server().isPresent()
                ? remote(settings.server().get(), new Keys(settings.prefix()).installation())
                : new EmbeddedRedis(settings.directory(), settings.warnings());
    }

    /** A server that somebody else runs, or several of which one is the primary. */
    static Connector remote(StoreSettings.Server server, String key) {
        if (!server.address().nodes().isEmpty()) {
            return new FoundPrimary(server, key);
        }
        return new Connector() {
            @Override
            public RedisLink connect(Duration limit, SocketWatchdog watchdog) throws IOException, RedisLink.Broken {
                return RedisLink.open(server.address(), limit, watchdog);
            }

            @Override
            public String address() {
                return server.address().toString();
            }

            @Override
            public Remedy hint() {
                return Remedy.of("check that it is running and that " + server.place()
                        + " is its address; running services are not affected");
            }

            @Override
            public String place() {
                return server.place();
            }
        };
    }
}
