package org.portolan.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeathWatchTest {
    @TempDir
    Path folder;

    private DeathWatch watch(String file) {
        return DeathWatch.start(List.of("touch", folder.resolve(file).toString()))
                .orElseThrow();
    }

    @Test
    void theCommandIsRunWhereItIsLeftToTheWatchAndNotWhenAllIsDone() throws InterruptedException {
        DeathWatch done = watch("done");
        DeathWatch left = watch("left");
        done.end(true);
        left.end(false);
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!Files.exists(folder.resolve("left")) && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertThat(folder.resolve("left")).exists();
        assertThat(folder.resolve("done")).doesNotExist();
    }
}
