package org.portolan.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.portolan.rollout.Views.NOW;
import static org.portolan.rollout.Views.id;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.portolan.model.container.Container;
import org.portolan.model.container.Container.State;
import org.portolan.model.container.Container.Verdict;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.ServerView;
import org.portolan.model.service.ServiceSpec;
import org.portolan.probe.Prober;
import org.portolan.rollout.HealthRecord;
import org.portolan.rollout.InstanceState;
import org.portolan.rollout.Listening;
import org.portolan.rollout.SeenContainers;
import org.portolan.rollout.ServerTarget;
import org.portolan.rollout.Startup;
import org.portolan.rollout.Step;

/** The instances of a deployment, as engine, proxy and checks show them. */
class InstancesTest {
    private static final ServiceSpec SPEC = Runs.spec(Map.of("health", Map.of("http", "/ready")));

    private final ReleaseRequest run = Runs.of(SPEC);
    private final Instances instances = instances(run, Optional.empty());

    private static Instances instances(ReleaseRequest run, Optional<RouteSet> applied) {
        return new Instances(run, applied, new Listening(run.goal(), List.of()), NOW);
    }

    private static Instant at(long seconds) {
        return NOW.plusSeconds(seconds);
    }

    private static Container container(int version, State state) {
        return SeenContainers.of(version, 1, state);
    }

    private static ServerView server(ServerView.Status status, ServerView.Check check) {
        return new ServerView("http", status, 100, 0, 0, 0, Duration.ZERO, check);
    }

    private InstanceState state(int version) {
        return instances.find(id(version, 1)).orElseThrow();
    }

    @Test
    void anotherInstallationsContainersAreNoInstancesAndTheirPortsAreTaken() {
        instances.observe(
                List.of(
                        container(1, State.RUNNING),
                        SeenContainers.of(2, 1, State.RUNNING, Verdict.NONE, "other", "beef0002")),
                NOW);

        assertThat(instances.all()).extracting(InstanceState::id).containsExactly(id(1, 1));
        assertThat(instances.usedPorts()).containsExactlyInAnyOrder(20101, 20201);
    }

    @Test
    void whatIsGoneFromTheEngineIsGone() {
        instances.observe(List.of(container(1, State.RUNNING)), NOW);
        instances.observe(List.of(), NOW);

        assertThat(instances.all()).isEmpty();
        assertThat(instances.usedPorts()).isEmpty();
    }

    @Test
    void whatWasNotAskedForStaysAsItWas() {
        instances.observe(List.of(container(1, State.RUNNING), container(2, State.RUNNING)), NOW);

        instances.observe(Set.of("c-2-1"), List.of(container(2, State.EXITED)), at(1));
        assertThat(state(1).container().state()).isEqualTo(State.RUNNING);
        assertThat(state(1).engine().observed()).isEqualTo(NOW);
        assertThat(state(2).container().state()).isEqualTo(State.EXITED);
        assertThat(instances.usedPorts()).as("also of what was not asked for").contains(20101);

        instances.observe(Set.of("c-2-1"), List.of(), at(2));
        assertThat(instances.all()).extracting(InstanceState::id).containsExactly(id(1, 1));
    }

    @Test
    void aDoubleThatAWholeLookFoundIsNoInstanceInANarrowOne() {
        Container twin = SeenContainers.of(2, 1, State.EXITED, Verdict.NONE, "twin", SeenContainers.INSTALLATION);
        instances.observe(List.of(container(2, State.RUNNING), twin), NOW);

        instances.observe(Set.of("c-2-1", "twin"), List.of(container(2, State.RUNNING), twin), at(1));
        assertThat(state(2).container().id()).isEqualTo("c-2-1");
    }

    @Test
    void aServiceIsInHandAsAWholeFromItsStepUntilTheEngineWasAskedAndWhileItStarts() {
        instances.observe(List.of(container(1, State.RUNNING)), NOW);
        assertThat(instances.inHand()).as("nothing").isEmpty();

        Step create = new Step.Create(id(2, 1));
        Step start = new Step.Start(id(2, 1), "c-2-1");
        instances.begins(create);
        assertThat(instances.inHand()).as("what is being made has no id yet").contains(Set.of("c-1-1"));
        instances.ended(create);
        instances.begins(start);
        assertThat(instances.inHand()).contains(Set.of("c-1-1", "c-2-1"));
        instances.ended(start);
        assertThat(instances.inHand()).as("nobody has looked yet").contains(Set.of("c-1-1", "c-2-1"));

        instances.started(id(2, 1), new InstanceState.Started(NOW, true, false));
        instances.observe(List.of(container(1, State.RUNNING), container(2, State.RUNNING)), at(1));
        assertThat(instances.inHand()).as("its check is not over").contains(Set.of("c-1-1", "c-2-1"));
    }

