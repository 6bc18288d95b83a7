package org.portolan.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.rollout.Views.NOW;
import static org.portolan.rollout.Views.id;
import static org.portolan.rollout.Views.routed;
import static org.portolan.rollout.Views.seen;
import static org.portolan.rollout.Views.serving;
import static org.portolan.rollout.Views.since;
import static org.portolan.rollout.Views.spec;
import static org.portolan.rollout.Views.view;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.portolan.model.container.Container.State;
import org.portolan.model.service.ServiceSpec;

/** Each strategy as a function: what is seen of a service, to what is wanted of it. */
class StrategiesTest {
    private static final InstanceTarget SERVES = InstanceTarget.Serving.FULL;
    private static final InstanceTarget STAYS = InstanceTarget.Unchanged.IT;
    private static final InstanceTarget GOES = InstanceTarget.Gone.IT;
    private static final InstanceTarget STOPS = InstanceTarget.Stopped.IT;

    private static ServiceTargets targets(ServiceView seen) {
        return ServiceMachine.targets(seen);
    }

    private static RolloutProgress at(int step, long secondsAgo) {
        return new RolloutProgress(step, Optional.of(NOW.minusSeconds(secondsAgo)), -1);
    }

    @Test
    void rollingMakesOneMoreThenLetsOneGoThenTheNext() {
        ServiceSpec spec = spec("rolling", "max_surge", 1L, "max_unavailable", 0L);

        ServiceTargets begins = targets(seen(spec, 2, RolloutProgress.START, serving(1, 1), serving(1, 2)));
        assertThat(begins.create()).isEqualTo(1);
        assertThat(begins.instances()).isEqualTo(Map.of(id(1, 1), STAYS, id(1, 2), STAYS));

        ServiceTargets onWay = targets(seen(
                spec,
                2,
                RolloutProgress.START,
                serving(1, 1),
                serving(1, 2),
                routed(2, 1, ServerTarget.READY, false, 0)));
        assertThat(onWay.create()).isZero();
        assertThat(onWay.instances()).isEqualTo(Map.of(id(1, 1), STAYS, id(1, 2), STAYS, id(2, 1), SERVES));

        ServiceTargets swaps =
                targets(seen(spec, 2, RolloutProgress.START, serving(1, 1), serving(1, 2), serving(2, 1)));
        assertThat(swaps.create()).isZero();
        assertThat(swaps.instances()).isEqualTo(Map.of(id(1, 1), GOES, id(1, 2), STAYS, id(2, 1), SERVES));
    }

    @Test
    void rollingBakesTheFirstNewOnesBesideAllOldOnes() {
        ServiceSpec spec = spec("rolling", "max_surge", 1L, "max_unavailable", 0L, "bake", "10s");
        InstanceView[] all = {serving(1, 1), serving(1, 2), serving(2, 1)};

        ServiceTargets begins = targets(seen(spec, 2, RolloutProgress.START, all));
        assertThat(begins.progress()).contains(at(1, 0));
        assertThat(begins.waits()).containsExactly(new WaitReason("observing the new instances for 10s", true));
        assertThat(begins.instances()).containsEntry(id(1, 1), STAYS).containsEntry(id(1, 2), STAYS);

        assertThat(targets(seen(spec, 2, at(1, 9), all)).instances()).containsEntry(id(1, 1), STAYS);
        assertThat(targets(seen(spec, 2, at(1, 10), all)).instances()).containsEntry(id(1, 1), GOES);
    }

    @Test
    void gatesAreTriedBeforeTheFirstOldOneGoes() {
        ServiceSpec spec = spec("rolling", "gates", List.of(Map.of("http", "/ready")));
        List<InstanceView> all = List.of(serving(1, 1), serving(2, 1));

        ServiceTargets tried = targets(seen(spec, 1, RolloutProgress.START, Analysis.NONE, true, all));
        assertThat(tried.analysis()).contains(0);
        assertThat(tried.instances()).containsEntry(id(1, 1), STAYS);

        Analysis passed = new Analysis(Set.of(0), Optional.empty());
        assertThat(targets(seen(spec, 1, RolloutProgress.START, passed, true, all))
                        .instances())
                .containsEntry(id(1, 1), GOES);
        assertThat(targets(seen(spec, 1, RolloutProgress.START, Analysis.NONE, false, all))
                        .instances())
                .as("on the way back no gate is asked")
                .containsEntry(id(1, 1), GOES);
    }

    @Test
    void blueGreenGivesWeightToAllNewAtOnceAndDrainsAllOldInTheSameRound() {
        ServiceSpec spec = spec("blue-green", "keep_old", "1m");
        InstanceTarget noTraffic = new InstanceTarget.Serving(ServerTarget.ready(0));

        ServiceTargets partly = targets(seen(
                spec,
                2,
                RolloutProgress.START,
                serving(1, 1),
                serving(1, 2),
                routed(2, 1, ServerTarget.ready(0), true, 0),
                view(2, 2, State.RUNNING, false)));
        assertThat(partly.instances())
                .isEqualTo(Map.of(id(1, 1), STAYS, id(1, 2), STAYS, id(2, 1), noTraffic, id(2, 2), noTraffic));

        ServiceTargets switches = targets(seen(
                spec,
                2,
                RolloutProgress.START,
                serving(1, 1),
                serving(1, 2),
                routed(2, 1, ServerTarget.ready(0), true, 0),
                routed(2, 2, ServerTarget.ready(0), true, 0)));
        assertThat(switches.instances())
                .isEqualTo(Map.of(id(1, 1), GOES, id(1, 2), GOES, id(2, 1), SERVES, id(2, 2), SERVES));
    }

