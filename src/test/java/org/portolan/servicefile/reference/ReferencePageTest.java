package org.portolan.servicefile.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.portolan.servicefile.format.ComposeKeys;

/** The documents that are written from the format's table are those in the tree; {@code -Dupdate} rewrites them. */
class ReferencePageTest {
    @Test
    void theReferencePageIsTheTables() throws IOException {
        compare(Path.of("docs/servicefile.md"), ReferencePage.text());
    }

    @Test
    void theSchemaIsTheTables() throws IOException {
        compare(Path.of("docs/servicefile.schema.json"), JsonSchema.text());
    }

    @Test
    void thePageForComposeIsTheTables() throws IOException {
        compare(Path.of("docs/compose.md"), ComposeKeys.page());
    }

    private static void compare(Path file, String expected) throws IOException {
        if (System.getProperty("update") != null) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, expected);
        }
        assertThat(Files.readString(file))
                .as("rewrite it: mvn -Dtest=ReferencePageTest -Dupdate test")
                .isEqualTo(expected);
    }
}
