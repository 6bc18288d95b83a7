package org.portolan.proxy.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.portolan.routing.ProxySettings;

class EdgeProbeTest {

    @Test
    void findsStatusAndPolicy() throws IOException {
        assertThat(answer("HTTP/1.1 204 No Content\r\nServer: nginx\r\nX-Portolan-Policy: http.open.1\r\n"))
                .isEqualTo(new EdgeProbe.Answer(204, Optional.of("http.open.1")));
        assertThat(answer("HTTP/1.1 401\nx-portolan-POLICY:https.basic.2"))
                .isEqualTo(new EdgeProbe.Answer(401, Optional.of("https.basic.2")));
        assertThat(answer("HTTP/1.1 503 Service Unavailable\r\nX-Other: X-Portolan-Policy: no"))
                .isEqualTo(new EdgeProbe.Answer(503, Optional.empty()));
        assertThat(answer("HTTP/1.1 200 OK\r\n\r\nX-Portolan-Policy: in the body"))
                .isEqualTo(new EdgeProbe.Answer(200, Optional.empty()));
    }

    @Test
    void readsOneAnswerAfterTheOther() throws IOException {
        BufferedReader several = new BufferedReader(new StringReader("""
                HTTP/1.1 401 Unauthorized\r
                X-Portolan-Policy: http.basic.1\r
                Content-Length: 18\r
                \r
                HTTP/1.1 200 OK\r\n\rHTTP/1.1 204 No Content\r
                X-Portolan-Policy: http.open.2\r
                \r
                HTTP/1.1 503 Service Unavailable\r
                Transfer-Encoding: chunked\r
                \r
                3\r
                """));
        assertThat(EdgeProbe.answer(several)).isEqualTo(new EdgeProbe.Answer(401, Optional.of("http.basic.1")));
        assertThat(EdgeProbe.answer(several)).isEqualTo(new EdgeProbe.Answer(204, Optional.of("http.open.2")));
        assertThat(EdgeProbe.answer(several)).isEqualTo(new EdgeProbe.Answer(503, Optional.empty()));
        assertThatThrownBy(() -> EdgeProbe.answer(several))
                .as("where a body ends is not known")
                .isInstanceOf(IOException.class);
        for (String length : List.of("-1", "1x", "99999999999999999999", "1000000")) {
            assertThatThrownBy(() -> answer("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n"))
                    .as(length)
                    .isInstanceOf(IOException.class);
        }
    }

    /** A worker that nginx replaces closes the connection after the answer that it is about to give. */
    @Test
    void takesWhatCameBeforeTheConnectionWasClosed() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread nginx = Thread.ofPlatform().start(() -> {
                try (Socket client = server.accept()) {
                    BufferedReader questions = new BufferedReader(
                            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
                    for (int name = 0; name < 2; name++) {
                        String line = questions.readLine();
                        while (!line.isEmpty()) {
                            line = questions.readLine();
                        }
                        client.getOutputStream()
                                .write(("HTTP/1.1 204 No Content\r\nX-Portolan-Policy: http.open." + name + "\r\n\r\n")
                                        .getBytes(StandardCharsets.US_ASCII));
                    }
                } catch (IOException broken) {
                    throw new UncheckedIOException(broken);
                }
            });
            EdgeProbe probe =
                    new EdgeProbe(new ProxySettings.Edge(List.of("127.0.0.1"), server.getLocalPort(), 1, 0), "token");
            assertThat(probe.together(List.of("a", "b", "c")))
                    .extracting(answer -> answer.policy().orElseThrow())
                    .containsExactly("http.open.0", "http.open.1");
            nginx.join();
        }
    }

    private static EdgeProbe.Answer answer(String text) throws IOException {
        return EdgeProbe.answer(new BufferedReader(new StringReader(text)));
    }

    @Test
    void takesNothingElseForAnAnswer() {
        for (String head : List.of(
                "",
                "HTTP/1.1",
                "HTTP/1.1 ",
                "HTTP/1.1 20",
                "HTTP/1.1 2000 OK",
                "HTTP/1.1 2x0 OK",
                "HTTP/1.0 200 OK",
                "+OK",
                "HTTP/1.1 +20 OK",
                " HTTP/1.1 200 OK",
                "HTTP/1.1 200\tOK")) {
            assertThatThrownBy(() -> answer(head))
                    .as(head)
                    .isInstanceOf(IOException.class)
                    .hasMessage("nginx did not give an HTTP answer");
        }
    }
}
