package org.portolan.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.NeedsConsent;

/** What a controller, or whatever else is where one should be, may answer. */
class ApiClientTest {
    private static final String VERSION = "Portolan-Version: 1\r\n";

    @TempDir
    Path folder;

    /** Answers one request with these bytes, and keeps what was asked. */
    private static final class Answering implements AutoCloseable {
        private final ServerSocket server;
        private final List<String> asked = new ArrayList<>();
        private final Thread thread;

        Answering(String answer) throws IOException {
            server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            thread = Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    byte[] head = new byte[4096];
                    int read = socket.getInputStream().read(head);
                    synchronized (asked) {
                        asked.add(new String(head, 0, read, StandardCharsets.ISO_8859_1));
                    }
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                } catch (IOException gone) {
                    // The client went first.
                }
            });
        }

        ApiClient client(Optional<String> token) {
            return new ApiClient(ControllerAddress.of("http://127.0.0.1:" + server.getLocalPort(), Map.of()), token);
        }

        String asked() throws InterruptedException {
            thread.join(5_000);
            synchronized (asked) {
                return asked.getFirst();
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    private static Failure failureOf(String answer) throws IOException {
        try (Answering server = new Answering(answer);
                ApiClient client = server.client(Optional.empty())) {
            return catchThrowableOfType(Failure.class, () -> client.get("/v1/x"));
        }
    }

    private static String problem(int status, String json) {
        return "HTTP/1.1 " + status + " No\r\n" + VERSION + "Content-Length: " + json.length() + "\r\n\r\n" + json;
    }

    @Test
    void anAnswerInPiecesIsPutTogetherAndTheTokenIsShown() throws Exception {
        try (Answering server = new Answering("HTTP/1.1 200 OK\r\n" + VERSION
                        + "Transfer-Encoding: chunked\r\n\r\n5;x=y\r\n{\"a\":\r\n2\r\n7}\r\n0\r\n\r\n");
                ApiClient client = server.client(Optional.of("ptl_secret"))) {
            assertThat(client.get("/v1/x" + ApiClient.query(Map.of("name", "a b&c")))
                            .number("a"))
                    .isEqualTo(7);
            assertThat(server.asked())
                    .startsWith("GET /v1/x?name=a+b%26c HTTP/1.1\r\n")
                    .contains("Authorization: Bearer ptl_secret\r\n", "Host: 127.0.0.1:");
        }
    }

    @Test
    void aStreamThatBreaksOffIsNotTakenForItsEnd() throws Exception {
        String head = "HTTP/1.1 200 OK\r\n" + VERSION + "Transfer-Encoding: chunked\r\n\r\n";
        List<Integer> seen = new ArrayList<>();
        try (Answering server = new Answering(head + "9\r\n{\"a\":1}\n\n\r\n");
                ApiClient client = server.client(Optional.empty())) {
            assertThatThrownBy(() -> client.lines("/v1/x", line -> seen.add(line.number("a")), () -> false))
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE));
        }
        assertThat(seen).containsExactly(1);
        try (Answering server = new Answering(head + "9\r\n{\"a\":1}\n\n\r\n0\r\n\r\n");
                ApiClient client = server.client(Optional.empty())) {
            assertThat(client.lines("/v1/x", line -> {}, () -> false)).isTrue();
        }
    }

    @Test
    void aFailureOfTheControllerIsTheSameHere() throws IOException {
        Failure refused = failureOf(
                problem(
                        404,
                        "{\"kind\":\"not_found\",\"detail\":\"unknown service 'wep'\",\"details\":[\"one\"],\"remedy\":\"did you mean 'web'?\"}"));
        assertThat(refused.kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(refused.what()).isEqualTo("unknown service 'wep'");
        assertThat(refused.hint()).contains("did you mean 'web'?");
        assertThat(refused.details()).containsExactly("one");

        Failure consent = failureOf(
                problem(409, "{\"kind\":\"needs_consent\",\"detail\":\"refused\",\"needed\":[\"remove shop\"]}"));
        assertThat(consent).isInstanceOfSatisfying(NeedsConsent.class, needs -> assertThat(needs.needed())
                .containsExactly("remove shop"));
    }

    @Test
    void whatHttpItselfRefusesHasItsOwnKind() throws IOException {
        String json = "{\"kind\":\"http\",\"detail\":\"this needs a token\"}";
        assertThat(failureOf(problem(401, json)).kind()).isEqualTo(Kind.REFUSED);
        assertThat(failureOf(problem(401, json)).hint().orElseThrow()).contains("PORTOLAN_TOKEN");
        assertThat(failureOf(problem(403, json)).kind()).isEqualTo(Kind.REFUSED);
        assertThat(failureOf(problem(429, json)).kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failureOf(problem(503, json)).kind()).isEqualTo(Kind.UNREACHABLE);
        Failure older = failureOf(problem(404, "{\"kind\":\"http\",\"detail\":\"unknown path /v1/x\"}"));
        assertThat(older.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(older.what()).contains("its version is 1");
    }

    @Test
    void whatIsNoControllerIsSaidToBeNone() throws IOException {
        for (String other : List.of(
                "SSH-2.0-OpenSSH_9\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\n" + VERSION + "Content-Length: 4\r\n\r\n<ht>",
                "HTTP/1.1 200 OK\r\n" + VERSION + "Content-Length: -4\r\n\r\n",
                "HTTP/1.1 200 OK\r\n" + VERSION + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nA: " + "b".repeat(20_000) + "\r\n\r\n")) {
            assertThat(failureOf(other)).as(other).isNotNull().satisfies(failure -> assertThat(failure.kind())
                    .isEqualTo(Kind.INVALID));
        }
    }

    @Test
    void anAnswerThatIsTooLargeIsNotRead() throws IOException {
        Failure failure =
                failureOf("HTTP/1.1 500 No\r\n" + VERSION + "Content-Length: 9000000\r\n\r\n" + "x".repeat(2_000_000));
        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.what()).contains("larger than");
    }

    @Test
    void nobodyThereIsUnreachable() {
        try (ApiClient client = new ApiClient(
                ControllerAddress.of("unix:" + folder.resolve("none.sock"), Map.of()), Optional.empty())) {
            assertThatThrownBy(() -> client.get("/v1/x"))
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE));
        }
    }

    @Test
    void anAddressIsReadOrRefusedWithoutItsPassword() {
        assertThat(ControllerAddress.of("unix:///run/x.sock", Map.of()).socket())
                .contains("/run/x.sock");
        assertThat(ControllerAddress.of("https://a.example", Map.of()).port()).isEqualTo(443);
        assertThat(ControllerAddress.of("http://a.example", Map.of()).port()).isEqualTo(8044);
        assertThat(ControllerAddress.of("http://a.example", Map.of()).exposed()).isTrue();
        assertThat(ControllerAddress.of("http://127.0.0.1:1", Map.of()).exposed())
                .isFalse();
        for (String wrong : List.of(
                "ftp://a", "a:8044", "unix:x.sock", "https://u:hidden@a", "https://a/path", "https://", "h\n:")) {
            assertThatThrownBy(() -> ControllerAddress.of(wrong, Map.of()))
                    .as(wrong)
                    .isInstanceOf(Failure.class)
                    .hasMessageNotContaining("hidden");
        }
    }

    @Test
    void aTokenIsOneWordFromTheEnvironmentOrAFileOfOnesOwn() throws IOException {
        assertThat(AccessToken.of(Map.of())).isEmpty();
        assertThat(AccessToken.of(Map.of("PORTOLAN_TOKEN", " ptl_a\n"))).contains("ptl_a");
        assertThatThrownBy(() -> AccessToken.of(Map.of("PORTOLAN_TOKEN", "a\r\nX: b")))
                .isInstanceOf(Failure.class)
                .hasMessageNotContaining("X: b");
        Path file = Files.writeString(folder.resolve("token"), "ptl_b\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Map<String, String> named = Map.of("PORTOLAN_TOKEN_FILE", file.toString());
        assertThat(AccessToken.of(named)).contains("ptl_b");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> AccessToken.of(named)).hasMessageContaining("open to others");
    }
}
