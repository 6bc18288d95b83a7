package org.portolan.proxy.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.Failure;
import org.portolan.routing.ProxySettings;

class AccessLogFilesTest {
    private static final int KEPT = 8;
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

    @TempDir
    Path folder;

    private AccessLogFiles files;

    @BeforeEach
    void open() {
        files = files(100);
        files.prepare();
    }

    private AccessLogFiles files(long large) {
        return new AccessLogFiles(
                folder.resolve("sites"),
                folder,
                Optional.empty(),
                new ProxySettings.AccessLog(large, KEPT, Duration.ofDays(30)));
    }

    private void write(String text) throws IOException {
        Files.writeString(files.file(), text, StandardOpenOption.APPEND);
    }

    private List<String> contents() throws IOException {
        List<String> contents = new ArrayList<>();
        for (Path file : files.all()) {
            contents.add(Files.readString(file));
        }
        return contents;
    }

    private static String line(Instant at, int length) {
        String line = "{\"time\":\"" + at + "\",\"x\":\"";
        return line + "x".repeat(length - line.length() - 3) + "\"}\n";
    }

    @Test
    void aLargeFileIsPutAsideAndTheOldestGoes() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.file())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(files.file().resolveSibling(""))))
                .isEqualTo("rwxr-x---");
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < KEPT + 3; i++) {
            String line = line(NOON.plusSeconds(i), 101);
            expected.add(line);
            write(line);
            files.keep(true, NOON.plusSeconds(i));
        }
        expected.add("");
        assertThat(contents()).isEqualTo(expected.subList(expected.size() - KEPT - 1, expected.size()));
        write(line(NOON, 100));
        files.keep(true, NOON);
        assertThat(Files.size(files.file())).as("not larger than large").isEqualTo(100);
    }

    @Test
    void fewerFilesAreKeptOnceTheyAreFewer() throws IOException {
        for (int i = 0; i < 5; i++) {
            write(line(NOON.plusSeconds(i), 101));
            files.keep(true, NOON.plusSeconds(i));
        }
        assertThat(contents()).hasSize(6);
        new AccessLogFiles(
                        folder.resolve("sites"),
                        folder,
                        Optional.empty(),
                        new ProxySettings.AccessLog(100, 2, Duration.ofDays(30)))
                .keep(true, NOON);
        assertThat(contents()).hasSize(3);
        assertThat(contents().getFirst()).startsWith("{\"time\":\"" + NOON.plusSeconds(3));
    }

    /** Whoever has it open keeps writing to it, whatever its name is. */
    @Test
    void nothingThatIsBeingWrittenIsLost() throws IOException {
        write(line(NOON, 101));
        try (var open = Files.newOutputStream(files.file(), StandardOpenOption.APPEND)) {
            files.keep(true, NOON);
            open.write("late\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        assertThat(contents()).containsExactly(line(NOON, 101) + "late\n", "");
    }

    @Test
    void afterADayAFileIsPutAsideHoweverSmall() throws IOException {
        write(line(NOON, 60));
        files.keep(true, NOON.plus(Duration.ofHours(23)));
        assertThat(contents()).hasSize(1);
        files.keep(true, NOON.plus(Duration.ofHours(25)));
        assertThat(contents()).containsExactly(line(NOON, 60), "");
        files.keep(true, NOON.plus(Duration.ofDays(3)));
        assertThat(contents()).as("an empty one stays").hasSize(2);
    }

    @Test
    void linesOfMoreThanAMonthGo() throws IOException {
        write(line(NOON, 101));
        files.keep(true, NOON);
        for (Path file : files.all()) {
            Files.setLastModifiedTime(file, FileTime.from(NOON));
        }
        files.keep(true, NOON.plus(Duration.ofDays(29)));
        assertThat(contents()).hasSize(2);
        files.keep(true, NOON.plus(Duration.ofDays(31)));
        assertThat(contents()).as("that which nginx writes stays").containsExactly("");
        files.keep(false, NOON.plus(Duration.ofDays(31)));
        assertThat(contents()).as("unless no domain has a log").isEmpty();
    }

    /** A process that died between the two names leaves a file that has both. */
    @Test
    void whatWasBrokenOffIsDoneOnce() throws IOException {
        write(line(NOON, 101));
        Files.createLink(files.file().resolveSibling("access.log.1"), files.file());
        Files.writeString(files.file().resolveSibling(".new"), "left");
        assertThat(contents()).containsExactly(line(NOON, 101));
        files.keep(true, NOON);
        assertThat(contents()).containsExactly(line(NOON, 101), "");
    }

    @Test
    void aFileThatIsGoneOrClosedIsMadeAgain() throws IOException {
        write("one\n");
        Files.delete(files.file());
        assertThat(files.trouble().orElse("")).contains("cannot write the access log");
        files.keep(true, NOON);
        assertThat(files.trouble()).isEmpty();
        assertThat(contents()).containsExactly("");
        // A link that somebody put there is replaced, and nothing behind it is touched.
        Path other = Files.writeString(folder.resolve("other"), "other\n");
        Files.delete(files.file());
        Files.createSymbolicLink(files.file(), other);
        files.keep(true, NOON);
        assertThat(Files.isSymbolicLink(files.file())).isFalse();
        assertThat(Files.readString(other)).isEqualTo("other\n");
    }

    @Test
    void aFolderThatCannotBeMadeIsSaid() throws IOException {
        Files.writeString(folder.resolve("file"), "");
        AccessLogFiles nowhere =
                new AccessLogFiles(folder.resolve("file"), folder, Optional.empty(), ProxySettings.AccessLog.USUAL);
        assertThatThrownBy(nowhere::prepare)
                .isInstanceOf(Failure.class)
                .hasMessageContaining(folder.resolve("file").toString());
        nowhere.keep(true, NOON);
        assertThat(nowhere.trouble()).isPresent();
        assertThat(nowhere.all()).isEmpty();
    }
}
