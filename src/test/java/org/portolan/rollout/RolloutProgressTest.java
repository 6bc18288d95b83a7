package org.portolan.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.portolan.model.service.ServiceSpec.CanaryStep;

class RolloutProgressTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);
    private static final List<CanaryStep> STEPS = List.of(
            new CanaryStep(20, Optional.of(Duration.ofSeconds(90))),
            new CanaryStep(50, Optional.empty()),
            new CanaryStep(100, Optional.of(Duration.ZERO)));

    @Test
    void whatIsWrittenIsReadAgain() {
        RolloutProgress progress = new RolloutProgress(1, Optional.of(NOW), 0);
        assertThat(RolloutProgress.parse(progress.text())).isEqualTo(progress);
        assertThat(RolloutProgress.parse(RolloutProgress.START.text())).isEqualTo(RolloutProgress.START);
        assertThat(RolloutProgress.parse("1 x 2")).isEqualTo(RolloutProgress.START);
    }

    @Test
    void aStepThatCarriesItsShareIsDescribedWithHowItGoesOn() {
        assertThat(new RolloutProgress(0, Optional.of(NOW), -1).describe("shop", STEPS))
                .contains("canary step 1 of 3: 20 % of the traffic, observed for 1m30s");
        assertThat(new RolloutProgress(1, Optional.of(NOW), -1).describe("shop", STEPS))
                .contains("canary step 2 of 3: 50 % of the traffic, waiting for `portolan -D shop promote`");
        assertThat(new RolloutProgress(1, Optional.of(NOW), 1).describe("shop", STEPS))
                .contains("canary step 2 of 3: 50 % of the traffic, promoted");
    }

    @Test
    void beforeAStepCarriesAndAfterTheLastThereIsNothingToTell() {
        assertThat(RolloutProgress.START.describe("shop", STEPS)).isEmpty();
        assertThat(new RolloutProgress(2, Optional.of(NOW), -1).describe("shop", STEPS))
                .isEmpty();
        assertThat(new RolloutProgress(3, Optional.of(NOW), -1).describe("shop", STEPS))
                .isEmpty();
    }
}
