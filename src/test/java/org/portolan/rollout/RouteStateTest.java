package org.portolan.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.rollout.Views.NOW;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.portolan.model.routing.ServerView;
import org.portolan.model.routing.ServerView.Check;
import org.portolan.model.routing.ServerView.Result;
import org.portolan.model.routing.ServerView.Status;

/** An instance's place in the proxy, folded over what the proxy says. */
class RouteStateTest {
    private static final RouteState.Trust ANY_UP = new RouteState.Trust(false, false);
    private static final RouteState.Trust CHECKED_ONLY = new RouteState.Trust(true, false);
    private static final RouteState READY = RouteState.NONE.asked(Optional.of(ServerTarget.READY), NOW);

    private static Instant at(long seconds) {
        return NOW.plusSeconds(seconds);
    }

    private static List<ServerView> says(Status... words) {
        return Arrays.stream(words).map(word -> says(word, Check.NONE)).toList();
    }

    private static ServerView says(Status word, Check check) {
        return new ServerView("http", word, 100, 2, 0, 0, Duration.ZERO, check);
    }

    @Test
    void theSameWishAgainKeepsItsMomentAndWhatWasAcknowledged() {
        RouteState up = READY.observed(says(Status.UP), ANY_UP, at(1));

        RouteState again = up.asked(Optional.of(ServerTarget.ready(20)), at(5));
        assertThat(again.since()).contains(NOW);
        assertThat(again.acknowledged()).isTrue();

        RouteState drains = up.asked(Optional.of(ServerTarget.DRAIN), at(5));
        assertThat(drains.since()).contains(at(5));
        assertThat(drains.acknowledged()).isFalse();

        assertThat(up.asked(Optional.empty(), at(5)).serverTarget()).isEmpty();
    }

    @Test
    void readyIsAcknowledgedByUpOfEveryPort() {
        assertThat(READY.observed(says(), ANY_UP, at(1)).acknowledged()).isFalse();
        assertThat(READY.observed(says(Status.UP, Status.DOWN), ANY_UP, at(1)).acknowledged())
                .isFalse();
        RouteState up = READY.observed(says(Status.UP, Status.UP), ANY_UP, at(1));
        assertThat(up.acknowledged()).isTrue();
        assertThat(up.served()).isTrue();
        assertThat(up.sessions()).isEqualTo(4);
    }

    @Test
    void withoutWeightDrainIsAsGoodAsUp() {
        RouteState silent = RouteState.NONE.asked(Optional.of(ServerTarget.ready(0)), NOW);

        assertThat(silent.observed(says(Status.DRAIN), ANY_UP, at(1)).acknowledged())
                .isTrue();
        assertThat(READY.observed(says(Status.DRAIN), ANY_UP, at(1)).acknowledged())
                .isFalse();
    }

    @Test
    void anUpThatNoCheckConfirmedIsWorthNothingOfOneThatNeverServed() {
        assertThat(READY.observed(says(Status.UP), CHECKED_ONLY, at(1)).acknowledged())
                .isFalse();
        assertThat(READY.observed(List.of(says(Status.UP, new Check(Result.UNREACHABLE, "refused"))), ANY_UP, at(1))
                        .acknowledged())
                .as("its check failed already")
                .isFalse();
        RouteState passed = READY.observed(List.of(says(Status.UP, Check.PASSED)), CHECKED_ONLY, at(1));
        assertThat(passed.acknowledged()).isTrue();
        assertThat(passed.observed(says(Status.UP), CHECKED_ONLY, at(2)).acknowledged())
                .as("it served before: after a reload nothing is checked yet")
                .isTrue();
        assertThat(passed.started()
                        .observed(says(Status.UP), CHECKED_ONLY, at(2))
                        .acknowledged())
                .as("started anew it has not served yet")
                .isFalse();
    }

    @Test
    void aDrainIsAcknowledgedOnceNoServerIsUpAndOutOnceAllAre() {
        RouteState drain = READY.asked(Optional.of(ServerTarget.DRAIN), NOW);
        assertThat(drain.observed(says(Status.DRAIN, Status.UP), ANY_UP, at(1)).acknowledged())
                .isFalse();
        assertThat(drain.observed(says(Status.DRAIN, Status.DOWN), ANY_UP, at(1))
                        .acknowledged())
                .isTrue();

        RouteState out = READY.asked(Optional.of(ServerTarget.OUT), NOW);
        assertThat(out.observed(says(Status.MAINT, Status.DRAIN), ANY_UP, at(1)).acknowledged())
                .isFalse();
        assertThat(out.observed(says(Status.MAINT, Status.MAINT), ANY_UP, at(1)).acknowledged())
                .isTrue();
    }

    @Test
    void itIsKnownSinceWhenItShouldServeAndDoesNot() {
        RouteState down = READY.observed(says(Status.DOWN), ANY_UP, at(1)).observed(says(Status.DOWN), ANY_UP, at(2));
        assertThat(down.unservedSince()).contains(at(1));
        assertThat(down.observed(says(Status.UP), ANY_UP, at(3)).unservedSince())
                .isEmpty();
        assertThat(down.asked(Optional.of(ServerTarget.DRAIN), at(3))
                        .observed(says(Status.DOWN), ANY_UP, at(4))
                        .unservedSince())
                .isEmpty();
    }

    @Test
    void oneThatNeedNotListenIsLetPassAndTold() {
        RouteState silent = READY.observed(says(Status.DOWN), new RouteState.Trust(true, true), at(6));

        assertThat(silent.acknowledged()).isTrue();
        assertThat(silent.isSilent()).isTrue();
        assertThat(READY.observed(says(Status.UP), ANY_UP, at(6)).isSilent()).isFalse();
    }
}
