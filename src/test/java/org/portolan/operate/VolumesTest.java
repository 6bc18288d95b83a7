package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.Failure;
import org.portolan.model.container.VolumeSpec;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Desired;
import org.portolan.operate.Volumes.Stored;
import org.portolan.release.Outcome;
import org.portolan.release.VolumePlaces;
import org.portolan.sim.SimSite;

/** Data is deleted only when the command reports it, and what is kept can be seen and removed. */
class VolumesTest extends SimShop {
    @TempDir
    Path root;

    private Path data;

    @BeforeEach
    void dataRoot() {
        site.dataRoot = root;
        data = root.resolve("shop/db/data");
    }

    private static Desired db(Map<String, Object> volumes) {
        return SimSite.desired("shop", Map.of("db", Map.of("image", "db:1", "volumes", volumes)), Map.of());
    }

    private void deployWithData() throws IOException {
        deploy(db(Map.of("data", "/data")));
        Files.createDirectories(data.resolve("sub"));
        Files.writeString(data.resolve("sub/precious"), "rows");
    }

    private List<String> remove(boolean volumes) {
        SimSite.Process process = site.process();
        return process.perform(new Request.Remove("shop", volumes, SimSite.MANDATE))
                .keptVolumes();
    }

    private Optional<Stored> stored() {
        return Volumes.of(site.process().installation).list().stream()
                .filter(volume -> volume.name().equals("shop-db-data"))
                .findAny();
    }

    private void removeVolume(String... names) {
        SimSite.Process process = site.process();
        Volumes.removals(process.installation, List.of(names), SimSite.MANDATE)
                .forEach((deployment, own) ->
                        process.perform(new Request.RemoveVolumes(deployment, own, SimSite.MANDATE)));
    }

    @Test
    void removeWithVolumesDeletesTheData() throws IOException {
        Path neighbour = Files.createDirectories(root.resolve("blog/db/data"));
        deployWithData();
        assertThat(remove(true)).isEmpty();
        assertThat(root.resolve("shop")).doesNotExist();
        assertThat(neighbour).exists();
        assertThat(site.engine.world().volumeNames()).doesNotContain("shop-db-data");
    }

    @Test
    void theDataIsDeletedThoughTheEngineLostItsVolume() throws IOException {
        deployWithData();
        site.engine.observe().containers().forEach(container -> site.engine.remove(container.id(), true));
        site.engine.removeVolume("shop-db-data");
        remove(true);
        assertThat(data).doesNotExist();
    }

    @Test
    void dataBehindALinkIsDeletedAndWhatLinksInItLeadToIsNot() throws IOException {
        deployWithData();
        Path disk = Files.createDirectories(root.resolve("disk"));
        Path other = Files.writeString(root.resolve("other"), "mine");
        Files.move(data, disk.resolve("db"));
        Files.createSymbolicLink(data, disk.resolve("db"));
        Files.createSymbolicLink(disk.resolve("db/link"), other);
        remove(true);
        assertThat(disk.resolve("db")).isEmptyDirectory();
        assertThat(other).exists();
        assertThat(root.resolve("shop")).doesNotExist();
    }

    @Test
    void aFolderThatAFileBoundElsewhereStays() throws IOException {
        Path own = Files.createDirectories(root.resolve("mine/shop/db/data"));
        Files.writeString(own.resolve("precious"), "rows");
        deploy(db(Map.of(
                "data",
                Map.of(
                        "target", "/data",
                        "driver", "local",
                        "options", Map.of("type", "none", "o", "bind", "device", own.toString())))));
        remove(true);
        assertThat(own.resolve("precious")).exists();
        assertThat(site.reports).anyMatch(report -> report.message().contains("stays in " + own));
    }

