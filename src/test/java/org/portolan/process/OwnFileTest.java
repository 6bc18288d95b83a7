package org.portolan.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnFileTest {
    private static final String TEXT = "global\n  maxconn 100\n# ü\n";

    @TempDir
    private Path folder;

    private OwnFile own;

    @BeforeEach
    void written() {
        own = new OwnFile(folder.resolve("haproxy.cfg"), folder.resolve("run/haproxy.cfg.sum"));
        own.write(TEXT, AtomicFiles.PRIVATE);
    }

    @Test
    void whatItWroteIsItsOwn() {
        assertThat(own.altered()).isFalse();
        own.write(TEXT + "more\n", AtomicFiles.PRIVATE);
        assertThat(own.altered()).isFalse();
    }

    @Test
    void aChangeByHandShows() throws IOException {
        Files.writeString(own.file(), TEXT.replace("100", "200"));
        assertThat(own.altered()).isTrue();
        Files.writeString(own.file(), "");
        assertThat(own.altered()).isTrue();
        Files.writeString(own.file(), TEXT);
        assertThat(own.altered()).isFalse();
    }

    @Test
    void whereTheFileOrItsChecksumIsMissingNothingIsKnown() throws IOException {
        Files.delete(own.file());
        assertThat(own.altered()).isFalse();
        Files.writeString(own.file(), "other");
        Files.delete(own.sum());
        assertThat(own.altered()).isFalse();
    }

    @Test
    void theDigestOfAnEarlierVersionIsUnderstood() throws IOException, NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(TEXT.getBytes(StandardCharsets.UTF_8));
        Files.writeString(own.sum(), HexFormat.of().formatHex(digest));
        assertThat(own.altered()).isFalse();
        Files.writeString(own.file(), "other");
        assertThat(own.altered()).isTrue();
    }
}
