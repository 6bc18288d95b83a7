package org.portolan.engine.docker;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Makes lines of one stream's bytes. The engine keeps a long line in entries of 16 KiB and puts the time
 * ({@code timestamps=1}) before each: they are joined again, the times taken off, and the line has the time of its last
 * entry, after which a reader continues. A line of more than {@link #MAX} bytes is given in pieces, never within a character.
 */
final class Lines {
    /** The most that is held of a line. */
    static final int MAX = 1 << 20;

    /** The engine's longest entry. */
    private static final int ENTRY = 16 << 10;

    /** The longest form of a time: {@code 2026-11-21T04:00:00.123456789+01:00}. */
    private static final int LONGEST_TIME = 36;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    private final ByteArrayOutputStream head = new ByteArrayOutputStream(LONGEST_TIME);
    private final BiConsumer<Instant, String> receiver;
    private Instant at = Instant.EPOCH;
    private boolean inHead = true;
    private int entry;
    private boolean begun;

    Lines(BiConsumer<Instant, String> receiver) {
        this.receiver = receiver;
    }

    /** An entry begins here, with its time: said by a stream in frames. */
    void entry() {
        flushHead();
        inHead = true;
        entry = 0;
    }

    void accept(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            byte b = bytes[i];
            if (b == '\n') {
                endHead();
                emit();
                begun = false;
                inHead = true;
                entry = 0;
            } else if (inHead) {
                head(b);
            } else {
                text(b);
            }
        }
    }

    /** The stream ended: what is left is a line too. */
    void end() {
        endHead();
        if (line.size() > 0 || begun) {
            emit();
        }
    }

    private void head(byte b) {
        if (b == ' ') {
            if (!time()) {
                flushHead();
                text(b);
            }
        } else if (head.size() == LONGEST_TIME) {
            flushHead();
            text(b);
        } else {
            head.write(b);
        }
    }

    /** A line may be its time alone, without the blank after it. */
    private void endHead() {
        if (inHead && !time()) {
            flushHead();
        }
    }

    /** Takes the time off, if the head is one. */
    private boolean time() {
        Optional<Instant> stamp = Containers.instant(head.toString(StandardCharsets.US_ASCII));
        if (head.size() == 0 || stamp.isEmpty()) {
            return false;
        }
        at = stamp.get();
        begun = true;
        head.reset();
        inHead = false;
        return true;
    }

    /** What was taken for a time is text. */
    private void flushHead() {
        byte[] text = head.toByteArray();
        head.reset();
        inHead = false;
        for (byte b : text) {
            text(b);
        }
    }

    private void text(byte b) {
        line.write(b);
        begun = true;
        if (++entry == ENTRY) {
            // Where no frame tells, as with a terminal, a time may follow an entry that is full.
            inHead = true;
            entry = 0;
        }
        if (line.size() >= MAX) {
            piece();
        }
    }

    /** Gives what there is of a line that is too long, without the beginning of a character that is not whole yet. */
    private void piece() {
        byte[] bytes = line.toByteArray();
        int end = bytes.length;
        int back = 0;
        while (back < 3 && (bytes[end - 1 - back] & 0xC0) == 0x80) {
            back++;
        }
        int lead = bytes[end - 1 - back] & 0xFF;
        int wanted = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
        if (back < wanted) {
            end -= back + 1;
        }
        line.reset();
        receiver.accept(at, new String(bytes, 0, end, StandardCharsets.UTF_8));
        line.writeBytes(Arrays.copyOfRange(bytes, end, bytes.length));
    }

    private void emit() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        receiver.accept(at, text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }
}
