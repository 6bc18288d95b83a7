package org.portolan.model.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileArchiveTest {
    private static final Instant AT = Instant.ofEpochSecond(1_700_000_000);

    private static ContainerFile file(String path, int user, String text) {
        return new ContainerFile(path, 0640, user, 7, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        List<ContainerFile> files = List.of(
                file("/etc/a", 0, ""),
                file("/etc/" + "long/".repeat(60) + "näme", 101, "x".repeat(512)),
                file("/etc/b", 1_000_000_000, "y".repeat(513)));
        byte[] archive = FileArchive.write(files, "/", AT);
        assertThat(FileArchive.read(new ByteArrayInputStream(archive), "/", 2000))
                .isEqualTo(files);
        byte[] below = FileArchive.write(files, "/etc", AT);
        assertThat(FileArchive.read(new ByteArrayInputStream(below), "/etc", 2000))
                .isEqualTo(files);
        assertThat(new String(below, 0, 1, StandardCharsets.US_ASCII)).isEqualTo("a");
    }

    @Test
    void tooMuchAndAnEndInTheMiddleAreRefused() {
        byte[] archive = FileArchive.write(List.of(file("/a", 0, "x".repeat(1000))), "/", AT);
        assertThatThrownBy(() -> FileArchive.read(new ByteArrayInputStream(archive), "/", 999))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than 999");
        assertThatThrownBy(() -> FileArchive.read(new ByteArrayInputStream(Arrays.copyOf(archive, 700)), "/", 5000))
                .isInstanceOf(IOException.class);
    }
}
