package org.portolan.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.Failure;
import org.portolan.model.NeedsConsent;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Request;
import org.portolan.plan.Action;
import org.portolan.release.DeployOptions;
import org.portolan.release.Outcome;
import org.portolan.servicefile.Loaded;
import org.portolan.servicefile.expand.Macros;
import org.portolan.sim.SimSite;
import org.portolan.source.FileTree;
import org.portolan.source.Located;

/** A source with several deployments, on a simulated site and without a console. */
class SyncTest {
    private static final SourceId SOURCE = new SourceId("file:///site", "Servicefile");

    private final SimSite site = new SimSite(1);
    private final SimSite.Process process = site.process();
    private final List<String> seen = new ArrayList<>();
    private boolean agrees;
    private final Sync.Watcher watcher = new Sync.Watcher() {
        @Override
        public void done(Outcome outcome) {
            seen.add(outcome.deployment() + " " + outcome.kind());
        }

        @Override
        public void failed(Failure failure) {
            seen.add("failed");
        }

        @Override
        public boolean agrees(NeedsConsent needs) {
            seen.add("asked");
            return agrees;
        }

        @Override
        public void moved(String text) {
            seen.add(text);
        }
    };

    @BeforeEach
    void images() {
        site.engine.world().image("web:1", Behaviour.GOOD, 80);
        site.engine.world().image("web:2", Behaviour.GOOD, 80);
        site.engine.world().image("web:bad", Behaviour.startFails("no such program"), 80);
    }

    private static Desired deployment(String name, String tag) {
        Desired plain = SimSite.desired(name, Map.of("web", Map.of("image", "web:" + tag)), Map.of());
        return new Desired(
                name, plain.origin(), plain.services(), plain.domains(), "site", plain.generated(), plain.notes());
    }

    private static LoadedSource source(Optional<String> asked, Desired... deployments) {
        SourceRequest request =
                new SourceRequest(new SourceRequest.Place.Local(Path.of("Servicefile")), Map.of(), asked, false, true);
        return new LoadedSource(
                request,
                located(Optional.empty()),
                new Loaded(List.of(deployments), List.of()),
                there -> new Loaded(List.of(deployments), List.of()),
                Macros.of(Map.of()));
    }

    private static Located located(Optional<Located> next) {
        return new Located(new NoFiles(), "Servicefile", SOURCE, () -> Origin.of(SOURCE), () -> next);
    }

    private Sync.Result deploy(LoadedSource source) {
        return deploy(source, SimSite.MANDATE, DeployOptions.DEFAULT);
    }

    private Sync.Result deploy(LoadedSource source, Mandate mandate, DeployOptions options) {
        return new Sync(process.installation)
                .deploy(source, Optional.empty(), Request.Apply.Terms.ORDINARY, mandate, options, watcher);
    }

    @Test
    void oneThatFailsKeepsNobodyElseWaitingAndNothingIsRemoved() {
        deploy(source(Optional.empty(), deployment("a", "1"), deployment("b", "1"), deployment("old", "1")));
        seen.clear();
        Sync.Result result = deploy(source(Optional.empty(), deployment("a", "bad"), deployment("b", "2")));
        assertThat(seen).containsExactly("failed", "b DONE");
        assertThat(result).isEqualTo(new Sync.Result(2, true, false));
        assertThat(site.store.connect("look").deployments()).containsKey("old");
    }

    @Test
    void aDeploymentThatTheSourceNoLongerNamesIsShownAndRemoved() {
        deploy(source(Optional.empty(), deployment("a", "1"), deployment("old", "1")));
        LoadedSource later = source(Optional.empty(), deployment("a", "1"));
        Sync.Preview preview = new Sync(process.installation).plan(later, Request.Apply.Terms.ORDINARY);
        assertThat(preview.departures()).extracting(Action::kind).containsExactly(Action.Kind.REMOVE_DEPLOYMENT);
        assertThat(preview.isEmpty()).isFalse();
        assertThat(deploy(later)).isEqualTo(new Sync.Result(1, false, false));
        assertThat(site.store.connect("look").deployments()).containsOnlyKeys("a");
        assertThat(deploy(later).changes()).isZero();
    }

    @Test
    void whoAsksForOneDeploymentRemovesNoOther() {
        deploy(source(Optional.empty(), deployment("a", "1"), deployment("old", "1")));
        LoadedSource one = source(Optional.of("a"), deployment("a", "1"));
        assertThat(new Sync(process.installation)
                        .plan(one, Request.Apply.Terms.ORDINARY)
                        .isEmpty())
                .isTrue();
        deploy(one);
        assertThat(site.store.connect("look").deployments()).containsOnlyKeys("a", "old");
    }

