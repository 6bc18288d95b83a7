package org.portolan.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.rollout.Views.id;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    /** What the engine was asked for: "all", or ids. */
    private final List<Object> asked = new ArrayList<>();

    private List<Container> shown = List.of();
    private final ContainerLooks looks = new ContainerLooks(showing(), instances, jobs, clock, Optional.empty());

    @Test
    void theFirstLookIsAtAllAndTheNextAtWhatIsInHandForHalfASecond() {
        shown = List.of(starting());
        looks.look();
        clock.advance(Duration.ofMillis(499));
        looks.look();
        assertThat(asked).containsExactly("all", Set.of("c-2-1"));

        clock.advance(Duration.ofMillis(1));
        looks.look();
        looks.look();
        assertThat(asked).as("others are not left out of sight").endsWith("all", Set.of("c-2-1"));
        looks.forget();
        looks.look();
        assertThat(asked).endsWith("all");
    }

    @Test
    void whatWasAskedForAsTheReleaseBeganIsTheFirstLook() {
        shown = List.of(starting());
        Instant asked = clock.instant();
        FirstLook first = new FirstLook(Ahead.of(new HeldTasks(), () -> shown), asked);
        clock.advance(Duration.ofMillis(100));
        ContainerLooks beginning = new ContainerLooks(showing(), instances, jobs, clock, Optional.of(first));
        beginning.look();
        assertThat(this.asked).isEmpty();
        assertThat(instances.find(id(2, 1)).orElseThrow().engine().observed()).isEqualTo(asked);

        clock.advance(Duration.ofMillis(399));
        beginning.look();
        assertThat(this.asked).containsExactly(Set.of("c-2-1"));
        clock.advance(Duration.ofMillis(1));
        beginning.look();
        assertThat(this.asked).as("it is as old as its question").endsWith("all");
    }

    @Test
    void withNothingInHandItIsAtAll() {
        looks.look();
        looks.look();
        assertThat(asked).containsExactly("all", "all");
    }

    @Test
    void whatIsBeingMadeIsNotAskedFor() {
        looks.look();
        instances.begins(new Step.Create(id(2, 1)));
        looks.look();
        assertThat(asked).containsExactly("all");
    }

    @Test
    void whileAStepIsWaitedForAllAreAskedForSooner() {
        shown = List.of(starting());
        looks.look();
        Step stop = new Step.Stop(id(2, 1), "c-2-1");
        instances.begins(stop);
        clock.advance(Duration.ofMillis(249));
        looks.look();
        assertThat(asked).endsWith(Set.of("c-2-1"));
        assertThat(looks.early(clock.instant())).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(looks.early(clock.instant()))
                .as("the step is not waited for first")
                .isTrue();
        looks.look();
        assertThat(asked).endsWith("all");
        assertThat(looks.early(clock.instant())).isFalse();

        clock.advance(Duration.ofMillis(250));
        instances.ended(stop);
        looks.look();
        assertThat(asked).as("something may follow the step that ended").endsWith(Set.of("c-2-1"));
        assertThat(looks.early(clock.instant())).as("nothing is waited for").isFalse();
    }

    @Test
    void aContainerThatTheEngineLostIsGoneAfterANarrowLookToo() {
        shown = List.of(SeenContainers.of(2, 1, State.RUNNING));
        looks.look();
        instances.begins(new Step.Stop(id(2, 1), "c-2-1"));
        shown = List.of();
        looks.look();
        assertThat(asked).endsWith(Set.of("c-2-1"));
        assertThat(instances.all()).extracting(InstanceState::id).isEmpty();
    }

    /** It does not rest, so that others need not be looked at. */
    private static Container starting() {
        return SeenContainers.of(2, 1, State.RESTARTING);
    }

    private Engine showing() {
        return (Engine) Proxy.newProxyInstance(
                Engine.class.getClassLoader(), new Class<?>[] {Engine.class}, (self, method, arguments) -> {
                    asked.add(arguments == null ? "all" : arguments[0]);
                    return shown;
                });
    }
}
