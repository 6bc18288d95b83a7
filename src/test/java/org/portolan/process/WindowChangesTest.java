package org.portolan.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.portolan.process.AttachedTerminal.Size;

/** The size of a command's terminal follows the window's. */
class WindowChangesTest {
    private final BlockingQueue<Size> told = new LinkedBlockingQueue<>();
    private final AtomicReference<Optional<Size>> window = new AtomicReference<>(Optional.of(new Size(24, 80)));

    @Test
    void everyChangeIsToldAndTheSameSizeOnce() throws Exception {
        AutoCloseable changes = WindowChanges.follow(window::get, told::add);
        assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo(new Size(24, 80));
        signal();
        window.set(Optional.of(new Size(50, 132)));
        signal();
        assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo(new Size(50, 132));
        changes.close();
        window.set(Optional.of(new Size(1, 1)));
        assertThat(told).isEmpty();
    }

    @Test
    void whereThereIsNoTerminalNothingIsTold() throws Exception {
        window.set(Optional.empty());
        try (AutoCloseable changes = WindowChanges.follow(window::get, told::add)) {
            signal();
            assertThat(changes).isNotNull();
            assertThat(told.poll(200, TimeUnit.MILLISECONDS)).isNull();
        }
    }

    /** The signal that a terminal sends its foreground process when its window changes. */
    private static void signal() throws Exception {
        new ProcessBuilder(
                        "kill", "-WINCH", String.valueOf(ProcessHandle.current().pid()))
                .start()
                .waitFor();
    }
}
