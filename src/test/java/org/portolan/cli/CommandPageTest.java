package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CommandPageTest {
    private static final Path PAGE = Path.of("docs/commands.md");

    @Test
    void thePageSaysWhatTheCommandsSay() throws IOException {
        if (System.getProperty("update") != null) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, CommandPage.markdown());
        }
        assertThat(Files.readString(PAGE))
                .as("out of date; run: mvn test -Dtest=CommandPageTest -Dupdate")
                .isEqualTo(CommandPage.markdown());
    }
}
