package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {
    private static final String TIME = "2026-11-21T04:00:00.123456789Z";
    private static final String LATER = "2026-11-21T04:00:00.223456789Z";
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
    void an_endless_line_comes_in_bounded_pieces_and_never_within_a_character() {
        String text = "aä€😀".repeat(250_000);
        feed(TIME + " ");
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assembler.accept(bytes, bytes.length);
        feed("\n");
        assertThat(lines).hasSize(3).allMatch(line -> line.getBytes(StandardCharsets.UTF_8).length <= Lines.MAX);
        assertThat(String.join("", lines)).isEqualTo(text);
    }

    @Test
    void the_entries_of_a_long_line_are_joined_and_their_times_taken_off() {
        String first = "x".repeat(16 << 10);
        String second = "y".repeat(16 << 10);
        entry(TIME + " " + first);
        entry(LATER + " " + second);
        entry(LATER + " end\n");
        entry(TIME + " next\n");
        assertThat(lines).containsExactly(first + second + "end", "next");
        assertThat(times).containsExactly(Instant.parse(LATER), Instant.parse(TIME));
    }

    @Test
    void so_are_they_where_a_terminal_has_no_frames() {
        String first = "x".repeat(16 << 10);
        feed(TIME + " " + first + LATER + " end\r\n" + TIME + " next\r\n");
        assertThat(lines).containsExactly(first + "end", "next");
    }

    @Test
    void a_time_within_the_text_stays_there() {
        feed(TIME + " " + TIME + " is a time\n");
        entry(TIME + " short");
        feed(" " + LATER + " goes on\n");
        feed(TIME + " " + "z".repeat(16 << 10) + "no time\n");
        assertThat(lines)
                .containsExactly(TIME + " is a time", "short " + LATER + " goes on", "z".repeat(16 << 10) + "no time");
    }

    @Test
    void every_character_stays_whole_wherever_the_stream_is_cut() {
        String text = TIME + " grün €uro 😀\n";
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            assembler.accept(new byte[] {b}, 1);
        }
        assertThat(lines).containsExactly("grün €uro 😀");
    }

    private void entry(String text) {
        assembler.entry();
        feed(text);
    }
}
