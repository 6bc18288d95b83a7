package org.portolan.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The proof at a small size: every sort of change and of fault once, under every kind of traffic. */
@Tag("e2e")
class ZeroLossTest {
    @Test
    @Timeout(value = 12, unit = TimeUnit.MINUTES)
    void no_answer_is_lost_while_the_site_is_changed_in_every_way() throws Exception {
        ProveZeroLoss.Result result =
                ProveZeroLoss.prove(ProveZeroLoss.Size.SMALL, Path.of("").toAbsolutePath(), System.out);
        assertThat(result.proved()).as(result.report()).isTrue();
        assertThat(result.requests()).isGreaterThan(10_000);
    }
}
