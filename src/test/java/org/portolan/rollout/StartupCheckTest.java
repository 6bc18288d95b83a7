package org.portolan.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.rollout.Views.NOW;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.portolan.model.container.Container.State;
import org.portolan.model.container.Container.Verdict;
import org.portolan.model.routing.ServerView;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;

/** When an instance's startup check passes, fails, and continues. */
class StartupCheckTest {
    /** Asked every second, healthy after 5 s, given up after 30 s; three failures in a row are unhealthy, but for the first 10 s. */
    private static final ServiceSpec CHECKED = spec(
            "health",
            Map.of("http", "/ready", "interval", "1s", "start_period", "10s", "deadline", "30s", "unhealthy", 3L),
            "rollout",
            Map.of("min_healthy", "5s"));

    private static final ServiceSpec UNCHECKED = spec("rollout", Map.of("min_healthy", "5s", "deadline", "20s"));

    private static ServiceSpec spec(Object... keys) {
        Map<String, Object> all = new TreeMap<>(Map.of("ports", Map.of("http", 80L)));
        for (int i = 0; i < keys.length; i += 2) {
            all.put((String) keys[i], keys[i + 1]);
        }
        return ServiceSpec.from("web", Definition.of(all));
    }

    private static Instant at(double seconds) {
        return NOW.plusMillis((long) (seconds * 1000));
    }

    /** One that this run started at second 0, as the engine showed it at some second. */
    private static InstanceState started(State state, double seconds) {
        return begun(true, state, seconds);
    }

    /** One that another run may have started. */
    private static InstanceState taken(State state, double seconds) {
        return begun(false, state, seconds);
    }

    private static InstanceState begun(boolean here, State state, double seconds) {
        return InstanceState.of(Views.id(2, 1), SeenContainers.of(2, 1, State.CREATED), NOW)
                .started(new InstanceState.Started(NOW, here, false))
                .observed(SeenContainers.of(2, 1, state), at(seconds));
    }

    private static Startup judge(InstanceState instance, ServiceSpec spec, double seconds) {
        return instance.judged(spec, Optional.empty(), at(seconds)).startup();
    }

    private static InstanceState passing(InstanceState instance, double from, double to) {
        return instance.answered(true, "200", at(from)).answered(true, "200", at(to));
    }

    private static InstanceState failing(InstanceState instance, int times, double from) {
        InstanceState next = instance;
        for (int i = 0; i < times; i++) {
            next = next.answered(false, "503", at(from + i));
        }
        return next;
    }

    private static String why(Startup startup) {
        assertThat(startup).isInstanceOf(Startup.Failed.class);
        return ((Startup.Failed) startup).why();
    }

    @Test
    void whatRanBeforeThisRunIsNotJudged() {
        InstanceState old = InstanceState.of(Views.id(1, 1), SeenContainers.of(1, 1, State.EXITED), NOW);

        assertThat(judge(old, CHECKED, 100)).isEqualTo(Startup.None.IT);
        assertThat(StartupCheck.healthy(old, CHECKED)).isFalse();
        assertThat(StartupCheck.healthy(old.observed(SeenContainers.of(1, 1, State.RUNNING), NOW), CHECKED))
                .isTrue();
    }

    @Test
    void itPassesOnceItsChecksHavePassedForMinHealthyWithoutABreak() {
        InstanceState instance = started(State.RUNNING, 9);

        assertThat(judge(passing(instance, 1, 5.9), CHECKED, 9)).isInstanceOf(Startup.Running.class);
        assertThat(judge(passing(instance, 1, 6), CHECKED, 9)).isInstanceOf(Startup.Passed.class);
        InstanceState broken =
                failing(instance.answered(true, "200", at(1)), 1, 3).answered(true, "200", at(6));
        assertThat(judge(broken, CHECKED, 9)).isInstanceOf(Startup.Running.class);
    }

    @Test
    void withoutAChecksItPassesOnceItWasSeenRunningForMinHealthy() {
        assertThat(judge(started(State.RUNNING, 4.9), UNCHECKED, 9)).isInstanceOf(Startup.Running.class);
        assertThat(judge(started(State.RUNNING, 5), UNCHECKED, 9)).isInstanceOf(Startup.Passed.class);
    }

    @Test
    void oneThatPassedIsHealthyUntilTooManyChecksFailInARow() {
        InstanceState passed = passing(started(State.RUNNING, 9), 1, 6).judged(CHECKED, Optional.empty(), at(9));

        InstanceState twice = failing(passed, 2, 20).judged(CHECKED, Optional.empty(), at(22));
        assertThat(StartupCheck.healthy(twice, CHECKED)).isTrue();
        assertThat(twice.startup()).isInstanceOf(Startup.Passed.class);

        InstanceState thrice = failing(passed, 3, 20);
        assertThat(StartupCheck.healthy(thrice, CHECKED)).isFalse();
        assertThat(why(judge(thrice, CHECKED, 23))).isEqualTo("became unhealthy: 503");
    }

    @Test
    void failuresInTheStartPeriodDoNotCount() {
        InstanceState instance = failing(started(State.RUNNING, 9).answered(true, "200", at(1)), 5, 2);

        assertThat(judge(instance, CHECKED, 10)).isInstanceOf(Startup.Running.class);
        assertThat(why(judge(instance, CHECKED, 10.1))).startsWith("became unhealthy");
    }

