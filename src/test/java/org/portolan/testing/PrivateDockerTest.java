package org.portolan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("real")
class PrivateDockerTest {
    private final PrivateDocker docker = PrivateDocker.shared();

    @Test
    void runs_an_image_made_of_busybox_and_files() {
        docker.image("test/hello:1", Map.of("/greeting", "hello"), List.of("cat", "/greeting"), List.of(80));
        assertThat(docker.docker("run", "--rm", "test/hello:1")).isEqualTo("hello");
    }

    @Test
    void makes_an_image_once_and_again_when_its_content_changes() {
        String first = docker.image("test/twice:1", Map.of(), List.of("true"), List.of());
        assertThat(docker.image("test/twice:1", Map.of(), List.of("true"), List.of()))
                .isEqualTo(first);
        assertThat(docker.image("test/twice:1", Map.of(), List.of("false"), List.of()))
                .isNotEqualTo(first);
    }
}
