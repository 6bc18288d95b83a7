package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.container.ContainerSpec.Mount;
import org.portolan.model.container.ContainerSpec.Publish;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.ServiceSpec.ContainerOptions;
import org.portolan.model.service.ServiceSpec.Logging;
import org.portolan.model.service.ServiceSpec.Resources;
import org.portolan.model.service.ServiceSpec.Stop;
import org.portolan.model.service.ServiceSpec.Ulimit;

class CreateRequestTest {
    private static final ServiceSpec PLAIN = ServiceSpec.from("web", Definition.of(Map.of("image", "web:1")));

    private static ServiceSpec with(ContainerOptions options, Resources resources, Stop stop) {
        return new ServiceSpec(
                PLAIN.name(),
                PLAIN.image(),
                PLAIN.imageId(),
                PLAIN.command(),
                PLAIN.entrypoint(),
                PLAIN.env(),
                PLAIN.inheritedEnv(),
                PLAIN.volumes(),
                PLAIN.files(),
                PLAIN.backup(),
                PLAIN.ports(),
                PLAIN.silent(),
                PLAIN.wanMap(),
                PLAIN.maxConnections(),
                PLAIN.health(),
                PLAIN.rollout(),
                stop,
                PLAIN.restart(),
                PLAIN.pull(),
                PLAIN.require(),
                resources,
                options,
                PLAIN.jobs(),
                PLAIN.completes(),
                PLAIN.databases(),
                PLAIN.platform());
    }

    private static ContainerSpec container(ServiceSpec spec, String network, List<Publish> ports, List<Mount> mounts) {
        return new ContainerSpec(
                "shop-web-1-1",
                spec,
                "sha256:1",
                new TreeMap<>(Map.of("A", "1", "B", "x=y")),
                List.of("serve", "--fast"),
                Optional.of(List.of()),
                new TreeMap<>(Map.of("l", "v")),
                network,
                network.isEmpty() ? List.of() : List.of("web"),
                ports,
                mounts,
                "on-failure:3");
    }

    private static String json(ContainerSpec spec) {
        return new String(DockerJson.write(sorted(CreateRequest.of(spec))), StandardCharsets.UTF_8);
    }

    /** Immutable maps have no defined order. */
    private static Object sorted(Object node) {
        if (node instanceof Map<?, ?> map) {
            Map<String, Object> copy = new TreeMap<>();
            map.forEach((key, value) -> copy.put(String.valueOf(key), sorted(value)));
            return copy;
        }
        return node instanceof List<?> list
                ? list.stream().map(CreateRequestTest::sorted).toList()
                : node;
    }

    @Test
    void sets_only_what_the_service_says() {
        ContainerSpec bare = new ContainerSpec(
                "x-y-1-1",
                PLAIN,
                "web:1",
                Map.of(),
                List.of(),
                Optional.empty(),
                Map.of(),
                "",
                List.of(),
                List.of(),
                List.of(),
                "no");
        assertThat(json(bare))
                .isEqualTo("{\"Env\":[],\"HostConfig\":{\"RestartPolicy\":{\"Name\":\"no\"}},\"Image\":\"web:1\","
                        + "\"Labels\":{},\"StopTimeout\":10}");
    }

    @Test
    void publishes_ports_joins_the_network_and_mounts() {
        String json = json(container(
                PLAIN,
                "shop",
                List.of(
                        new Publish("10.1.0.1", 21001, 80),
                        new Publish("127.0.0.1", 21001, 80),
                        new Publish("10.1.0.1", 21002, 81)),
                List.of(
                        new Mount(true, "shop-web-data", "/data", false),
                        new Mount(false, "/etc/x", "/x", true),
                        new Mount(false, "/with:colon", "/y", false))));
        assertThat(json)
                .isEqualTo("{\"Cmd\":[\"serve\",\"--fast\"],\"Entrypoint\":[],\"Env\":[\"A=1\",\"B=x=y\"],"
                        + "\"ExposedPorts\":{\"80/tcp\":{},\"81/tcp\":{}},"
                        + "\"HostConfig\":{\"Binds\":[\"/etc/x:/x:ro\"],"
                        + "\"Mounts\":[{\"ReadOnly\":false,\"Source\":\"shop-web-data\",\"Target\":\"/data\",\"Type\":\"volume\"},"
                        + "{\"ReadOnly\":false,\"Source\":\"/with:colon\",\"Target\":\"/y\",\"Type\":\"bind\"}],"
                        + "\"NetworkMode\":\"shop\","
                        + "\"PortBindings\":{\"80/tcp\":[{\"HostIp\":\"10.1.0.1\",\"HostPort\":\"21001\"},"
                        + "{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"21001\"}],"
                        + "\"81/tcp\":[{\"HostIp\":\"10.1.0.1\",\"HostPort\":\"21002\"}]},"
                        + "\"RestartPolicy\":{\"MaximumRetryCount\":3,\"Name\":\"on-failure\"}},"
                        + "\"Image\":\"sha256:1\",\"Labels\":{\"l\":\"v\"},"
                        + "\"NetworkingConfig\":{\"EndpointsConfig\":{\"shop\":{\"Aliases\":[\"web\"]}}},"
                        + "\"StopTimeout\":10}");
    }

