package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {
    private static final String TIME = "2026-11-21T04:00:00.123456789Z";
    private final List<String> lines = new ArrayList<>();
    private final List<Instant> times = new ArrayList<>();
    private final Lines assembler = new Lines((at, text) -> {
        times.add(at);
        lines.add(text);
    });

    private void feed(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assembler.accept(bytes, bytes.length);
    }

    @Test
    void puts_lines_together_and_takes_the_time_off() {
        feed(TIME + " hel");
        feed("lo\n" + TIME + " \n" + TIME + " wörld\r\n");
        assertThat(lines).containsExactly("hello", "", "wörld");
        assertThat(times).containsOnly(Instant.parse(TIME));
    }

    @Test
    void what_is_left_at_the_end_is_a_line() {
        feed(TIME + " no newline");
        assertThat(lines).isEmpty();
        assembler.end();
        assertThat(lines).containsExactly("no newline");
    }

    @Test
    void a_line_without_time_is_kept_whole() {
        feed("just text\n");
        assertThat(lines).containsExactly("just text");
    }

    @Test
    void an_endless_line_comes_in_bounded_pieces() {
        feed(TIME + " ");
        for (int i = 0; i < 5; i++) {
            feed("x".repeat(10_000));
        }
        feed("\n");
        assertThat(lines).hasSize(4).allMatch(line -> line.length() <= Lines.MAX);
        assertThat(String.join("", lines)).isEqualTo("x".repeat(50_000));
    }
}
