package org.portolan.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.portolan.rollout.Views.id;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Behaviour;
import org.portolan.engine.sim.Faults;
import org.portolan.engine.sim.Faults.Fate;
import org.portolan.engine.sim.Faults.What;
import org.portolan.engine.sim.SimEngine;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.container.ContainerSpec.Publish;
import org.portolan.model.container.NetworkSpec;
import org.portolan.model.event.Event;
import org.portolan.model.labels.Labels;
import org.portolan.model.state.JobRun;
import org.portolan.probe.Prober;
import org.portolan.rollout.HealthRecord;
import org.portolan.rollout.InstanceView;
import org.portolan.rollout.Listening;
import org.portolan.rollout.RolloutProgress;
import org.portolan.rollout.SeenContainers;
import org.portolan.rollout.Startup;
import org.portolan.rollout.Step;
import org.portolan.sim.VirtualClock;

/** Steps and checks on a simulated engine: once at a time for an instance, written down before, tried again or refused. */
class StepsTest {
    private final VirtualClock clock = new VirtualClock();
    private final SimEngine engine = new SimEngine(clock);
    private final ReleaseRequest run = Runs.of(Runs.spec(Map.of("health", Map.of("http", "/ready"))));
    private final Instances instances =
            new Instances(run, Optional.empty(), new Listening(run.goal(), List.of()), clock.instant());
    private final HeldTasks tasks = new HeldTasks();
    private final Steps steps = new Steps(
            engine,
            run,
            instances,
            tasks,
            clock,
            new PortAllocator(20000, 20999),
            new EventRecorder(report -> {}, clock, "shop", 1));
    private final Written written = new Written();

    /** Remembers what was written down, and how much the engine had done by then. */
    private final class Written implements Recorder {
        private final List<String> events = new ArrayList<>();
        private int changesBefore;
        private boolean refuses;

        @Override
        public void record(List<Event> all, Map<String, RolloutProgress> progresses) {
            if (refuses) {
                throw new Failure(Kind.UNAVAILABLE, "the disk is full");
            }
            all.forEach(event -> events.add(event.kind()));
            changesBefore = engine.changes().size();
        }

        @Override
        public void ended(JobRun job) {}

        @Override
        public boolean decides() {
            return true;
        }
    }

    @BeforeEach
    void world() {
        engine.world().image("web:2", Behaviour.GOOD, 80);
        engine.ensureNetwork(
                new NetworkSpec("shop", Map.of(Labels.INSTALLATION, SeenContainers.INSTALLATION), "10.201.0.0/16", 24));
    }

    private boolean submit(Step... all) {
        return steps.submit(List.of(all), written);
    }

    /** Lets every task run, and takes over what it brought. */
    private void finish() {
        tasks.run();
        steps.collect();
    }

    private List<String> changes() {
        return engine.changes().stream()
                .map(SimEngine.Call::verb)
                .filter(verb -> !verb.equals("network"))
                .toList();
    }

    private void look() {
        instances.observe(engine.containers(), clock.instant());
    }

    @Test
    void whatIsMadeIsStartedAtOnceAndIsUnderWayUntilThatIsKnown() {
        assertThat(submit(new Step.Create(id(2, 1)))).isTrue();
        assertThat(steps.beingMade()).extracting(InstanceView::id).containsExactly(id(2, 1));
        assertThat(changes()).isEmpty();

        tasks.held.removeFirst().run();
        assertThat(changes()).containsExactly("create", "start");
        look();
        assertThat(instances.views(clock.instant()).getFirst().healthy())
                .as("its start is not known to have ended")
                .isFalse();
        assertThat(steps.busy()).isTrue();

        steps.collect();
        assertThat(steps.busy()).isFalse();
        assertThat(instances.find(id(2, 1)).orElseThrow().startup()).isInstanceOf(Startup.Running.class);
    }

    @Test
    void aStepIsWrittenDownBeforeItBegins() {
        submit(new Step.Create(id(2, 1)));
        assertThat(written.events).containsExactly("create-begins");

        written.refuses = true;
        assertThatThrownBy(() -> submit(new Step.Create(id(2, 2)))).isInstanceOf(Failure.class);
        assertThat(tasks.held)
                .as("what could not be written down does not begin")
                .hasSize(1);
    }

    @Test
    void anInstanceHasOneStepAtATime() {
        submit(new Step.Create(id(2, 1)));
        assertThat(submit(new Step.Create(id(2, 1)))).isFalse();
        assertThat(tasks.held).hasSize(1);

        assertThat(submit(new Step.Create(id(2, 2)))).isTrue();
        assertThat(tasks.held).hasSize(2);
    }

    @Test
    void anEngineThatDoesNotAnswerIsAskedAgainForAMinute() {
        submit(new Step.Create(id(2, 1)));
        finish();
        look();
        String container = instances.find(id(2, 1)).orElseThrow().container().id();
        engine.faults(call -> new Fate(What.FAILS, Duration.ZERO));
        Step.Stop stop = new Step.Stop(id(2, 1), container);

        submit(stop);
        finish();
        assertThat(submit(stop)).as("not at once").isFalse();
        clock.advance(Duration.ofMillis(500));
        assertThat(submit(stop)).isTrue();
        finish();
        assertThat(steps.refusal()).isEmpty();

        clock.advance(Duration.ofSeconds(60));
        submit(stop);
        finish();
        assertThat(steps.refusal().orElseThrow().cause()).startsWith("cannot stop shop-web-2-1: ");
    }

