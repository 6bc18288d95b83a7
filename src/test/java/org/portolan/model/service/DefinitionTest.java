package org.portolan.model.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DefinitionTest {
    private static Definition db(Map<String, Object> health) {
        return Definition.of(Map.of("image", "postgres:16", "health", health));
    }

    /** Commit 1ce5309 left {@code timeout: 1s} out, which was the default then. */
    @Test
    void aDefaultThatChangedMakesNoNewVersion() {
        Definition before = db(Map.of("exec", List.of("pg_isready")));
        Definition written = db(Map.of("exec", List.of("pg_isready"), "timeout", "1s"));
        assertThat(before.hash())
                .isEqualTo("4033b48cdc9dea744b72df24e0907ead6949582f6e736a33ca125f112074b59d")
                .isEqualTo(written.hash());
        assertThat(before.hash())
                .isNotEqualTo(db(Map.of("exec", List.of("pg_isready"), "timeout", "5s"))
                        .hash());
        assertThat(ServiceSpec.from("db", written).health().orElseThrow().timeout())
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(ServiceSpec.from("db", before).health().orElseThrow().timeout())
                .isEqualTo(Duration.ofSeconds(5));
    }
}
