package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.Failure;

class DockerEndpointTest {
    @TempDir
    Path home;

    private DockerEndpoint read(String... pairs) {
        Map<String, String> environment = new HashMap<>(Map.of("HOME", home.toString()));
        for (int i = 0; i < pairs.length; i += 2) {
            environment.put(pairs[i], pairs[i + 1]);
        }
        return DockerEndpoint.fromEnvironment(environment);
    }

    private void context(String name, String meta) throws IOException {
        Path folder = home.resolve(".docker/contexts/meta").resolve(DockerContexts.digest(name));
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("meta.json"), meta);
    }

    @Test
    void is_the_usual_socket_when_nothing_is_said() {
        DockerEndpoint endpoint = read();
        assertThat(endpoint.address()).isEqualTo("unix:///var/run/docker.sock");
        assertThat(endpoint.local()).isTrue();
        assertThat(endpoint.configuration()).isEqualTo(home.resolve(".docker"));
    }

    @Test
    void docker_host_may_be_a_socket_or_an_address_with_or_without_port() {
        assertThat(read("DOCKER_HOST", "unix:///x/y.sock").socket()).isEqualTo(Path.of("/x/y.sock"));
        assertThat(read("DOCKER_HOST", "tcp://10.0.0.1:1234").address()).isEqualTo("tcp://10.0.0.1:1234");
        assertThat(read("DOCKER_HOST", "tcp://10.0.0.1").address()).isEqualTo("tcp://10.0.0.1:2375");
        assertThat(read("DOCKER_HOST", "engine.internal:2375").address()).isEqualTo("tcp://engine.internal:2375");
        assertThat(read("DOCKER_HOST", "tcp://[::1]:2375").address()).isEqualTo("tcp://[::1]:2375");
        assertThat(read("DOCKER_HOST", "tcp://h", "DOCKER_TLS_VERIFY", "1").address())
                .isEqualTo("tcp://h:2376");
    }

    @Test
    void tls_is_spoken_when_asked_for_with_certificates_where_docker_keeps_them() {
        assertThat(read("DOCKER_HOST", "tcp://h", "DOCKER_CERT_PATH", "/c").tls())
                .isEmpty();
        DockerEndpoint verified = read("DOCKER_HOST", "tcp://h", "DOCKER_TLS_VERIFY", "1", "DOCKER_CERT_PATH", "/c");
        assertThat(verified.tls()).contains(Path.of("/c"));
        assertThat(verified.verify()).isTrue();
        DockerEndpoint trusting = read("DOCKER_HOST", "tcp://h", "DOCKER_TLS", "1");
        assertThat(trusting.tls()).contains(home.resolve(".docker"));
        assertThat(trusting.verify()).isFalse();
    }

    @Test
    void a_context_is_chosen_by_variable_or_by_the_configuration() throws IOException {
        context("lab", "{\"Name\":\"lab\",\"Endpoints\":{\"docker\":{\"Host\":\"tcp://lab:2375\"}}}");
        context("own", "{\"Name\":\"own\",\"Endpoints\":{\"docker\":{\"Host\":\"unix:///own.sock\"}}}");
        assertThat(read("DOCKER_CONTEXT", "lab").address()).isEqualTo("tcp://lab:2375");
        Files.writeString(home.resolve(".docker/config.json"), "{\"currentContext\":\"own\"}");
        assertThat(read().address()).isEqualTo("unix:///own.sock");
        assertThat(read("DOCKER_CONTEXT", "default").address()).isEqualTo("unix:///var/run/docker.sock");
        assertThat(read("DOCKER_CONTEXT", "lab", "DOCKER_HOST", "unix:///z").address())
                .isEqualTo("unix:///z");
        assertThat(read("DOCKER_CONFIG", home.resolve("none").toString()).address())
                .isEqualTo("unix:///var/run/docker.sock");
    }

    @Test
    void a_context_brings_its_certificates() throws IOException {
        context("tls", "{\"Endpoints\":{\"docker\":{\"Host\":\"tcp://h:2376\",\"SkipTLSVerify\":false}}}");
        Path folder = home.resolve(".docker/contexts/tls")
                .resolve(DockerContexts.digest("tls"))
                .resolve("docker");
        Files.createDirectories(folder);
        DockerEndpoint endpoint = read("DOCKER_CONTEXT", "tls");
        assertThat(endpoint.tls()).contains(folder);
        assertThat(endpoint.verify()).isTrue();
    }

    @Test
    void what_cannot_be_used_is_said_with_what_to_do() {
        assertThatThrownBy(() -> read("DOCKER_CONTEXT", "nowhere"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("\"nowhere\"");
        assertThatThrownBy(() -> read("DOCKER_HOST", "ssh://me@host"))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.what()).contains("ssh:// is not supported");
                    assertThat(failure.hint().orElseThrow()).contains("forward the engine's socket");
                });
        assertThatThrownBy(() -> read("DOCKER_HOST", "tcp://h:2375/path")).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> read("DOCKER_HOST", "tcp://h h")).isInstanceOf(Failure.class);
    }

    @Test
    void a_broken_configuration_is_named_but_not_quoted() throws IOException {
        Files.createDirectories(home.resolve(".docker"));
        Files.writeString(home.resolve(".docker/config.json"), "{\"auths\": secret");
        assertThatThrownBy(this::read)
                .isInstanceOf(Failure.class)
                .hasMessageContaining("config.json")
                .hasMessageNotContaining("secret");
    }

    @Test
    void shows_no_variable_of_its_environment() {
        assertThat(read("TOKEN", "hush").toString()).doesNotContain("hush");
    }
}
