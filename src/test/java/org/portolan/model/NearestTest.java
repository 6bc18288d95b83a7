package org.portolan.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    @Test
    void findsSlipsAndNothingElse() {
        assertThat(Nearest.of("imag", List.of("image", "env"))).contains("image");
        assertThat(Nearest.of("Image", List.of("image", "env"))).contains("image");
        assertThat(Nearest.of("prots", List.of("port", "ports"))).contains("ports");
        assertThat(Nearest.of("zebra", List.of("image", "env"))).isEmpty();
        assertThat(Nearest.of("", List.of("image"))).isEmpty();
        assertThat(Nearest.of("x".repeat(1000), List.of("image"))).isEmpty();
    }

    @Test
    void countsSwapsAsOneSlip() {
        assertThat(Nearest.distance("hsot", "host")).isEqualTo(1);
        assertThat(Nearest.distance("", "abc")).isEqualTo(3);
        assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
    }
}
