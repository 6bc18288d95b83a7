package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.SimCommand;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.container.CommandStreams;
import org.portolan.model.container.Container;
import org.portolan.operate.AttachedCommands;
import org.portolan.remote.RemoteController;
import org.portolan.sim.SimSite;

/** Commands in containers do and say the same through a controller's unix socket, which the command alone may open. */
class AttachedThroughControllerTest extends AttachedCommandsTest {
    private final List<SocketParts> open = new ArrayList<>();

    @Override
    SiteParts parts(Path home, SimSite at) {
        SocketParts through = new SocketParts(home, at);
        open.add(through);
        return through;
    }

    @AfterEach
    void stop() {
        open.forEach(SocketParts::stop);
    }

    private SocketDoor door() {
        return open.getFirst().door;
    }

    private Container web() {
        return site.engine.inspect("shop-web-2-1").orElseThrow();
    }

    private SimCommand running() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (site.engine.attached.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        return site.engine.attached.getLast();
    }

    /** In a separate thread: those that streams share are too few to wait in. */
    private static <T> CompletableFuture<T> later(Supplier<T> work) {
        return CompletableFuture.supplyAsync(
                work, task -> Thread.ofPlatform().daemon().start(task));
    }

    @Test
    void theAuditLogHasWhoAndTheProgramOnly() {
        parts.run("exec", "web", "--", "exit", "0", "hunter2");
        parts.run("run", "web", "--", "exit", "0", "hunter2");
        assertThat(door().audit).hasSize(2);
        assertThat(door().audit.toString()).contains("alice@desk", "exec in shop-web-2-1: exit", "run of web: exit");
        assertThat(door().audit.toString()).doesNotContain("hunter2");
    }

