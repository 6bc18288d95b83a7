package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    private static final List<String> NAMES = List.of("deploy", "plan", "list", "logs");

    @Test
    void findsWhatDiffersByALetterOrTwo() {
        assertThat(Nearest.to("deplyo", NAMES)).contains("deploy");
        assertThat(Nearest.to("log", NAMES)).contains("logs");
    }

    @Test
    void findsNothingForAWordOfItsOwn() {
        assertThat(Nearest.to("zebra-crossing", NAMES)).isEmpty();
    }
}
