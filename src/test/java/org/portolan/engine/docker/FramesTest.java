package org.portolan.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FramesTest {
    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();

    private void frame(int kind, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        stream.writeBytes(new byte[] {(byte) kind, 0, 0, 0});
        stream.writeBytes(new byte[] {
            (byte) (bytes.length >> 24), (byte) (bytes.length >> 16), (byte) (bytes.length >> 8), (byte) bytes.length
        });
        stream.writeBytes(bytes);
    }

    private List<String> read(boolean terminal) throws IOException {
        List<String> pieces = new ArrayList<>();
        Frames.read(
                new ByteArrayInputStream(stream.toByteArray()),
                terminal,
                (error, bytes, length) ->
                        pieces.add((error ? "!" : "") + new String(bytes, 0, length, StandardCharsets.UTF_8)));
        return pieces;
    }

    @Test
    void tells_output_from_errors() throws IOException {
        frame(1, "one\n");
        frame(2, "two\n");
        frame(1, "");
        frame(1, "three");
        assertThat(read(false)).containsExactly("one\n", "!two\n", "three");
    }

    @Test
    void a_frame_longer_than_the_buffer_comes_in_pieces() throws IOException {
        String text = "x".repeat(20_000);
        frame(1, text);
        assertThat(String.join("", read(false))).isEqualTo(text);
    }

    @Test
    void a_terminals_output_has_no_frames() throws IOException {
        stream.writeBytes("plain\r\n".getBytes(StandardCharsets.UTF_8));
        assertThat(read(true)).containsExactly("plain\r\n");
    }

    @Test
    void a_stream_that_breaks_off_or_is_something_else_is_an_error() {
        frame(1, "whole");
        stream.writeBytes(new byte[] {1, 0, 0, 0, 0, 0, 0, 9, 'x'});
        assertThatThrownBy(() -> read(false)).isInstanceOf(EOFException.class);
        stream.reset();
        stream.writeBytes("not in frames".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> read(false)).isInstanceOf(IOException.class).hasMessageContaining("frames");
    }
}
