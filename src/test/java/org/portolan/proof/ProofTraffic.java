package org.portolan.proof;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Steady traffic to services that work. Each answer must be 200 and say what its service must say. Ends with {@link
 * #close()}, after the open requests.
 */
final class ProofTraffic implements AutoCloseable {
    private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};

    private final Tally tally;
    private final ProofSite.Ports ports;
    private final List<Target> targets;
    private final ProofWorkers workers;
    private final boolean watchful;
    private final AtomicLong token = new AtomicLong();

    ProofTraffic(Tally tally, ProofSite.Ports ports, List<Target> targets) {
        this(tally, ports, targets, false);
    }

    /**
     * @param watchful whether clients look, before they ask on a kept connection, if it was closed while it was idle, as most
     *     do. If not, that counts as a loss
     */
    ProofTraffic(Tally tally, ProofSite.Ports ports, List<Target> targets, boolean watchful) {
        this.watchful = watchful;
        this.tally = tally;
        this.workers = new ProofWorkers(tally);
        this.ports = ports;
        this.targets = targets;
    }

    /**
     * Starts as much traffic as comes to about so many requests a second.
     *
     * @param rate requests a second, all kinds together
     */
    void start(int rate) {
        int part = Math.max(1, rate / 100);
        InetSocketAddress edge = new InetSocketAddress("127.0.0.1", ports.http());
        workers.start(
                Math.max(4, part * 2), part * 40.0, Kind.KEEP_ALIVE, () -> kept(Kind.KEEP_ALIVE, edge, this::any));
        workers.start(Math.max(2, part), part * 14.0, Kind.NEW_CONNECTION, () -> this::newConnection);
        workers.start(Math.max(3, part * 2), part * 3.0, Kind.SLOW, () -> this::slow);
        workers.start(Math.max(2, part / 2), part * 5.0, Kind.UPLOAD, () -> this::upload);
        workers.start(Math.max(2, part / 2), part * 5.0, Kind.TLS, () -> this::secure);
        workers.start(Math.max(3, part), part * 16.0, Kind.WEBSOCKET, () -> this::websocket);
        workers.start(Math.max(2, part / 2), part * 11.0, Kind.TCP, () -> this::lines);
    }

    /** Traffic between services: at the address that a service is given for another one, on kept and on new connections. */
    void startMesh(String service, InetSocketAddress address, double perSecond) {
        Target target = new Target(service, "/from-within", List.of(service));
        workers.start(2, perSecond / 2, Kind.MESH, () -> kept(Kind.MESH, address, () -> target));
        workers.start(2, perSecond / 2, Kind.MESH, () -> () -> fresh(Kind.MESH, address, target));
    }

    /** Traffic at an address of a service outside the domains. */
    void startDirect(String service, InetSocketAddress address, double perSecond) {
        Target target = new Target(service, "/direct", List.of(service));
        workers.start(2, perSecond / 2, Kind.KEEP_ALIVE, () -> kept(Kind.KEEP_ALIVE, address, () -> target));
        workers.start(2, perSecond / 2, Kind.NEW_CONNECTION, () -> () -> fresh(Kind.NEW_CONNECTION, address, target));
    }

    /** Traffic at one address only: kept and new connections, half each. */
    void startPlain(int clients, double perSecond) {
        InetSocketAddress edge = new InetSocketAddress("127.0.0.1", ports.http());
        workers.start(clients, perSecond / 2, Kind.KEEP_ALIVE, () -> kept(Kind.KEEP_ALIVE, edge, this::any));
        workers.start(clients, perSecond / 2, Kind.NEW_CONNECTION, () -> this::newConnection);
    }

    private Target any() {
        return targets.get(ThreadLocalRandom.current().nextInt(targets.size()));
    }

    private String path(Target target) {
        return target.path() + "?n=" + token.incrementAndGet();
    }

    private void count(Kind kind, long began, String fault) {
        if (fault.isEmpty()) {
            tally.good(kind, System.nanoTime() - began);
        } else {
            tally.lost(kind, fault, began);
        }
    }

    /** Whether a kept connection was closed while it was idle; only looked at by clients that watch theirs. */
    private boolean ended(@Nullable Connection connection) throws IOException {
        if (!watchful || connection == null || !connection.ended()) {
            return false;
        }
        connection.close();
        tally.closedIdle();
        return true;
    }

    /** A kept connection, opened again only when the server announced its end or it was lost (and counted). */
    private ProofWorkers.Worker kept(Kind kind, InetSocketAddress address, Supplier<Target> choice) {
        Connection[] kept = new Connection[1];
        long[] seen = new long[1];
        return () -> {
            Target target = choice.get();
            String path = path(target);
            long began = System.nanoTime();
            Connection connection = ended(kept[0]) ? null : kept[0];
            boolean used = connection != null;
            try {
                if (connection == null) {
                    seen[0] = began;
                    connection = Connection.plain(address);
                    kept[0] = connection;
                }
                Connection.Answer answer = connection.get(target.host(), path, "");
                count(kind, began, target.fault(answer, path));
                seen[0] = System.nanoTime();
                if (answer.last()) {
                    connection.close();
                    kept[0] = null;
                }
            } catch (IOException e) {
                if (connection != null) {
                    connection.close();
                }
                kept[0] = null;
                // Between two requests it may have been cut without anybody noticing.
                tally.lost(kind, (used ? "kept" : "new") + " connection, " + target.host() + path + ": " + e, seen[0]);
            }
        };
    }

    private void newConnection() throws IOException {
        fresh(Kind.NEW_CONNECTION, new InetSocketAddress("127.0.0.1", ports.http()), any());
    }

    private void fresh(Kind kind, InetSocketAddress address, Target target) throws IOException {
        String path = path(target);
        long began = System.nanoTime();
        try (Connection connection = Connection.plain(address)) {
            Connection.Answer answer = connection.get(target.host(), path, "Connection: close\r\n");
            count(kind, began, target.fault(answer, path));
        } catch (IOException e) {
            throw new IOException(target.host() + path + ": " + e, e);
        }
    }

    private void slow() throws IOException {
        Target target = any();
        // Below the path of its service, which the server takes for a slow one by its first word.
        String path = target.path().equals("/") ? "/slow" : target.path() + "/slow";
        path += "?n=" + token.incrementAndGet() + "&ms="
                + ThreadLocalRandom.current().nextInt(200, 1500);
        long began = System.nanoTime();
        try (Connection connection = Connection.plain(ports.http())) {
            count(Kind.SLOW, began, target.fault(connection.get(target.host(), path, ""), path));
        } catch (IOException e) {
            throw new IOException(target.host() + path + ": " + e, e);
        }
    }

    private void upload() throws IOException, InterruptedException {
        Target target = any();
        byte[] body = new byte[ThreadLocalRandom.current().nextInt(1, 200_000)];
        ThreadLocalRandom.current().nextBytes(body);
        long began = System.nanoTime();
        try (Connection connection = Connection.plain(ports.http())) {
            connection.send("POST " + path(target) + " HTTP/1.1\r\nHost: " + target.host() + "\r\nContent-Length: "
                    + body.length + "\r\n\r\n");
            int half = body.length / 2;
            connection.send(Arrays.copyOf(body, half));
            if (body.length % 4 == 0) {
                Thread.sleep(300);
            }
            connection.send(Arrays.copyOfRange(body, half, body.length));
            count(
                    Kind.UPLOAD,
                    began,
                    target.fault(connection.answer(), body.length + " " + Long.toHexString(hash(body))));
        } catch (IOException e) {
            throw new IOException("upload of " + body.length + " bytes to " + target.host() + ": " + e, e);
        }
    }

    /** FNV-1a of 64 bits. */
    static long hash(byte[] data) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : data) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001b3L;
        }
        return hash;
    }

    private void secure() throws IOException, InterruptedException {
        String password = Base64.getEncoder()
                .encodeToString((ProofSite.USER + ":" + ProofSite.PASSWORD).getBytes(StandardCharsets.UTF_8));
        Target target = new Target(ProofSite.SECURE, "/", List.of("web"));
        try (Connection connection = Connection.tls(ports.https(), ProofSite.SECURE)) {
            for (int i = 0; i < 8; i++) {
                if (ended(connection)) {
                    return;
                }
                String path = path(target);
                long began = System.nanoTime();
                Connection.Answer answer =
                        connection.get(target.host(), path, "Authorization: Basic " + password + "\r\n");
                count(Kind.TLS, began, target.fault(answer, path));
                if (answer.last()) {
                    return;
                }
                Thread.sleep(50);
            }
        }
    }

    /** A session of some seconds: what is said comes back, until the client says goodbye. */
    private void websocket() throws IOException, InterruptedException {
        Target target = new Target(ProofSite.CHAT, "/socket", List.of("chat"));
        int messages = ThreadLocalRandom.current().nextInt(5, 40);
        try (Connection connection = Connection.plain(ports.http())) {
            Connection.Answer hello = connection.get(
                    target.host(),
                    target.path(),
                    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
            if (hello.status() != 101) {
                tally.lost(Kind.WEBSOCKET, "the handshake was answered " + hello.status(), System.nanoTime());
                return;
            }
            for (int i = 0; i < messages; i++) {
                String text = "message-" + token.incrementAndGet();
                long began = System.nanoTime();
                connection.send(frame(text));
                byte[] head = connection.bytes(2);
                String echo = new String(connection.bytes(head[1] & 0x7F), StandardCharsets.UTF_8);
                boolean right = head[0] == (byte) 0x81 && echo.startsWith("chat ") && echo.endsWith(" " + text);
                count(Kind.WEBSOCKET, began, right ? "" : "'" + text + "' came back as '" + echo + "'");
                Thread.sleep(100);
            }
            connection.send(new byte[] {(byte) 0x88, (byte) 0x80, 0, 0, 0, 0});
        }
    }

    private static byte[] frame(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[6 + payload.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | payload.length);
        System.arraycopy(MASK, 0, frame, 2, 4);
        for (int i = 0; i < payload.length; i++) {
            frame[6 + i] = (byte) (payload[i] ^ MASK[i % 4]);
        }
        return frame;
    }

    /** A raw TCP session, or a single line. */
    private void lines() throws IOException, InterruptedException {
        int lines = ThreadLocalRandom.current().nextInt(4) == 0
                ? 1
                : ThreadLocalRandom.current().nextInt(5, 40);
        try (Connection connection = Connection.plain(ports.tcp())) {
            for (int i = 0; i < lines; i++) {
                String text = "line-" + token.incrementAndGet();
                long began = System.nanoTime();
                connection.send(text + "\n");
                String echo = connection.line();
                boolean right = echo.startsWith("echo ") && echo.endsWith(" " + text);
                count(Kind.TCP, began, right ? "" : "'" + text + "' came back as '" + echo + "'");
                Thread.sleep(100);
            }
        } catch (IOException e) {
            throw new IOException("session of " + lines + " lines: " + e, e);
        }
    }

    @Override
    public void close() {
        workers.close();
    }
}
