package org.portolan.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigPageTest {
    private static final Path PAGE = Path.of("docs/configuration.md");

    @Test
    void thePageSaysWhatTheTableSays() throws IOException {
        if (System.getProperty("update") != null) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, ConfigPage.markdown());
        }
        assertThat(Files.readString(PAGE))
                .as("out of date; run: mvn test -Dtest=ConfigPageTest -Dupdate")
                .isEqualTo(ConfigPage.markdown());
    }
}