    @Test
    void oneThatIsNotHealthyByItsDeadlineFailsUnlessItsChecksPassByThen() {
        InstanceState never = failing(started(State.RUNNING, 31), 1, 29);
        assertThat(judge(never, CHECKED, 30)).isInstanceOf(Startup.Running.class);
        assertThat(why(judge(never, CHECKED, 31))).isEqualTo("not healthy within 30s: 503");

        assertThat(judge(never.answered(true, "200", at(29.5)), CHECKED, 31)).isInstanceOf(Startup.Running.class);
    }

    @Test
    void oneThatThisRunStartedAndThatEndsHasFailed() {
        assertThat(why(judge(started(State.EXITED, 1), CHECKED, 1))).isEqualTo("exited with status 3");
        assertThat(why(judge(started(State.RESTARTING, 1), CHECKED, 1))).isEqualTo("keeps exiting, last with status 3");
    }

    @Test
    void oneThatAnotherRunStartedMayHaveBeenEndedByIt() {
        assertThat(judge(taken(State.EXITED, 1), CHECKED, 1)).isEqualTo(Startup.None.IT);
        assertThat(judge(taken(State.RESTARTING, 1), CHECKED, 29)).isInstanceOf(Startup.Running.class);
        assertThat(why(judge(taken(State.RESTARTING, 1), CHECKED, 31))).startsWith("keeps exiting");
    }

    @Test
    void aPausedOrStuckOneGetsItsTime() {
        assertThat(judge(started(State.PAUSED, 1), CHECKED, 30)).isInstanceOf(Startup.Running.class);
        assertThat(why(judge(started(State.PAUSED, 1), CHECKED, 31)))
                .isEqualTo("is paused; to continue it: `docker unpause shop-web-2-1`");
        assertThat(why(judge(started(State.CREATED, 1), CHECKED, 31))).isEqualTo("is still created after 30s");
    }

    @Test
    void theEnginesOwnCheckDecidesWhereTheImageHasOne() {
        ServiceSpec engine = spec("rollout", Map.of("min_healthy", "0s"))
                .withEngineHealth(Duration.ofSeconds(1), Duration.ofSeconds(1), 3, Duration.ZERO);
        InstanceState instance = started(State.RUNNING, 1);

        assertThat(judge(instance.observed(SeenContainers.with(2, 1, Verdict.STARTING), at(1)), engine, 1))
                .isInstanceOf(Startup.Running.class);
        assertThat(judge(instance.observed(SeenContainers.with(2, 1, Verdict.HEALTHY), at(1)), engine, 1))
                .isInstanceOf(Startup.Passed.class);
        assertThat(why(judge(instance.observed(SeenContainers.with(2, 1, Verdict.UNHEALTHY), at(1)), engine, 1)))
                .startsWith("the image's health check reports unhealthy");
    }

    @Test
    void nothingIsJudgedWhileAStepIsUnderWay() {
        Optional<Step> start = Optional.of(new Step.Start(Views.id(2, 1), "c"));
        Optional<Step> keep = Optional.of(new Step.KeepRunning(Views.id(2, 1), "c"));
        InstanceState ended = started(State.EXITED, 1);
        assertThat(ended.judged(CHECKED, start, at(1)).startup()).isInstanceOf(Startup.Running.class);
        assertThat(ended.judged(CHECKED, keep, at(1)).startup()).isInstanceOf(Startup.Running.class);

        InstanceState ready = passing(started(State.RUNNING, 9), 1, 6);
        assertThat(ready.judged(CHECKED, start, at(9)).startup()).isInstanceOf(Startup.Running.class);
        assertThat(ready.judged(CHECKED, keep, at(9)).startup()).isInstanceOf(Startup.Passed.class);
    }

    @Test
    void whatFailedStaysFailed() {
        InstanceState failed = started(State.EXITED, 1).judged(CHECKED, Optional.empty(), at(1));
        InstanceState back = failed.observed(SeenContainers.of(2, 1, State.RUNNING), at(2))
                .started(new InstanceState.Started(at(2), true, false));

        assertThat(judge(passing(back, 3, 20), CHECKED, 21)).isInstanceOf(Startup.Failed.class);
    }

    @Test
    void oneThatIsStartedAgainProvesItselfAnew() {
        InstanceState passed = passing(started(State.RUNNING, 9), 1, 6).judged(CHECKED, Optional.empty(), at(9));

        InstanceState again = passed.observed(SeenContainers.of(2, 1, State.EXITED), at(10))
                .withEndIgnored()
                .started(new InstanceState.Started(at(11), true, false))
                .observed(SeenContainers.of(2, 1, State.RUNNING), at(12))
                .judged(CHECKED, Optional.empty(), at(12));

        assertThat(StartupCheck.healthy(again, CHECKED)).isFalse();
        assertThat(again.startup()).isInstanceOf(Startup.Running.class);
    }

    @Test
    void oneThatTheProxyDoesNotReachByItsDeadlineHasFailed() {
        ServerView refused = new ServerView(
                "http",
                ServerView.Status.DOWN,
                100,
                0,
                0,
                0,
                Duration.ZERO,
                new ServerView.Check(ServerView.Result.UNREACHABLE, "refused"));
        InstanceState instance = started(State.RUNNING, 6)
                .judged(UNCHECKED, Optional.empty(), at(6))
                .asked(Optional.of(ServerTarget.READY), at(6))
                .observed(List.of(refused), false, false, at(7));

        assertThat(judge(instance, UNCHECKED, 20)).isInstanceOf(Startup.Passed.class);
        assertThat(why(judge(instance, UNCHECKED, 20.1)))
                .isEqualTo("does not listen on port 80 (http): checked for 20s (refused);"
                        + " set the port in the service's `ports`");
    }
}
