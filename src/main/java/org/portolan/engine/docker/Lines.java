package org.portolan.engine.docker;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.BiConsumer;

/**
 * Makes lines of one stream's bytes. A line begins with the time that the engine adds ({@code timestamps=1}); one that is
 * longer than {@link #MAX} bytes is given in pieces.
 */
final class Lines {
    static final int MAX = 16 << 10;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    private final BiConsumer<Instant, String> receiver;
    /** Of the line in hand; kept for its further pieces. */
    private Instant at = Instant.EPOCH;

    private boolean continued;

    Lines(BiConsumer<Instant, String> receiver) {
        this.receiver = receiver;
    }

    void accept(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                emit();
                continued = false;
            } else {
                line.write(bytes[i]);
                if (line.size() >= MAX) {
                    emit();
                    continued = true;
                }
            }
        }
    }

    /** The stream ended: what is left is a line too. */
    void end() {
        if (line.size() > 0) {
            emit();
        }
    }

    private void emit() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (text.endsWith("\r")) {
            text = text.substring(0, text.length() - 1);
        }
        if (!continued) {
            int space = text.indexOf(' ');
            String time = space < 0 ? text : text.substring(0, space);
            var stamp = Containers.instant(time);
            if (stamp.isPresent()) {
                at = stamp.get();
                text = space < 0 ? "" : text.substring(space + 1);
            }
        }
        receiver.accept(at, text);
    }
}
