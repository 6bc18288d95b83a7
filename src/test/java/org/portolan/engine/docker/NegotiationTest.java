package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.engine.EngineException;
import org.portolan.engine.EngineException.Reason;
import org.portolan.model.Failure;
import org.portolan.model.Platform;
import org.portolan.model.container.ContainerSpec;
import org.portolan.model.container.EngineInfo;
import org.portolan.model.service.Definition;
import org.portolan.model.service.ServiceSpec;

class NegotiationTest {
    @TempDir
    Path folder;

    private FakeEngine fake;
    private DockerEngine engine;

    @BeforeEach
    void begin() throws IOException {
        fake = new FakeEngine(folder);
        engine = DockerEngine.connect(DockerEndpoint.unix(fake.socket(), folder), Duration.ofSeconds(5));
    }

    @AfterEach
    void end() throws IOException {
        engine.close();
        fake.close();
    }

    @Test
    void says_nothing_before_it_is_used_and_greets_once() {
        assertThat(fake.connections).hasValue(0);
        fake.answer(FakeEngine.ok("OK"), FakeEngine.ok("{\"ID\":\"x\",\"ServerVersion\":\"27\"}"), FakeEngine.ok("{}"));
        assertThat(engine.info().apiVersion()).isEqualTo("1.45");
        engine.info();
        assertThat(fake.requests).containsExactly("GET /_ping", "GET /v1.45/info", "GET /v1.45/info");
    }

    @Test
    void knows_an_engine_that_cannot_change_a_container() {
        for (String refusal : new String[] {
            "{\"cause\":\"\",\"message\":\"Path /v1.41/containers/x/update is not supported\",\"response\":0}",
            "404 page not found"
        }) {
            fake.answer(FakeEngine.ok("OK"), FakeEngine.with(404, "", refusal));
            try (DockerEngine other =
                    DockerEngine.connect(DockerEndpoint.unix(fake.socket(), folder), Duration.ofSeconds(5))) {
                assertThat(other.missingCalls()).singleElement().asString().contains("/update");
            }
        }
        fake.answer(
                FakeEngine.ok("OK"),
                FakeEngine.with(404, "", "{\"message\":\"No such container: portolan-no-such-container\"}"));
        assertThat(engine.missingCalls()).isEmpty();
        assertThat(fake.requests).contains("POST /v1.45/containers/portolan-no-such-container/update");
    }

    @Test
    void names_the_platform_when_it_pulls_and_creates_and_nothing_without_one() {
        String image =
                "{\"Id\":\"sha256:1\",\"Os\":\"linux\",\"Architecture\":\"arm\",\"Variant\":\"v7\",\"Config\":{}}";
        Platform arm = Platform.of("linux", "arm", "v7");
        fake.answer(FakeEngine.ok("OK"), FakeEngine.ok("{\"status\":\"done\"}"), FakeEngine.ok(image));
        assertThat(engine.pull("web:1", Optional.of(arm), line -> {}).platform())
                .contains(arm);
        for (String keys : List.of("linux/arm/v7", "")) {
            Definition plain = Definition.of(Map.of("image", "web:1"));
            ServiceSpec spec = ServiceSpec.from("web", keys.isEmpty() ? plain : plain.with(Platform.KEY, keys));
            fake.answer(FakeEngine.with(201, "", "{\"Id\":\"c1\"}"));
            engine.create(new ContainerSpec(
                    "shop-web-1-1",
                    spec,
                    spec.image(),
                    Map.of(),
                    List.of(),
                    Optional.empty(),
                    Map.of(),
                    "",
                    List.of(),
                    List.of(),
                    List.of(),
                    "no"));
        }
        assertThat(fake.requests)
                .contains(
                        "POST /v1.45/images/create?fromImage=web&tag=1&platform=linux%2Farm%2Fv7",
                        "POST /v1.45/containers/create?name=shop-web-1-1&platform=linux%2Farm%2Fv7",
                        "POST /v1.45/containers/create?name=shop-web-1-1");
    }

    @Test
    void tells_whom_a_mapping_engine_takes_for_root() {
        fake.answer(
                FakeEngine.ok("OK"),
                FakeEngine.ok("{\"DockerRootDir\":\"/var/lib/docker/100000.100001\",\"SecurityOptions\":"
                        + "[\"name=seccomp,profile=default\",\"name=userns\"]}"),
                FakeEngine.ok("{\"DockerRootDir\":\"/srv/1.1\",\"SecurityOptions\":[\"name=seccomp\"]}"));
        assertThat(engine.info().remapped()).contains(new EngineInfo.Owner(100000, 100001));
        assertThat(engine.info().remapped()).isEmpty();
    }

    @Test
    void goes_on_with_the_version_that_a_changed_engine_asks_for() {
        fake.answer(
                FakeEngine.ok("OK"),
                FakeEngine.with(
                        400,
                        "",
                        "{\"message\":\"client version 1.45 is too new. Maximum supported API version is 1.42\"}"),
                FakeEngine.ok("{\"ID\":\"x\"}"));
        assertThat(engine.info().apiVersion()).isEqualTo("1.42");
        assertThat(fake.requests).contains("GET /v1.45/info", "GET /v1.42/info");
    }

    @Test
    void stops_with_the_signal_in_one_call_where_the_engine_can() {
        fake.answer(FakeEngine.ok("OK"), "HTTP/1.1 204 No Content\r\n\r\n");
        engine.stop("x", java.util.Optional.of("QUIT"), Duration.ofSeconds(2));
        assertThat(fake.requests).contains("POST /v1.45/containers/x/stop?t=2&signal=QUIT");
    }

    @Test
    void what_is_no_docker_engine_is_named() {
        fake.answer(FakeEngine.ok("OK"), FakeEngine.ok("<html>"));
        assertThatThrownBy(engine::info)
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("is not a Docker Engine");
    }

    @Test
    void a_call_without_answer_names_address_call_and_deadline() {
        try (DockerEngine hasty =
                DockerEngine.connect(DockerEndpoint.unix(fake.socket(), folder), Duration.ofMillis(200))) {
            assertThatThrownBy(hasty::observe).isInstanceOfSatisfying(EngineException.class, gone -> {
                assertThat(gone.reason()).isEqualTo(Reason.UNREACHABLE);
                assertThat(gone.what()).contains(fake.socket().toString(), "/_ping", "200ms");
                assertThat(gone.hint()).isPresent();
                assertThat(gone.kind()).isEqualTo(Failure.Kind.UNREACHABLE);
            });
        }
    }

    @Test
    void a_missing_socket_is_said_with_what_to_do() {
        try (DockerEngine none =
                DockerEngine.connect(DockerEndpoint.unix(folder.resolve("none"), folder), Duration.ofSeconds(5))) {
            assertThatThrownBy(none::observe).isInstanceOfSatisfying(EngineException.class, gone -> {
                assertThat(gone.reason()).isEqualTo(Reason.UNREACHABLE);
                assertThat(gone.what()).contains("the socket does not exist");
                assertThat(gone.hint().orElseThrow()).contains("DOCKER_HOST");
            });
        }
    }

    @Test
    void a_socket_that_nobody_serves_is_said_with_what_to_do() throws IOException {
        fake.close();
        assertThatThrownBy(engine::observe).isInstanceOfSatisfying(EngineException.class, gone -> {
            assertThat(gone.reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(gone.what()).contains("nothing listens");
            assertThat(gone.hint().orElseThrow()).contains("dockerd");
        });
    }
}