    @Test
    void whatIsKeptIsListedAndRemoved() throws IOException {
        deployWithData();
        assertThat(stored().orElseThrow().users()).containsExactly("shop-db-1-1");
        assertThatThrownBy(() -> removeVolume("shop-db-data"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("in use by shop-db-1-1");

        assertThat(remove(false)).containsExactly("shop-db-data");
        Stored kept = stored().orElseThrow();
        assertThat(kept.kept()).isTrue();
        assertThat(kept.folder()).contains(data);
        assertThat(kept.since()).contains(site.clock.instant());
        assertThat(kept.listed().bytes()).hasValue(4);

        removeVolume("shop-db-data");
        assertThat(stored()).isEmpty();
        assertThat(root.resolve("shop")).doesNotExist();
        assertThatThrownBy(() -> removeVolume("shop-db-data")).hasMessageContaining("unknown volume");
    }

    @Test
    void aVolumeThatADeploymentDeclaresStays() throws IOException {
        deployWithData();
        SimSite.Process process = site.process();
        process.perform(new Request.Scale("shop", Map.of("db", 0), SimSite.MANDATE));
        assertThat(stored().orElseThrow().users()).isEmpty();
        assertThatThrownBy(() -> removeVolume("shop-db-data"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("declared by shop:db");

        deploy(db(Map.of()));
        assertThat(stored().orElseThrow().kept()).isTrue();
        removeVolume("shop-db-data");
        assertThat(data).doesNotExist();
    }

    @Test
    void aStateDirectoryThatWasMovedIsSaidAndNothingIsStartedThatCannotStart() throws IOException {
        deployWithData();
        Path moved = Files.move(
                root.resolve("shop"), Files.createDirectory(root.resolve("new")).resolve("shop"));
        site.dataRoot = moved.getParent();

        SimSite.Process process = site.process();
        assertThat(new Deployer(process.installation)
                        .plan(new Request.Apply(db(Map.of("data", "/data")), List.of(), SimSite.MANDATE))
                        .warnings())
                .anyMatch(warning -> warning.message().contains("is bound to " + data + ", which does not exist"));
        assertThat(deploy(db(Map.of("data", "/data")))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(site.reports).anyMatch(report -> report.message().contains("which does not exist"));
        assertThatThrownBy(() -> process.perform(new Request.Restart("shop", java.util.Set.of("db"), SimSite.MANDATE)))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.what()).contains("instances cannot start");
                    assertThat(failure.hint().orElse("")).contains("docker volume rm shop-db-data");
                });
        assertThat(running()).containsExactly("shop-db-1-1");

        // What the advice says.
        process.perform(new Request.Stop("shop", java.util.Set.of("db"), SimSite.MANDATE));
        site.engine.removeVolume("shop-db-data");
        process.perform(new Request.Start("shop", java.util.Set.of("db"), SimSite.MANDATE));
        assertThat(stored().orElseThrow().folder()).contains(moved.resolve("db/data"));
        assertThat(VolumePlaces.of(site.engine, "cafe0001", site.dataRoot)).isEmpty();
    }

    @Test
    void aLinkAtTheOldPlaceIsAsGoodAsAMove() throws IOException {
        deployWithData();
        site.dataRoot = Files.createDirectory(root.resolve("new"));
        Files.move(root.resolve("shop"), site.dataRoot.resolve("shop"));
        assertThat(VolumePlaces.of(site.engine, "cafe0001", site.dataRoot)).hasSize(1);
        Files.createSymbolicLink(root.resolve("shop"), site.dataRoot.resolve("shop"));
        assertThat(VolumePlaces.of(site.engine, "cafe0001", site.dataRoot)).isEmpty();
    }

    @Test
    void aVolumeOfAnImageIsLabelledWithAPathAndHasNoFolderHere() {
        site.engine.ensureVolume(new VolumeSpec(
                "kept",
                Map.of(
                        Labels.INSTALLATION, "cafe0001",
                        Labels.DEPLOYMENT, "shop",
                        Labels.SERVICE, "db",
                        Labels.VOLUME, "/data"),
                "",
                Map.of()));
        assertThat(VolumePlaces.of(site.engine, "cafe0001", Path.of("/srv"))).isEmpty();
    }

    @Test
    void aVolumeThatSomebodyElseUsesStaysAndIsSaid() throws IOException {
        deployWithData();
        site.engine.world().foreignUse("backup", "shop-db-data");
        assertThatThrownBy(() -> remove(true))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("not all of its data")
                .hasMessageContaining("in use by backup");
        assertThat(data.resolve("sub/precious")).exists();
        assertThat(stored().orElseThrow().users()).containsExactly("backup");
    }

    /** Its lock is not the one that would be held. */
    @Test
    void aVolumeIsChangedOnlyByARequestOfItsDeployment() throws IOException {
        deployWithData();
        remove(false);
        SimSite.Process process = site.process();
        assertThatThrownBy(() ->
                        process.perform(new Request.RemoveVolumes("blog", List.of("shop-db-data"), SimSite.MANDATE)))
                .hasMessage("unknown volume shop-db-data");
        assertThat(stored()).isPresent();
    }
}
