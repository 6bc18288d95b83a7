package org.portolan.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PruneGuardTest {
    @ParameterizedTest
    @CsvSource({
        "4, 0, false",
        "4, 1, false",
        "4, 2, false",
        "4, 3, true",
        "4, 4, true",
        "1, 1, true",
        "2, 1, false",
        "0, 1, true"
    })
    void moreThanHalfOrTheLastNeedsConsent(int before, int removed, boolean needed) {
        assertThat(PruneGuard.needsConsent(before, removed)).isEqualTo(needed);
    }
}
