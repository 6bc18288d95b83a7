package org.portolan.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.rollout.Views.id;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.portolan.engine.Engine;
import org.portolan.engine.sim.SimEngine;
import org.portolan.model.container.Container;
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
        assertThat(looks.whole()).isTrue();

        instances.begins(new Step.Create(id(2, 1)));
        looks.look();
        assertThat(looks.whole()).isFalse();

        clock.advance(Duration.ofMillis(500));
        looks.look();
        assertThat(looks.whole()).as("others are not left out of sight").isTrue();
        looks.look();
        assertThat(looks.whole()).isFalse();
        looks.forget();
        looks.look();
        assertThat(looks.whole()).as("before the goal is said to be reached").isTrue();
    }

    @Test
    void withNothingInHandItIsAtAll() {
        looks.look();
        looks.look();
        assertThat(looks.whole()).isTrue();
    }

    @Test
    void aContainerThatTheEngineLostIsGoneAfterANarrowLookToo() {
        looks.look();
        instances.observe(List.of(SeenContainers.of(2, 1, State.RUNNING)), clock.instant());
        instances.begins(new Step.Stop(id(2, 1), "c-2-1"));
        looks.look();
        assertThat(looks.whole()).isFalse();
        assertThat(instances.all()).extracting(InstanceState::id).isEmpty();
    }

    @Test
    void allAreSeenOnceAfterTheLastStepAndTheEndOfTheWaitIsANarrowLook() {
        Step.Stop stop = new Step.Stop(id(1, 1), "c-1-1");
        ContainerLooks after = new ContainerLooks(showing(List.of(starting())), instances, jobs, clock);
        after.look();
        instances.begins(stop);
        after.look();
        instances.ended(stop);
        after.look();
        assertThat(after.whole()).isFalse();

        assertThat(after.beforeWaiting()).isTrue();
        after.look();
        assertThat(after.whole()).isTrue();
        assertThat(after.beforeWaiting()).as("they were seen").isFalse();
        after.look();
        assertThat(after.whole()).as("nothing was done since").isTrue();

        instances.begins(stop);
        after.look();
        assertThat(after.whole()).isFalse();
    }

    /** It does not rest, so that others need not be looked at. */
    private static Container starting() {
        return SeenContainers.of(2, 1, State.RESTARTING);
    }

    private static Engine showing(List<Container> containers) {
        return (Engine) Proxy.newProxyInstance(
                Engine.class.getClassLoader(), new Class<?>[] {Engine.class}, (self, method, arguments) -> containers);
    }
}
