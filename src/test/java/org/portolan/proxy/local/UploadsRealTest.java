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
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.service.Domain;

/**
 * Bodies and trailers: taken whole or streamed, over HTTP/1 and HTTP/2, and given up when they stall. Alone: it compares how long
 * uploads take.
 */
@Tag("real")
@Tag("alone")
class UploadsRealTest extends TrafficCase {
    /** An application with few workers must not wait for slow clients, unless its domain says that it wants to. */
    @Test
    void anUploadIsTakenWholeBeforeTheServiceIsAskedOrStreamed() throws Exception {
        RawApp app = new RawApp((self, socket, head, body) -> {
            byte[] taken = body.readNBytes(head.contains("chunked") ? 18 : 8);
            RawApp.ok(socket, new String(taken, StandardCharsets.US_ASCII).replaceAll("\\s", ","));
        });
        apps.add(app);
        fixture.proxy.apply(fixture.part(
                List.of(ProxyFixture.http("web", mesh, ProxyFixture.ready(ProxyFixture.id("web", 1, 1), app.port()))),
                ProxyFixture.domain("example.org")
                        .route("/", ProxyFixture.target("web"))
                        .make(),
                ProxyFixture.domain("stream.org")
                        .route("/", ProxyFixture.target("web"))
                        .streamUploads()
                        .make(),
                ProxyFixture.domain("closed.org")
                        .route("/", ProxyFixture.target("web"))
                        .auth("ann", "pw")
                        .streamUploads()
                        .make()));
        for (String host : List.of("example.org", "stream.org")) {
            String path = "/up-" + host;
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.http)) {
                socket.setSoTimeout(3000);
                socket.getOutputStream()
                        .write(("POST " + path + " HTTP/1.1\r\nHost: " + host
                                        + "\r\nConnection: close\r\nContent-Length: 8\r\n\r\nhalf")
                                .getBytes(StandardCharsets.US_ASCII));
                if (host.equals("stream.org")) {
                    await(() -> asked("POST " + path) == 1);
                } else {
                    Thread.sleep(300);
                    assertThat(asked("POST " + path)).isZero();
                }
                socket.getOutputStream().write("done".getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .startsWith("HTTP/1.1 200")
                        .endsWith("halfdone");
            }
        }
        String upload = "POST / HTTP/1.1\r\nHost: closed.org\r\nConnection: close\r\nContent-Length: 8\r\n";
        assertThat(edge(upload + "\r\nhalfdone")).startsWith("HTTP/1.1 401").contains("Password needed");
        assertThat(edge(upload + "Authorization: Basic YW5uOnB3\r\n\r\nhalfdone"))
                .endsWith("halfdone");
        assertThat(fixture.get("closed.org", "/")).contains("Password needed").endsWith("401");
        // What is there already needs no other policy; a change of how uploads are taken is one without a reload.
        assertThat(fixture.proxy.apply(fixture.part(
                        List.of(ProxyFixture.http(
                                "web", mesh, ProxyFixture.ready(ProxyFixture.id("web", 1, 1), app.port()))),
                        ProxyFixture.domain("stream.org")
                                .route("/", ProxyFixture.target("web"))
                                .make())))
                .isFalse();
        assertThat(edge(upload.replace("closed.org", "stream.org") + "\r\nhalfdone"))
                .endsWith("halfdone");
    }

    /** An nginx that speaks only HTTP/2 without TLS and sends trailers, as gRPC's servers do, is the application. */
    @Test
    void http2ReachesAServiceWithItsTrailers() throws Exception {
        int port = ProxyFixture.free();
        Path config = folder.resolve("origin.conf");
        Files.writeString(config, """
                daemon off; master_process off; pid %1$s/origin.pid; error_log %1$s/origin.log;
                events {}
                http {
                  access_log off; client_body_temp_path %1$s/body;
                  server {
                    listen 127.0.0.1:%2$d http2;
                    location / { add_trailer grpc-status 0 always; return 200 "$server_protocol $http_x_real_ip"; }
                  }
                }
                """.formatted(folder, port));
        Process origin = new ProcessBuilder(
                        "nginx",
                        "-c",
                        config.toString(),
                        "-e",
                        folder.resolve("e").toString())
                .start();
        try {
            await(() ->
                    org.portolan.process.Listeners.refusal("127.0.0.1", port).isPresent());
            Domain.Target target = new Domain.Target("shop", "api", "h2c", 100);
            fixture.proxy.apply(fixture.part(
                    List.of(new Backend(
                            "api",
                            "h2c",
                            true,
                            List.of("127.0.0.1"),
                            mesh,
                            List.of(),
                            false,
                            Optional.empty(),
                            List.of())),
                    ProxyFixture.domain("example.org")
                            .route("/", target)
                            .certificate(certificate())
                            .make()));
            // The server comes at run time, as in a rollout.
            fixture.proxy.apply(fixture.part(
                    List.of(new Backend(
                            "api",
                            "h2c",
                            true,
                            List.of("127.0.0.1"),
                            mesh,
                            List.of(),
                            false,
                            Optional.empty(),
                            List.of(ProxyFixture.ready(ProxyFixture.id("api", 1, 1), port)))),
                    ProxyFixture.domain("example.org")
                            .route("/", target)
                            .certificate(certificate())
                            .make()));
            assertThat(Http2Frames.trailer(fixture.https, true)).isEqualTo("0");
            assertThat(Http2Frames.trailer(mesh, false)).isEqualTo("0");
            // Clients without gRPC are served too.
            assertThat(https("/")).isEqualTo("HTTP/2.0 127.0.0.1\n200");
            assertThat(fixture.curl("http://127.0.0.1:" + mesh + "/")).startsWith("HTTP/2.0");
            // What only the edge may say is the same on this way.
            assertThat(https("/", "-i", "-H", "Content-Type: application/grpc", "-H", "X-Real-IP: 6.6.6.6"))
                    .contains("HTTP/2.0 127.0.0.1")
                    .doesNotContain("6.6.6.6");
        } finally {
            origin.destroy();
            origin.waitFor();
        }
    }

    /** With a second in place of the minute that the shipped template waits. */
    @Test
    void aStalledUploadEnds() throws Exception {
        fixture.close();
        Path templates = Files.createDirectories(folder.resolve("templates"));
        String shipped = Files.readString(Path.of("templates/proxy/nginx.conf.mustache"));
        assertThat(shipped).contains("client_body_timeout 60s;");
        Files.writeString(
                templates.resolve("nginx.conf.mustache"),
                shipped.replace("client_body_timeout 60s;", "client_body_timeout 1s;"));
        fixture = new ProxyFixture(folder.resolve("other"), Optional.of(templates));
        fixture.proxy.ensureRunning();
        service(1, (app, socket, head, body) -> RawApp.ok(socket, "yes"));
        long start = System.nanoTime();
        String answer = raw(fixture.http, request("POST", "/", "Content-Length: 8") + "half", 10_000);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
        assertThat(answer).doesNotContain("200 OK");
        assertThat(asked("POST")).isZero();
    }

    /** A client that is 25 ms away: the time of an upload must not grow with HTTP/2's window. */
    @Test
    void uploadsOverHttp2AreAsFastAsOverHttp1() throws Exception {
        service(1, (app, socket, head, body) -> {
            int at = head.toLowerCase(java.util.Locale.ROOT).indexOf("content-length: ");
            body.skipNBytes(Long.parseLong(head.substring(at + 16, head.indexOf('\r', at))));
            RawApp.ok(socket, "taken");
        });
        Path file = folder.resolve("upload");
        Files.write(file, new byte[10_000_000]);
        upload(file);
        fixture.proxy.apply(fixture.part(
                List.of(ProxyFixture.http(
                        "web",
                        mesh,
                        ProxyFixture.ready(
                                ProxyFixture.id("web", 1, 1), apps.getFirst().port()))),
                ProxyFixture.domain("example.org")
                        .route("/", ProxyFixture.target("web"))
                        .certificate(certificate())
                        .streamUploads()
                        .make()));
        upload(file);
    }

    private void upload(Path file) throws IOException {
        try (FarAway far = new FarAway(fixture.https, 25)) {
            long[] millis = new long[2];
            for (int i = 0; i < 2; i++) {
                long start = System.nanoTime();
                assertThat(fixture.curl(
                                "-k",
                                i == 0 ? "--http1.1" : "--http2",
                                "-H",
                                "Expect:",
                                "-T",
                                file.toString(),
                                "--resolve",
                                "example.org:" + far.port() + ":127.0.0.1",
                                "https://example.org:" + far.port() + "/up"))
                        .isEqualTo("taken\n200");
                millis[i] = (System.nanoTime() - start) / 1_000_000;
            }
            System.out.println("10 MB at 50 ms: HTTP/1.1 " + millis[0] + " ms, HTTP/2 " + millis[1] + " ms");
            assertThat(millis[1]).isLessThan(3 * millis[0] + 1500);
        }
    }
}
