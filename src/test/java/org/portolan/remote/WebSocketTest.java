package org.portolan.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.socket.SocketWatchdog;

/** What a server may send over a WebSocket, whatever it is. */
class WebSocketTest {
    private final SocketWatchdog watchdog = new SocketWatchdog();
    private ServerSocket listening;
    private Socket server;
    private WebSocket client;

    @BeforeEach
    void open() throws Exception {
        listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Link link = Link.open(
                ControllerAddress.of("http://127.0.0.1:" + listening.getLocalPort(), Map.of()),
                Duration.ofSeconds(5),
                watchdog);
        server = listening.accept();
        server.setSoTimeout(20_000);
        client = new WebSocket(link, link.in(), new SecureRandom());
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
        listening.close();
        watchdog.close();
    }

    private void send(int... bytes) throws IOException {
        for (int each : bytes) {
            server.getOutputStream().write(each);
        }
    }

    private String read() throws IOException {
        return new String(client.read().orElseThrow().bytes(), StandardCharsets.UTF_8);
    }

    private String broken(int... bytes) throws IOException {
        send(bytes);
        return catchThrowableOfType(WebSocket.Broken.class, () -> client.read()).getMessage();
    }

    @Test
    void messagesComeWholeWhateverTheirFrames() throws Exception {
        send(0x81, 2, 'h', 'i');
        assertThat(read()).isEqualTo("hi");
        // In three frames, with a ping and a pong between them.
        send(0x02, 1, 'a', 0x89, 1, 'p', 0x00, 1, 'b', 0x8a, 0, 0x80, 1, 'c');
        assertThat(read()).isEqualTo("abc");
        send(0x82, 126, 1, 0);
        server.getOutputStream().write(new byte[256]);
        assertThat(client.read().orElseThrow().bytes()).hasSize(256);
        send(0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0);
        server.getOutputStream().write(new byte[65536]);
        assertThat(client.read().orElseThrow().bytes()).hasSize(65536);
        send(0x82, 0);
        assertThat(read()).isEmpty();
        send(0x88, 5, 0x03, 0xe9, 'b', 'y', 'e');
        assertThat(client.read()).isEmpty();
        assertThat(client.status()).isEqualTo(1001);
        assertThat(client.reason()).isEqualTo("bye");
    }

    @Test
    void pingsAreAnsweredWithTheirContentWhileNobodyReadsOn() throws Exception {
        send(0x89, 2, 'o', 'k', 0x81, 1, 'x');
        assertThat(read()).isEqualTo("x");
        assertThat(unmasked(server.getInputStream(), 10)).isEqualTo("ok");
    }

    @Test
    void whatIsSentIsMaskedAndCutIntoFrames() throws Exception {
        client.write(WebSocket.TEXT, "hello".getBytes(StandardCharsets.UTF_8));
        assertThat(unmasked(server.getInputStream(), 1)).isEqualTo("hello");
        client.writeParts(WebSocket.TEXT, "abcde".getBytes(StandardCharsets.UTF_8), 2);
        byte[] frames = server.getInputStream().readNBytes(3 * 6 + 5);
        assertThat(new int[] {frames[0] & 0xff, frames[8] & 0xff, frames[16] & 0xff})
                .containsExactly(0x01, 0x00, 0x80);
    }

    private static String unmasked(InputStream in, int code) throws IOException {
        int head = in.read();
        assertThat(head).isEqualTo(0x80 | code);
        int length = in.read() - 0x80;
        byte[] mask = in.readNBytes(4);
        byte[] text = in.readNBytes(length);
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        for (int i = 0; i < length; i++) {
            plain.write(text[i] ^ mask[i % 4]);
        }
        return plain.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aMaskedFrameIsRefused() throws Exception {
        assertThat(broken(0x81, 0x81, 1, 2, 3, 4, 'x')).contains("a frame is not valid");
    }

    @Test
    void aFrameOfAnExtensionIsRefused() throws Exception {
        assertThat(broken(0xc1, 1, 'x')).contains("a frame is not valid");
    }

    @Test
    void aLongOrCutPingIsRefused() throws Exception {
        assertThat(broken(0x89, 126, 0, 200)).contains("a frame is not valid");
    }

    @Test
    void aPingInPartsIsRefused() throws Exception {
        assertThat(broken(0x09, 1, 'x')).contains("a frame is not valid");
    }

    @Test
    void framesOutOfOrderAreRefused() throws Exception {
        assertThat(broken(0x80, 1, 'x')).contains("out of order");
    }

    @Test
    void aMessageInsideAnotherIsRefused() throws Exception {
        assertThat(broken(0x01, 1, 'x', 0x81, 1, 'y')).contains("out of order");
    }

    @Test
    void anUnknownFrameIsRefused() throws Exception {
        assertThat(broken(0x83, 1, 'x')).contains("unknown frame 3");
    }

    /** Before any room is made for it. */
    @Test
    void aMessageThatIsTooLargeIsRefused() throws Exception {
        assertThat(broken(0x82, 127, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff))
                .contains("larger than");
    }

    @Test
    void aNegativeLengthIsRefused() throws Exception {
        assertThat(broken(0x82, 127, 0xff, 0, 0, 0, 0, 0, 0, 0)).contains("larger than");
    }

    @Test
    void partsThatNeverEndAreRefused() throws Exception {
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            try {
                send(0x02, 0);
                for (int count = 0; count < 20; count++) {
                    send(0x00, 127, 0, 0, 0, 0, 0, 1, 0, 0);
                    server.getOutputStream().write(new byte[65536]);
                }
            } catch (IOException closed) {
                // It was refused.
            }
        });
        assertThatThrownBy(() -> client.read())
                .isInstanceOf(WebSocket.Broken.class)
                .hasMessageContaining("larger");
        client.close();
        sending.get(20, TimeUnit.SECONDS);
    }

    @Test
    void theEndOfTheConnectionIsNoEndOfAMessage() throws Exception {
        send(0x81, 5, 'h');
        server.close();
        assertThatThrownBy(() -> client.read()).isInstanceOf(EOFException.class);
    }

    /** Something answers that is a controller, but does not agree to a WebSocket. */
    @Test
    void anAnswerThatDoesNotAgreeIsRefused() throws Exception {
        String head = "HTTP/1.1 101 Yes\r\nPortolan-Version: 1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: AAAA\r\nSec-WebSocket-Protocol: p\r\n\r\n";
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ApiClient asking = new ApiClient(
                        ControllerAddress.of("http://127.0.0.1:" + other.getLocalPort(), Map.of()), Optional.empty())) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = other.accept()) {
                    socket.getInputStream().read(new byte[4096]);
                    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException gone) {
                    // The client went first.
                }
            });
            Failure failure = catchThrowableOfType(Failure.class, () -> asking.socket("/x", "p", Map.of()));
            assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(failure.what()).contains("does not agree");
        }
    }
}
