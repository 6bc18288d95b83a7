package org.portolan.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonTreeTest {
    private static @Nullable Object read(String text) throws IOException {
        try (var parser = JsonTree.parser(text.getBytes(StandardCharsets.UTF_8))) {
            parser.nextToken();
            return JsonTree.value(parser);
        }
    }

    @Test
    void whatIsReadIsWrittenAgain() throws IOException {
        String text = "{\"b\":[1,\"q\\\"ü\\u0001\",true,null,2.5,[]],\"a\":{}}";
        assertThat(JsonTree.text(read(text), false)).isEqualTo(text);
        assertThat(new String(JsonTree.bytes(read(text)), StandardCharsets.UTF_8))
                .isEqualTo(text);
    }

    @Test
    void prettyTextIsForPeople() {
        assertThat(JsonTree.text(Map.of("a", List.of(1, 2)), true)).isEqualTo("{\n  \"a\" : [ 1, 2 ]\n}");
    }

    @Test
    void whatIsNoJsonIsRefused() {
        assertThatThrownBy(() -> read("{\"a\":")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read("[1,")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read("[".repeat(200) + "]".repeat(200))).hasMessageContaining("deeper than 100");
        assertThatThrownBy(() -> JsonTree.bytes(Instant.EPOCH)).isInstanceOf(IllegalArgumentException.class);
    }
}
