package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.portolan.engine.EngineException;

class ImageNameTest {
    @Test
    void takes_references_apart() {
        assertThat(ImageName.parse("redis")).isEqualTo(new ImageName("redis", "", ""));
        assertThat(ImageName.parse("rock77/website:1.4")).isEqualTo(new ImageName("rock77/website", "1.4", ""));
        assertThat(ImageName.parse("127.0.0.1:5000/a/b:1")).isEqualTo(new ImageName("127.0.0.1:5000/a/b", "1", ""));
        assertThat(ImageName.parse("127.0.0.1:5000/a")).isEqualTo(new ImageName("127.0.0.1:5000/a", "", ""));
        assertThat(ImageName.parse("a:1@sha256:beef")).isEqualTo(new ImageName("a", "1", "sha256:beef"));
    }

    @Test
    void knows_the_registry() {
        assertThat(ImageName.parse("redis").registry()).isEmpty();
        assertThat(ImageName.parse("rock77/website").registry()).isEmpty();
        assertThat(ImageName.parse("127.0.0.1:5000/a:1").registry()).isEqualTo("127.0.0.1:5000");
        assertThat(ImageName.parse("localhost/a").registry()).isEqualTo("localhost");
        assertThat(ImageName.parse("registry.internal/a").registry()).isEqualTo("registry.internal");
    }

    @Test
    void what_could_leave_the_path_is_no_reference() {
        for (String text : new String[] {"", "../../info", "a b", "a?x=1", "a#b", "a%2f", "/etc", "a//b", "ä"}) {
            assertThatThrownBy(() -> ImageName.parse(text)).as(text).isInstanceOf(EngineException.class);
        }
    }
}
