package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.routing.RouteSet.Server;
import org.portolan.model.service.Domain;

/** Real proxies in front of applications that answer byte by byte, behind example.org. */
abstract class TrafficCase {
    @TempDir
    Path folder;

    final List<RawApp> apps = new ArrayList<>();
    ProxyFixture fixture;
    int mesh;

    @BeforeEach
    void start() throws IOException {
        fixture = new ProxyFixture(folder.resolve("proxies"));
        mesh = ProxyFixture.free();
        fixture.proxy.ensureRunning();
    }

    @AfterEach
    void stop() {
        fixture.close();
        apps.forEach(RawApp::close);
    }

    /** A service of some instances behind example.org and on the mesh. */
    void service(int instances, RawApp.Handler handler) throws IOException {
        List<Server> servers = new ArrayList<>();
        for (int i = 1; i <= instances; i++) {
            RawApp app = new RawApp(handler);
            apps.add(app);
            servers.add(ProxyFixture.ready(ProxyFixture.id("web", 1, i), app.port()));
        }
        fixture.proxy.apply(fixture.part(
                List.of(ProxyFixture.http("web", mesh, servers.toArray(Server[]::new))),
                ProxyFixture.domain("example.org")
                        .route("/", ProxyFixture.target("web"))
                        .certificate(certificate())
                        .make()));
    }

    Domain.Certificate certificate() throws IOException {
        return ProxyFixture.certificate(folder, "example.org");
    }

    long asked(String beginning) {
        return apps.stream().mapToLong(app -> app.asked(beginning)).sum();
    }

    String https(String path, String... more) {
        List<String> words = new ArrayList<>(List.of(more));
        words.addAll(List.of(
                "-k",
                "--resolve",
                "example.org:" + fixture.https + ":127.0.0.1",
                "https://example.org:" + fixture.https + path));
        return fixture.curl(words.toArray(String[]::new));
    }

    /** What comes back for these bytes until the end of the connection, or until nothing comes for so long. */
    static String raw(int port, String request, int patienceMillis) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(patienceMillis);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder answer = new StringBuilder();
            byte[] part = new byte[65_536];
            try {
                InputStream in = socket.getInputStream();
                for (int count = in.read(part); count >= 0; count = in.read(part)) {
                    answer.append(new String(part, 0, count, StandardCharsets.ISO_8859_1));
                }
            } catch (SocketTimeoutException quiet) {
                // All that came is returned.
            }
            return answer.toString();
        }
    }

    String edge(String request) throws IOException {
        return raw(fixture.http, request, 3000);
    }

    static String request(String method, String path, String... headers) {
        StringBuilder text = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: example.org\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    /** Two seconds are for a busy machine; it takes milliseconds. */
    static void await(BooleanSupplier there) throws InterruptedException {
        long end = System.nanoTime() + 2_000_000_000L;
        while (!there.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within 2 s").isLessThan(end);
            Thread.sleep(10);
        }
    }

    static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
