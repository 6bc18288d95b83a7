package org.portolan.model.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Generated values and constants in the commands and variables of jobs. */
class JobValuesTest {
    private static final Definition WEB = Definition.of(Map.of(
            "jobs", Map.of("Schema", Map.of("cmd", List.of("migrate", "{Key}"), "env", Map.of("PASS", "x{Key}")))));

    @Test
    void areFilledInAndSecret() {
        Definition filled = ValueFilling.generated(WEB, Map.of("Key", "hunter2"));
        JobSpec job = ServiceSpec.from("web", filled).jobs().getFirst();
        assertThat(job.command()).containsExactly("migrate", "hunter2");
        assertThat(job.env().get("PASS").text()).isEqualTo("xhunter2");
        assertThat(filled.masked().toString()).doesNotContain("hunter2");
    }

    @Test
    void countAsUsed() {
        assertThat(ValueFilling.texts(WEB).values()).contains("{Key}", "x{Key}");
    }
}
