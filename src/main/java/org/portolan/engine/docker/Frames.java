package org.portolan.engine.docker;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The output of a container or command as the Engine API sends it: without a terminal in frames of one byte for the
 * stream (1 output, 2 error), three of zero, four for the length (big-endian), and the bytes; with a terminal as it is.
 */
final class Frames {

    private Frames() {}

    /** Receives pieces of output, in order; {@code bytes} is used again afterwards. */
    interface Sink {
        void accept(boolean error, byte[] bytes, int length) throws IOException;

        /** A frame begins, which is an entry of a log; not told with a terminal, whose output has no frames. */
        default void frame(boolean error) {}
    }

    /** Reads to the end of the stream. */
    static void read(InputStream in, boolean terminal, Sink sink) throws IOException {
        byte[] buffer = new byte[8192];
        if (terminal) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sink.accept(false, buffer, n);
            }
            return;
        }
        DataInputStream data = new DataInputStream(in);
        byte[] head = new byte[8];
        while (true) {
            int first = data.read();
            if (first < 0) {
                return;
            }
            data.readFully(head, 1, 7);
            if (first > 2 || head[1] != 0 || head[2] != 0 || head[3] != 0) {
                throw new IOException("the engine's output stream is not in frames");
            }
            long left = (head[4] & 0xffL) << 24 | (head[5] & 0xff) << 16 | (head[6] & 0xff) << 8 | (head[7] & 0xff);
            sink.frame(first == 2);
            while (left > 0) {
                int n = data.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (n < 0) {
                    throw new EOFException("the engine's output stream ended unexpectedly");
                }
                sink.accept(first == 2, buffer, n);
                left -= n;
            }
        }
    }
}
