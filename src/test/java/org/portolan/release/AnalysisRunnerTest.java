package org.portolan.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.rollout.Views.NOW;
import static org.portolan.rollout.Views.id;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.SimEngine;
import org.portolan.model.container.Container.State;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.ServerView;
import org.portolan.probe.Prober;
import org.portolan.rollout.Analysis;
import org.portolan.rollout.InstanceState;
import org.portolan.rollout.Listening;
import org.portolan.rollout.SeenContainers;
import org.portolan.sim.VirtualClock;

/** Gates: what is asked of new instances once, and what their answers are compared with. */
class AnalysisRunnerTest {
    private final VirtualClock clock = new VirtualClock();
    private final SimEngine engine = new SimEngine(clock);
    private final List<String> asked = new ArrayList<>();
    private Prober.Answer answer = new Prober.Answer(true, "200");

    /** Runs at once. */
    private static final class Prompt implements Tasks {
        @Override
        public void submit(Runnable task) {
            task.run();
        }

        @Override
        public void await(Duration most) {}

        @Override
        public void wake() {}
    }

    private AnalysisRunner runner(ReleaseRequest run) {
        Prober prober = (container, address, port, health) -> {
            asked.add(container + " " + address + ":" + port + health.path());
            return answer;
        };
        return new AnalysisRunner(engine, prober, new Prompt(), run);
    }

    private static ReleaseRequest gated(boolean forward, Object... gates) {
        return Runs.of(Runs.spec(Map.of("rollout", Map.of("gates", List.of(gates)))), forward, container -> false);
    }

    /** One old instance and a new one that this run started. */
    private static Instances instances(ReleaseRequest run) {
        Instances instances = new Instances(run, Optional.empty(), new Listening(run.goal(), List.of()), NOW);
        instances.started(id(2, 1), new InstanceState.Started(NOW, true, false));
        instances.observe(List.of(SeenContainers.of(1, 1, State.RUNNING), SeenContainers.of(2, 1, State.RUNNING)), NOW);
        return instances;
    }

    private static Analysis attempt(AnalysisRunner runner, ReleaseRequest run) {
        runner.attempt(Map.of("web", 0), instances(run));
        runner.collect(Map.of(), Map.of());
        return runner.gates().getOrDefault("web", Analysis.NONE);
    }

    @Test
    void aRequestIsSentToTheNewInstancesAndOnce() {
        ReleaseRequest run = gated(true, Map.of("http", "/smoke"));
        AnalysisRunner runner = runner(run);

        assertThat(attempt(runner, run)).isEqualTo(new Analysis(Set.of(0), Optional.empty()));
        assertThat(attempt(runner, run).passed()).containsExactly(0);

        assertThat(asked).containsExactly("c-2-1 10.1.0.1:20201/smoke");
    }

    @Test
    void aRequestThatFailsIsTold() {
        ReleaseRequest run = gated(true, Map.of("http", "/smoke"));
        answer = new Prober.Answer(false, "500");

        Analysis failed = attempt(runner(run), run);

        assertThat(failed.passed()).isEmpty();
        assertThat(failed.failure()).contains("gate http /smoke on shop-web-2-1: 500");
    }

    @Test
    void aCommandThatCannotBeRunFailsTheGate() {
        ReleaseRequest run = gated(true, Map.of("command", "check it"));

        Analysis failed = attempt(runner(run), run);

        assertThat(failed.failure().orElseThrow()).startsWith("gate on shop-web-2-1: cannot run a command in c-2-1");
    }

    @Test
    void aSecondStepIsTriedAnew() {
        ReleaseRequest run = gated(true, Map.of("http", "/smoke"));
        AnalysisRunner runner = runner(run);
        attempt(runner, run);
        runner.attempt(Map.of("web", 1), instances(run));
        runner.collect(Map.of(), Map.of());

        assertThat(runner.gates().get("web").passed()).containsExactlyInAnyOrder(0, 1);
        assertThat(asked).hasSize(2);
    }

    private static Map<InstanceId, List<ServerView>> shown(long oldErrors, long newAnswers, long newErrors) {
        return Map.of(id(1, 1), List.of(view(1000, oldErrors)), id(2, 1), List.of(view(newAnswers, newErrors)));
    }

    private static ServerView view(long answers, long errors) {
        return new ServerView(
                "http", ServerView.Status.UP, 100, 0, answers, errors, Duration.ofMillis(5), ServerView.Check.PASSED);
    }

    private Optional<String> measured(ReleaseRequest run, Map<InstanceId, List<ServerView>> shown) {
        AnalysisRunner runner = runner(run);
        runner.collect(Map.of(), Map.of());
        runner.collect(shown, Map.of());
        return runner.gates().getOrDefault("web", Analysis.NONE).failure();
    }

    @Test
    void errorsFailTheGateWhenThereAreEnoughAndMoreThanOfTheOldVersion() {
        ReleaseRequest run = gated(true, Map.of("errors", "5.0"));

        assertThat(measured(run, shown(0, 20, 2)).orElseThrow())
                .startsWith("gate errors: 10.0 % of the new version's answers are 5xx (limit 5.0 %");
        assertThat(measured(run, shown(0, 19, 19))).as("too few answers").isEmpty();
        assertThat(measured(run, shown(0, 20, 1))).as("within the limit").isEmpty();
        assertThat(measured(run, shown(200, 20, 2)))
                .as("the old version's are worse")
                .isEmpty();
    }

    @Test
    void onTheWayBackNothingIsMeasured() {
        assertThat(measured(gated(false, Map.of("errors", "5.0")), shown(0, 100, 100)))
                .isEmpty();
    }

    @Test
    void theFirstFailureStands() {
        ReleaseRequest run = gated(true, Map.of("http", "/smoke"), Map.of("errors", "5.0"));
        answer = new Prober.Answer(false, "500");
        AnalysisRunner runner = runner(run);
        attempt(runner, run);

        runner.collect(Map.of(), Map.of());
        runner.collect(shown(0, 100, 100), Map.of());

        assertThat(runner.gates().get("web").failure().orElseThrow()).startsWith("gate http");
    }
}
