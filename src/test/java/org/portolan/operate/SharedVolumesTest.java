package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** Volumes that several services of a deployment mount, and volumes of the engine. */
class SharedVolumesTest extends SimShop {
    private static final String SHARED = "shop_uploads";

    @TempDir
    Path data;

    @BeforeEach
    void folder() {
        site.dataRoot = data;
    }

    private static Desired two(String tag, Map<String, Object> volume) {
        return SimSite.desired(
                "shop",
                Map.of(
                        "web",
                        Map.of(
                                "image",
                                "web:" + tag,
                                "ports",
                                Map.of("http", 80L),
                                "health",
                                HEALTH,
                                "volumes",
                                Map.of("uploads", volume)),
                        "db",
                        Map.of("image", "db:1", "volumes", Map.of("uploads", volume))),
                Map.of());
    }

    private static Desired shared(String tag) {
        return two(tag, Map.of("target", "/up", "shared", true));
    }

    private Volumes volumes() {
        return new Volumes(site.engine, Optional.of(site.process().installation.store()), "cafe0001", data);
    }

    @Test
    void twoServicesMountOneVolumeWithOneFolder() {
        deploy(shared("1"));
        assertThat(site.engine.observe().containers())
                .hasSize(2)
                .allMatch(each -> SHARED.equals(each.volumes().get("/up")));
        VolumeSpec made = site.engine.observe().volumes().iterator().next();
        assertThat(made.options()).containsEntry("device", data + "/shop/_shared/uploads");
        assertThat(data.resolve("shop/_shared/uploads")).isDirectory();
        assertThat(made.labels()).doesNotContainKey(Labels.SERVICE);
        assertThat(deploy(shared("1"))).isEqualTo(Outcome.Kind.NO_CHANGES);
        assertThat(deploy(shared("2"))).isEqualTo(Outcome.Kind.DONE);
    }

    @Test
    void aSharedVolumeIsListedAndNotRemovedWhileAnyServiceDeclaresIt() {
        deploy(shared("1"));
        Volumes.Stored listed = volumes().list().getFirst();
        assertThat(listed.owner()).isEqualTo("shop");
        assertThat(listed.folder()).contains(data.resolve("shop/_shared/uploads"));
        assertThat(listed.users()).containsExactly("shop-db-1-1", "shop-web-1-1");
        SimSite.Process process = site.process();
        process.perform(new Request.Stop("shop", java.util.Set.of(), SimSite.MANDATE));
        site.engine.world().all().forEach(each -> site.engine.world().vanish(each.id()));
        assertThatThrownBy(() -> process.perform(new Request.RemoveVolumes("shop", List.of(SHARED), SimSite.MANDATE)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("is declared by shop");

        process.perform(new Request.Remove("shop", true, SimSite.MANDATE));
        assertThat(volumes().list()).isEmpty();
        assertThat(data.resolve("shop")).doesNotExist();
    }

    @Test
    void anExternalVolumeMustExistAndIsNeverMadeOrRemoved() {
        Desired files = two("1", Map.of("target", "/up", "external", true, "source", "media_files"));
        assertThatThrownBy(() -> deploy(files))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("the external volume media_files does not exist");
        assertThat(site.engine.observe().containers()).isEmpty();

        site.engine.ensureVolume(new VolumeSpec("media_files", Map.of(), "local", Map.of()));
        deploy(files);
        assertThat(site.engine.observe().containers()).hasSize(2).allMatch(each -> "media_files"
                .equals(each.volumes().get("/up")));
        SimSite.Process process = site.process();
        process.perform(new Request.Remove("shop", true, SimSite.MANDATE));
        assertThat(site.engine.world().volumeNames()).containsExactly("media_files");
    }
}
