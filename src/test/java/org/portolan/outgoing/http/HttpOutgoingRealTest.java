package org.portolan.outgoing.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.portolan.outgoing.Outgoing;
import org.portolan.testing.FreePorts;

/** Against a server on this machine. */
@Tag("real")
class HttpOutgoingRealTest {
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final Outgoing outgoing = new HttpOutgoing();
    private final HttpServer server;

    HttpOutgoingRealTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        server.createContext("/ok", exchange -> {
            received.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("X-Test") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", "/ok");
            exchange.sendResponseHeaders(307, -1);
            exchange.close();
        });
        server.createContext("/busy", exchange -> {
            exchange.getResponseHeaders().add("Retry-After", "99999");
            exchange.sendResponseHeaders(429, -1);
            exchange.close();
        });
        server.createContext("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] some = new byte[1 << 16];
            try {
                while (true) {
                    exchange.getResponseBody().write(some);
                }
            } catch (IOException closed) {
                received.add("closed");
            }
        });
        server.setExecutor(java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stop() {
        outgoing.close();
        server.stop(0);
    }

    private Outgoing.Answer post(String path) {
        return outgoing.post(new Outgoing.Message(
                "http://127.0.0.1:" + server.getAddress().getPort() + path, Map.of("X-Test", "yes"), "ä{}"));
    }

    @Test
    void aRequestArrivesAsItIs() {
        assertThat(post("/ok").accepted()).isTrue();
        assertThat(received).containsExactly("POST /ok yes ä{}");
    }

    @Test
    void aRedirectIsNotFollowed() {
        Outgoing.Answer answer = post("/moved");
        assertThat(answer.accepted()).isFalse();
        assertThat(answer.text()).isEqualTo("status 307");
        assertThat(received).isEmpty();
    }

    @Test
    void aPauseIsTakenAndBounded() {
        assertThat(post("/busy").retryAfter()).contains(Duration.ofMinutes(10));
    }

    @Test
    void anAnswerWithoutEndIsNotRead() {
        Instant begun = Instant.now();
        assertThat(post("/endless").accepted()).isTrue();
        assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void whatDoesNotAnswerIsSaidWithoutItsAddress() throws IOException {
        int closed = FreePorts.next();
        Outgoing.Answer refused =
                outgoing.post(new Outgoing.Message("http://127.0.0.1:" + closed + "/hunter2", Map.of(), ""));
        assertThat(refused.text()).isEqualTo("cannot connect");
        Outgoing.Answer invalid = outgoing.post(new Outgoing.Message("http://a b/hunter2", Map.of(), ""));
        assertThat(invalid.text()).isEqualTo("the URL is not valid");
        Outgoing.Answer plain = outgoing.post(
                new Outgoing.Message("https://127.0.0.1:" + server.getAddress().getPort() + "/hunter2", Map.of(), ""));
        assertThat(plain.status()).isZero();
        assertThat(plain.text()).doesNotContain("hunter2", "127.0.0.1");
    }
}