    @Test
    void anEngineThatAnswersAgainIsGivenAMinuteAnew() {
        submit(new Step.Create(id(2, 1)));
        finish();
        look();
        String container = instances.find(id(2, 1)).orElseThrow().container().id();
        Step.KeepRunning keep = new Step.KeepRunning(id(2, 1), container);
        engine.faults(call -> new Fate(What.FAILS, Duration.ZERO));
        submit(keep);
        finish();
        clock.advance(Duration.ofSeconds(50));
        engine.faults(call -> Fate.GOOD);
        submit(keep);
        finish();
        assertThat(instances.find(id(2, 1)).orElseThrow().keepsRunning()).isTrue();

        clock.advance(Duration.ofSeconds(50));
        engine.faults(call -> new Fate(What.FAILS, Duration.ZERO));
        submit(keep);
        finish();
        assertThat(steps.refusal()).isEmpty();
    }

    @Test
    void aStartWhoseAnswerWasLostHasAStartupCheckLikeAnyOther() {
        engine.faults(call -> call.verb().equals("start") ? new Fate(What.ANSWER_LOST, Duration.ZERO) : Fate.GOOD);
        submit(new Step.Create(id(2, 1)));
        finish();
        look();

        assertThat(steps.busy()).isFalse();
        assertThat(instances.find(id(2, 1)).orElseThrow().startup())
                .isEqualTo(new Startup.Running(clock.instant(), false, HealthRecord.NONE));
    }

    @Test
    void whatTheEngineRefusesToMakeIsRefusedAtOnce() {
        engine.world().foreign("shop-web-2-1", Map.of(), new Publish("0.0.0.0", 20500, 80));
        submit(new Step.Create(id(2, 1)));
        finish();

        ReleaseRequest.Result.Failed refused = steps.refusal().orElseThrow();
        assertThat(refused.cause()).isEqualTo("cannot create shop-web-2-1: the name is taken");
        assertThat(refused.instance()).isEqualTo("shop-web-2-1");
    }

    @Test
    void whatTheEngineRefusesToRemoveIsTriedFiveTimes() {
        submit(new Step.Create(id(2, 1)));
        finish();
        look();
        Step.Remove remove = new Step.Remove(
                id(2, 1), instances.find(id(2, 1)).orElseThrow().container().id());
        for (int i = 0; i < 4; i++) {
            clock.advance(Duration.ofMillis(500));
            submit(remove);
            finish();
            assertThat(steps.refusal()).isEmpty();
        }
        clock.advance(Duration.ofMillis(500));
        submit(remove);
        finish();
        assertThat(steps.refusal()).isPresent();
    }

    @Test
    void aPortThatSomebodyHoldsCostsTheContainerAndAnotherIsMadeElsewhere() {
        int[] starts = {0};
        engine.faults(call -> Fate.GOOD);
        submit(new Step.Create(id(2, 1)));
        engine.faults(refuseFirstStart(starts));
        finish();
        look();
        assertThat(instances.all()).as("it never ran").isEmpty();

        clock.advance(Duration.ofMillis(500));
        submit(new Step.Create(id(2, 1)));
        finish();
        look();
        assertThat(instances.all()).hasSize(1);
        assertThat(steps.refusal()).isEmpty();
    }

    private static Faults refuseFirstStart(int[] starts) {
        return call -> {
            if (call.verb().equals("start") && starts[0]++ == 0) {
                throw new org.portolan.engine.EngineException(
                        org.portolan.engine.EngineException.Reason.IN_USE, "address already in use", Optional.empty());
            }
            return Fate.GOOD;
        };
    }

    @Test
    void aFaultOfOurOwnEndsTheRun() {
        engine.faults(call -> {
            throw new IllegalStateException("ours");
        });
        submit(new Step.Create(id(2, 1)));

        assertThatThrownBy(this::finish)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("ours");
    }

    @Test
    void aCheckThatIsDueIsAskedOnceAtATime() {
        submit(new Step.Create(id(2, 1)));
        finish();
        look();
        List<Integer> asked = new ArrayList<>();
        Prober prober = (container, address, port, health) -> {
            asked.add(port);
            return new Prober.Answer(true, "200");
        };

        steps.check(prober, clock.instant());
        steps.check(prober, clock.instant());
        finish();

        assertThat(asked)
                .containsExactlyElementsOf(instances.find(id(2, 1)).orElseThrow().ports().values().stream()
                        .map(port -> port.host())
                        .toList());
        Startup.Checked check =
                (Startup.Checked) instances.find(id(2, 1)).orElseThrow().startup();
        assertThat(check.checks().everPassed()).isTrue();
    }

    @Test
    void aCheckThatCannotBeAskedIsAFailedOne() {
        submit(new Step.Create(id(2, 1)));
        finish();
        look();

        steps.check(
                (container, address, port, health) -> {
                    throw new Failure(Kind.UNAVAILABLE, "no answer");
                },
                clock.instant());
        finish();

        Startup.Checked check =
                (Startup.Checked) instances.find(id(2, 1)).orElseThrow().startup();
        assertThat(check.checks().lastAnswer()).isEqualTo("no answer");
    }
}
