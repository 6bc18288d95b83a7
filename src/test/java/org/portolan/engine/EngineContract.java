package org.portolan.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.engine.EngineException.Reason;
import org.portolan.model.container.Container;
import org.portolan.model.container.Container.State;
import org.portolan.model.container.ContainerFile;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.container.ContainerSpec.Publish;
import org.portolan.model.container.FileArchive;
import org.portolan.model.container.Image;
import org.portolan.model.container.Network;
import org.portolan.model.container.NetworkSpec;
import org.portolan.model.container.Observation;
import org.portolan.model.container.VolumeSpec;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;

/** What every {@link Engine} does, the simulated as the real. */
public abstract class EngineContract {
    protected static final String INSTALLATION = "contract";
    private static final Duration GRACE = Duration.ofSeconds(3);
    protected Engine engine;

    /** An engine that holds nothing of these tests'. */
    protected abstract Engine connect();

    /** The reference of an image that obeys TERM, exposes port 80 and writes {@code hello} at its start. */
    protected abstract String good();

    /** The reference of an image that ends with status 3 soon after its start. */
    protected abstract String ending();

    /** The reference of an image that ignores TERM. */
    protected abstract String stubborn();

    /** The reference of an image that declares a volume at /data. */
    protected abstract String storing();

    /** Makes an image that no other test uses, called so, and returns its id; another one each time. */
    protected abstract String image(String reference);

    /** Calls an image by one more name. */
    protected abstract void tag(String reference, String name);

    /** Takes a container off a network. */
    protected abstract void disconnect(String container, String network);

    /** Makes a container that is not Portolan's. */
    protected abstract void foreign(String name);

    /** Lets a moment pass. */
    protected abstract void pass(Duration duration);

    @BeforeEach
    void begin() {
        engine = connect();
    }

    @AfterEach
    void end() {
        engine.close();
    }

    protected ContainerSpec spec(int n) {
        return spec(n, good(), List.of());
    }

    protected ContainerSpec spec(int n, String image, List<Publish> ports) {
        InstanceId id = new InstanceId("contract", "web", 1, n);
        Map<String, String> labels = new TreeMap<>(Map.of(
                Labels.INSTALLATION,
                INSTALLATION,
                Labels.DEPLOYMENT,
                id.deployment(),
                Labels.SERVICE,
                id.service(),
                Labels.VERSION,
                "1",
                Labels.INSTANCE,
                Integer.toString(n),
                Labels.HASH,
                "abc"));
        return new ContainerSpec(
                id.name(),
                ServiceSpec.from("web", Definition.of(Map.of("image", image))),
                image,
                Map.of("GREETING", "hello"),
                List.of(),
                Optional.empty(),
                labels,
                "",
                List.of(),
                ports,
                List.of(),
                "no");
    }

    private static ContainerSpec with(ContainerSpec spec, Map<String, String> labels) {
        return new ContainerSpec(
                spec.name(),
                spec.spec(),
                spec.image(),
                spec.env(),
                spec.command(),
                spec.entrypoint(),
                labels,
                spec.network(),
                spec.aliases(),
                spec.publish(),
                spec.mounts(),
                spec.restart());
    }

    private static ContainerSpec at(ContainerSpec spec, String network, List<ContainerSpec.Mount> mounts) {
        return new ContainerSpec(
                spec.name(),
                spec.spec(),
                spec.image(),
                spec.env(),
                spec.command(),
                spec.entrypoint(),
                spec.labels(),
                network,
                List.of("web"),
                spec.publish(),
                mounts,
                spec.restart());
    }

    private Container inspect(String id) {
        return engine.inspect(id).orElseThrow();
    }

    protected void await(BooleanSupplier condition) {
        for (int i = 0; i < 200; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            pass(Duration.ofMillis(50));
        }
        throw new AssertionError("it did not come about");
    }

