package org.portolan.store.redis;

import static org.portolan.store.redis.RedisLink.bytes;
import static org.portolan.store.redis.RedisLink.text;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Remedy;
import org.portolan.socket.SocketWatchdog;
import org.portolan.store.RedisAddress;
import org.portolan.store.RedisAddress.Transport;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * The primary of several servers, asked for with each connection: of Sentinels, or of the part of a Cluster that has the store's keys. A
 * server is used only if it says itself that it is a primary. During a fail-over connecting waits, as long as a call may take.
 */
final class FoundPrimary implements Connector {
    private static final Duration MOST_PER_TRY = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 100;
    /** How a server refuses when it stopped being the primary, is not one yet, has other keys, or is cut off from its replicas. */
    private static final List<String> ELSEWHERE =
            List.of("READONLY", "MOVED ", "ASK ", "CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN", "UNBLOCKED", "NOREPLICAS");

    private final StoreSettings.Server server;
    private final String key;
    private final List<RedisAddress.Node> nodes;

    /**
     * @param key one of the store's keys, by which a Cluster finds the part that has all of them
     */
    FoundPrimary(StoreSettings.Server server, String key) {
        this.server = server;
        this.key = key;
        this.nodes =
                Collections.synchronizedList(new ArrayList<>(server.address().nodes()));
    }

    @Override
    public RedisLink connect(Duration limit, SocketWatchdog watchdog) throws IOException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            IOException trouble = new IOException("no address is given");
            for (RedisAddress.Node node : List.copyOf(nodes)) {
                try {
                    RedisLink link = through(node, least(limit), watchdog);
                    // The one that knew it is asked first the next time.
                    nodes.remove(node);
                    nodes.addFirst(node);
                    return link;
                } catch (IOException unreachable) {
                    trouble = new IOException(node + ": " + unreachable.getMessage(), unreachable);
                } catch (RedisLink.Broken broken) {
                    trouble =
                            new IOException(node + ": " + (broken.late() ? "no answer" : "connection closed"), broken);
                }
            }
            if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
                throw trouble;
            }
            pause();
        }
    }

    private static Duration least(Duration limit) {
        return limit.compareTo(MOST_PER_TRY) < 0 ? limit : MOST_PER_TRY;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private RedisLink through(RedisAddress.Node node, Duration limit, SocketWatchdog watchdog)
            throws IOException, RedisLink.Broken {
        RedisAddress.Node found = server.address().transport() == Transport.SENTINEL
                ? bySentinel(node, limit, watchdog)
                : inCluster(node, limit, watchdog);
        RedisLink link = RedisLink.open(server.address().at(found), limit, watchdog);
        try {
            Object role = link.call(limit, Command.ROLE);
            if (role instanceof List<?> words && text(words.getFirst()).equals("master")) {
                return link;
            }
            throw new IOException(found + " is not a primary");
        } catch (IOException | RedisLink.Broken | RuntimeException problem) {
            link.close();
            throw problem;
        }
    }

    private RedisAddress.Node bySentinel(RedisAddress.Node node, Duration limit, SocketWatchdog watchdog)
            throws IOException, RedisLink.Broken {
        RedisAddress open = new RedisAddress(Transport.TCP, node.host(), node.port(), "", "", 0);
        String name = server.address().primary();
        try (RedisLink link = RedisLink.open(open, limit, watchdog)) {
            Object reply = ask(link, limit, name);
            if (reply instanceof List<?> pair && pair.size() == 2) {
                return RedisAddress.Node.of(text(pair.getFirst()), text(pair.getLast()));
            }
            throw new IOException("it knows no primary named " + name);
        } catch (JedisDataException refused) {
            throw new IOException(refused.getMessage(), refused);
        }
    }

    private @Nullable Object ask(RedisLink link, Duration limit, String name) throws RedisLink.Broken {
        byte[] question = bytes("GET-MASTER-ADDR-BY-NAME");
        try {
            return link.call(limit, Command.SENTINEL, question, bytes(name));
        } catch (JedisDataException refused) {
            if (!String.valueOf(refused.getMessage()).startsWith("NOAUTH")) {
                throw refused;
            }
            link.call(limit, Command.AUTH, bytes(server.address().password()));
            return link.call(limit, Command.SENTINEL, question, bytes(name));
        }
    }

    /** Whoever has a key answers; all others say who has it. */
    private RedisAddress.Node inCluster(RedisAddress.Node node, Duration limit, SocketWatchdog watchdog)
            throws IOException, RedisLink.Broken {
        try (RedisLink link = RedisLink.open(server.address().at(node), limit, watchdog)) {
            link.call(limit, Command.TYPE, bytes(key));
            return node;
        } catch (JedisDataException refused) {
            String message = String.valueOf(refused.getMessage());
            int colon = message.lastIndexOf(':');
            int space = message.lastIndexOf(' ');
            if (message.startsWith("MOVED ") && colon > space) {
                String host = message.substring(space + 1, colon);
                return RedisAddress.Node.of(host.isEmpty() ? node.host() : host, message.substring(colon + 1));
            }
            if (message.startsWith("NOAUTH") || message.startsWith("WRONGPASS") || message.startsWith("NOPERM")) {
                throw refused;
            }
            throw new IOException(message, refused);
        }
    }

    @Override
    public boolean moved(String refusal) {
        return ELSEWHERE.stream().anyMatch(refusal::startsWith);
    }

    @Override
    public boolean replicated() {
        return true;
    }

    @Override
    public String address() {
        return server.address().toString();
    }

    @Override
    public Remedy hint() {
        return Remedy.of("check that a primary is elected and reachable from here, and that " + server.place()
                + " names the servers; running services are not affected");
    }

    @Override
    public String place() {
        return server.place();
    }
}
