package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.portolan.engine.Engine;
import org.portolan.engine.EngineContract;
import org.portolan.engine.EngineException;
import org.portolan.engine.EngineException.Reason;
import org.portolan.model.Platform;
import org.portolan.model.container.Container;
import org.portolan.model.container.ContainerFile;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.container.Network;
import org.portolan.model.container.NetworkSpec;
import org.portolan.model.labels.Labels;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.testing.PrivateDocker;

@Tag("real")
class DockerEngineTest extends EngineContract {
    private static final PrivateDocker DOCKER = PrivateDocker.shared();
    private static final String OBEYS = "trap 'exit 0' TERM; echo hello; while :; do sleep 0.05; done";

    @BeforeEach
    void images() {
        DOCKER.image(good(), Map.of(), PrivateDocker.sh(OBEYS), List.of(80));
        DOCKER.image(ending(), Map.of(), PrivateDocker.sh("sleep 0.3; exit 3"), List.of());
        DOCKER.image(stubborn(), Map.of(), List.of("sleep", "1000"), List.of());
    }

    @AfterEach
    void clean() {
        DOCKER.removeContainers();
        DOCKER.docker("network", "prune", "-f");
        DOCKER.docker("volume", "prune", "-f");
    }

    @Override
    protected Engine connect() {
        return DockerEngine.connect(
                DockerEndpoint.unix(DOCKER.socket(), Path.of("/nonexistent")), Duration.ofSeconds(20));
    }

    @Override
    protected String good() {
        return "contract/good:1";
    }

    @Override
    protected String ending() {
        return "contract/ending:1";
    }

    @Override
    protected String stubborn() {
        return "contract/stubborn:1";
    }

    @Override
    protected String storing() {
        String id = DOCKER.docker("create", good()).strip();
        DOCKER.docker("commit", "--change", "VOLUME /data", id, "contract/storing:1");
        DOCKER.docker("rm", id);
        return "contract/storing:1";
    }

    @Override
    protected String image(String reference) {
        return DOCKER.image(
                reference, Map.of("/made", String.valueOf(System.nanoTime())), PrivateDocker.sh(OBEYS), List.of());
    }

    @Override
    protected void tag(String reference, String name) {
        DOCKER.docker("tag", reference, name);
    }

    @Override
    protected void pause(String container) {
        DOCKER.docker("pause", container);
    }

    @Override
    protected void disconnect(String container, String network) {
        DOCKER.docker("network", "disconnect", network, container);
    }

    @Test
    void a_container_that_is_attached_again_has_its_ports_and_names() throws Exception {
        engine.ensureNetwork(
                new NetworkSpec("contract-ports", Map.of(Labels.INSTALLATION, INSTALLATION), "10.231.0.0/16", 24));
        ContainerSpec spec = spec(1, DOCKER.busybox(), List.of(new ContainerSpec.Publish("127.0.0.1", 21_555, 8080)));
        String id = engine.create(new ContainerSpec(
                spec.name(),
                spec.spec(),
                spec.image(),
                spec.env(),
                List.of("httpd", "-f", "-p", "8080"),
                spec.entrypoint(),
                spec.labels(),
                "contract-ports",
                List.of("web", "site"),
                spec.publish(),
                spec.mounts(),
                spec.restart()));
        engine.start(id);
        disconnect(id, "contract-ports");
        assertThat(org.portolan.process.Listeners.refusal("127.0.0.1", 21_555)).isEmpty();
        engine.connect(id, "contract-ports", List.of("web", "site"));
        new java.net.Socket("127.0.0.1", 21_555).close();
        assertThat(DOCKER.docker("inspect", id)).contains("\"site\"");
        engine.remove(id, true);
        engine.removeNetwork("contract-ports");
    }

    /** The engine itself takes a file away and then writes it. */
    @Test
    void who_reads_a_file_while_it_is_replaced_finds_it_whole() throws Exception {
        String id = engine.create(spec(1));
        ContainerFile first = large("a");
        engine.put(id, "/", List.of(first));
        engine.start(id);
        String read = "while [ ! -e /enough ]; do s=$(cat /etc/large 2>/dev/null | wc -c); [ $s = " + first.size()
                + " ] || echo $s >> /torn; done; touch /ended";
        DOCKER.docker("exec", "-d", id, "/bin/sh", "-c", read);
        for (int i = 0; i < 20; i++) {
            engine.replace(id, "/", List.of(large(i % 2 == 0 ? "b" : "c")));
        }
        DOCKER.docker("exec", id, "touch", "/enough");
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (engine.files(id, "/ended", 10).isEmpty() && System.nanoTime() < end) {
            Thread.sleep(50);
        }
        assertThat(engine.files(id, "/ended", 10)).as("the reader ended").isPresent();
        assertThat(engine.files(id, "/torn", 100_000)).isEmpty();
        assertThat(engine.files(id, "/etc/large", 2_000_000)).contains(List.of(large("c")));
        assertThat(DOCKER.docker("exec", id, "ls", "-a", "/etc")).doesNotContain("portolan");
    }

