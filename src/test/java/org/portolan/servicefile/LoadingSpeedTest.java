package org.portolan.servicefile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Loading is cheap: a large file takes milliseconds once the code is warm. The bound is loose, for busy machines. */
class LoadingSpeedTest {
    @Test
    void aThousandServicesAreReadQuickly() {
        StringBuilder text = new StringBuilder("Env: {A: b}\n");
        for (int i = 0; i < 1000; i++) {
            text.append("web-")
                    .append(i)
                    .append(":\n  image: company/web:1.")
                    .append(i)
                    .append("\n  ports: {http: 8000}\n  env: {B: \"{HOST}\", C: d}\n  health: {http: /up}\n");
        }
        MemoryTree tree = MemoryTree.of(text.toString());
        long best = Long.MAX_VALUE;
        for (int run = 0; run < 8; run++) {
            long start = System.nanoTime();
            assertThat(LoadedFile.one(tree).services()).hasSize(1000);
            best = Math.min(best, System.nanoTime() - start);
        }
        assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofMillis(1500));
    }

    @Test
    void hostileTextsEndSoon() {
        long start = System.nanoTime();
        LoadedFile.faults("[".repeat(100_000));
        LoadedFile.faults("{".repeat(100_000));
        LoadedFile.faults("a: ".repeat(50_000));
        LoadedFile.faults("\"" + "a".repeat(900_000));
        LoadedFile.faults("? ".repeat(100_000));
        LoadedFile.faults("&a ".repeat(100_000));
        LoadedFile.faults("- ".repeat(100_000));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }
}
