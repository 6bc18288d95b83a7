package org.portolan.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.rollout.Views.NOW;
import static org.portolan.rollout.Views.serving;
import static org.portolan.rollout.Views.view;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.model.container.Container.State;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.plan.DesiredRelease.ServiceGoal;

/** Which instances load other files, and when. */
class ReloadStepsTest {
    private static InstanceView with(FileState files, InstanceView view) {
        return new InstanceView(
                view.id(), view.container(), view.state(), view.condition(), view.ports(), view.route(), files);
    }

    private static ServiceDecision decide(Map<String, Object> rollout, InstanceView... views) {
        return decide(rollout, views.length, views);
    }

    private static ServiceDecision decide(Map<String, Object> rollout, int scale, InstanceView... views) {
        Definition definition = Definition.of(Map.of("rollout", rollout, "ports", Map.of("http", 80L)));
        ServiceGoal goal = new ServiceGoal(
                "web", 1, false, "", definition, ServiceSpec.from("web", definition), scale, "localhost");
        return ServiceMachine.decide(ServiceView.of(
                "shop", goal, Arrays.asList(views), Set.of(), RolloutProgress.START, Analysis.NONE, true, NOW));
    }

    private static List<Integer> reloads(ServiceDecision decision) {
        List<Integer> numbers = new ArrayList<>();
        for (Step step : decision.steps()) {
            assertThat(step).isInstanceOf(Step.Reload.class);
            numbers.add(step.instance().n());
        }
        return numbers;
    }

    @ParameterizedTest
    @CsvSource({"rolling,1,0,1", "rolling,0,2,2", "rolling,2,1,3", "recreate,1,0,1", "blue_green,1,0,4"})
    void asManyAtATimeAsTheStrategyReplaces(String strategy, long surge, long unavailable, int most) {
        Map<String, Object> rollout =
                Map.of("strategy", strategy.replace('_', '-'), "max_surge", surge, "max_unavailable", unavailable);
        InstanceView[] views = new InstanceView[4];
        for (int n = 1; n <= 4; n++) {
            views[n - 1] = with(FileState.OUTDATED, serving(1, n));
        }
        assertThat(reloads(decide(rollout, views))).hasSize(most).startsWith(1);
    }

    @Test
    void theNextOneFollowsWhenTheFirstIsHealthyAgain() {
        InstanceView proving = view(1, 1, State.RUNNING, false);
        ServiceDecision waits = decide(Map.of(), proving, with(FileState.OUTDATED, serving(1, 2)));
        assertThat(reloads(waits)).isEmpty();
        assertThat(waits.serving()).isFalse();
        assertThat(reloads(decide(Map.of(), serving(1, 1), with(FileState.OUTDATED, serving(1, 2)))))
                .containsExactly(2);
    }

    @Test
    void oneThatLoadsAndOneOfWhichNothingIsKnownCountToo() {
        for (FileState state : new FileState[] {FileState.LOADING, FileState.UNKNOWN}) {
            assertThat(reloads(decide(Map.of(), with(FileState.OUTDATED, serving(1, 1)), with(state, serving(1, 2)))))
                    .as(state.name())
                    .isEmpty();
        }
    }

    @Test
    void oneThatDoesNotServeIsTheFirst() {
        InstanceView ill = with(FileState.OUTDATED, view(1, 2, State.RUNNING, false));
        assertThat(reloads(decide(Map.of(), with(FileState.OUTDATED, serving(1, 1)), ill)))
                .containsExactly(2);
    }

    /** It starts with the same files: what makes instances ill is to reach one first. */
    @Test
    void oneThatIsStartedCountsToo() {
        InstanceView ended = view(1, 1, State.EXITED, false);
        Map<String, Object> two = Map.of("max_surge", 2L);
        InstanceView next = with(FileState.OUTDATED, serving(1, 2));
        InstanceView last = with(FileState.OUTDATED, serving(1, 3));
        assertThat(decide(Map.of(), ended, next).steps()).containsExactly(new Step.Start(ended.id(), "c-1-1"));
        assertThat(decide(two, ended, next, last).steps())
                .containsExactlyInAnyOrder(
                        new Step.Start(ended.id(), "c-1-1"), new Step.Reload(next.id(), "c-1-2", true));
    }

    /** As one that is started: with a larger scale in the same release. */
    @Test
    void oneThatIsMadeCountsToo() {
        InstanceView first = with(FileState.OUTDATED, serving(1, 1));
        InstanceView second = with(FileState.OUTDATED, serving(1, 2));
        Step made = new Step.Create(Views.id(1, 3));
        assertThat(decide(Map.of(), 3, first, second).steps()).containsExactly(made);
        assertThat(decide(Map.of("max_surge", 2L), 3, first, second).steps())
                .containsExactlyInAnyOrder(new Step.Reload(first.id(), "c-1-1", true), made);
        // The next one follows once it is healthy.
        assertThat(reloads(decide(Map.of(), 3, first, second, view(1, 3, State.RUNNING, false))))
                .isEmpty();
        assertThat(reloads(decide(Map.of(), 3, first, second, serving(1, 3)))).containsExactly(1);
    }

    @Test
    void nothingIsReachedBeforeSomebodyLookedAndWhatIsPausedIsLeftAlone() {
        ServiceDecision unknown = decide(Map.of(), with(FileState.UNKNOWN, serving(1, 1)));
        assertThat(reloads(unknown)).isEmpty();
        assertThat(unknown.serving()).isFalse();
        assertThat(decide(Map.of(), serving(1, 1)).serving()).isTrue();
        assertThat(reloads(decide(Map.of(), with(FileState.OUTDATED, view(1, 1, State.PAUSED, false)))))
                .isEmpty();
    }

    @Test
    void oneThatKeepsEndingGetsItsFilesForItsNextStart() {
        ServiceDecision decision = decide(Map.of(), with(FileState.OUTDATED, view(1, 1, State.RESTARTING, false)));
        assertThat(decision.steps()).containsExactly(new Step.Reload(Views.id(1, 1), "c-1-1", false));
    }
}
