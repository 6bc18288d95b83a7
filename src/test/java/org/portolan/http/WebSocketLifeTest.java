package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.engine.sim.SimCommand;
import org.portolan.model.container.CommandStreams;
import org.portolan.model.container.Container;
import org.portolan.remote.RemoteController;

/** When a WebSocket's client counts as gone, with short times. */
class WebSocketLifeTest {
    private static final WebSocketPeer.Times SHORT = new WebSocketPeer.Times(
            Duration.ofMillis(100), Duration.ofMillis(600), Duration.ofMillis(2_500), Duration.ofSeconds(60));

    @TempDir
    Path folder;

    private ApiSite api;

    @BeforeEach
    void open() {
        api = new ApiSite(folder, SHORT).started();
    }

    @AfterEach
    void close() {
        api.close();
    }

    private SimCommand running() throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (api.site.engine.attached.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        return api.site.engine.attached.getLast();
    }

    @Test
    void oneThatAnswersNoPingIsGone() throws Exception {
        try (RawWebSocket client = RawWebSocket.exec(api.port, ApiSite.ADMIN)) {
            client.text("{\"command\": [\"wait\"]}");
            assertThat(running().left.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(client.frame().orElseThrow().code()).isEqualTo(RawWebSocket.PING);
        }
    }

    /** Longer than a connection has for the head of its next request. */
    @Test
    void oneThatAnswersThemStays() throws Exception {
        try (RawWebSocket client = RawWebSocket.exec(api.port, ApiSite.ADMIN)) {
            client.text("{\"command\": [\"wait\"]}");
            long end = System.nanoTime()
                    + ConnectionDeadlines.HEAD.plusMillis(1_500).toNanos();
            while (System.nanoTime() < end) {
                assertThat(client.frame().orElseThrow().code()).isEqualTo(RawWebSocket.PING);
                client.send(RawWebSocket.PONG, new byte[0]);
            }
            assertThat(running().left.getCount()).isEqualTo(1);
        }
    }

    /** Clients end a connection on which their pings stay without answer. */
    @Test
    void itsOwnPingsAreAnswered() throws Exception {
        try (RawWebSocket client = RawWebSocket.exec(api.port, ApiSite.ADMIN)) {
            client.text("{\"command\": [\"wait\"]}");
            client.send(RawWebSocket.PING, new byte[] {1, 2, 3});
            RawWebSocket.Got pong = client.next();
            assertThat(pong.code()).isEqualTo(RawWebSocket.PONG);
            assertThat(pong.bytes()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void ofManyPingsTheLastIsAnsweredInAnyCase() throws Exception {
        try (RawWebSocket client = RawWebSocket.exec(api.port, ApiSite.ADMIN)) {
            client.text("{\"command\": [\"wait\"]}");
            for (int i = 1; i <= 5_000; i++) {
                client.send(RawWebSocket.PING, String.valueOf(i).getBytes(StandardCharsets.US_ASCII));
            }
            String last = "";
            while (!last.equals("5000")) {
                RawWebSocket.Got pong = client.next();
                assertThat(pong.code()).isEqualTo(RawWebSocket.PONG);
                last = pong.text();
            }
        }
    }

    @Test
    void oneThatNeverReadsIsGoneToo() throws Exception {
        try (RawWebSocket client = RawWebSocket.exec(api.port, ApiSite.ADMIN)) {
            client.text("{\"command\": [\"flood\"]}");
            SimCommand command = running();
            assertThat(command.left.await(1, TimeUnit.SECONDS))
                    .as("it may pause")
                    .isFalse();
            assertThat(command.left.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Whose input waits cannot answer pings: they come behind it. */
    @Test
    void oneWhoseInputIsNotReadStays() throws Exception {
        try (RawWebSocket client = RawWebSocket.exec(api.port, ApiSite.ADMIN)) {
            client.text("{\"command\": [\"deaf\"], \"stdin\": true}");
            SimCommand command = running();
            client.stream(0, "x".repeat(60_000));
            client.stream(0, "x".repeat(60_000));
            assertThat(command.left.await(1_500, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    /** Neither side may wait for the other: our client has pings to answer while its input is held back. */
    @Test
    void bothDirectionsMayBeFullWhilePingsCome() throws Exception {
        CountDownLatch reads = new CountDownLatch(1);
        AtomicLong taken = new AtomicLong();
        String much = "x".repeat(24 * 1024 * 1024);
        CommandStreams streams = (CommandStreams) Proxy.newProxyInstance(
                CommandStreams.class.getClassLoader(),
                new Class<?>[] {CommandStreams.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "interactive" -> true;
                    case "terminal" -> false;
                    case "input" -> new ByteArrayInputStream(much.getBytes(StandardCharsets.US_ASCII));
                    case "output" -> {
                        reads.await();
                        taken.addAndGet((int) arguments[2]);
                        yield true;
                    }
                    default -> (AutoCloseable) () -> {};
                });
        Container web = api.site.engine.inspect("shop-web-2-1").orElseThrow();
        try (RemoteController controller =
                RemoteController.of("unix:" + api.socket, java.util.Map.of(), warning -> {})) {
            CompletableFuture<Integer> done = CompletableFuture.supplyAsync(
                    () -> controller.attached("ada").exec(web, List.of("cat"), streams),
                    task -> Thread.ofPlatform().daemon().start(task));
            assertThat(running().left.await(1_200, TimeUnit.MILLISECONDS)).isFalse();
            reads.countDown();
            assertThat(done.get(60, TimeUnit.SECONDS)).isZero();
        }
        assertThat(taken.get()).isEqualTo(much.length());
    }

    @Test
    void oneThatAsksForNoCommandIsSentAway() throws Exception {
        try (RawWebSocket client = RawWebSocket.exec(api.port, ApiSite.ADMIN)) {
            RawWebSocket.Got close = client.next();
            assertThat(close.status()).isEqualTo(1008);
        }
    }

    @Test
    void oneWhoseTokenIsRemovedIsSentAway() throws Exception {
        try (RawWebSocket client = RawWebSocket.exec(api.port, ApiSite.ADMIN)) {
            client.text("{\"command\": [\"wait\"]}");
            SimCommand command = running();
            api.tokens.remove(ApiSite.ADMIN);
            Optional<RawWebSocket.Got> last = client.frame();
            while (last.filter(got -> got.code() == RawWebSocket.PING).isPresent()) {
                client.send(RawWebSocket.PONG, new byte[0]);
                last = client.frame();
            }
            assertThat(last.orElseThrow().status()).isEqualTo(1008);
            assertThat(command.left.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}
