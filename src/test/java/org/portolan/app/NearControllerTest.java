package org.portolan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.store.Store;

/** Which controller commands go through, without {@code PORTOLAN_URL}. */
class NearControllerTest {
    private Path folder;
    private Path socket;

    @BeforeEach
    void folder() throws IOException {
        // The path of a socket has to be short.
        folder = Files.createTempDirectory("near");
        socket = folder.resolve("api.sock");
    }

    @AfterEach
    void remove() throws IOException {
        Files.deleteIfExists(socket);
        Files.delete(folder);
    }

    private ControllerLink link() {
        return new ControllerLink(Map.of("PORTOLAN_URL", " "), () -> socket, warning -> {});
    }

    private ServerSocketChannel listening(String answer) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofPlatform().daemon().start(() -> {
            try (SocketChannel client = server.accept()) {
                client.read(ByteBuffer.allocate(4096));
                if (answer.isEmpty()) {
                    Thread.sleep(Duration.ofSeconds(20));
                }
                client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.ISO_8859_1)));
            } catch (IOException | InterruptedException gone) {
                // The test has ended.
            }
        });
        return server;
    }

    private static String healthy(String version) {
        return "HTTP/1.1 200 OK\r\nPortolan-Version: " + version + "\r\nContent-Length: 2\r\n\r\n{}";
    }

    @Test
    void withoutASocketThereIsNone() {
        ControllerLink link = link();
        assertThat(link.remote()).isEmpty();
        assertThat(link.silence()).isEqualTo("it does not listen on its socket");
    }

    @Test
    void oneThatAnswersIsAsked() throws IOException {
        try (ServerSocketChannel server = listening(healthy("development"))) {
            ControllerLink link = link();
            assertThat(link.remote()).isPresent();
            assertThat(server.isOpen()).isTrue();
            link.close();
        }
    }

    @Test
    void theSocketOfADeadOneIsNoController() throws IOException {
        listening(healthy("development")).close();
        assertThat(socket).exists();
        ControllerLink link = link();
        assertThat(link.remote()).isEmpty();
        assertThat(link.silence()).isEqualTo("it does not listen on its socket");
    }

    @Test
    void oneThatIsFrozenIsNotWaitedForLong() throws IOException {
        try (ServerSocketChannel server = listening("")) {
            ControllerLink link = link();
            long began = System.nanoTime();
            assertThat(link.remote()).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
            assertThat(link.silence()).isEqualTo("it does not answer on its socket");
            assertThat(server.isOpen()).isTrue();
        }
    }

    @Test
    void oneOfAnotherVersionIsNotAsked() throws IOException {
        try (ServerSocketChannel server = listening(healthy("0.9"))) {
            ControllerLink link = link();
            assertThat(link.remote()).isEmpty();
            assertThat(link.silence()).isEqualTo("its version is 0.9, not development (start it again)");
            assertThat(server.isOpen()).isTrue();
        }
    }

    /** It is asked as soon as it listens. */
    @Test
    void oneThatBeginsToListenIsAskedThen() throws Exception {
        List<String> said = new CopyOnWriteArrayList<>();
        ControllerLink link = new ControllerLink(Map.of(), () -> socket, said::add);
        AtomicInteger here = new AtomicInteger();
        Thread later = Thread.ofPlatform().start(() -> {
            try {
                Thread.sleep(1_500);
                listening(healthy("development"));
            } catch (IOException | InterruptedException fault) {
                throw new IllegalStateException(fault);
            }
        });
        String by = link.either(far -> "the controller", () -> {
            here.incrementAndGet();
            while (true) {
                link.await("pid 7");
            }
        });
        later.join();
        assertThat(by).isEqualTo("the controller");
        assertThat(here).hasValue(1);
        assertThat(said)
                .containsExactly("waiting for the controller that leads, pid 7: it does not listen on its socket");
        link.close();
    }

    @Test
    void oneThatDoesNotListenIsNotWaitedForLongerThanItsLockLasts() {
        ControllerLink link = link();
        long began = System.nanoTime();
        assertThatThrownBy(() -> link.either(far -> "the controller", () -> {
                    while (true) {
                        link.await("pid 7");
                    }
                }))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Failure.Kind.UNREACHABLE);
                    assertThat(failure.what())
                            .isEqualTo("a controller leads, and it does not listen on its socket: pid 7");
                    assertThat(failure.hint().orElseThrow()).contains("kill -9", "15 s");
                });
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofSeconds(9), Store.LEASE_TIME);
    }

    /** It would not be of any use. */
    @Test
    void oneOfAnotherVersionIsNotWaitedFor() throws IOException {
        try (ServerSocketChannel server = listening(healthy("0.9"))) {
            ControllerLink link = link();
            long began = System.nanoTime();
            assertThatThrownBy(() -> link.await("pid 7")).hasMessageContaining("its version is 0.9");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
            assertThat(server.isOpen()).isTrue();
        }
    }
}
