package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;

import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Durations;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.process.SystemCertificates;
import org.portolan.socket.SocketWatchdog;
import org.portolan.store.StoreException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * The store's connections: one for whoever calls alone, more while several threads call at once. A connection that ended
 * (the server was restarted) is replaced and its command asked again; so every command here must be one that may be asked
 * twice. A call that got no answer in time is not repeated.
 */
final class ConnectionPool implements AutoCloseable {
    private static final int KEPT = 4;
    private static final long LOADING_PAUSE_MILLIS = 50;
    private static final long CONFIRM_MILLIS = 1000;
    // A server that dies accepts connections until its last thread is gone.
    private static final long[] RETRY_PAUSES_MILLIS = {0, 10, 50, 200};

    private final Connector connector;
    private final Duration limit;
    private final SocketWatchdog watchdog = new SocketWatchdog();
    private final ConcurrentLinkedDeque<RedisLink> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    ConnectionPool(Connector connector, Duration limit) {
        this.connector = connector;
        this.limit = limit;
    }

    /** Sends a command and gives its reply. */
    @Nullable
    Object call(Command command, byte[]... arguments) {
        return call(false, command, arguments);
    }

    /**
     * The same; where another server may become the primary, the reply is given only once a replica has what was written.
     *
     * @throws StoreException with {@link Kind#UNREACHABLE} when none confirms it: it is written, and may be lost
     */
    @Nullable
    Object confirmed(Command command, byte[]... arguments) {
        return call(connector.replicated(), command, arguments);
    }

    private @Nullable Object call(boolean confirm, Command command, byte[]... arguments) {
        long end = System.nanoTime() + limit.toNanos();
        int broken = 0;
        while (true) {
            RedisLink kept = idle.pollFirst();
            RedisLink link = kept == null ? open() : kept;
            try {
                Object reply = link.call(limit, command, arguments);
                boolean lonely = confirm && !isReplicated(link);
                giveBack(link);
                if (lonely) {
                    throw unconfirmed();
                }
                return reply;
            } catch (RedisLink.Broken problem) {
                link.close();
                if (connector.replicated()) {
                    // A primary that is cut off answers on none of them.
                    closeIdle();
                }
                if (problem.late()
                        || broken == RETRY_PAUSES_MILLIS.length
                        || Thread.currentThread().isInterrupted()) {
                    throw unreachable(problem);
                }
                closeIdle();
                pause(RETRY_PAUSES_MILLIS[broken]);
                broken++;
            } catch (JedisDataException refused) {
                if (connector.moved(String.valueOf(refused.getMessage())) && System.nanoTime() - end < 0) {
                    link.close();
                    closeIdle();
                    pause(LOADING_PAUSE_MILLIS);
                    continue;
                }
                giveBack(link);
                if (!isLoading(refused) || System.nanoTime() - end > 0) {
                    throw refused(refused);
                }
                pause(LOADING_PAUSE_MILLIS);
            }
        }
    }

    /** Whether a replica has all that this connection wrote, or there is none that could become the primary. */
    private boolean isReplicated(RedisLink link) throws RedisLink.Broken {
        Object count = link.call(limit, Command.WAIT, bytes("1"), bytes(Long.toString(CONFIRM_MILLIS)));
        if (count instanceof Long replicas && replicas > 0) {
            return true;
        }
        Object role = link.call(limit, Command.ROLE);
        return role instanceof List<?> words
                && words.size() == 3
                && words.getLast() instanceof List<?> replicas
                && replicas.isEmpty();
    }

    private StoreException unconfirmed() {
        return new StoreException(
                        Kind.UNREACHABLE,
                        "no replica of the store at " + connector.address() + " confirmed a write within "
                                + CONFIRM_MILLIS + " ms",
                        Optional.empty())
                .withHint("check the replicas of the primary (INFO replication)");
    }

    /** Has commands carried out as one, with nothing in between, and gives their replies; an error is one of them. */
    List<?> transaction(List<Command> commands, List<byte[][]> arguments) {
        RedisLink link = open();
        try {
            link.call(limit, Command.MULTI);
            for (int i = 0; i < commands.size(); i++) {
                link.call(limit, commands.get(i), arguments.get(i));
            }
            Object replies = link.call(limit, Command.EXEC);
            giveBack(link);
            return replies instanceof List<?> list ? list : List.of();
        } catch (RedisLink.Broken problem) {
            link.close();
            throw unreachable(problem);
        } catch (JedisDataException refused) {
            link.close();
            throw refused(refused);
        }
    }

