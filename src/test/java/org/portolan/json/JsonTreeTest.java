package org.portolan.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonTreeTest {
    private static @Nullable Object read(String text) throws IOException {
        return JsonTree.read(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsReadIsWrittenAgain() throws IOException {
        String text = "{\"b\":[1,\"q\\\"ü\\u0001\",true,null,2.5,[]],\"a\":{}}";
        assertThat(JsonTree.text(read(text), false)).isEqualTo(text);
        assertThat(new String(JsonTree.bytes(read(text)), StandardCharsets.UTF_8))
                .isEqualTo(text);
    }

    @Test
    void aNameThatIsThereTwiceIsRefusedWithoutBeingQuoted() throws IOException {
        assertThatThrownBy(() -> read("{\"a\":{\"secret\":null,\n\"b\":1,\"secret\":2}}"))
                .isInstanceOf(NotJson.class)
                .hasMessageStartingWith("an object has a name twice (line 2, column ")
                .hasMessageNotContaining("secret");
        assertThat(read("[{\"a\":1},{\"a\":1}]")).isNotNull();
    }

    @Test
    void prettyTextIsForPeople() {
        assertThat(JsonTree.text(Map.of("a", List.of(1, 2)), true)).isEqualTo("{\n  \"a\" : [ 1, 2 ]\n}");
    }

    @Test
    void aPageIsLaidOutAsEditorsDo() {
        Map<String, Object> tree = new TreeMap<>(Map.of("a", List.of(1, "b"), "c", Map.of(), "d", List.of()));
        assertThat(JsonTree.page(tree)).isEqualTo("""
                {
                  "a": [1, "b"],
                  "c": {},
                  "d": []
                }
                """);
    }

    @Test
    void valuesThatFollowEachOtherAreReadOneByOne() throws IOException {
        List<Object> values = new ArrayList<>();
        try (JsonStream stream = JsonStream.of("{\"a\":1}\n[2] null".getBytes(StandardCharsets.UTF_8))) {
            while (stream.next()) {
                values.add(JsonTree.text(stream.value(), false));
            }
        }
        assertThat(values).containsExactly("{\"a\":1}", "[2]", "null");
    }

    @Test
    void aStrictViewNamesWhatIsMissingOrWrong() throws IOException {
        StrictJson json = StrictJson.of(read("{\"a\":[{\"n\":1,\"t\":\"x\",\"big\":4294967296,\"no\":null}]}"));
        StrictJson first = json.at("a").list().getFirst();
        assertThat(first.number("n")).isEqualTo(1);
        assertThat(first.find("no")).isEmpty();
        assertThat(first.textOrEmpty("none")).isEmpty();
        assertThatThrownBy(() -> first.text("none"))
                .isInstanceOf(JsonMismatch.class)
                .hasMessage("a[0].none is missing, it should be a text");
        assertThatThrownBy(() -> first.text("n")).hasMessage("a[0].n should be a text");
        assertThatThrownBy(() -> first.flag("t")).hasMessage("a[0].t should be true or false");
        assertThatThrownBy(() -> first.number("big")).hasMessage("a[0].big should be a whole number of 32 bits");
        assertThatThrownBy(() -> first.at("t").at("deeper")).hasMessage("a[0].t should be a map");
        assertThatThrownBy(() -> first.at("t").constant(Thread.State.values()))
                .hasMessage("a[0].t is one that this version does not know");
        assertThatThrownBy(() -> StrictJson.of(read("[]")).text("a")).hasMessage("it should be a map");
    }

    @Test
    void valuesAreCountedBeforeTheyAreRead() {
        assertThat(JsonTree.values("{\"a\":[1,{},null,\"x\"]}".getBytes(StandardCharsets.UTF_8), 100))
                .isEqualTo(6);
        assertThat(JsonTree.values(("[" + "{},".repeat(1_000)).getBytes(StandardCharsets.UTF_8), 100))
                .isEqualTo(101);
        assertThat(JsonTree.values("[1,]".getBytes(StandardCharsets.UTF_8), 100))
                .isEqualTo(2);
    }

    @Test
    void whatIsNoJsonIsRefused() {
        for (String text : List.of("{\"a\":", "[1,", "", " ", "1 2", "{} {}", "\0\0", "[1}", "{\"a\":NaN}")) {
            assertThatThrownBy(() -> read(text)).isInstanceOf(NotJson.class);
        }
        assertThatThrownBy(() -> read("{\"a\":\n secret}"))
                .isInstanceOf(NotJson.class)
                .hasMessageStartingWith("it is not JSON (line 2, column ")
                .message()
                .doesNotContain("secret");
        assertThatThrownBy(() -> read("[".repeat(200) + "]".repeat(200))).hasMessageContaining("deeper than 100");
        assertThatThrownBy(() -> JsonTree.bytes(Instant.EPOCH)).isInstanceOf(IllegalArgumentException.class);
    }
}
