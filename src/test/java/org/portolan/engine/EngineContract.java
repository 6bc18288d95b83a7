package org.portolan.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.portolan.engine.EngineException.Reason;
import org.portolan.model.container.Container;
import org.portolan.model.container.Container.State;
import org.portolan.model.container.ContainerSettings;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.container.ContainerSpec.Publish;
import org.portolan.model.container.Network;
import org.portolan.model.container.NetworkSpec;
import org.portolan.model.container.Observation;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;

/** What every {@link Engine} does, the simulated as the real. */
public abstract class EngineContract extends EngineStorageContract {
    @Test
    void a_running_engine_takes_new_connections() {
        assertThat(engine.accepts()).isTrue();
    }

    @Test
    void shows_the_containers_of_any_label_in_full() {
        String id = engine.create(spec(1));
        foreign("somebody-else");

        assertThat(engine.labelled(Labels.DEPLOYMENT, "contract"))
                .singleElement()
                .isEqualTo(engine.containers().stream()
                        .filter(container -> container.id().equals(id))
                        .findFirst()
                        .orElseThrow());
        assertThat(engine.labelled(Labels.DEPLOYMENT, "another")).isEmpty();
        assertThat(engine.inspections(Labels.DEPLOYMENT, "another")).isEmpty();
        Map<String, Object> seen =
                engine.inspections(Labels.DEPLOYMENT, "contract").getFirst().container();
        assertThat(seen)
                .containsEntry("Id", id)
                .containsEntry("Name", "/" + inspect(id).name());
        assertThat((Map<?, ?>) seen.get("State")).extracting("Status").isEqualTo("created");
        assertThat((Map<?, ?>) seen.get("Config")).extracting("Labels").isEqualTo(spec(1).labels());
        Map<?, ?> host = (Map<?, ?>) seen.get("HostConfig");
        assertThat((Map<?, ?>) host.get("RestartPolicy"))
                .extracting("Name")
                .isEqualTo(inspect(id).restart());
        engine.remove(id, true);
    }

    @Test
    void shows_the_containers_of_some_ids_and_no_others() {
        String first = engine.create(spec(1));
        engine.create(spec(11));
        String gone = engine.create(spec(2));
        engine.remove(gone, true);
        foreign("somebody-else");

        assertThat(engine.containers(Set.of(first, gone)))
                .singleElement()
                .isEqualTo(engine.containers().stream()
                        .filter(container -> container.id().equals(first))
                        .findFirst()
                        .orElseThrow());
        assertThat(engine.containers(Set.of(gone))).isEmpty();
        assertThat(engine.containers(Set.of())).isEmpty();
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
    void a_paused_container_is_shown_so_and_can_be_continued() {
        String id = engine.create(spec(1));
        engine.start(id);
        pause(id);
        assertThat(inspect(id).state()).isEqualTo(State.PAUSED);
        engine.unpause(id);
        engine.unpause(id);
        assertThat(inspect(id).state()).isEqualTo(State.RUNNING);
        engine.remove(id, true);
        engine.unpause(id);
    }

    @Test
    void tells_what_a_list_does_not() {
        Map<String, Object> keys = Map.of("image", good(), "resources", Map.of("memory", "64m"));
        ContainerSpec plain = spec(1);
        String id = engine.create(new ContainerSpec(
                plain.name(),
                ServiceSpec.from("web", Definition.of(keys)),
                plain.image(),
                plain.env(),
                plain.command(),
                plain.entrypoint(),
                plain.labels(),
                "",
                List.of(),
                List.of(),
                List.of(),
                "on-failure:3"));
        ContainerSettings settings = engine.settings(id).orElseThrow();
        assertThat(settings.restart()).isEqualTo("on-failure:3");
        // An engine without memory limits takes none.
        assertThat(settings.memory()).isIn(0L, 64L << 20);
        assertThat(settings.nanoCpus()).isZero();
        engine.start(id);
        engine.setRestart(id, "always");
        assertThat(engine.settings(id).orElseThrow().restart()).isEqualTo("always");
        engine.remove(id, true);
        assertThat(engine.settings(id)).isEmpty();
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

    @Test
    void what_happens_to_networks_is_told() throws Exception {
        String network = engine.ensureNetwork(network("contract-one")).id();
        String id = engine.create(at(spec(1), "contract-one", List.of()));
        engine.start(id);
        List<String> told = new CopyOnWriteArrayList<>();
        try (AutoCloseable stream = engine.networkEvents(
                event -> told.add(event.action() + " " + event.network().equals(network) + " " + event.container()))) {
            assertThat(stream).isNotNull();
            pass(Duration.ofMillis(500));
            disconnect(id, "contract-one");
            await(() -> told.contains("disconnect true " + id));
            engine.connect(id, "contract-one", List.of());
            await(() -> told.contains("connect true " + id));
            engine.remove(id, true);
            engine.removeNetwork("contract-one");
            await(() -> told.contains("destroy true "));
        }
    }

    @Test
    void a_container_joins_another_network_before_it_starts() {
        engine.ensureNetwork(network("contract-one"));
        engine.ensureNetwork(network("contract-two"));
        String id = engine.create(at(spec(1), "contract-one", List.of()));
        engine.connect(id, "contract-two", List.of("web.shop"));
        engine.connect(id, "contract-two", List.of("web.shop"));
        engine.start(id);
        assertThat(networks(id)).containsExactlyInAnyOrder("contract-one", "contract-two");
        assertThat(inspect(id).networks()).contains(java.util.Set.of("contract-one", "contract-two"));
        assertRefused(Reason.CONFLICT, () -> engine.removeNetwork("contract-two"));
        disconnect(id, "contract-two");
        assertThat(networks(id)).containsExactly("contract-one");
        engine.connect(id, "contract-two", List.of("web.shop"));
        engine.stop(id, Optional.empty(), GRACE);
        engine.start(id);
        assertThat(networks(id)).containsExactlyInAnyOrder("contract-one", "contract-two");
        engine.remove(id, true);
        engine.removeNetwork("contract-one");
        engine.removeNetwork("contract-two");
    }

    @Test
    void without_a_network_that_it_joins_a_container_does_not_start() {
        engine.ensureNetwork(network("contract-one"));
        String id = engine.create(at(spec(1), "contract-one", List.of()));
        assertThatThrownBy(() -> {
                    engine.connect(id, "contract-none", List.of("web.shop"));
                    engine.start(id);
                })
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("contract-none");
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
}
