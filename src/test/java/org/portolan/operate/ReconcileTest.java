package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Behaviour;
import org.portolan.engine.sim.Faults;
import org.portolan.engine.sim.Faults.Fate;
import org.portolan.model.Failure;
import org.portolan.model.container.Container;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Origin;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.plan.Plan;
import org.portolan.release.DeployOptions;
import org.portolan.release.Outcome;
import org.portolan.release.ReleaseLog;
import org.portolan.sim.SimSite;
import org.portolan.store.Store;

/** What was deployed is brought back without its files; what a person changed through Portolan holds. */
class ReconcileTest extends SimShop {
    private static final Mandate CONTROLLER = Mandate.of(new Caller.Hook("controller@sim", false));

    private Outcome.Kind reconcile() {
        return site.process()
                .perform(new Request.Reconcile("shop", CONTROLLER), DeployOptions.DEFAULT)
                .kind();
    }

    private Plan diff() {
        return site.process().operations().plan(new Request.Reconcile("shop", CONTROLLER));
    }

    private DeploymentState state() {
        return site.process().installation.store().deployment("shop").orElseThrow();
    }

    private static Desired at(String commit, Desired desired) {
        return desired.from(
                new Origin(desired.origin().source(), Optional.of(commit), false, Optional.empty(), Optional.empty()));
    }

    @Test
    void withoutDriftNothingIsWritten() {
        deploy(shop("1", 2));
        int commits = site.store.commits();
        assertThat(diff().isEmpty()).isTrue();
        assertThat(reconcile()).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(site.store.commits()).isEqualTo(commits);
    }

