package org.portolan.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.portolan.model.container.Image;
import org.portolan.model.service.ImageContent;

class ImageIdentityTest {
    @Test
    void theDigestOfTheReferencesOwnRepositoryComesFirst() {
        Image image = image("sha256:id", "a/web@sha256:one", "registry.example.org:5000/web@sha256:two");
        assertThat(names("registry.example.org:5000/web:1.0", image))
                .containsExactly("sha256:two", "sha256:one", "id sha256:id");
    }

    @Test
    void theOrderThatTheEngineTellsDoesNotCount() {
        List<String> one = names("web", image("sha256:id", "a@sha256:1", "b@sha256:2"));
        List<String> other = names("web", image("sha256:id", "b@sha256:2", "a@sha256:1"));
        assertThat(one).isEqualTo(other);
    }

    @Test
    void anImageThatWasInNoRegistryIsItsId() {
        assertThat(names("web", image("sha256:id"))).containsExactly("id sha256:id");
    }

    private static List<String> names(String reference, Image image) {
        return ImageIdentity.of(reference, image).stream()
                .map(content -> (content.kind() == ImageContent.Kind.ID ? "id " : "") + content.value())
                .toList();
    }

    private static Image image(String id, String... digests) {
        return new Image(id, List.of(), List.of(digests), List.of(), Optional.empty());
    }
}
