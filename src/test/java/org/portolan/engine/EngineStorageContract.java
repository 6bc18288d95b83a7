package org.portolan.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.portolan.engine.EngineException.Reason;
import org.portolan.model.container.ContainerFile;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.container.FileArchive;
import org.portolan.model.container.Image;
import org.portolan.model.container.VolumeSpec;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;

/** What every {@link Engine} does with files, volumes and images, the simulated as the real. */
public abstract class EngineStorageContract extends EngineCase {
    private static ContainerFile file(String path, String text) {
        return new ContainerFile(path, 0640, 101, 102, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void files_are_put_and_read_whether_a_container_runs_or_not() {
        String id = engine.create(spec(1));
        engine.put(id, "/", List.of(file("/etc/web/a.conf", "one"), file("/opt/deep/b", "")));
        assertThat(engine.files(id, "/etc/web/a.conf", 100)).contains(List.of(file("/etc/web/a.conf", "one")));
        engine.start(id);
        assertThat(engine.files(id, "/opt", 100)).contains(List.of(file("/opt/deep/b", "")));
        engine.put(id, "/", List.of(file("/etc/web/a.conf", "two")));
        assertThat(engine.files(id, "/etc/web", 100)).contains(List.of(file("/etc/web/a.conf", "two")));
        assertThat(engine.files(id, "/etc/web/none", 100)).isEmpty();
        assertRefused(Reason.REFUSED, () -> engine.files(id, "/etc/web", 2));
        assertRefused(Reason.REFUSED, () -> engine.put(id, "/", List.of(file("/etc/web", "a folder is there"))));
        assertRefused(Reason.NOT_FOUND, () -> engine.put("contract-web-9-9", "/", List.of(file("/a", "b"))));
    }

    @Test
    void files_of_a_running_container_are_replaced_with_owner_and_mode() {
        String id = engine.create(spec(1));
        engine.put(id, "/", List.of(file("/etc/web/a.conf", "one"), file("/etc/web/b.conf", "one")));
        engine.start(id);
        engine.replace(id, "/", List.of(file("/etc/web/a.conf", "two, and longer")));
        assertThat(engine.files(id, "/etc/web", 1000).orElseThrow())
                .containsExactlyInAnyOrder(file("/etc/web/a.conf", "two, and longer"), file("/etc/web/b.conf", "one"));
    }

    @Test
    void a_read_only_container_takes_files_into_a_volume_that_goes_with_it() {
        List<ContainerSpec.Mount> mounts = List.of(
                new ContainerSpec.Mount(true, "", "/etc/web", false),
                new ContainerSpec.Mount(true, "contract-kept", "/kept", false));
        ContainerSpec plain = at(spec(1), "", mounts);
        ContainerSpec readOnly = new ContainerSpec(
                plain.name(),
                ServiceSpec.from("web", Definition.of(Map.of("image", good(), "read_only", true))),
                plain.image(),
                plain.env(),
                plain.command(),
                plain.entrypoint(),
                plain.labels(),
                plain.network(),
                plain.aliases(),
                plain.publish(),
                plain.mounts(),
                plain.restart());
        String id = engine.create(readOnly);
        assertRefused(Reason.REFUSED, () -> engine.put(id, "/", List.of(file("/etc/web/a.conf", "one"))));
        engine.put(id, "/etc/web", List.of(file("/etc/web/a.conf", "one")));
        assertThat(engine.files(id, "/etc/web/a.conf", 100)).contains(List.of(file("/etc/web/a.conf", "one")));
        String unnamed = inspect(id).volumes().getOrDefault("/etc/web", "");
        assertThat(unnamed).hasSize(64);
        engine.remove(id, true, true);
        assertThat(engine.volumeUsers()).doesNotContainKey(unnamed).containsKey("contract-kept");
        engine.removeVolume("contract-kept");
    }

    @Test
    void a_volumes_content_is_read_and_written_as_an_archive() throws IOException {
        VolumeSpec volume =
                new VolumeSpec("contract-copied", Map.of(Labels.INSTALLATION, INSTALLATION), "local", Map.of());
        engine.ensureVolume(volume);
        ContainerSpec spec = at(spec(1), "", List.of(new ContainerSpec.Mount(true, "contract-copied", "/data", false)));
        String id = engine.create(spec);
        ContainerFile large = file("/data/deep/large", "0123456789".repeat(30_000));
        engine.put(id, "/", List.of(file("/data/a", "one"), large));
        ByteArrayOutputStream saved = new ByteArrayOutputStream();
        engine.readVolume("contract-copied", volume.labels(), archive -> archive.transferTo(saved));
        assertThat(FileArchive.read(new ByteArrayInputStream(saved.toByteArray()), "/data", 1_000_000))
                .containsExactlyInAnyOrder(file("/data/a", "one"), large);

        engine.remove(id, true);
        engine.removeVolume("contract-copied");
        engine.ensureVolume(volume);
        engine.writeVolume("contract-copied", volume.labels(), new ByteArrayInputStream(saved.toByteArray()));
        String again = engine.create(spec);
        assertThat(engine.files(again, "/data/a", 100)).contains(List.of(file("/data/a", "one")));
        assertThat(engine.files(again, "/data/deep", 1_000_000)).contains(List.of(large));
        assertThat(engine.observe().containers()).as("the helpers are gone").hasSize(1);
        engine.remove(again, true);
        engine.removeVolume("contract-copied");
    }

    @Test
    void a_volume_outlives_its_containers() {
        VolumeSpec volume =
                new VolumeSpec("contract-data", Map.of(Labels.INSTALLATION, INSTALLATION), "local", Map.of());
        engine.ensureVolume(volume);
        engine.ensureVolume(volume);
        assertThat(engine.observe().volumes()).containsExactly(volume);
        String id =
                engine.create(at(spec(1), "", List.of(new ContainerSpec.Mount(true, "contract-data", "/data", false))));
        assertThat(engine.volumeUsers().get("contract-data")).hasSize(1);
        assertRefused(Reason.CONFLICT, () -> engine.removeVolume("contract-data"));
        engine.remove(id, true);
        assertThat(engine.volumeUsers().get("contract-data")).isEmpty();
        assertThat(engine.observe().volumes()).containsExactly(volume);
        engine.removeVolume("contract-data");
        engine.removeVolume("contract-data");
        assertThat(engine.observe().volumes()).isEmpty();
    }

    @Test
    void an_images_volume_is_told_and_goes_on_by_its_name() {
        assertThat(engine.image(storing()).orElseThrow().volumes()).containsExactly("/data");
        assertThat(engine.image(good()).orElseThrow().volumes()).isEmpty();
        String old = engine.create(spec(1, storing(), List.of()));
        String name = inspect(old).volumes().get("/data");
        assertThat(name).matches("[0-9a-f]{64}");
        assertThat(engine.observe().containers().getFirst().volumes()).isEqualTo(Map.of("/data", name));

        engine.remove(old, true);
        String next = engine.create(
                at(spec(2, storing(), List.of()), "", List.of(new ContainerSpec.Mount(true, name, "/data", false))));
        assertThat(inspect(next).volumes()).isEqualTo(Map.of("/data", name));
        assertRefused(Reason.CONFLICT, () -> engine.removeVolume(name));
        engine.remove(next, true);
        engine.removeVolume(name);
    }

    @Test
    void a_volume_that_a_mount_makes_gets_its_labels() {
        Map<String, String> labels = Map.of(Labels.INSTALLATION, INSTALLATION, Labels.INSTANCE, "1");
        ContainerSpec.Mount mount = new ContainerSpec.Mount(true, "contract-web-1_data", "/data", false, labels);
        String id = engine.create(at(spec(1, storing(), List.of()), "", List.of(mount)));
        assertThat(engine.observe().volumes())
                .containsExactly(new VolumeSpec("contract-web-1_data", labels, "local", Map.of()));
        engine.remove(id, true);
        assertThat(engine.observe().volumes()).hasSize(1);
        engine.removeVolume("contract-web-1_data");
    }

    @Test
    void an_image_is_found_by_reference_and_by_id() {
        Image image = engine.image(good()).orElseThrow();
        assertThat(image.id()).startsWith("sha256:");
        assertThat(image.exposedPorts()).containsExactly(80);
        assertThat(engine.image(image.id())).contains(image);
        String id = engine.create(spec(1, image.id(), List.of()));
        assertThat(inspect(id).imageId()).isEqualTo(image.id());
    }

    @Test
    void removes_an_image_that_nobody_needs() {
        String id = image("contract/old:1");
        assertThat(engine.image("contract/old:1").orElseThrow().tags()).containsExactly("contract/old:1");
        assertThat(engine.removeImage(id)).isTrue();
        assertThat(engine.image("contract/old:1")).isEmpty();
        assertThat(engine.removeImage(id)).as("it is gone already").isFalse();

        String moved = image("contract/old:1");
        String newer = image("contract/old:1");
        assertThat(newer).isNotEqualTo(moved);
        assertThat(engine.image(moved).orElseThrow().tags()).isEmpty();
        assertThat(engine.removeImage(moved)).isTrue();
        assertThat(engine.image("contract/old:1").orElseThrow().id()).isEqualTo(newer);
        assertThat(engine.removeImage(newer)).isTrue();
    }

    @Test
    void keeps_an_image_that_a_container_or_another_name_needs() {
        String id = image("contract/used:1");
        String container = engine.create(spec(1, "contract/used:1", List.of()));
        assertThat(engine.removeImage(id)).as("a container was made of it").isFalse();
        engine.remove(container, true);

        tag("contract/used:1", "contract/alias:1");
        assertThat(engine.removeImage(id)).as("it has two names").isFalse();
        assertThat(engine.image("contract/alias:1").orElseThrow().tags())
                .containsExactlyInAnyOrder("contract/alias:1", "contract/used:1");
    }
}
