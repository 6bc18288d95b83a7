package org.portolan.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.Failure;

class ExclusiveLockTest {
    @TempDir
    Path dir;

    @Test
    void oneThreadAtATimeHoldsIt() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Thread> threads = IntStream.range(0, 8)
                .mapToObj(n -> Thread.ofPlatform().start(() -> {
                    try (ExclusiveLock lock = ExclusiveLock.hold(dir.resolve("lock"), Duration.ofSeconds(10))) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        inside.decrementAndGet();
                    }
                }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(most).hasValue(1);
    }

    @Test
    void whoWaitsTooLongIsTold() {
        Path file = dir.resolve("lock");
        try (ExclusiveLock held = ExclusiveLock.hold(file, Duration.ZERO)) {
            assertThatThrownBy(() -> ExclusiveLock.hold(file, Duration.ofMillis(20)))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining(file.toString());
        }
        ExclusiveLock.hold(file, Duration.ZERO).close();
    }

    @Test
    void anotherProcessHoldsItUntilItDies() throws Exception {
        Path file = dir.resolve("lock");
        Process other = holder(file);
        try {
            assertThat(other.getInputStream().read()).isEqualTo('h');
            assertThat(ExclusiveLock.tryHold(file, Duration.ofMillis(30))).isEmpty();
        } finally {
            other.destroyForcibly().waitFor();
        }
        ExclusiveLock.hold(file, Duration.ofSeconds(1)).close();
    }

    /** Ctrl-Z leaves a process that may hold a lock for days. */
    @Test
    void aStoppedHolderIsNamedAndNotWaitedForLong() throws Exception {
        Path file = dir.resolve("lock");
        Process other = holder(file);
        try {
            assertThat(other.getInputStream().read()).isEqualTo('h');
            new ProcessBuilder("kill", "-STOP", String.valueOf(other.pid()))
                    .start()
                    .waitFor();
            long began = System.nanoTime();
            assertThatThrownBy(() -> ExclusiveLock.hold(file, Duration.ofMinutes(1)))
                    .isInstanceOfSatisfying(Failure.class, failure -> {
                        assertThat(failure.what())
                                .contains(file + " is locked by process " + other.pid()
                                        + " (java), which is suspended (state T)");
                        assertThat(failure.hint().orElseThrow()).contains("kill -CONT " + other.pid());
                        assertThat(failure.kind()).isEqualTo(Failure.Kind.LOCKED);
                    });
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(30));
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    private static Process holder(Path file) throws java.io.IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Takes the lock, reports it, and holds it until it is killed. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            try (ExclusiveLock lock = ExclusiveLock.hold(Path.of(args[0]), Duration.ofSeconds(5))) {
                System.out.print("h");
                System.out.flush();
                Thread.sleep(Duration.ofMinutes(1));
            }
        }
    }
}
