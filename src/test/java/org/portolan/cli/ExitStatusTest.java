package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/** The exit status of each kind of failure, by DESIGN.md section 6, and who may name one. */
class ExitStatusTest {
    @Test
    void each_kind_has_the_status_of_the_design() {
        assertThat(of(1))
                .containsExactly(
                        Kind.REFUSED, Kind.NEEDS_CONSENT, Kind.STALE, Kind.FAILED, Kind.CORRUPT, Kind.INTERNAL);
        assertThat(of(2)).containsExactly(Kind.INVALID, Kind.NOT_FOUND);
        assertThat(of(4))
                .containsExactly(
                        Kind.CONFLICT, Kind.LOCKED, Kind.FENCED, Kind.NOT_RUNNING, Kind.UNREACHABLE, Kind.UNAVAILABLE);
        assertThat(JsonLines.failure(new Failure(Kind.NOT_RUNNING, "no release runs")))
                .containsEntry("status", 4)
                .containsEntry("kind", "not_running");
    }

    private static List<Kind> of(int code) {
        return Stream.of(Kind.values())
                .filter(kind -> ExitStatus.of(kind).code() == code)
                .toList();
    }

    @Test
    void only_the_command_line_names_exit_statuses() throws IOException {
        Pattern status = Pattern.compile("\\bExitStatus\\b|System\\.exit|\\bhalt\\(");
        Path sources = Path.of("src/main/java/org/portolan");
        try (Stream<Path> files = Files.walk(sources)) {
            assertThat(files.filter(file -> file.toString().endsWith(".java"))
                            .filter(file -> !file.startsWith(sources.resolve("cli")) && !file.endsWith("app/Main.java"))
                            .filter(file -> status.matcher(text(file)).find()))
                    .as("name a kind of failure instead")
                    .isEmpty();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }
}
