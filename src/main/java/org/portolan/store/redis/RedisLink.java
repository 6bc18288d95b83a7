package org.portolan.store.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.portolan.socket.SocketWatchdog;
import org.portolan.store.RedisAddress;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.PushConsumer;
import redis.clients.jedis.PushConsumerChain;
import redis.clients.jedis.PushMessage;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.util.RedisInputStream;
import redis.clients.jedis.util.RedisOutputStream;

/**
 * One connection, used by one thread at a time. A reply is a {@code byte[]}, a {@code Long}, a list of replies, or null; an
 * error of the server is thrown as a {@code JedisDataException} and leaves the connection usable, a {@link Broken} one does
 * not.
 */
final class RedisLink implements AutoCloseable {

    /** The connection ended, or did not answer in time; whether the command was carried out is not known. */
    static final class Broken extends Exception {
        private final boolean late;

        Broken(boolean late, @Nullable Throwable cause) {
            super(late ? "no answer in time" : "the connection was closed", cause);
            this.late = late;
        }

        boolean late() {
            return late;
        }
    }

    // Messages that nobody asked for come only in the newer form of the protocol, which is not spoken here.
    private static final PushConsumerChain NO_PUSHES = new PushConsumerChain() {
        @Override
        public PushMessage process(PushMessage message) {
            return message;
        }

        @Override
        public List<PushConsumer> getConsumers() {
            return List.of();
        }
    };

    private final RespTransport wire;
    private final SocketWatchdog watchdog;
    private final RedisInputStream input;
    private final RedisOutputStream output;

    private RedisLink(RespTransport wire, SocketWatchdog watchdog) throws IOException {
        this.wire = wire;
        this.watchdog = watchdog;
        this.input = new RedisInputStream(wire.input());
        this.output = new RedisOutputStream(wire.output());
    }

    /** Connects, gives the password and chooses the database. */
    static RedisLink open(RedisAddress address, Duration limit, SocketWatchdog watchdog) throws IOException, Broken {
        RedisLink link = new RedisLink(RespTransport.connect(address, limit, watchdog), watchdog);
        try {
            if (!address.user().isEmpty()) {
                link.call(limit, Command.AUTH, bytes(address.user()), bytes(address.password()));
            } else if (!address.password().isEmpty()) {
                link.call(limit, Command.AUTH, bytes(address.password()));
            }
            if (address.database() != 0) {
                link.call(limit, Command.SELECT, bytes(Integer.toString(address.database())));
            }
            return link;
        } catch (Broken | RuntimeException problem) {
            link.close();
            throw problem;
        }
    }

    /** Sends one command and waits for its reply, no longer than the limit for both. */
    @Nullable
    Object call(Duration limit, Command command, byte[]... arguments) throws Broken {
        CommandArguments line = new CommandArguments(command);
        for (byte[] argument : arguments) {
            line.add(argument);
        }
        SocketWatchdog.Guard guard = watchdog.guard(limit, wire);
        try (guard) {
            Protocol.sendCommand(output, line);
            output.flush();
            return Protocol.read(input, NO_PUSHES);
        } catch (JedisConnectionException | IOException problem) {
            throw new Broken(guard.expired(), problem);
        }
    }

    @Override
    public void close() {
        try {
            wire.close();
        } catch (IOException closedAnyway) {
            // Nothing is lost: every reply that matters was read.
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(@Nullable Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(reply);
    }
}