    @Test
    void whatMayHaveBeenMadeUnderAnUnknownIdIsLookedForAmongAll() {
        instances.observe(List.of(container(1, State.RUNNING)), NOW);
        Step create = new Step.Create(id(2, 1));
        instances.begins(create);
        instances.ended(create);

        assertThat(instances.inHand()).isEmpty();
    }

    @Test
    void whatWasMadeAndIsGoneWhenItIsLookedForIsNotAskedForAgain() {
        instances.observe(List.of(container(1, State.RUNNING)), NOW);
        Step start = new Step.Start(id(2, 1), "c-2-1");
        instances.begins(start);
        instances.observe(Set.of("c-1-1", "c-2-1"), List.of(container(1, State.RUNNING)), at(1));
        instances.ended(start);

        assertThat(instances.inHand())
                .as("its step has ended, and where it is is not known")
                .isEmpty();
    }

    @Test
    void aStartIsRememberedUntilTheEngineShowsTheInstance() {
        instances.started(id(2, 1), new InstanceState.Started(at(1), true, true));
        instances.observe(List.of(container(2, State.RUNNING)), at(2));

        assertThat(state(2).startup()).isEqualTo(new Startup.Running(at(1), true, HealthRecord.NONE));
        assertThat(state(2).keepsRunning()).isTrue();
    }

    @Test
    void theAnswerOfAContainerThatWasReplacedSaysNothingOfItsSuccessor() {
        instances.observe(List.of(container(2, State.RUNNING)), NOW);
        instances.checks(id(2, 1));
        instances.observe(List.of(), at(1));
        instances.started(id(2, 1), new InstanceState.Started(at(1), true, false));
        instances.observe(
                List.of(SeenContainers.of(2, 1, State.RUNNING, Verdict.NONE, "successor", SeenContainers.INSTALLATION)),
                at(1));
        instances.checks(id(2, 1));

        instances.answered(id(2, 1), "c-2-1", new Prober.Answer(true, "200"), at(2));
        assertThat(checks(state(2))).isEqualTo(HealthRecord.NONE);
        assertThat(state(2).checking()).as("its own check is under way").isTrue();

        instances.answered(id(2, 1), "successor", new Prober.Answer(true, "200"), at(2));
        assertThat(checks(state(2)).everPassed()).isTrue();
    }

    private static HealthRecord checks(InstanceState state) {
        return state.startup() instanceof Startup.Checked check ? check.checks() : HealthRecord.NONE;
    }

    @Test
    void anAnswerCountsAndTheNextCheckMayBegin() {
        instances.started(id(2, 1), new InstanceState.Started(NOW, true, false));
        instances.observe(List.of(container(2, State.RUNNING)), NOW);
        instances.started(id(2, 1), new InstanceState.Started(NOW, true, false));
        instances.checks(id(2, 1));
        assertThat(state(2).checkDue(SPEC, at(1))).isFalse();

        instances.answered(id(2, 1), "c-2-1", new Prober.Answer(false, "503"), at(1));

        assertThat(checks(state(2)).lastAnswer()).isEqualTo("503");
        assertThat(state(2).checkDue(SPEC, at(30))).isTrue();
    }

    @Test
    void whatEndedWhileTheEngineWasAwayIsIgnoredOnce() {
        instances.started(id(2, 1), new InstanceState.Started(NOW, true, false));
        instances.observe(List.of(container(2, State.RUNNING)), NOW);
        instances.ignoreEndsOnce();
        instances.observe(List.of(container(2, State.EXITED)), at(1));
        assertThat(state(2).watched()).isFalse();

        instances.started(id(2, 1), new InstanceState.Started(at(2), true, false));
        instances.observe(List.of(container(2, State.EXITED)), at(3));
        instances.judge(at(3));
        assertThat(state(2).startup()).isInstanceOf(Startup.Failed.class);
    }

    @Test
    void anEndIsAskedAboutUntilItIsAccepted() {
        instances.observe(List.of(container(1, State.RUNNING)), NOW);
        assertThat(instances.anyEnded()).isFalse();
        instances.observe(List.of(container(1, State.EXITED)), at(1));
        assertThat(instances.anyEnded()).isTrue();

        instances.acceptEnds();
        instances.observe(List.of(container(1, State.EXITED)), at(2));
        assertThat(instances.anyEnded()).isFalse();
    }