    /** A connection of the caller's own, for a call that blocks. */
    RedisLink open() {
        if (closed) {
            throw new StoreException(Kind.UNREACHABLE, "the store is closed", Optional.empty());
        }
        try {
            return connector.connect(limit, watchdog);
        } catch (IOException | RedisLink.Broken problem) {
            throw unreachable(problem);
        } catch (JedisDataException refused) {
            throw refused(refused);
        } catch (StoreException told) {
            throw told;
        } catch (Failure notStarted) {
            StoreException failure = new StoreException(Kind.UNREACHABLE, notStarted.what(), Optional.of(notStarted))
                    .withDetails(notStarted.details());
            throw notStarted.remedy().map(failure::withRemedy).orElse(failure);
        }
    }

    boolean isClosed() {
        return closed;
    }

    String address() {
        return connector.address();
    }

    boolean replicated() {
        return connector.replicated();
    }

    StoreException unreachable(Exception problem) {
        return new StoreException(
                        Kind.UNREACHABLE,
                        "the store at " + connector.address() + " cannot be reached: " + reason(problem),
                        Optional.of(problem))
                .withRemedy(remedy(problem));
    }

    private Remedy remedy(Exception problem) {
        if (problem instanceof SSLException) {
            boolean untrusted = String.valueOf(problem.getMessage()).contains("PKIX");
            return Remedy.of(
                    untrusted
                            ? SystemCertificates.howToAdd()
                            : "if the port has no TLS, use redis:// instead of rediss:// in " + connector.place());
        }
        return connector.hint();
    }

    private String reason(Exception problem) {
        if (Thread.currentThread().isInterrupted()) {
            return "interrupted";
        }
        return switch (problem) {
            case RedisLink.Broken broken when broken.late() -> "no answer within " + Durations.format(limit);
            case RedisLink.Broken broken -> "it closed the connection";
            case UnknownHostException unknown -> "unknown host";
            case SSLException handshake -> "TLS: " + handshake.getMessage();
            default -> String.valueOf(problem.getMessage());
        };
    }

    private StoreException refused(JedisDataException refusal) {
        String message = String.valueOf(refusal.getMessage());
        StoreException failure = new StoreException(
                Kind.UNREACHABLE, "the store at " + connector.address() + " refused: " + message, Optional.of(refusal));
        if (message.startsWith("NOAUTH") || message.startsWith("WRONGPASS") || message.contains("AUTH")) {
            return failure.withHint("set the password in " + connector.place() + ": redis://:password@host:port");
        }
        if (message.startsWith("NOPERM")) {
            return failure.withHint("the user needs access to Portolan's keys: ACL SETUSER … ~portolan:* +@all");
        }
        if (message.startsWith("MISCONF") || message.startsWith("OOM")) {
            return failure.withHint("its disk or memory is full; free some and run the command again");
        }
        if (message.startsWith("READONLY")) {
            return failure.withHint("it is a replica; set " + connector.place() + " to the primary");
        }
        if (message.contains("cluster mode")
                || message.startsWith("CROSSSLOT")
                || message.startsWith("MOVED")
                || message.startsWith("CLUSTERDOWN")) {
            return failure.withHint(
                    "it is part of a Redis Cluster: set " + connector.place() + " to cluster://host:port,…");
        }
        if (message.startsWith("ERR unknown command")) {
            return failure.withHint("it may be a Sentinel (use sentinel://host:port,…/name), or not a Redis; set "
                    + connector.place() + " to a Redis primary, 6.2 or newer");
        }
        return failure;
    }

    private static boolean isLoading(JedisDataException refusal) {
        String message = String.valueOf(refusal.getMessage());
        return message.startsWith("LOADING") || message.startsWith("BUSY ");
    }

    void giveBack(RedisLink link) {
        if (closed || idle.size() >= KEPT) {
            link.close();
        } else {
            idle.addFirst(link);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeIdle() {
        for (RedisLink link = idle.pollFirst(); link != null; link = idle.pollFirst()) {
            link.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        closeIdle();
        watchdog.close();
    }
}
