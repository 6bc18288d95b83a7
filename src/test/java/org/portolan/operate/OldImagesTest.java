package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.portolan.engine.sim.Behaviour;
import org.portolan.engine.sim.Faults;
import org.portolan.model.Failure;
import org.portolan.model.service.Desired;
import org.portolan.release.KeptImages;
import org.portolan.sim.SimSite;

/** Which images stay on the engine, and which go with the versions that used them. */
class OldImagesTest extends SimShop {
    /** Deploys {@code web} with an image of each tag, one after the other. */
    private void releases(String image, int... tags) {
        for (int tag : tags) {
            Map<String, Object> web = Map.of("image", image + ":" + tag, "ports", Map.of("http", 80L));
            deploy(SimSite.desired("shop", Map.of("web", web), Map.of()));
        }
    }

    private boolean present(String image) {
        return site.engine.image(image).isPresent();
    }

    private void inRegistry(String image, int first, int last) {
        for (int tag = first; tag <= last; tag++) {
            site.engine.world().registry(image + ":" + tag, Behaviour.GOOD, 80);
        }
    }

    @Test
    void imagesGoWithTheVersionsThatUsedThem() {
        inRegistry("app", 1, 8);
        releases("app", 1, 2, 3, 4, 5, 6);
        assertThat(present("app:1")).as("kept for a rollback").isTrue();

        releases("app", 7);
        assertThat(present("app:1")).isFalse();
        assertThat(site.reports).anyMatch(report -> report.message().startsWith("removed the image app:1"));
        assertThat(present("app:2")).isTrue();

        SimSite.Process other = site.process();
        other.perform(new Request.Rollback("shop", Optional.of(2), SimSite.MANDATE));
        assertThat(running()).containsExactly("shop-web-2-1");
    }

    @Test
    void imagesThatSomethingElseNeedsStay() {
        inRegistry("app", 1, 9);
        Map<String, Object> web = Map.of("image", "app:1", "ports", Map.of("http", 80L));
        deploy(SimSite.desired("blog", Map.of("web", web), Map.of()));
        releases("app", 1, 2, 3);
        site.engine.world().tag("app:3", "mine:3");
        site.engine.world().tag("app:2", "mine:2");
        releases("app", 4, 5, 6, 7, 8, 9);

        assertThat(present("app:1")).as("another deployment runs it").isTrue();
        assertThat(present("app:2")).as("a person gave it a second name").isTrue();
        assertThat(present("app:3")).isTrue();
    }

    @Test
    void localImagesStayWhileTheyHaveAName() {
        for (int tag = 1; tag <= 8; tag++) {
            site.engine.world().image("own:" + tag, Behaviour.GOOD, 80);
        }
        releases("own", 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(present("own:1")).as("no registry gives it back").isTrue();

        String first = site.engine.image("own:8").orElseThrow().id();
        for (int build = 1; build <= 7; build++) {
            site.engine.world().image("own:8", Behaviour.GOOD, 80);
            releases("own", 8);
        }
        assertThat(present(first)).as("its name went to a newer one").isFalse();
        assertThat(running()).containsExactly("shop-web-15-1");
    }

    @Test
    void anEngineThatFailsToRemoveAnImageFailsNoRelease() {
        inRegistry("app", 1, 7);
        releases("app", 1, 2, 3, 4, 5, 6);
        site.engine.faults(call -> call.verb().equals("remove-image")
                ? new Faults.Fate(Faults.What.FAILS, Duration.ZERO)
                : Faults.Fate.GOOD);
        releases("app", 7);
        assertThat(site.reports).anyMatch(report -> report.message().startsWith("cannot remove old images: "));
        assertThat(running()).containsExactly("shop-web-7-1");
    }

    @Test
    void aRollbackFetchesAnImageThatIsGone() {
        inRegistry("app", 1, 2);
        releases("app", 1, 2);
        String gone = site.engine.image("app:1").orElseThrow().id();
        assertThat(site.engine.removeImage(gone)).isTrue();

        SimSite.Process other = site.process();
        other.perform(new Request.Rollback("shop", Optional.of(1), SimSite.MANDATE));

        assertThat(running()).containsExactly("shop-web-1-1");
        assertThat(site.engine.containers().iterator().next().imageId()).isEqualTo(gone);
    }

    @Test
    void aRollbackToAnImageThatWasBuiltHereAndIsGoneIsRefusedByThePlan() {
        site.engine.world().image("own:1", Behaviour.GOOD, 80);
        site.engine.world().image("own:2", Behaviour.GOOD, 80);
        releases("own", 1, 2);
        assertThat(site.engine.removeImage(
                        site.engine.image("own:1").orElseThrow().id()))
                .isTrue();
        int changes = site.engine.changes().size();

        SimSite.Process other = site.process();
        assertThatThrownBy(() -> other.operations().plan(new Request.Rollback("shop", Optional.of(1), SimSite.MANDATE)))
                .isInstanceOfSatisfying(Failure.class, gone -> {
                    assertThat(gone.what()).contains("own:1", "built locally and never pushed");
                    assertThat(gone.hint().orElseThrow()).contains("docker load", "history");
                });
        assertThatThrownBy(() -> other.perform(new Request.Rollback("shop", Optional.of(1), SimSite.MANDATE)))
                .isInstanceOf(Failure.class);

        assertThat(site.engine.changes()).hasSize(changes);
        assertThat(running()).containsExactly("shop-web-2-1");
    }

    @Test
    void aPlanOfARollbackNamesTheImageThatItFetches() {
        inRegistry("app", 1, 2);
        releases("app", 1, 2);
        site.engine.removeImage(site.engine.image("app:1").orElseThrow().id());
        SimSite.Process other = site.process();
        assertThat(other.operations()
                        .plan(new Request.Rollback("shop", Optional.of(1), SimSite.MANDATE))
                        .actions())
                .anyMatch(action -> action.summary().startsWith("image app@sha256:"));
    }

    @Test
    void whatAnEarlierPortolanRecordedIsAskedForAndNeverPulledUnlessARegistryHasIt() {
        inRegistry("app", 1, 1);
        site.engine.pull("app:1", line -> {});
        String digest = site.engine.image("app:1").orElseThrow().digests().getFirst();
        site.engine.removeImage(site.engine.image("app:1").orElseThrow().id());
        String content = digest.substring(digest.indexOf('@') + 1);
        assertThat(KeptImages.missing(site.engine, recorded("app:1", content), Map.of(), Set.of()))
                .isEqualTo(Map.of("web", digest));
        assertThatThrownBy(() -> KeptImages.missing(
                        site.engine, recorded("app:1", "sha256:" + "f".repeat(64)), Map.of(), Set.of()))
                .isInstanceOfSatisfying(
                        Failure.class, gone -> assertThat(gone.what()).contains("no reachable registry"));
        assertThat(KeptImages.missing(
                        site.engine, recorded("app:1", "sha256:" + "f".repeat(64)), Map.of(), Set.of("web")))
                .isEmpty();
    }

    private static Desired recorded(String image, String content) {
        return SimSite.desired("shop", Map.of("web", Map.of("image", image, "image_id", content)), Map.of());
    }
}
