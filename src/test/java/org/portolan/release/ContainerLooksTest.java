package org.portolan.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.rollout.Views.id;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.SimEngine;
import org.portolan.model.container.Container.State;
import org.portolan.rollout.InstanceState;
import org.portolan.rollout.Listening;
import org.portolan.rollout.SeenContainers;
import org.portolan.rollout.Step;
import org.portolan.sim.VirtualClock;

/** When a run asks for all containers, and when for those that it has in hand. */
class ContainerLooksTest {
    private final VirtualClock clock = new VirtualClock();
    private final SimEngine engine = new SimEngine(clock);
    private final ReleaseRequest run = Runs.of(Runs.spec(Map.of()));
    private final Instances instances =
            new Instances(run, Optional.empty(), new Listening(run.goal(), List.of()), clock.instant());
    private final JobRunner jobs = new JobRunner(
            engine, run, false, new ThreadTasks(), clock, new EventRecorder(report -> {}, clock, "shop", 1));
    private final ContainerLooks looks = new ContainerLooks(engine, instances, jobs, clock);

    @Test
    void theFirstLookIsAtAllAndTheNextAtWhatIsInHandForHalfASecond() {
        looks.look();
        assertThat(looks.partial()).isFalse();

        instances.begins(new Step.Create(id(2, 1)));
        looks.look();
        assertThat(looks.partial()).isTrue();

        clock.advance(Duration.ofMillis(500));
        looks.look();
        assertThat(looks.partial()).as("others are not left out of sight").isFalse();
        looks.look();
        assertThat(looks.partial()).isTrue();
        looks.forget();
        looks.look();
        assertThat(looks.partial()).as("before the goal is said to be reached").isFalse();
    }

    @Test
    void withNothingInHandItIsAtAll() {
        looks.look();
        looks.look();
        assertThat(looks.partial()).isFalse();
    }

    @Test
    void aContainerThatTheEngineLostIsGoneAfterANarrowLookToo() {
        looks.look();
        instances.observe(List.of(SeenContainers.of(2, 1, State.RUNNING)), clock.instant());
        instances.begins(new Step.Stop(id(2, 1), "c-2-1"));
        looks.look();
        assertThat(looks.partial()).isTrue();
        assertThat(instances.all()).extracting(InstanceState::id).isEmpty();
    }
}