    /** Who is asked and agrees is asked once, and what was deployed before the question is not deployed again. */
    @Test
    void removingMostOfASourceIsAskedForOnce() {
        deploy(source(
                Optional.empty(),
                deployment("a", "1"),
                deployment("b", "1"),
                deployment("c", "1"),
                deployment("d", "1")));
        seen.clear();
        LoadedSource later = source(Optional.empty(), deployment("a", "2"));
        Mandate unasked = Mandate.of(new Caller.Person("tester@sim"));
        assertThatThrownBy(() -> deploy(later, unasked, DeployOptions.DEFAULT)).isInstanceOf(NeedsConsent.class);
        assertThat(seen).containsExactly("a DONE", "asked");
        assertThat(site.store.connect("look").deployments()).containsOnlyKeys("a", "b", "c", "d");
        seen.clear();
        agrees = true;
        assertThat(deploy(later, unasked, DeployOptions.DEFAULT)).isEqualTo(new Sync.Result(3, false, false));
        assertThat(seen).containsExactly("a NO_CHANGES", "asked");
        assertThat(site.store.connect("look").deployments()).containsOnlyKeys("a");
    }

    @Test
    void whatIsStoppedBeforeItBeginsChangesNothing() {
        Sync.Result result =
                deploy(source(Optional.empty(), deployment("a", "1")), SimSite.MANDATE, process.options(() -> true));
        assertThat(result).isEqualTo(new Sync.Result(0, false, true));
        assertThat(site.engine.observe().containers()).isEmpty();
    }

    @Test
    void theOnlyDeploymentsFailureIsThrown() {
        assertThatThrownBy(() -> deploy(source(Optional.empty(), deployment("a", "bad"))))
                .isInstanceOf(Failure.class);
        assertThat(seen).isEmpty();
    }

    /** What a commit that came meanwhile says is deployed, and that it came is said. */
    @Test
    void filesThatMovedMeanwhileAreReadAgain() {
        SourceRequest request = new SourceRequest(
                new SourceRequest.Place.Local(Path.of("Servicefile")), Map.of(), Optional.empty(), false, true);
        Loaded before = new Loaded(List.of(deployment("a", "1")), List.of());
        Loaded after = new Loaded(List.of(deployment("a", "2")), List.of());
        deploy(new LoadedSource(
                request, located(Optional.of(located(Optional.empty()))), before, there -> after, Macros.of(Map.of())));
        assertThat(seen).containsExactly("The files have changed: deploying them as they are now", "a DONE");
        assertThat(site.engine.observe().containers())
                .hasSize(1)
                .allMatch(container -> container.labels().containsValue("a"));
        assertThat(process.installation
                        .store()
                        .definition("a", "web", 1)
                        .orElseThrow()
                        .keys())
                .containsEntry("image", "web:2");
    }

    /** A commit that changes no file that was read is all the same the one that the release comes from. */
    @Test
    void aCommitThatCameMeanwhileIsNamed() {
        Iterator<String> commits = List.of("a".repeat(40), "b".repeat(40)).iterator();
        AtomicReference<String> head = new AtomicReference<>("");
        Located located = new Located(
                new NoFiles(),
                "Servicefile",
                SOURCE,
                () -> {
                    head.set(commits.hasNext() ? commits.next() : head.get());
                    return new Origin(SOURCE, Optional.of(head.get()), false, Optional.empty(), Optional.empty());
                },
                Optional::empty);
        Loaded loaded = new Loaded(List.of(deployment("a", "1")), List.of());
        SourceRequest request = new SourceRequest(
                new SourceRequest.Place.Local(Path.of("Servicefile")), Map.of(), Optional.empty(), false, true);
        deploy(new LoadedSource(request, located, loaded, there -> loaded, Macros.of(Map.of())));
        assertThat(seen).containsExactly("a DONE");
        assertThat(process.installation
                        .store()
                        .release("a", 1)
                        .orElseThrow()
                        .origin()
                        .commit())
                .contains("b".repeat(40));
    }

    private static final class NoFiles implements FileTree {
        @Override
        public Optional<byte[]> read(String path) {
            return Optional.empty();
        }

        @Override
        public Optional<java.util.SortedSet<String>> children(String path) {
            return Optional.empty();
        }

        @Override
        public boolean executable(String path) {
            return false;
        }

        @Override
        public String shown(String path) {
            return path;
        }

        @Override
        public String describe() {
            return "nowhere";
        }
    }
}
