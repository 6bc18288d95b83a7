package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Domain;
import org.portolan.process.Commands;

/** An edge behind load balancers: whose word is taken, and what an application hears. */
@Tag("real")
class BehindProxiesRealTest {
    @TempDir
    Path folder;

    private ProxyFixture fixture;
    private RawApp app;
    private RouteSet part;

    @BeforeEach
    void start() throws IOException {
        fixture = new ProxyFixture(folder.resolve("proxies"));
        fixture.proxy.ensureRunning();
        app = new RawApp((self, socket, head, body) -> RawApp.ok(socket, head.toLowerCase(Locale.ROOT)));
        Path key = folder.resolve("key.pem");
        Path chain = folder.resolve("chain.pem");
        Commands.run(
                List.of(
                        "sh",
                        "-c",
                        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 60 -subj /CN=safe.org"
                                + " -keyout " + key + " -out " + chain),
                Duration.ofSeconds(20));
        part = fixture.part(
                List.of(ProxyFixture.http(
                        "web", ProxyFixture.free(), ProxyFixture.ready(ProxyFixture.id("web", 1, 1), app.port()))),
                ProxyFixture.domain("example.org")
                        .route("/", ProxyFixture.target("web"))
                        .make(),
                ProxyFixture.domain("safe.org")
                        .route("/", ProxyFixture.target("web"))
                        .certificate(new Domain.Certificate(Files.readString(chain), Files.readString(key)))
                        .redirect()
                        .make());
    }

    @AfterEach
    void stop() {
        fixture.close();
        app.close();
    }

    private String raw(String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.http)) {
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static String request(String host, String... headers) {
        return "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n" + String.join("\r\n", headers)
                + (headers.length > 0 ? "\r\n\r\n" : "\r\n");
    }

    @Test
    void aTrustedProxyIsBelievedAndItsTlsDoesNotLoop() throws IOException {
        try (LocalProxy behind = fixture.behind(false, "127.0.0.0/8", "fd00::/8")) {
            behind.apply(part);
            assertThat(raw(request("example.org", "X-Forwarded-For: 198.51.100.7", "X-Forwarded-Proto: https")))
                    .contains("x-forwarded-for: 198.51.100.7, 127.0.0.1\r\n")
                    .contains("x-real-ip: 198.51.100.7\r\n")
                    .contains("x-forwarded-proto: https\r\n")
                    .contains("x-forwarded-host: example.org\r\n")
                    .contains("x-forwarded-port: 443\r\n");
            assertThat(raw(request("example.org", "X-Forwarded-Host: shop.example", "X-Forwarded-Port: 8444")))
                    .contains("x-forwarded-host: shop.example\r\n")
                    .contains("x-forwarded-port: 8444\r\n")
                    .contains("x-forwarded-for: 127.0.0.1\r\n")
                    .contains("x-forwarded-proto: http\r\n");
            assertThat(raw(request("safe.org", "X-Forwarded-Proto: https"))).startsWith("HTTP/1.1 200");
            assertThat(raw(request("safe.org", "X-Forwarded-Proto: http")))
                    .startsWith("HTTP/1.1 301")
                    .contains("Location: https://safe.org/\r\n");
        }
    }

    @Test
    void nobodyElseIsBelieved() throws IOException {
        String[] claims = {
            "X-Forwarded-For: 198.51.100.7", "X-Forwarded-Proto: https", "X-Forwarded-Host: x", "X-Forwarded-Port: 1"
        };
        for (String trusted : List.of("10.0.0.0/8", "")) {
            try (LocalProxy behind = trusted.isEmpty() ? fixture.behind(false) : fixture.behind(false, trusted)) {
                behind.apply(trusted.isEmpty() ? part : new RouteSet("shop", part.backends(), part.domains()));
                assertThat(raw(request("example.org", claims)))
                        .contains("x-forwarded-for: 127.0.0.1\r\n")
                        .contains("x-forwarded-proto: http\r\n")
                        .contains("x-forwarded-host: example.org\r\n")
                        .contains("x-forwarded-port: " + fixture.http + "\r\n");
                assertThat(raw(request("safe.org", claims)))
                        .startsWith("HTTP/1.1 301")
                        .contains("Location: https://safe.org:" + fixture.https + "/\r\n");
            }
        }
    }

    @Test
    void theProxyProtocolTellsTheClientsAddressAndNothingElseIsBelieved() throws IOException {
        try (LocalProxy behind = fixture.behind(true, "127.0.0.1")) {
            behind.apply(part);
            String first = "PROXY TCP4 198.51.100.7 127.0.0.1 40000 80\r\n";
            assertThat(raw(first + request("example.org", "X-Forwarded-For: 6.6.6.6", "X-Forwarded-Proto: https")))
                    .contains("x-forwarded-for: 198.51.100.7\r\n")
                    .contains("x-real-ip: 198.51.100.7\r\n")
                    .contains("x-forwarded-proto: http\r\n");
            assertThat(raw(request("example.org"))).doesNotContain("200 OK");
            // Over TLS as well; curl speaks the protocol itself.
            assertThat(fixture.curl(
                            "-k",
                            "--haproxy-protocol",
                            "--resolve",
                            "safe.org:" + fixture.https + ":127.0.0.1",
                            "https://safe.org:" + fixture.https + "/"))
                    .contains("x-forwarded-proto: https")
                    .endsWith("200");
        }
    }
}