    @Test
    void blueGreenKeepsTheOldOnesOutOfTheTraffic() {
        ServiceSpec spec = spec("blue-green", "keep_old", "1m");
        InstanceView kept = since(NOW.minusSeconds(59), routed(1, 1, ServerTarget.OUT, true, 0));

        ServiceTargets waits = targets(seen(spec, 1, RolloutProgress.START, kept, serving(2, 1)));
        assertThat(waits.instances()).containsEntry(id(1, 1), new InstanceTarget.Routed(ServerTarget.OUT));
        assertThat(waits.waits()).containsExactly(new WaitReason("keeping the old instances for 60 s", true));

        InstanceView over = since(NOW.minusSeconds(60), kept);
        assertThat(targets(seen(spec, 1, RolloutProgress.START, over, serving(2, 1)))
                        .instances())
                .containsEntry(id(1, 1), GOES);
    }

    @Test
    void aCanarysStepsGiveSharesAndBake() {
        ServiceSpec spec = spec(
                "canary",
                "steps",
                List.of(Map.of("weight", 20L, "bake", "30s"), Map.of("weight", 50L, "promote", true)));
        ServerTarget fifth = ServerTarget.ready(25);
        InstanceView old = serving(1, 1);

        ServiceTargets begins = targets(seen(spec, 1, RolloutProgress.START, old));
        assertThat(begins.create()).isEqualTo(1);
        assertThat(begins.progress()).isEmpty();

        ServiceTargets carries = targets(seen(spec, 1, RolloutProgress.START, old, routed(2, 1, fifth, true, 0)));
        assertThat(carries.instances())
                .isEqualTo(Map.of(
                        id(1, 1),
                        new InstanceTarget.Routed(ServerTarget.READY),
                        id(2, 1),
                        new InstanceTarget.Serving(fifth)));
        assertThat(carries.progress()).contains(at(0, 0));

        assertThat(targets(seen(spec, 1, at(0, 29), old, routed(2, 1, fifth, true, 0)))
                        .progress())
                .isEmpty();
        assertThat(targets(seen(spec, 1, at(0, 30), old, routed(2, 1, fifth, true, 0)))
                        .progress())
                .contains(new RolloutProgress(1, Optional.empty(), -1));
        assertThat(targets(seen(spec, 1, at(1, 9000), old, routed(2, 1, ServerTarget.READY, true, 0)))
                        .waits())
                .as("a step without a bake time waits for a person")
                .containsExactly(new WaitReason(
                        "canary step 2 of 2: 50 % of the traffic, waiting for `portolan -D shop promote`", true));
    }

    @Test
    void recreateStopsOneBeforeItsSuccessorIsMadeAndKeepsItUntilTheEnd() {
        ServiceSpec spec = spec("recreate");

        ServiceTargets begins = targets(seen(spec, 2, RolloutProgress.START, serving(1, 1), serving(1, 2)));
        assertThat(begins.create()).isZero();
        assertThat(begins.instances()).isEqualTo(Map.of(id(1, 1), STOPS, id(1, 2), STAYS));

        InstanceView stopped = view(1, 1, State.EXITED, false);
        ServiceTargets next = targets(seen(spec, 2, RolloutProgress.START, stopped, serving(1, 2)));
        assertThat(next.create()).isEqualTo(1);
        assertThat(next.instances()).containsEntry(id(1, 2), STAYS).containsEntry(id(1, 1), STOPS);

        ServiceTargets done = targets(seen(
                spec,
                2,
                RolloutProgress.START,
                stopped,
                view(1, 2, State.EXITED, false),
                serving(2, 1),
                serving(2, 2)));
        assertThat(done.instances()).containsEntry(id(1, 1), GOES).containsEntry(id(1, 2), GOES);
    }

    @Test
    void recreateStartsNoneWhileAsManyRunAsTheScaleSays() {
        InstanceView stopped = view(2, 1, State.EXITED, false);

        ServiceTargets full = targets(seen(spec("recreate"), 1, RolloutProgress.START, serving(1, 1), stopped));
        assertThat(full.instances())
                .containsEntry(id(1, 1), STOPS)
                .containsEntry(id(2, 1), new InstanceTarget.NotYet("waiting until the other instance has stopped"));

        ServiceTargets free =
                targets(seen(spec("recreate"), 1, RolloutProgress.START, view(1, 1, State.EXITED, false), stopped));
        assertThat(free.instances()).containsEntry(id(2, 1), SERVES);
    }

    @Test
    void whatAnInterruptedReleaseLeftGoesBeforeMoreIsMade() {
        InstanceView left = routed(3, 1, ServerTarget.ready(0), true, 0);

        ServiceTargets blueGreen = targets(seen(spec("blue-green"), 1, RolloutProgress.START, serving(1, 1), left));
        assertThat(blueGreen.create()).isZero();
        assertThat(blueGreen.instances()).isEqualTo(Map.of(id(1, 1), STAYS, id(3, 1), GOES));

        ServiceSpec canary = spec("canary", "steps", List.of(Map.of("weight", 50L, "bake", "30s")));
        ServiceTargets step = targets(seen(canary, 1, RolloutProgress.START, serving(1, 1), left));
        assertThat(step.create()).isZero();
        assertThat(step.instances()).containsEntry(id(3, 1), GOES);
        assertThat(step.instances().get(id(1, 1))).isInstanceOf(InstanceTarget.Routed.class);
    }
}
