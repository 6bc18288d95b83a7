package org.portolan.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.portolan.engine.Image;

class ImageIdentityTest {
    @Test
    void theDigestOfTheReferencesOwnRepositoryComesFirst() {
        Image image = image("sha256:id", "a/web@sha256:one", "registry.example.org:5000/web@sha256:two");
        assertThat(ImageIdentity.of("registry.example.org:5000/web:1.0", image))
                .containsExactly("sha256:two", "sha256:one", "sha256:id");
    }

    @Test
    void theOrderThatTheEngineTellsDoesNotCount() {
        List<String> one = ImageIdentity.of("web", image("sha256:id", "a@sha256:1", "b@sha256:2"));
        List<String> other = ImageIdentity.of("web", image("sha256:id", "b@sha256:2", "a@sha256:1"));
        assertThat(one).isEqualTo(other);
    }

    @Test
    void anImageThatWasInNoRegistryIsItsId() {
        assertThat(ImageIdentity.of("web", image("sha256:id"))).containsExactly("sha256:id");
    }

    private static Image image(String id, String... digests) {
        return new Image(id, List.of(), List.of(digests), List.of(), Optional.empty());
    }
}
