package org.portolan.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.rollout.Views.NOW;
import static org.portolan.rollout.Views.routed;
import static org.portolan.rollout.Views.serving;
import static org.portolan.rollout.Views.since;
import static org.portolan.rollout.Views.view;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.portolan.model.container.Container;
import org.portolan.model.container.Container.State;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.ServiceSpec;
import org.portolan.rollout.TargetSteps.Effect;

/** From what is wanted of one instance to the next step. */
class TargetStepsTest {
    private static final ServiceSpec.Stop STOP =
            new ServiceSpec.Stop(Duration.ofSeconds(30), Duration.ofSeconds(10), Optional.empty());

    private static Effect effect(InstanceView view, InstanceTarget target) {
        return TargetSteps.of(view, target, STOP, NOW);
    }

    @Test
    void oneThatIsToGoIsDrainedTakenOutStoppedAndRemovedInThisOrder() {
        assertThat(effect(serving(1, 1), InstanceTarget.Gone.IT))
                .isEqualTo(new Effect(
                        Optional.empty(),
                        Optional.of(ServerTarget.DRAIN),
                        Optional.of("waiting for HAProxy to drain shop-web-1-1"),
                        Optional.empty()));

        InstanceView draining = since(NOW.minusSeconds(5), routed(1, 1, ServerTarget.DRAIN, true, 2));
        assertThat(effect(draining, InstanceTarget.Gone.IT).serverTarget()).contains(ServerTarget.DRAIN);
        assertThat(effect(draining, InstanceTarget.Gone.IT).awaits())
                .contains("draining shop-web-1-1, 2 sessions open");

        InstanceView drained = since(NOW.minusSeconds(5), routed(1, 1, ServerTarget.DRAIN, true, 0));
        assertThat(effect(drained, InstanceTarget.Gone.IT).serverTarget()).contains(ServerTarget.OUT);

        InstanceView out = since(NOW.minusSeconds(1), routed(1, 1, ServerTarget.OUT, true, 0));
        assertThat(effect(out, InstanceTarget.Gone.IT).step()).contains(new Step.Stop(out.id(), "c-1-1"));

        InstanceView stopped = view(1, 1, State.EXITED, false, out.route());
        assertThat(effect(stopped, InstanceTarget.Gone.IT))
                .isEqualTo(new Effect(
                        Optional.of(new Step.Remove(out.id(), "c-1-1")),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void sessionsThatDoNotEndAreWaitedForUntilTheDrainTimeIsOver() {
        InstanceView busy = routed(1, 1, ServerTarget.DRAIN, true, 3);

        assertThat(effect(since(NOW.minusSeconds(29), busy), InstanceTarget.Gone.IT)
                        .serverTarget())
                .contains(ServerTarget.DRAIN);
        assertThat(effect(since(NOW.minusSeconds(30), busy), InstanceTarget.Gone.IT)
                        .serverTarget())
                .contains(ServerTarget.OUT);
    }

    @Test
    void nothingIsStoppedThatTheProxyHasNotTakenOut() {
        InstanceView pending = since(NOW.minusSeconds(14), routed(1, 1, ServerTarget.OUT, false, 0));
        assertThat(effect(pending, InstanceTarget.Gone.IT).step()).isEmpty();
        assertThat(effect(pending, InstanceTarget.Gone.IT).failure()).isEmpty();

        InstanceView stuck = since(NOW.minusSeconds(16), routed(1, 1, ServerTarget.OUT, false, 0));
        assertThat(effect(stuck, InstanceTarget.Gone.IT).step()).isEmpty();
        assertThat(effect(stuck, InstanceTarget.Gone.IT).failure().orElseThrow())
                .startsWith("cannot be stopped");
    }

    /** Whatever is wanted of whatever instance: a stop needs the proxy's word, traffic needs health. */
    @ParameterizedTest
    @EnumSource(Container.State.class)
    void noTargetBreaksThePromises(State state) {
        for (InstanceTarget target : List.of(
                InstanceTarget.Serving.FULL,
                new InstanceTarget.Routed(ServerTarget.OUT),
                InstanceTarget.Unchanged.IT,
                new InstanceTarget.NotYet("later"),
                InstanceTarget.Stopped.IT,
                InstanceTarget.Gone.IT)) {
            for (InstanceView view : instances(state)) {
                Effect effect = effect(view, target);
                if (effect.step().filter(step -> step instanceof Step.Stop).isPresent()) {
                    assertThat(view.route().serverTarget().isEmpty()
                                    || (view.route().is(RouteSet.State.MAINT)
                                            && view.route().acknowledged()))
                            .as("%s: %s", target, view)
                            .isTrue();
                }
                if (effect.step().filter(step -> step instanceof Step.Remove).isPresent()) {
                    assertThat(view.running()).as("%s: %s", target, view).isFalse();
                }
                boolean newTraffic = effect.serverTarget().equals(Optional.of(ServerTarget.READY))
                        && !view.route().is(RouteSet.State.READY);
                assertThat(newTraffic && !view.healthy() && !view.leaving())
                        .as("%s: %s", target, view)
                        .isFalse();
            }
        }
    }

    private static List<InstanceView> instances(State state) {
        List<InstanceView> all = new ArrayList<>();
        for (boolean healthy : new boolean[] {true, false}) {
            all.add(view(1, 1, state, healthy));
            for (ServerTarget serverTarget :
                    List.of(ServerTarget.READY, ServerTarget.ready(0), ServerTarget.DRAIN, ServerTarget.OUT)) {
                for (boolean acknowledged : new boolean[] {true, false}) {
                    all.add(view(
                            1,
                            1,
                            state,
                            healthy,
                            routed(1, 1, serverTarget, acknowledged, 1).route()));
                }
            }
        }
        return all;
    }

    @Test
    void oneThatIsToServeIsStartedThenWaitedForThenRouted() {
        InstanceView made = view(2, 1, State.CREATED, false);
        assertThat(effect(made, InstanceTarget.Serving.FULL).step()).contains(new Step.Start(made.id(), "c-2-1"));

        InstanceView started = view(2, 1, State.RUNNING, false);
        assertThat(effect(started, InstanceTarget.Serving.FULL))
                .isEqualTo(new Effect(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("waiting for shop-web-2-1 to become healthy"),
                        Optional.empty()));

        InstanceView healthy = view(2, 1, State.RUNNING, true);
        assertThat(effect(healthy, new InstanceTarget.Serving(ServerTarget.ready(21)))
                        .serverTarget())
                .contains(ServerTarget.ready(21));

        assertThat(effect(serving(2, 1), InstanceTarget.Serving.FULL))
                .isEqualTo(new Effect(
                        Optional.empty(), Optional.of(ServerTarget.READY), Optional.empty(), Optional.empty()));
    }

    @Test
    void aStoppedContainerStaysWhereOnlyAStopIsWanted() {
        assertThat(effect(view(1, 1, State.EXITED, false), InstanceTarget.Stopped.IT)
                        .step())
                .isEmpty();
        assertThat(effect(view(1, 1, State.EXITED, false), InstanceTarget.Gone.IT)
                        .step())
                .isPresent();
    }
}
