package org.portolan.model.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.portolan.model.service.GenerateSpec.Kind;

/** A value is found again where a text has a place for it, and nothing else is taken for it. */
class ValueRecoveryTest {
    private static final GenerateSpec HEX = new GenerateSpec(Kind.HEX, 8);
    private static final String VALUE = "0123456789abcdef";

    private static Optional<String> env(String written, String shown) {
        return ValueRecovery.find(
                "Key",
                HEX,
                Definition.of(Map.of("env", Map.of("A", written))),
                Definition.of(Map.of("env", Map.of("A", Map.of("secret", shown)))));
    }

    @Test
    void inTheMiddleOfATextWithOtherPlaceholders() {
        assertThat(env("{Key}", VALUE)).contains(VALUE);
        assertThat(env("redis://{USER}:{Key}@{HOST}/(1)", "redis://me:" + VALUE + "@10.0.0.1/(1)"))
                .contains(VALUE);
        assertThat(env("{Key}-{Key}", VALUE + "-" + VALUE)).contains(VALUE);
    }

    @Test
    void notWhereTheTextIsAnother() {
        assertThat(env("{Key}", VALUE + "0")).isEmpty();
        assertThat(env("{Key}", "hunter2")).isEmpty();
        assertThat(env("x{Key}", VALUE)).isEmpty();
        assertThat(env("{Key}-{Key}", VALUE + "-" + VALUE.replace('0', '1'))).isEmpty();
        assertThat(env("\\{Key}", VALUE)).isEmpty();
        assertThat(env("{Other}", VALUE)).isEmpty();
    }

    @Test
    void inACommandAndInInheritedVariables() {
        Definition written =
                Definition.of(Map.of("cmd", List.of("run", "--key={Key}"), "inherited_env", Map.of("B", "{Key}")));
        assertThat(ValueRecovery.find(
                        "Key", HEX, written, Definition.of(Map.of("cmd", List.of("run", "--key=" + VALUE)))))
                .contains(VALUE);
        assertThat(ValueRecovery.find("Key", HEX, written, Definition.of(Map.of("env", Map.of("B", VALUE)))))
                .contains(VALUE);
        assertThat(ValueRecovery.find("Key", HEX, written, Definition.of(Map.of())))
                .isEmpty();
    }
}