    @Test
    void knows_every_option() {
        ContainerOptions options = new ContainerOptions(
                true,
                Optional.of("1000:1000"),
                Optional.of("/srv"),
                Optional.of("web"),
                new TreeMap<>(),
                List.of("NET_ADMIN"),
                List.of("ALL"),
                List.of("no-new-privileges"),
                List.of("/dev/fuse", "/dev/a:/dev/b", "/dev/c:/dev/d:r", "/dev/e:rw"),
                1 << 20,
                true,
                new TreeMap<>(Map.of("/run", "size=1m")),
                new TreeMap<>(Map.of("net.core.somaxconn", "1024")),
                new TreeMap<>(Map.of("nofile", new Ulimit(100, 200))),
                List.of("10.0.0.2"),
                List.of("db:10.0.0.3"),
                Optional.of("host"),
                Optional.of("private"),
                true,
                Optional.of("host"),
                List.of(),
                List.of(),
                Optional.of(new Logging("json-file", new TreeMap<>(Map.of("max-size", "1m")))),
                new TreeMap<>());
        Resources resources = new Resources(0.5, 512 << 20, 1L << 30, 256, 100);
        Stop stop = new Stop(Duration.ZERO, Duration.ofMillis(2500), Optional.of("QUIT"));
        String json = json(container(with(options, resources, stop), "", List.of(), List.of()));
        assertThat(json)
                .contains("\"User\":\"1000:1000\"", "\"WorkingDir\":\"/srv\"", "\"Hostname\":\"web\"")
                .contains("\"StopSignal\":\"QUIT\"", "\"StopTimeout\":3")
                .contains("\"Privileged\":true", "\"ReadonlyRootfs\":true", "\"Init\":true", "\"ShmSize\":1048576")
                .contains("\"CapAdd\":[\"NET_ADMIN\"]", "\"CapDrop\":[\"ALL\"]")
                .contains("\"SecurityOpt\":[\"no-new-privileges\"]")
                .contains("\"Tmpfs\":{\"/run\":\"size=1m\"}", "\"Sysctls\":{\"net.core.somaxconn\":\"1024\"}")
                .contains("\"Ulimits\":[{\"Hard\":200,\"Name\":\"nofile\",\"Soft\":100}]")
                .contains("\"Dns\":[\"10.0.0.2\"]", "\"ExtraHosts\":[\"db:10.0.0.3\"]")
                .contains("\"PidMode\":\"host\"", "\"IpcMode\":\"private\"", "\"NetworkMode\":\"host\"")
                .contains("\"LogConfig\":{\"Config\":{\"max-size\":\"1m\"},\"Type\":\"json-file\"}")
                .contains("\"NanoCpus\":500000000", "\"Memory\":536870912", "\"MemorySwap\":1073741824")
                .contains("\"CpuShares\":256", "\"PidsLimit\":100")
                .contains(
                        "{\"CgroupPermissions\":\"rwm\",\"PathInContainer\":\"/dev/fuse\",\"PathOnHost\":\"/dev/fuse\"}")
                .contains("{\"CgroupPermissions\":\"rwm\",\"PathInContainer\":\"/dev/b\",\"PathOnHost\":\"/dev/a\"}")
                .contains("{\"CgroupPermissions\":\"r\",\"PathInContainer\":\"/dev/d\",\"PathOnHost\":\"/dev/c\"}")
                .contains("{\"CgroupPermissions\":\"rw\",\"PathInContainer\":\"/dev/e\",\"PathOnHost\":\"/dev/e\"}");
    }

    @Test
    void a_name_in_another_case_is_the_same_name_and_a_users_own_is_not() {
        Map<String, Object> docker = Map.of(
                "hostconfig", Map.of("init", true, "SYSCTLS", Map.of("net.Core", "1")), "USER", Map.of("secret", "me"));
        ServiceSpec spec = ServiceSpec.from(
                "web",
                Definition.of(Map.of(
                        "image",
                        "web:1",
                        "user",
                        "you",
                        "init",
                        true,
                        "sysctls",
                        Map.of("net.core", "2"),
                        "docker",
                        docker)));
        Map<String, Object> body = CreateRequest.of(container(spec, "shop", List.of(), List.of()));
        assertThat(body).containsEntry("User", "me").doesNotContainKeys("hostconfig", "USER");
        assertThat(body.get("HostConfig")).isInstanceOfSatisfying(Map.class, host -> assertThat(host.toString())
                .contains("Sysctls={net.core=2, net.Core=1}")
                .doesNotContain("init=", "SYSCTLS"));
    }

    @Test
    void lays_the_docker_map_over_the_rest_key_by_key() {
        Map<String, Object> docker = Map.of(
                "Domainname",
                "example",
                "HostConfig",
                Map.of("OomScoreAdj", 5L, "RestartPolicy", Map.of("Name", "always")));
        ServiceSpec spec = ServiceSpec.from("web", Definition.of(Map.of("image", "web:1", "docker", docker)));
        String json = json(container(spec, "shop", List.of(), List.of()));
        assertThat(json)
                .contains("\"Domainname\":\"example\"", "\"OomScoreAdj\":5")
                .contains("\"NetworkMode\":\"shop\"")
                .contains("\"RestartPolicy\":{\"MaximumRetryCount\":3,\"Name\":\"always\"}");
    }
}