    private static ContainerFile large(String text) {
        return new ContainerFile(
                "/etc/large", 0600, 101, 102, text.repeat(700_000).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    protected void foreign(String name) {
        DOCKER.docker("create", "--name", name, DOCKER.busybox());
    }

    @Override
    protected void pass(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static NetworkSpec network(String name, String pool) {
        return new NetworkSpec(name, Map.of(Labels.INSTALLATION, INSTALLATION), pool, 26);
    }

    @Test
    void networks_that_are_made_at_once_get_subnets_of_their_own_until_the_pool_is_used_up() throws Exception {
        DOCKER.docker("network", "create", "--subnet", "10.232.0.64/26", "contract-theirs");
        List<Future<Network>> made = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 3; i++) {
                NetworkSpec spec = network("contract-" + i, "10.232.0.0/24");
                made.add(threads.submit(() -> engine.ensureNetwork(spec)));
            }
        }
        Set<String> subnets = new TreeSet<>();
        for (Future<Network> network : made) {
            subnets.add(network.get().subnet());
        }
        assertThat(subnets).containsExactly("10.232.0.0/26", "10.232.0.128/26", "10.232.0.192/26");
        assertRefused(Reason.IN_USE, () -> engine.ensureNetwork(network("contract-more", "10.232.0.0/24")));
        assertRefused(Reason.IN_USE, () -> engine.requireNetwork(network("contract-more", "10.232.0.0/24")));
        engine.requireNetwork(network("contract-1", "10.232.0.0/24"));
        engine.requireNetwork(network("contract-more", "10.233.0.0/24"));
        assertRefused(Reason.REFUSED, () -> engine.ensureNetwork(network("contract-more", "10.232.0.0/28")));
    }

    @Test
    void a_network_is_not_removed_for_an_id_that_begins_so() {
        String id =
                engine.ensureNetwork(network("contract-kept", "10.232.0.0/24")).id();
        engine.removeNetwork(id.substring(0, 8));
        assertThat(engine.observe().networks()).hasSize(1);
    }

    @Test
    void a_container_is_made_for_its_images_platform_and_for_no_other() {
        Platform own = engine.image(good()).orElseThrow().platform().orElseThrow();
        Platform other = Platform.of("linux", own.architecture().equals("arm64") ? "amd64" : "arm64", "");
        assertThat(engine.create(built(1, own))).isNotEmpty();
        assertThatThrownBy(() -> engine.create(built(2, other)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("platform")
                .hasMessageContaining(other.toString());
    }

    private ContainerSpec built(int n, Platform platform) {
        ContainerSpec plain = spec(n);
        Definition definition = Definition.of(Map.of("image", good(), Platform.KEY, platform.toString()));
        return new ContainerSpec(
                plain.name(),
                ServiceSpec.from("web", definition),
                good(),
                plain.env(),
                plain.command(),
                plain.entrypoint(),
                plain.labels(),
                "",
                List.of(),
                List.of(),
                List.of(),
                "no");
    }

    @Test
    void the_verdict_of_a_containers_own_check_is_shown_in_the_list_and_in_full() throws Exception {
        Map<String, Object> check =
                Map.of("Test", List.of("CMD", "true"), "Interval", 300_000_000L, "Timeout", 5_000_000_000L);
        ContainerSpec plain = spec(1);
        String id = engine.create(new ContainerSpec(
                plain.name(),
                ServiceSpec.from("web", Definition.of(Map.of("docker", Map.of("Healthcheck", check)))),
                plain.image(),
                plain.env(),
                plain.command(),
                plain.entrypoint(),
                plain.labels(),
                "",
                List.of(),
                List.of(),
                List.of(),
                "no"));
        engine.start(id);
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (verdict(id) != Container.Verdict.HEALTHY && System.nanoTime() < end) {
            assertThat(verdict(id)).isNotEqualTo(Container.Verdict.UNHEALTHY);
            Thread.sleep(50);
        }
        assertThat(verdict(id)).isEqualTo(Container.Verdict.HEALTHY);
        assertThat(engine.inspect(id).orElseThrow().verdict()).isEqualTo(Container.Verdict.HEALTHY);
    }

    private Container.Verdict verdict(String id) {
        return engine.containers().stream()
                .filter(container -> container.id().equals(id))
                .findFirst()
                .orElseThrow()
                .verdict();
    }

    @Test
    void the_engine_takes_every_option_that_this_machine_allows() {
        Map<String, Object> keys = new HashMap<>();
        keys.put("user", "1000:1000");
        keys.put("working_dir", "/tmp");
        keys.put("hostname", "aboard");
        keys.put("cap_drop", List.of("ALL"));
        keys.put("cap_add", List.of("NET_BIND_SERVICE"));
        keys.put("security_opt", List.of("no-new-privileges"));
        keys.put("devices", List.of("/dev/null:/dev/nothing:r"));
        keys.put("read_only", true);
        keys.put("init", true);
        keys.put("dns", List.of("10.0.0.2"));
        keys.put("extra_hosts", List.of("db:10.0.0.3"));
        keys.put("docker", Map.of("HostConfig", Map.of("Tmpfs", Map.of("/run", "size=1m"), "PidsLimit", 50L)));
        ContainerSpec plain = spec(1);
        ContainerSpec spec = new ContainerSpec(
                plain.name(),
                ServiceSpec.from("web", Definition.of(keys)),
                plain.image(),
                plain.env(),
                PrivateDocker.sh("id -u; pwd; hostname; echo $GREETING; grep db /etc/hosts; touch /x || echo sealed"),
                plain.entrypoint(),
                plain.labels(),
                "",
                List.of(),
                List.of(),
                List.of(new ContainerSpec.Mount(
                        false, DOCKER.folder().resolve("made/by engine").toString(), "/mnt", true)),
                "no");
        String id = engine.create(spec);
        engine.start(id);
        await(() -> engine.inspect(id).orElseThrow().state() == Container.State.EXITED);
        assertThat(engine.tail(id, 20))
                .contains("1000", "/tmp", "aboard", "hello", "sealed")
                .anyMatch(line -> line.startsWith("10.0.0.3"));
        assertThat(DOCKER.docker("inspect", "-f", "{{.HostConfig.PidsLimit}} {{.HostConfig.Init}}", id)
                        .strip())
                .isEqualTo("50 true");
    }
}
