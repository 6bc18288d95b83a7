package org.portolan.servicefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.portolan.model.InvalidInput;
import org.portolan.model.service.Definition;

/** {@code set-service}: inline keys laid over what is there. */
class ServiceByHandTest {
    private static ServiceChange set(String name, String yaml, Optional<Definition> existing) {
        return Servicefiles.service(name, yaml, existing, LoadedFile.SECRET_NAMES);
    }

    @Test
    void anImageNamesItsService() {
        ServiceChange change = set("company/redis", "", Optional.empty());
        assertThat(change.name()).isEqualTo("redis");
        assertThat(change.definition().keys()).isEqualTo(Map.of("image", "company/redis"));
        assertThat(change.scale()).isEmpty();
    }

    @Test
    void givenKeysAreLaidOverAndVariablesOneByOne() {
        Definition first = set("company/redis", "{env: {A: a, B: a}, user: u, port: 1}", Optional.empty())
                .definition();
        ServiceChange change = set("redis", "{env: {A: b}, ports: {x: 2}, scale: 3}", Optional.of(first));
        assertThat(change.definition().keys())
                .isEqualTo(Map.of(
                        "image",
                        "company/redis",
                        "env",
                        Map.of("A", "b", "B", "a"),
                        "user",
                        "u",
                        "ports",
                        Map.of("x", 2L)));
        assertThat(change.scale()).hasValue(3);
    }

    @Test
    void aDefaultThatIsGivenTakesTheKeyAway() {
        Definition first =
                set("web", "{restart: always, init: true}", Optional.empty()).definition();
        assertThat(set("web", "{restart: unless-stopped}", Optional.of(first))
                        .definition()
                        .keys()
                        .keySet())
                .containsExactly("image", "init");
    }

    @Test
    void faultsAreToldWithTheirPlace() {
        assertThatExceptionOfType(InvalidInput.class)
                .isThrownBy(() -> set("web", "{env: {A: b}, imag: x, env_files: a}", Optional.empty()))
                .satisfies(input -> assertThat(input.problems())
                        .extracting(problem -> problem.at().toString())
                        .containsExactly("set-service:1:15", "set-service:1:35"));
        assertThatExceptionOfType(InvalidInput.class).isThrownBy(() -> set("web", "[a]", Optional.empty()));
        assertThatExceptionOfType(InvalidInput.class).isThrownBy(() -> set("My_Web", "", Optional.empty()));
        assertThatExceptionOfType(InvalidInput.class).isThrownBy(() -> set("web", "{a: ", Optional.empty()));
    }
}
