package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.portolan.json.JsonStream;

class DockerJsonTest {
    private static DockerJson json(String text) throws IOException {
        return DockerJson.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void every_question_has_an_answer() throws IOException {
        DockerJson json = json("{\"a\":{\"b\":[1,\"two\",true,null,2.5]},\"labels\":{\"x\":\"y\",\"n\":1}}");
        assertThat(json.at("a").at("b").items()).hasSize(5);
        assertThat(json.at("a").at("b").items().getFirst().number()).isEqualTo(1);
        assertThat(json.at("labels").texts()).isEqualTo(Map.of("x", "y"));
        assertThat(json.at("none").at("deeper").text()).isEmpty();
        assertThat(json.at("none").items()).isEmpty();
        assertThat(json.at("none").flag()).isFalse();
        assertThat(json.at("a").exists()).isTrue();
        assertThat(DockerJson.NOTHING.texts()).isEmpty();
    }

    @Test
    void writes_what_it_reads() throws IOException {
        String text = "{\"a\":[1,\"q\\\"\",true,null,2.5],\"b\":{}}";
        assertThat(new String(DockerJson.write(json(text).node()), StandardCharsets.UTF_8))
                .isEqualTo(text);
        assertThat(new String(DockerJson.write(List.of(Map.of("k", 1))), StandardCharsets.UTF_8))
                .isEqualTo("[{\"k\":1}]");
    }

    @Test
    void reads_one_value_of_a_stream_after_the_other() throws IOException {
        var in = new ByteArrayInputStream("{\"n\":1}\r\n{\"n\":2}\n".getBytes(StandardCharsets.UTF_8));
        try (JsonStream values = JsonStream.of(in)) {
            assertThat(values.next()).isTrue();
            assertThat(values.value()).isEqualTo(Map.of("n", 1L));
            assertThat(values.next()).isTrue();
            assertThat(values.value()).isEqualTo(Map.of("n", 2L));
            assertThat(values.next()).isFalse();
        }
    }

    @Test
    void refuses_what_is_broken_or_too_deep() {
        assertThatThrownBy(() -> json("{\"a\":")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> json("[".repeat(200) + "]".repeat(200))).isInstanceOf(IOException.class);
    }
}
