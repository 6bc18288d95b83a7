package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.release.Outcome;

/** What a release does about trouble in its middle is decided by the kind of the failure alone. */
class KindsOfTroubleTest extends SimShop {
    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"UNREACHABLE", "FENCED", "CORRUPT", "CONFLICT"})
    void aStoreThatCannotBeWrittenToLeavesTheReleaseUnfinished(Kind kind) {
        deploy(shop("1", 1));
        AtomicReference<Instant> since = new AtomicReference<>();

        assertThatThrownBy(() -> site.process().deploy(shop("2", 1), () -> {
                    if (since.get() == null && running().contains("shop-web-2-1")) {
                        site.store.breaks(kind);
                        since.set(site.clock.instant());
                    }
                    return false;
                }))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(kind));

        Duration waited = Duration.between(since.get(), site.clock.instant());
        if (kind.passes()) {
            assertThat(waited).isGreaterThanOrEqualTo(Duration.ofSeconds(60));
        } else {
            assertThat(waited).as("nothing that goes away by itself").isLessThan(Duration.ofSeconds(20));
        }
        assertThat(running()).contains("shop-web-2-1");

        site.store.repair();
        assertThat(deploy(shop("2", 1))).isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).contains("shop-web-2-1").doesNotContain("shop-web-1-1");
    }
}
