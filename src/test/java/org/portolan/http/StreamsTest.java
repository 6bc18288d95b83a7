package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;

/** Streams: what comes, in which order, and what clients leave behind that go without a word. */
class StreamsTest extends ApiTest {
    private static final int CLIENTS = 300;

    private static void until(String what, BooleanSupplier holds) throws InterruptedException {
        until(what, Duration.ofSeconds(20), holds);
    }

    private static void until(String what, Duration patience, BooleanSupplier holds) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(20);
        }
    }

    private Socket sending(int announced, int sent) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port);
        socket.setSoTimeout(20_000);
        OutputStream out = socket.getOutputStream();
        out.write(("POST /v1/hooks/x HTTP/1.1\r\nHost: x\r\nContent-Length: " + announced + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.write(new byte[sent]);
        out.flush();
        return socket;
    }

    private int post(String path, int size, String token) {
        HttpRequest.Builder request = api.to(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{" + " ".repeat(size - 2) + "}"));
        return api.send(token.isEmpty() ? request : request.header("Authorization", "Bearer " + token))
                .statusCode();
    }

    /** What counts is what arrived: announcing costs others nothing. */
    @Test
    void whoAnnouncesLargeBodiesTakesNothingFromWhoSendsOne() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int count = 0; count < 30; count++) {
                idle.add(sending(1 << 20, 1));
            }
            assertThat(post("/v1/hooks/x", 300_000, ""))
                    .as("read, and not signed")
                    .isEqualTo(401);
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void bodiesThatAreNeverFinishedDoNotFillTheMemory() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int count = 0; count < 8; count++) {
                slow.add(sending(1 << 20, (1 << 20) - 1));
            }
            until("one more is refused", () -> post("/v1/hooks/x", 1_000_000, "") == 503);
            assertThat(post("/v1/hooks/x", Bodies.FREE, "")).as("a small one").isEqualTo(401);
            assertThat(post("/v1/deployments/none/stop", 200_000, ApiSite.ADMIN))
                    .as("with a token")
                    .isEqualTo(404);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        until("what was held is free again", () -> post("/v1/hooks/x", 1_000_000, "") == 401);
    }

    /** However much of it there is already. */
    @Test
    @Tag("real")
    void aBodyThatDoesNotGoOnArrivingIsNotWaitedFor() throws Exception {
        long begin = System.nanoTime();
        try (Socket socket = sending(1 << 20, 1_000_000)) {
            socket.setSoTimeout(500);
            boolean closed = false;
            while (!closed && System.nanoTime() - begin < Duration.ofSeconds(20).toNanos()) {
                try {
                    socket.getOutputStream().write('a');
                    closed = socket.getInputStream().read() < 0;
                } catch (java.net.SocketTimeoutException open) {
                    // Not yet.
                } catch (IOException reset) {
                    closed = true;
                }
            }
            assertThat(closed).isTrue();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(14));
    }

    private Socket stream(String path, String accept) throws IOException {
        return stream(path, accept, ApiSite.READ);
    }

    private Socket stream(String path, String accept, String token) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port);
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\nAccept: "
                                + accept + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static BufferedReader reader(InputStream in) {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    private static String lineWith(BufferedReader in, String text) throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.contains(text)) {
                return line;
            }
        }
        throw new AssertionError("the stream ended before " + text);
    }

    @Test
    void whatHappensComesAtOnceWithItsIdAndAStreamIsResumedThere() throws Exception {
        String id;
        try (Socket socket = stream("/v1/events", Reply.EVENTS)) {
            BufferedReader in = reader(socket.getInputStream());
            lineWith(in, "HTTP/1.1 200");
            lineWith(in, "Content-Type: text/event-stream");
            until("it follows", () -> api.door.streams() == 1);
            api.site.process().deploy(ApiSite.shop("1", 2));
            id = lineWith(in, "id: ").substring(4);
            assertThat(in.readLine()).startsWith("event: ");
            assertThat(in.readLine()).startsWith("data: {\"id\":\"" + id + "\"");
        }
        // What happens while nobody listens.
        api.site.process().deploy(ApiSite.shop("2", 2));
        try (Socket socket = stream("/v1/events?deployment=shop&after=" + id, Reply.NDJSON)) {
            BufferedReader in = reader(socket.getInputStream());
            String next = lineWith(in, "\"id\"");
            assertThat(next).doesNotContain("\"id\":\"" + id + "\"");
            lineWith(in, "\"release\":4");
            api.site.process().deploy(ApiSite.shop("1", 2));
            lineWith(in, "\"release\":5");
        }
    }

    @Test
    void clientsThatComeAndGoLeaveNothing() throws Exception {
        int threads = Thread.activeCount();
        for (int round = 0; round < 2; round++) {
            List<Socket> sockets = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                String token = "ptl_" + client;
                api.tokens.put(token, Principal.of(token, Scope.READ, Set.of()));
                sockets.add(stream("/v1/events", Reply.EVENTS, token));
            }
            until("all follow", () -> api.door.streams() == CLIENTS);
            assertThat(Thread.activeCount()).isLessThan(threads + 40);
            api.site.process().deploy(ApiSite.shop(round % 2 == 0 ? "1" : "2", 2));
            for (Socket socket : sockets) {
                lineWith(reader(socket.getInputStream()), "data: ");
            }
            for (Socket socket : sockets) {
                socket.close();
            }
            // A client that is gone shows at the writes that follow.
            int now = round;
            until("all are gone", () -> {
                api.site.process().deploy(ApiSite.shop("1", 2 + (int) (System.nanoTime() % 2) + now));
                return api.door.streams() == 0;
            });
        }
        assertThat(api.get("/v1/deployments").statusCode()).isEqualTo(200);
        until("no thread is left", () -> Thread.activeCount() <= threads + 12);
    }

    @Test
    void streamsEndWhenThisProcessStopsListening() throws Exception {
        try (Socket socket = stream("/v1/events", Reply.NDJSON)) {
            until("it follows", () -> api.door.streams() == 1);
            long begin = System.nanoTime();
            api.door.stop(Duration.ofSeconds(5));
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(all).contains("HTTP/1.1 200").endsWith("0\r\n\r\n");
        }
    }

    @Test
    void logsComeLineByLine() {
        api.site.engine.world().image("web:loud", org.portolan.engine.sim.Behaviour.GOOD.logging("hello"), 80);
        api.site.process().deploy(ApiSite.shop("loud", 1));
        HttpResponse<String> logs = api.get("/v1/deployments/shop/instances/web/logs?tail=5");
        assertThat(logs.statusCode()).as(logs.body()).isEqualTo(200);
        assertThat(logs.headers().firstValue("Content-Type")).contains(Reply.NDJSON);
        assertThat(logs.body().lines()).isNotEmpty().allSatisfy(line -> assertThat(
                        RouteTableTest.faults(ApiForms.LOG_LINE, line))
                .isEmpty());
        assertThat(api.get("/v1/deployments/shop/instances/wep/logs").statusCode())
                .isEqualTo(404);
    }

    /** A client that sends a byte now and then is closed, however lively it looks. */
    @Test
    @Tag("real")
    void aHeadThatDoesNotEndIsNotWaitedFor() throws Exception {
        long begin = System.nanoTime();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port)) {
            socket.setSoTimeout(500);
            socket.getOutputStream()
                    .write("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));
            boolean closed = false;
            while (!closed && System.nanoTime() - begin < Duration.ofSeconds(20).toNanos()) {
                try {
                    socket.getOutputStream().write('a');
                    closed = socket.getInputStream().read() < 0;
                } catch (java.net.SocketTimeoutException open) {
                    // Not yet.
                } catch (IOException reset) {
                    closed = true;
                }
            }
            assertThat(closed).isTrue();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(14));
    }

    /** More than there may be: the oldest that says nothing makes room. */
    @Test
    void connectionsThatSayNothingKeepNobodyAway() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try (Socket stream = stream("/v1/events", Reply.NDJSON)) {
            until("it follows", () -> api.door.streams() == 1);
            for (int count = 0; count < 1_500; count++) {
                silent.add(new Socket(InetAddress.getLoopbackAddress(), api.port));
            }
            long begin = System.nanoTime();
            assertThat(api.get("/v1/deployments").statusCode()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
            api.site.process().deploy(ApiSite.shop("1", 2));
            lineWith(reader(stream.getInputStream()), "\"release\":3");
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    /** Answers that nobody reads fill the connection, and end it. */
    @Test
    @Tag("real")
    void aClientThatDoesNotReadItsAnswersIsNotWaitedFor() throws Exception {
        try (SocketChannel asking =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), api.port))) {
            asking.configureBlocking(false);
            ByteBuffer request = ByteBuffer.wrap("GET /assets/page.css HTTP/1.1\r\nHost: x\r\n\r\n"
                    .repeat(100)
                    .getBytes(StandardCharsets.US_ASCII));
            long begin = System.nanoTime();
            until("it is closed", Duration.ofSeconds(40), () -> {
                try {
                    request.rewind();
                    asking.write(request);
                    return false;
                } catch (IOException closed) {
                    return true;
                }
            });
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(10));
        }
        assertThat(api.send(api.to("/healthz")).statusCode()).isIn(200, 429);
    }
}
