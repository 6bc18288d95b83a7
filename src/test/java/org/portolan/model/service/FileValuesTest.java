package org.portolan.model.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Constants and generated values in the files of a service. */
class FileValuesTest {
    private static Definition file(Map<String, Object> form) {
        return Definition.of(Map.of("image", "a", "files", Map.of("/a", form)));
    }

    @Test
    void aTemplateGetsThemAndIsSecretWithAGeneratedOne() {
        Definition plain = file(Map.of("content", "key={Key}"));
        assertThat(ValueFilling.generated(plain, Map.of("Key", "abc"))).isEqualTo(plain);
        Definition template = file(Map.of("content", "key={Key}", "template", true));
        assertThat(ValueFilling.constants(template, Map.of("Key", "abc")))
                .isEqualTo(file(Map.of("content", "key=abc", "template", true)));
        Definition generated = ValueFilling.generated(template, Map.of("Key", "abc"));
        assertThat(generated).isEqualTo(file(Map.of("content", Map.of("secret", "key=abc"), "template", true)));
        assertThat(ValueFilling.replaced(generated, "abc", "def"))
                .isEqualTo(file(Map.of("content", Map.of("secret", "key=def"), "template", true)));
    }

    @Test
    void aLostValueIsFoundInTheFileOfAContainer() {
        Definition written = file(Map.of("content", "port={PORT}\nkey={Key}\n", "template", true));
        Definition shown = Definition.recalled(
                Map.of("files", Map.of("/a", Map.of("content", Map.of("secret", "port=80\nkey=00ff00ff\n")))));
        assertThat(ValueFilling.texts(written)).containsKey("files./a");
        assertThat(ValueFilling.texts(shown)).containsEntry("files./a", "port=80\nkey=00ff00ff\n");
        assertThat(ValueFilling.texts(file(Map.of("content", "{Key}")))).isEmpty();
    }
}