    @Test
    void theEndOfWhatTheRunStoppedIsNotAskedAbout() {
        instances.observe(List.of(container(1, State.RUNNING)), NOW);
        Step stop = new Step.Stop(id(1, 1), "c-1-1");
        instances.begins(stop);
        instances.ended(stop);
        instances.observe(List.of(container(1, State.EXITED)), at(1));
        assertThat(instances.anyEnded()).isFalse();

        Step start = new Step.Start(id(1, 1), "c-1-1");
        instances.begins(start);
        instances.ended(start);
        instances.observe(List.of(container(1, State.RUNNING)), at(2));
        instances.observe(List.of(container(1, State.EXITED)), at(3));
        assertThat(instances.anyEnded()).as("it was started again").isTrue();
    }

    @Test
    void whatAnInterruptedRunLeftIsCheckedAndWhatServedIsNot() {
        Instances suspicious = instances(Runs.of(SPEC, true, container -> true), Optional.empty());

        suspicious.observe(List.of(container(1, State.RUNNING), container(2, State.RUNNING)), at(1));

        assertThat(suspicious.find(id(1, 1)).orElseThrow().startup()).isEqualTo(Startup.None.IT);
        assertThat(suspicious.find(id(2, 1)).orElseThrow().startup())
                .isEqualTo(new Startup.Running(NOW, false, HealthRecord.NONE));
    }

    @Test
    void oneThatIsBeingStartedIsNotHealthyAndNotJudged() {
        instances.observe(List.of(container(2, State.RUNNING)), NOW);
        assertThat(instances.views(NOW).getFirst().healthy()).isTrue();

        instances.begins(new Step.Start(id(2, 1), "c-2-1"));
        assertThat(instances.views(NOW).getFirst().healthy()).isFalse();
        instances.ended(new Step.Start(id(2, 1), "c-2-1"));
        assertThat(instances.views(NOW).getFirst().healthy()).isTrue();
    }

    @Test
    void whatTheProxyWasGivenBeforeIsKnownAndNewWishesReplaceIt() {
        RouteSet.Server server = new RouteSet.Server(id(1, 1), "10.1.0.1", 20101, RouteSet.State.READY, 40);
        RouteSet.Backend backend = new RouteSet.Backend(
                "web",
                "http",
                true,
                List.of("10.1.0.1"),
                15000,
                List.of(),
                false,
                Optional.empty(),
                Optional.empty(),
                List.of(server));
        Instances taken = instances(run, Optional.of(new RouteSet("shop", List.of(backend), List.of())));
        taken.observe(List.of(container(1, State.RUNNING)), NOW);
        assertThat(taken.find(id(1, 1)).orElseThrow().route().serverTarget()).contains(ServerTarget.ready(40));
        assertThat(taken.awaitsProxy()).isTrue();

        taken.observe(Map.of(id(1, 1), List.of(server(ServerView.Status.UP, ServerView.Check.PASSED))), at(1));
        assertThat(taken.awaitsProxy()).isFalse();

        taken.serverTarget(Map.of(), at(2));
        assertThat(taken.routed()).isFalse();
    }

    @Test
    void oneThatNeedNotListenIsToldAfterAWhile() {
        ServiceSpec none = ServiceSpec.from("web", org.portolan.model.service.Definition.of(Map.of()));
        ReleaseRequest exposing = Runs.of(none);
        Instances silent = instances(exposing, Optional.empty());
        silent.observe(List.of(container(2, State.RUNNING)), NOW);
        silent.serverTarget(Map.of(id(2, 1), ServerTarget.READY), NOW);
        Map<InstanceId, List<ServerView>> down = Map.of(
                id(2, 1),
                List.of(server(
                        ServerView.Status.DOWN, new ServerView.Check(ServerView.Result.UNREACHABLE, "refused"))));

        silent.observe(down, at(4));
        assertThat(silent.silent()).isEmpty();
        assertThat(silent.awaitsProxy()).isTrue();

        silent.observe(down, at(5));
        assertThat(silent.silent()).singleElement().satisfies(found -> assertThat(found.message())
                .startsWith("nothing listens on port 80 (http) of shop-web-2-1"));
        assertThat(silent.awaitsProxy()).isFalse();
    }

    @Test
    void theNextCheckIsKnown() {
        assertThat(instances.nextDue()).isEmpty();
        instances.started(id(2, 1), new InstanceState.Started(at(3), true, false));
        instances.observe(List.of(container(1, State.RUNNING), container(2, State.RUNNING)), at(3));

        assertThat(instances.nextDue()).contains(at(3));
    }
}
