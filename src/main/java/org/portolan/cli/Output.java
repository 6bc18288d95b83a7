package org.portolan.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * One of the process's streams, always UTF-8. When nobody reads any more (a broken pipe), writing becomes silent: a deploy
 * that was piped into {@code head} continues, and what follows without end asks {@link #broken()}.
 */
final class Output {
    private final OutputStream stream;
    private volatile boolean broken;

    Output(OutputStream stream) {
        this.stream = stream;
    }

    /** Writes the text as it is and hands it on at once. */
    void write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        write(bytes, bytes.length);
    }

    /** Writes the first of these bytes as they are, and hands them on at once. */
    synchronized void write(byte[] bytes, int length) {
        if (broken) {
            return;
        }
        try {
            stream.write(bytes, 0, length);
            stream.flush();
        } catch (IOException nobodyReads) {
            broken = true;
        }
    }

    /** Whether what is written reaches nobody. */
    boolean broken() {
        return broken;
    }
}