    /** With the parts that the program itself has. */
    @Test
    void theProgramAsksTheControllerThatItsEnvironmentNames() {
        Map<String, String> environment = Map.of(
                "PORTOLAN_URL",
                door().url(),
                "PORTOLAN_HOME",
                folder.resolve("elsewhere").toString());
        assertThat(CliRun.with("typed", environment, "", "exec", "-i", "web", "cat"))
                .isEqualTo(new CliRun(0, "typed", ""));
        assertThat(CliRun.with("", environment, "", "-D", "shop", "run", "web", "both"))
                .isEqualTo(new CliRun(0, "to output\n", "to error\n"));
        assertThat(folder.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void aTerminalTellsItsSizes() {
        Scripted streams = new Scripted(true);
        streams.begun = resize -> {
            resize.to(24, 80);
            // The command prints each size, so the next does not overtake the first.
            streams.awaitOutput("24x80\n");
            resize.to(50, 132);
        };
        try (RemoteController controller = RemoteController.of(door().url(), Map.of(), warning -> {})) {
            int status = controller.attached("alice@desk").exec(web(), List.of("sizes", "2"), streams);
            assertThat(status).isZero();
        }
        assertThat(streams.out()).isEqualTo("24x80\n50x132\n");
    }

    @Test
    void whoeverGoesAwayLeavesTheCommand() throws Exception {
        Scripted streams = new Scripted(false);
        try (RemoteController controller = RemoteController.of(door().url(), Map.of(), warning -> {})) {
            AttachedCommands commands = controller.attached("alice@desk");
            CompletableFuture<Integer> done = later(() -> commands.run("shop", "web", List.of("wait"), streams));
            SimCommand command = running();
            assertThat(runs()).hasSize(1);
            streams.leave();
            assertThat(command.left.await(20, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(done::join).hasCauseInstanceOf(Failure.class);
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!runs().isEmpty() && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertThat(runs()).isEmpty();
    }

    /** As with a pager that was quit: what a program would end with that wrote into a pipe without a reader. */
    @Test
    void whoNoLongerReadsEndsIt() {
        Scripted streams = new Scripted(false);
        streams.readable = 100_000;
        try (RemoteController controller = RemoteController.of(door().url(), Map.of(), warning -> {})) {
            assertThat(controller.attached("alice@desk").exec(web(), List.of("flood"), streams))
                    .isEqualTo(CommandStreams.LEFT);
        }
    }

    /** Neither side may wait for the other: the command reads nothing while nobody reads it. */
    @Test
    void bothDirectionsMayBeFullAtOnce() throws Exception {
        Scripted streams = new Scripted(false);
        PipedOutputStream typed = new PipedOutputStream();
        streams.input = new PipedInputStream(typed, 1 << 16);
        CountDownLatch reads = new CountDownLatch(1);
        streams.gate = reads;
        int size = 24 * 1024 * 1024;
        CompletableFuture<Integer> typing = later(() -> {
            byte[] part = new byte[1 << 16];
            try (typed) {
                for (int left = size; left > 0; left -= part.length) {
                    typed.write(part);
                }
            } catch (java.io.IOException broken) {
                throw new IllegalStateException(broken);
            }
            return size;
        });
        try (RemoteController controller = RemoteController.of(door().url(), Map.of(), warning -> {})) {
            AttachedCommands commands = controller.attached("alice@desk");
            CompletableFuture<Integer> done = later(() -> commands.exec(web(), List.of("cat"), streams));
            SimCommand command = running();
            long before = -1;
            while (before != command.written.get()) {
                before = command.written.get();
                Thread.sleep(200);
            }
            assertThat(command.written.get()).isLessThan(size);
            reads.countDown();
            assertThat(done.get(60, TimeUnit.SECONDS)).isZero();
            typing.get(20, TimeUnit.SECONDS);
        }
        assertThat(streams.taken).isEqualTo(size);
    }

    @Test
    void aControllerThatStopsIsNoEndOfTheCommand() throws Exception {
        CompletableFuture<CliRun> run = later(() -> parts.run("exec", "web", "wait"));
        running();
        door().stop();
        CliRun ended = run.get(20, TimeUnit.SECONDS);
        assertThat(ended.status()).isEqualTo(4);
        assertThat(ended.err()).contains("ended the connection: this controller ends");
    }

    @Test
    void tooManyAtOnceAreRefused() throws Exception {
        List<CompletableFuture<CliRun>> waiting = new ArrayList<>();
        for (int count = 0; count < 8; count++) {
            waiting.add(later(() -> parts.run("exec", "web", "wait")));
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (site.engine.attached.size() < 8 && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        CliRun one = parts.run("exec", "web", "--", "exit", "0");
        assertThat(one.err()).contains("too many commands run in containers");
        assertThat(one.status()).isNotZero();
        door().stop();
        for (CompletableFuture<CliRun> each : waiting) {
            each.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aTooLongCommandSaysSo() {
        try (RemoteController controller = RemoteController.of(door().url(), Map.of(), warning -> {})) {
            AttachedCommands commands = controller.attached("alice@desk");
            assertThatThrownBy(
                            () -> commands.exec(web(), List.of("exit", "0", "x".repeat(300_000)), new Scripted(false)))
                    .isInstanceOfSatisfying(Failure.class, failure -> {
                        assertThat(failure.what()).contains("at most 262144 bytes");
                        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
                    });
        }
    }

    /** Streams as a test wants them. */
    private static final class Scripted implements CommandStreams {
        private final boolean terminal;
        private final StringBuilder out = new StringBuilder();
        private final AtomicReference<Runnable> leaving = new AtomicReference<>();
        private InputStream input = InputStream.nullInputStream();
        private CountDownLatch gate = new CountDownLatch(0);
        private long readable = Long.MAX_VALUE;
        private long taken;
        private java.util.function.Consumer<Resize> begun = resize -> {};

        Scripted(boolean terminal) {
            this.terminal = terminal;
        }

        synchronized String out() {
            return out.toString();
        }

        void awaitOutput(String text) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!out().contains(text) && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        }

        void leave() {
            leaving.get().run();
        }

        @Override
        public boolean interactive() {
            return true;
        }

        @Override
        public boolean terminal() {
            return terminal;
        }

        @Override
        public InputStream input() {
            return input;
        }

        @Override
        public boolean output(boolean error, byte[] bytes, int length) {
            try {
                gate.await();
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
            taken += length;
            if (terminal) {
                synchronized (this) {
                    out.append(new String(bytes, 0, length, StandardCharsets.UTF_8));
                }
            }
            return taken < readable;
        }

        @Override
        public AutoCloseable begin() {
            return () -> {};
        }

        @Override
        public AutoCloseable begun(Runnable leave, Resize resize) {
            leaving.set(leave);
            Thread.ofVirtual().start(() -> begun.accept(resize));
            return () -> {};
        }
    }
}
