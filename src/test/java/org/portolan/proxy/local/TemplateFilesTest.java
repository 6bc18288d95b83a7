package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.Failure;
import org.portolan.routing.Templates;

/** Which text a template has. */
class TemplateFilesTest {
    @TempDir
    Path own;

    @Test
    void aUsersOwnTemplateIsTakenBeforeTheShippedOne() throws IOException {
        Templates templates = TemplateFiles.in(Optional.of(own));
        String shipped = Templates.shipped().text("404.html");
        assertThat(templates.text("404.html")).isEqualTo(shipped);
        assertThat(TemplateFiles.in(Optional.empty()).text("404.html")).isEqualTo(shipped);
        Files.writeString(own.resolve("404.html"), "gone");
        assertThat(templates.text("404.html")).isEqualTo("gone");
        assertThat(templates.text("503.html")).isEqualTo(Templates.shipped().text("503.html"));
    }

    @Test
    void aFaultNamesTheFileToCorrect() throws IOException {
        Path file = Files.writeString(own.resolve("nginx.conf.mustache"), "{{nothing}}");
        assertThatThrownBy(() -> TemplateFiles.in(Optional.of(own)).render("nginx.conf.mustache", Map.of()))
                .isInstanceOfSatisfying(Failure.class, failed -> assertThat(failed.hint())
                        .contains("correct " + file + ", or remove it to use the shipped one"));
    }

    @Test
    void aTemplateHasABoundedSize() throws IOException {
        Files.write(own.resolve("404.html"), new byte[(1 << 20) + 1]);
        assertThatThrownBy(() -> TemplateFiles.in(Optional.of(own)).text("404.html"))
                .hasMessageContaining("404.html: a template has at most 1 MiB");
    }

    @Test
    void anUnknownNameIsAnError() {
        assertThatThrownBy(() -> TemplateFiles.in(Optional.of(own)).text("nothing.html"))
                .hasMessageContaining("unknown proxy template nothing.html");
    }
}
