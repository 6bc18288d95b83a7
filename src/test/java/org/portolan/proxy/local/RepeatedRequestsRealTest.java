package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Requests that an instance does not answer: which are sent again, to whom, and whose end is noticed. */
@Tag("real")
class RepeatedRequestsRealTest extends TrafficCase {
    /** Each request is counted at the instances: those that were cut off in the middle, on new and on kept connections. */
    @Test
    void aBrokenRequestIsRepeatedOnceAndOnlyIfThatDoesNoHarm() throws IOException {
        service(6, (app, socket, head, body) -> {
            if (!head.contains(" /cut")) {
                RawApp.ok(socket, "yes");
            }
        });
        for (String method : List.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "POST", "PATCH", "PURGE", "LOCK")) {
            boolean safe = List.of("GET", "HEAD", "OPTIONS").contains(method);
            for (int port : new int[] {fixture.http, mesh}) {
                for (boolean kept : new boolean[] {false, true}) {
                    String path = "/cut-" + port + "-" + kept;
                    String cut = request(method, path, "Content-Length: 0", "Connection: close");
                    String answer = raw(port, (kept ? request("GET", "/first") : "") + cut, 3000);
                    assertThat(asked(method + " " + path + " "))
                            .as(method + " " + path)
                            .isEqualTo(safe ? 2 : 1);
                    if (port == fixture.http) {
                        assertThat(answer).contains("502 Bad Gateway");
                    }
                }
            }
        }
    }

    @Test
    void oneRequestThatEndsItsInstanceDoesNotEndTheService() throws IOException {
        service(6, (app, socket, head, body) -> {
            if (head.startsWith("GET /bad")) {
                app.close();
            } else {
                RawApp.ok(socket, "yes");
            }
        });
        assertThat(edge(request("GET", "/ok") + request("GET", "/bad", "Connection: close")))
                .contains("502 Bad Gateway");
        assertThat(asked("GET /bad")).isEqualTo(2);
        assertThat(apps.stream().filter(RawApp::alive)).hasSize(4);
    }

    /** With one instance there is no other to ask. */
    @Test
    void theOnlyInstanceIsNotAskedTwice() throws IOException {
        service(1, (app, socket, head, body) -> {});
        assertThat(edge(request("GET", "/cut", "Connection: close"))).contains("502 Bad Gateway");
        assertThat(asked("GET /cut")).isEqualTo(1);
    }

    @Test
    void whoLeavesIsMissedAtOnce() throws Exception {
        Map<String, Boolean> left = new ConcurrentHashMap<>();
        service(1, (app, socket, head, body) -> {
            String path = head.split(" ", -1)[1];
            if (path.startsWith("/stream")) {
                socket.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\n\r\ndata: x\n\n".getBytes(StandardCharsets.US_ASCII));
            }
            try {
                body.read();
            } catch (IOException reset) {
                // Such an answer is how it is reported.
            }
            left.put(path, true);
        });
        for (int port : new int[] {fixture.http, mesh}) {
            for (String kind : List.of("/poll", "/stream")) {
                try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    client.getOutputStream().write(request("GET", kind + port).getBytes(StandardCharsets.US_ASCII));
                    await(() -> asked("GET " + kind + port + " ") == 1);
                    assertThat(left).doesNotContainKey(kind + port);
                }
                await(() -> left.containsKey(kind + port));
            }
        }
        for (String kind : List.of("/poll-h2", "/stream-h2")) {
            assertThat(https(kind, "--http2", "-m", "0.5")).endsWith(kind.startsWith("/poll") ? "000" : "200");
            await(() -> left.containsKey(kind));
        }
        await(() -> fixture.view(ProxyFixture.id("web", 1, 1)).sessions() == 0);
    }

    @Test
    void cancelledHttp2RequestsAreMissedThoughTheirConnectionStays() throws Exception {
        Map<Integer, Boolean> left = new ConcurrentHashMap<>();
        service(1, (app, socket, head, body) -> {
            try {
                body.read();
            } catch (IOException reset) {
                // Such an answer is how it is reported.
            }
            left.put(socket.getPort(), true);
        });
        try (Socket client = Http2Frames.asking(fixture.https, 60, "/poll")) {
            await(() -> asked("GET /poll") == 60);
            assertThat(left).isEmpty();
            Http2Frames.cancel(client, 60);
            await(() -> left.size() == 60);
            await(() -> fixture.view(ProxyFixture.id("web", 1, 1)).sessions() == 0);
        }
    }

    /** What never reached an instance is sent to another one, whatever its method. */
    @Test
    void anInstanceThatRefusesCostsNoRequest() throws IOException {
        service(2, (app, socket, head, body) -> RawApp.ok(socket, "yes"));
        apps.getFirst().close();
        for (String method : List.of("GET", "POST", "PUT", "DELETE")) {
            for (int i = 0; i < 4; i++) {
                assertThat(edge(request(method, "/", "Content-Length: 0", "Connection: close")))
                        .startsWith("HTTP/1.1 200");
            }
        }
        assertThat(apps.getLast().requests).hasSize(16);
    }

    @Test
    void anInterimAnswerDelaysNoOtherRequest() throws IOException {
        service(1, (app, socket, head, body) -> {
            String hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n";
            if (head.contains(" /apart")) {
                socket.getOutputStream().write(hints.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                sleep(200);
                RawApp.ok(socket, "whole");
            } else if (head.contains(" /together")) {
                socket.getOutputStream()
                        .write((hints + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole")
                                .getBytes(StandardCharsets.US_ASCII));
            } else {
                RawApp.ok(socket, "other");
            }
        });
        for (String path : List.of("/apart", "/together")) {
            long start = System.nanoTime();
            String answer =
                    raw(fixture.http, request("GET", path) + request("GET", "/next", "Connection: close"), 10_000);
            assertThat(answer).contains("103 Early Hints", "whole", "other");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            assertThat(raw(mesh, request("GET", path, "Connection: close"), 5000))
                    .contains("103 Early Hints", "whole");
            // The stream of an HTTP/2 client is lost (docs/proxies.md); its connection and others are not.
            String both = https(
                    path,
                    "--http2",
                    "-m",
                    "5",
                    "https://example.org:" + fixture.https + "/next",
                    "-w",
                    "\n%{http_code}");
            assertThat(both).contains("other");
        }
    }
}
