package org.portolan.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.process.Daemon;
import org.portolan.process.Programs;
import org.portolan.socket.SocketWatchdog;
import org.portolan.store.RedisAddress;
import org.portolan.testing.FreePorts;

/** Starts servers apart from Portolan's own, over TCP. Only inside the sandbox, so that nothing outlives a test run. */
final class RedisServers implements AutoCloseable {
    static final String PASSWORD = "s3cret:with/odd@characters";
    static final byte[] KEY = new byte[32];

    private final List<ProcessHandle> started = new ArrayList<>();

    /** A server on loopback; gives its address. */
    String start(Path directory, String... options) throws IOException, InterruptedException {
        assertThat(System.getenv("PORTOLAN_SANDBOX"))
                .as("run this in scripts/sandbox")
                .isNotNull();
        int port = freePort();
        List<String> line = new ArrayList<>(List.of(
                Programs.find("redis-server").orElseThrow().toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--requirepass",
                PASSWORD,
                "--save",
                ""));
        line.addAll(List.of(options));
        Daemon daemon = Daemon.start(line, directory, directory.resolve("server.log"), Map.of());
        started.add(ProcessHandle.of(daemon.pid()).orElseThrow());
        // A cluster has one database.
        String database = List.of(options).contains("--cluster-enabled") ? "" : "/3";
        String address = "redis://:s3cret%3Awith%2Fodd%40characters@127.0.0.1:" + port + database;
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (true) {
            try (SocketWatchdog watchdog = new SocketWatchdog();
                    RedisLink link = RedisLink.open(address(address), Duration.ofSeconds(1), watchdog)) {
                link.call(Duration.ofSeconds(1), Command.PING);
                return address;
            } catch (IOException | RedisLink.Broken notYet) {
                assertThat(System.nanoTime() - end).as("server did not start").isNegative();
                Thread.sleep(10);
            }
        }
    }

    static int freePort() {
        return FreePorts.next();
    }

    ProcessHandle last() {
        return started.getLast();
    }

    static StoreSettings settings(Optional<String> url, Path directory) {
        Optional<StoreSettings.Server> server =
                url.map(text -> new StoreSettings.Server(address(text), "PORTOLAN_REDIS"));
        return new StoreSettings(
                server, "portolan:test", directory, () -> KEY.clone(), Duration.ofSeconds(2), warning -> {
                    throw new AssertionError(warning);
                });
    }

    private static RedisAddress address(String text) {
        try {
            return RedisAddress.parse(text);
        } catch (RedisAddress.Malformed malformed) {
            throw new AssertionError(malformed);
        }
    }

    /** Runs one command on the server that a store would use. */
    static Object command(StoreSettings settings, Command command, String... words) throws Exception {
        RedisAddress address = settings.server()
                .map(StoreSettings.Server::address)
                .orElseGet(() -> RedisAddress.unix(SocketPath.of(settings.directory())));
        try (SocketWatchdog watchdog = new SocketWatchdog();
                RedisLink link = RedisLink.open(address, Duration.ofSeconds(2), watchdog)) {
            byte[][] arguments = new byte[words.length][];
            for (int i = 0; i < words.length; i++) {
                arguments[i] = RedisLink.bytes(words[i]);
            }
            Object reply = link.call(Duration.ofSeconds(5), command, arguments);
            return reply == null ? "" : reply;
        }
    }

    @Override
    public void close() {
        started.forEach(process -> StoreProcesses.end(process, Duration.ofSeconds(5)));
    }
}
