package org.portolan.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DataFilesTest {
    @Test
    void aServersLastWordsBlameItsFilesOnlyWhenTheyAreUnreadable() {
        assertThat(DataFiles.blamedBy(List.of(
                        "9:M 21 Nov 2026 04:00:00.000 # Bad file format reading the append only file appendonly.aof: make a"
                                + " backup of your AOF file")))
                .isTrue();
        assertThat(DataFiles.blamedBy(List.of(
                        "9:M 21 Nov 2026 04:00:00.000 * Reading RDB base file on AOF loading...",
                        "9:M 21 Nov 2026 04:00:00.000 * DB loaded from append only file: 0.001 seconds",
                        "9:signal-handler (1) Received SIGTERM scheduling shutdown...")))
                .isFalse();
        assertThat(DataFiles.blamedBy(List.of(
                        "9:M 21 Nov 2026 04:00:00.000 # Can't open or create append-only dir: No space left on device",
                        "9:M 21 Nov 2026 04:00:00.000 # Unrecoverable error reading the append only file: I/O error")))
                .isFalse();
    }
}