    protected static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(EngineException.class, refused -> assertThat(refused.reason())
                .as(refused.what())
                .isEqualTo(reason));
    }

    @Test
    void a_running_engine_takes_new_connections() {
        assertThat(engine.accepts()).isTrue();
    }

    @Test
    void shows_what_carries_portolans_labels_and_the_names_of_all_others() {
        assertThat(engine.info().id()).isNotEmpty().isEqualTo(engine.info().id());
        foreign("somebody-else");
        String id = engine.create(spec(1));
        Observation seen = engine.observe();
        assertThat(seen.containers()).hasSize(1);
        Container container = seen.containers().getFirst();
        assertThat(container.id()).isEqualTo(id);
        assertThat(container.name()).isEqualTo("contract-web-1-1");
        assertThat(container.state()).isEqualTo(State.CREATED);
        assertThat(container.instance()).contains(new InstanceId("contract", "web", 1, 1));
        assertThat(container.labels()).isEqualTo(spec(1).labels());
        assertThat(seen.foreignNames()).containsExactly("somebody-else");
    }

    @Test
    void creating_an_equal_container_again_finds_it_made() {
        String id = engine.create(spec(1));
        assertThat(engine.create(spec(1))).isEqualTo(id);
        engine.start(id);
        assertThat(engine.create(spec(1))).isEqualTo(id);
    }

    @Test
    void a_name_that_another_container_holds_is_a_conflict() {
        foreign("contract-web-1-1");
        assertRefused(Reason.CONFLICT, () -> engine.create(spec(1)));
        engine.create(spec(2));
        Map<String, String> labels = new TreeMap<>(spec(2).labels());
        labels.put(Labels.HASH, "other");
        assertRefused(Reason.CONFLICT, () -> engine.create(with(spec(2), labels)));
    }

    @Test
    void an_ended_container_of_the_name_is_a_conflict() {
        String id = engine.create(spec(1));
        engine.start(id);
        engine.stop(id, Optional.empty(), GRACE);
        assertRefused(Reason.CONFLICT, () -> engine.create(spec(1)));
    }

    @Test
    void without_its_image_a_container_cannot_be_made() {
        assertThat(engine.image("no/such:image")).isEmpty();
        assertRefused(Reason.NOT_FOUND, () -> engine.create(spec(1, "no/such:image", List.of())));
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
    void starts_stops_and_starts_again_however_often_it_is_asked() {
        String id = engine.create(spec(1));
        engine.start(id);
        engine.start(id);
        assertThat(inspect(id).state()).isEqualTo(State.RUNNING);
        assertThat(inspect(id).startedAt()).isPresent();
        assertThat(inspect("contract-web-1-1")).isEqualTo(inspect(id));
        // Its shell sets the trap a moment after its start.
        await(() -> engine.tail(id, 5).contains("hello"));
        engine.stop(id, Optional.empty(), GRACE);
        engine.stop(id, Optional.empty(), GRACE);
        assertThat(inspect(id).state()).isEqualTo(State.EXITED);
        assertThat(inspect(id).exitCode()).isZero();
        engine.start(id);
        assertThat(inspect(id).state()).isEqualTo(State.RUNNING);
    }

    @Test
    void what_ignores_the_signal_is_killed_after_the_grace() {
        String id = engine.create(spec(1, stubborn(), List.of()));
        engine.start(id);
        engine.stop(id, Optional.empty(), Duration.ofSeconds(1));
        assertThat(inspect(id).state()).isEqualTo(State.EXITED);
        assertThat(inspect(id).exitCode()).isEqualTo(137);
    }

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
    void removing_and_stopping_what_is_gone_is_no_error() {
        String id = engine.create(spec(1));
        engine.remove(id, false);
        engine.remove(id, false);
        engine.remove("contract-web-1-1", true);
        engine.stop(id, Optional.empty(), GRACE);
        assertThat(engine.inspect(id)).isEmpty();
        assertThat(engine.tail(id, 3)).isEmpty();
        assertThat(engine.observe().containers()).isEmpty();
    }

    @Test
    void a_running_container_is_removed_by_force_only() {
        String id = engine.create(spec(1));
        engine.start(id);
        assertRefused(Reason.CONFLICT, () -> engine.remove(id, false));
        assertThat(inspect(id).state()).isEqualTo(State.RUNNING);
        engine.remove(id, true);
        assertThat(engine.inspect(id)).isEmpty();
    }

    @Test
    void has_every_call_that_a_release_makes() {
        assertThat(engine.missingCalls()).isEmpty();
        assertThat(engine.observe().containers()).isEmpty();
    }

    @Test
    void what_is_not_there_cannot_be_started_or_changed() {
        assertRefused(Reason.NOT_FOUND, () -> engine.start("contract-web-9-9"));
        assertRefused(Reason.NOT_FOUND, () -> engine.setRestart("contract-web-9-9", "always"));
        assertRefused(Reason.NOT_FOUND, () -> engine.rename("contract-web-9-9", "contract-web-9-8"));
        assertRefused(Reason.NOT_FOUND, () -> engine.exec("contract-web-9-9", List.of("true"), Duration.ofSeconds(1)));
    }

    @Test
    void a_port_that_is_taken_is_found_at_the_start() {
        List<Publish> port = List.of(new Publish("127.0.0.1", 28111, 80));
        String first = engine.create(spec(1, good(), port));
        String second = engine.create(spec(2, good(), port));
        engine.start(first);
        assertRefused(Reason.IN_USE, () -> engine.start(second));
        assertThat(inspect(second).state()).isEqualTo(State.CREATED);
        engine.stop(first, Optional.empty(), GRACE);
        engine.start(second);
        assertThat(inspect(second).state()).isEqualTo(State.RUNNING);
    }

    @Test
    void a_container_takes_a_free_name_only() {
        String id = engine.create(spec(1));
        engine.create(spec(2));
        assertRefused(Reason.CONFLICT, () -> engine.rename(id, "contract-web-1-2"));
        engine.rename("contract-web-1-1", "contract-old");
        engine.rename("contract-web-1-1", "contract-old");
        assertThat(inspect(id).name()).isEqualTo("contract-old");
    }

    @Test
    void a_container_that_ends_shows_its_status_in_the_observation() {
        String id = engine.create(spec(1, ending(), List.of()));
        engine.start(id);
        await(() -> inspect(id).state() == State.EXITED);
        assertThat(inspect(id).exitCode()).isEqualTo(3);
        assertThat(engine.observe().containers().getFirst().exitCode()).isEqualTo(3);
        assertThat(engine.observe().containers().getFirst().state()).isEqualTo(State.EXITED);
    }

    @Test
    void a_restart_policy_that_is_given_later_holds() {
        String id = engine.create(spec(1, ending(), List.of()));
        engine.start(id);
        assertThat(inspect(id).restart()).isEqualTo("no");
        engine.setRestart(id, "on-failure:2");
        assertThat(inspect(id).restart()).isEqualTo("on-failure:2");
        await(() -> inspect(id).restarts() == 2 && inspect(id).state() == State.EXITED);
        assertThat(inspect(id).exitCode()).isEqualTo(3);
    }

    @Test
    void a_network_is_made_once_with_a_gateway_of_its_own() {
        Network first = engine.ensureNetwork(network("contract-one"));
        assertThat(first.gateway()).startsWith("10.231.").endsWith(".1");
        assertThat(first.subnet()).startsWith("10.231.").endsWith("/24");
        assertThat(engine.ensureNetwork(network("contract-one"))).isEqualTo(first);
        Network second = engine.ensureNetwork(network("contract-two"));
        assertThat(second.subnet()).isNotEqualTo(first.subnet());
        assertThat(engine.observe().networks()).containsExactlyInAnyOrder(first, second);
        engine.removeNetwork("contract-one");
        engine.removeNetwork("contract-one");
        engine.removeNetwork("contract-two");
        assertThat(engine.observe().networks()).isEmpty();
    }

    @Test
    void anothers_network_is_not_taken() {
        engine.ensureNetwork(network("contract-one"));
        NetworkSpec others = new NetworkSpec("contract-one", Map.of(Labels.INSTALLATION, "other"), "10.231.0.0/16", 24);
        assertRefused(Reason.CONFLICT, () -> engine.ensureNetwork(others));
    }

    @Test
    void a_network_in_use_stays() {
        engine.ensureNetwork(network("contract-one"));
        String id = engine.create(at(spec(1), "contract-one", List.of()));
        engine.start(id);
        assertRefused(Reason.CONFLICT, () -> engine.removeNetwork("contract-one"));
        engine.remove(id, true);
        engine.removeNetwork("contract-one");
    }

    @Test
    void a_container_that_was_taken_off_its_network_is_attached_again() {
        engine.ensureNetwork(network("contract-one"));
        String id = engine.create(at(spec(1), "contract-one", List.of()));
        engine.start(id);
        assertThat(networks(id)).containsExactly("contract-one");
        disconnect(id, "contract-one");
        assertThat(networks(id)).isEmpty();
        assertThat(engine.inspect(id).orElseThrow().networks().orElseThrow()).isEmpty();
        engine.connect(id, "contract-one", List.of("web", "site"));
        engine.connect(id, "contract-one", List.of("web", "site"));
        assertThat(networks(id)).containsExactly("contract-one");
        assertRefused(Reason.NOT_FOUND, () -> engine.connect(id, "contract-none", List.of()));
        engine.remove(id, true);
        engine.removeNetwork("contract-one");
    }

    private java.util.Set<String> networks(String id) {
        return engine.observe().containers().stream()
                .filter(container -> container.id().equals(id))
                .findFirst()
                .orElseThrow()
                .networks()
                .orElseThrow();
    }

    @Test
    void without_its_network_a_container_does_not_start() {
        String id = engine.create(at(spec(1), "contract-none", List.of()));
        assertRefused(Reason.REFUSED, () -> engine.start(id));
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
    void gives_the_last_lines_of_the_output() {
        String id = engine.create(spec(1));
        assertThat(engine.tail(id, 5)).isEmpty();
        engine.start(id);
        await(() -> engine.tail(id, 5).equals(List.of("hello")));
        List<String> lines = new CopyOnWriteArrayList<>();
        try (AutoCloseable stream = engine.logs(id, Optional.empty(), 5, false, (at, error, text) -> lines.add(text))) {
            assertThat(stream).isNotNull();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        assertThat(lines).containsExactly("hello");
    }

    @Test
    void runs_a_command_in_a_running_container() {
        String id = engine.create(spec(1));
        assertRefused(Reason.CONFLICT, () -> engine.exec(id, List.of("true"), Duration.ofSeconds(5)));
        engine.start(id);
        assertThat(engine.exec(id, List.of("true"), Duration.ofSeconds(5)).exitCode())
                .isZero();
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

    @Test
    void tells_of_starts_and_ends() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        try (AutoCloseable stream = engine.events(event -> told.add(event.action() + " " + event.container()))) {
            assertThat(stream).isNotNull();
            pass(Duration.ofMillis(200));
            String id = engine.create(spec(1, ending(), List.of()));
            engine.start(id);
            await(() -> engine.observe().containers().getFirst().state() == State.EXITED && told.contains("die " + id));
            assertThat(told).containsSubsequence("create " + id, "start " + id, "die " + id);
        }
    }

    private static NetworkSpec network(String name) {
        return new NetworkSpec(name, Map.of(Labels.INSTALLATION, INSTALLATION), "10.231.0.0/16", 24);
    }
}