    @Test
    void whatIsGoneOrStoppedComesBack() {
        deploy(shop("1", 2));
        site.engine.world().vanish("shop-web-1-1");
        site.engine.stop("shop-redis-1-1", Optional.empty(), Duration.ofSeconds(1));
        assertThat(diff().actions()).hasSize(2);
        assertThat(reconcile()).isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).hasSize(3).contains("shop-web-1-2");
        assertThat(diff().isEmpty()).isTrue();
        assertThat(reconcile()).isEqualTo(Outcome.Kind.NO_CHANGES);
        Release last = site.process().installation.store().releases("shop", 1).getFirst();
        assertThat(last.who()).isEqualTo("controller@sim");
        assertThat(last.cause()).isEqualTo("drift");
    }

    @Test
    void whatAPersonStoppedOrScaledHolds() {
        deploy(shop("1", 2));
        site.process().perform(new Request.Stop("shop", Set.of("redis"), SimSite.MANDATE));
        site.process().perform(new Request.Scale("shop", Map.of("web", 3), SimSite.MANDATE));
        assertThat(reconcile()).isEqualTo(Outcome.Kind.NO_CHANGES);
        site.engine.world().vanish("shop-web-1-2");
        assertThat(reconcile()).isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).hasSize(3).allMatch(name -> name.startsWith("shop-web-1-"));
        assertThat(state().stopped()).containsExactly("redis");
    }

    @Test
    void aRollbackHoldsAndIsKeptUp() {
        deploy(at("aaaa", shop("1", 1)));
        deploy(at("bbbb", shop("2", 1)));
        site.process().perform(new Request.Rollback("shop", Optional.empty(), SimSite.MANDATE));
        assertThat(state().pinned()).contains(1);
        site.engine.world().vanish(running().getLast());
        assertThat(reconcile()).isEqualTo(Outcome.Kind.DONE);
        assertThat(state().pinned()).contains(1);
        assertThat(running()).hasSize(2).anyMatch(name -> name.startsWith("shop-web-1-"));
    }

    /** A change of scale after a rollback does not let automatic deploys undo it. */
    @Test
    void aRollbackHoldsOverWhatAPersonAdjusts() {
        deploy(at("aaaa", shop("1", 1)));
        deploy(at("bbbb", shop("2", 1)));
        site.process().perform(new Request.Rollback("shop", Optional.empty(), SimSite.MANDATE));
        site.process().perform(new Request.Scale("shop", Map.of("web", 2), SimSite.MANDATE));
        assertThat(state().pinned()).contains(1);
        site.process().perform(new Request.Restart("shop", Set.of("web"), SimSite.MANDATE));
        assertThat(state().pinned()).contains(1);
        site.process().perform(new Request.Stop("shop", Set.of("redis"), SimSite.MANDATE));
        assertThat(state().pinned()).contains(1);
        deploy(at("cccc", shop("3", 1)));
        assertThat(state().pinned()).isEmpty();
    }

    /** Whoever continues an interrupted change of scale, or an interrupted continuation of a rollback, keeps what it holds. */
    @Test
    void aRollbackHoldsOverWhatIsInterruptedAndContinued() {
        deploy(at("aaaa", shop("1", 1)));
        deploy(at("bbbb", shop("2", 1)));
        dying(process -> process.perform(new Request.Rollback("shop", Optional.empty(), SimSite.MANDATE)));
        dying(process -> process.perform(new Request.Reconcile("shop", SimSite.MANDATE)));
        assertThat(reconcile()).isEqualTo(Outcome.Kind.DONE);
        assertThat(state().pinned()).contains(1);
        assertThat(running()).anyMatch(name -> name.startsWith("shop-web-1-"));

        dying(process -> process.perform(new Request.Scale("shop", Map.of("web", 3), SimSite.MANDATE)));
        assertThat(state().running()).isPresent();
        assertThat(reconcile()).isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).hasSize(4);
        assertThat(state().pinned()).contains(1);
    }

    /** As when a leader is stopped or killed: whoever asked for new instances gets them all. */
    @Test
    void aRestartThatWasInterruptedIsContinued() {
        deploy(shop("1", 3));
        Set<String> before = ids();
        int made = before.size();
        dyingAt(2, process -> process.perform(new Request.Restart("shop", Set.of("web"), SimSite.MANDATE)));
        dyingAt(2, process -> process.perform(new Request.Reconcile("shop", SimSite.MANDATE)));
        assertThat(reconcile()).isEqualTo(Outcome.Kind.DONE);
        Set<String> kept = ids();
        assertThat(kept).hasSize(made);
        kept.retainAll(before);
        assertThat(kept).as("redis, which was not to be restarted").hasSize(1);
        assertThat(reconcile()).isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    @Test
    void whoGoesBackDoesNotContinueARestart() {
        deploy(at("aaaa", shop("1", 2)));
        deploy(at("bbbb", shop("2", 2)));
        Set<String> before = ids();
        dyingAt(1, process -> process.perform(new Request.Restart("shop", Set.of("web"), SimSite.MANDATE)));
        site.process().perform(new Request.Rollback("shop", Optional.of(2), SimSite.MANDATE));
        assertThat(ids()).isEqualTo(before);
        assertThat(state().running()).isEmpty();
    }

    private Set<String> ids() {
        return site.engine.observe().containers().stream()
                .filter(container -> container.state() == Container.State.RUNNING)
                .map(Container::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** A process that dies at the first container that it makes. */
    private void dying(Consumer<SimSite.Process> change) {
        dyingAt(1, change);
    }

    private void dyingAt(int creation, Consumer<SimSite.Process> change) {
        SimSite.Process process = site.process();
        AtomicInteger creations = new AtomicInteger();
        site.engine.faults(call -> call.verb().equals("create") && creations.incrementAndGet() == creation
                ? new Faults.Fate(Faults.What.CRASH_BEFORE, Duration.ZERO)
                : Faults.Fate.GOOD);
        assertThatThrownBy(() -> change.accept(process)).isInstanceOf(Faults.Crash.class);
        site.engine.faults(Faults.NONE);
        process.die();
    }

    /** Its commit failed once and was deployed again by a person: it is what is to be. */
    @Test
    void aCommitThatFailedBeforeIsKeptUp() {
        deploy(shop("1", 1));
        Desired second = at("cccc", shop("2", 1));
        site.engine.world().image("web:2", Behaviour.neverHealthy(), 80);
        assertThatThrownBy(() -> deploy(second)).isInstanceOf(Failure.class);
        site.engine.world().image("web:2", Behaviour.GOOD, 80);
        deploy(second);
        assertThat(state().failedCommits()).contains("cccc");
        site.engine.world().vanish(running().getLast());
        assertThat(reconcile()).isEqualTo(Outcome.Kind.DONE);
        assertThat(reconcile()).isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    /** Whoever asks what became of the one finds the other: there is no moment between. */
    @Test
    void whatWasInterruptedEndsInTheCommitThatBeginsWhatContinuesIt() {
        deploy(shop("1", 1));
        dying(process -> process.deploy(shop("2", 1)));
        int before = site.store.commits();
        List<Integer> commits = new ArrayList<>();
        site.engine.faults(call -> {
            if (call.changes()) {
                commits.add(site.store.commits() - before);
            }
            return Faults.Fate.GOOD;
        });
        assertThat(deploy(shop("2", 1))).isEqualTo(Outcome.Kind.DONE);
        assertThat(commits.getFirst()).as("when the engine is asked first").isEqualTo(1);
        Store store = site.store.connect("looker");
        assertThat(ReleaseLog.continuedBy(store.release("shop", 2).orElseThrow()))
                .contains(3);
        assertThat(store.release("shop", 3).orElseThrow().outcome()).isEqualTo(Release.Outcome.DONE);
    }

    /** The next look continues what a killed process began, wherever that stood. */
    @Test
    void anInterruptedReleaseIsContinued() {
        int most = 0;
        for (int n = 1; n <= most + 1; n++) {
            ReconcileTest fresh = new ReconcileTest();
            fresh.images();
            fresh.deploy(shop("1", 2));
            if (fresh.killedAt(n)) {
                most = n;
                fresh.continues(n);
            }
        }
        assertThat(most).isGreaterThan(5);
    }

    private boolean killedAt(int n) {
        AtomicInteger calls = new AtomicInteger();
        site.engine.faults(call -> {
            boolean begun = site.store
                    .connect("watcher")
                    .deployment("shop")
                    .flatMap(DeploymentState::running)
                    .isPresent();
            return begun && calls.incrementAndGet() == n
                    ? new Fate(Faults.What.CRASH_BEFORE, Duration.ZERO)
                    : Fate.GOOD;
        });
        SimSite.Process dying = site.process();
        try {
            Desired second = SimSite.desired(
                    "shop",
                    Map.of("web", Map.of("image", "web:2", "ports", Map.of("http", 80L), "health", HEALTH)),
                    Map.of("web", 2));
            dying.deploy(second);
            return false;
        } catch (Faults.Crash crash) {
            dying.die();
            return true;
        } finally {
            site.engine.faults(call -> Fate.GOOD);
        }
    }

    private void continues(int n) {
        Outcome.Kind kind = reconcile();
        assertThat(kind).as("killed at call %s", n).isEqualTo(Outcome.Kind.DONE);
        assertThat(running()).as("killed at call %s", n).hasSize(2).allMatch(name -> name.startsWith("shop-web-2-"));
        assertThat(state().running()).isEmpty();
        assertThat(state().services().keySet()).containsExactly("web");
        assertThat(reconcile()).isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    @Test
    void anUnknownDeploymentIsNotFound() {
        assertThatThrownBy(this::reconcile).isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.kind())
                .isEqualTo(Failure.Kind.NOT_FOUND));
    }
}
