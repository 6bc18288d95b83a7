package org.portolan.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class SocketWatchdogTest {
    private static final Duration LONG = Duration.ofHours(1);

    @TempDir
    Path folder;

    @Test
    void whatTakesTooLongIsClosedInTheOrderOfDeadlines() throws InterruptedException {
        CountDownLatch late = new CountDownLatch(2);
        List<String> closed = new ArrayList<>();
        try (SocketWatchdog watchdog = new SocketWatchdog()) {
            SocketWatchdog.Guard never = watchdog.guard(LONG, () -> closed.add("never"));
            // Both end before the moment for which the thread already waits.
            SocketWatchdog.Guard second = watchdog.guard(Duration.ofMillis(80), () -> note(closed, "second", late));
            SocketWatchdog.Guard first = watchdog.guard(Duration.ofMillis(20), () -> note(closed, "first", late));
            assertThat(late.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(closed).containsExactly("first", "second");
            assertThat(first.expired()).isTrue();
            assertThat(second.expired()).isTrue();
            assertThat(never.expired()).isFalse();
        }
    }

    private static void note(List<String> closed, String name, CountDownLatch late) {
        closed.add(name);
        late.countDown();
    }

    @Test
    void anInterruptIsNotTakenForAServerThatHangs() throws IOException {
        Path path = folder.resolve("server");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                SocketWatchdog watchdog = new SocketWatchdog()) {
            server.bind(UnixDomainSocketAddress.of(path));
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> UnixSocket.connect(path.toString(), LONG, watchdog))
                    .isInstanceOf(ClosedByInterruptException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void whatEndsInTimeIsLeftAlone() throws InterruptedException {
        CountDownLatch later = new CountDownLatch(1);
        List<String> closed = new ArrayList<>();
        try (SocketWatchdog watchdog = new SocketWatchdog()) {
            SocketWatchdog.Guard done = watchdog.guard(Duration.ofMillis(20), () -> closed.add("done"));
            done.close();
            watchdog.guard(Duration.ofMillis(60), later::countDown);
            assertThat(later.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(closed).isEmpty();
            assertThat(done.expired()).isFalse();
        }
    }

    @Test
    void aReadAndAConnectionEndWithTheirLimit() throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("socket"));
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                SocketWatchdog watchdog = new SocketWatchdog()) {
            silent.bind(address, 1);
            try (UnixSocket socket = UnixSocket.connect(address.toString(), LONG, watchdog);
                    SocketWatchdog.Guard guard = watchdog.guard(Duration.ofMillis(30), socket)) {
                assertThatThrownBy(() -> socket.read(new byte[1], 0, 1)).isInstanceOf(IOException.class);
                assertThat(guard.expired()).isTrue();
            }
            // Nobody accepts: soon no more connections wait.
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 20; i++) {
                            UnixSocket.connect(address.toString(), Duration.ofMillis(200), watchdog);
                        }
                    })
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("no connection within 200ms");
        }
    }
}
