package org.portolan.http;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** What a client sends as a command's input, as far as the command has not read it. */
final class ExecInput extends InputStream {
    private static final int MOST = 64 * 1024;

    private final Deque<ByteBuffer> parts = new ArrayDeque<>();
    private final Runnable room;
    private int size;
    private boolean full;
    private boolean ended;
    private boolean closed;

    /** @param room is run when more may come after {@link #put} said no */
    ExecInput(Runnable room) {
        this.room = room;
    }

    /** Keeps some input; false when no more may come until some has been read. */
    synchronized boolean put(ByteBuffer part) {
        if (!closed && !ended && part.hasRemaining()) {
            ByteBuffer kept = ByteBuffer.allocate(part.remaining()).put(part).flip();
            size += kept.remaining();
            parts.add(kept);
            notifyAll();
        }
        full = size >= MOST;
        return !full;
    }

    /** No more comes. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        boolean again = false;
        int count = -1;
        synchronized (this) {
            try {
                while (parts.isEmpty() && !ended && !closed) {
                    wait();
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return -1;
            }
            ByteBuffer first = parts.peek();
            if (first != null && !closed) {
                count = Math.min(length, first.remaining());
                first.get(into, offset, count);
                size -= count;
                if (!first.hasRemaining()) {
                    parts.remove();
                }
                again = full && size < MOST;
                full = full && !again;
            }
        }
        if (again) {
            room.run();
        }
        return count;
    }

    /** Nobody reads it any more; what comes is left. */
    @Override
    public void close() {
        boolean again;
        synchronized (this) {
            closed = true;
            parts.clear();
            size = 0;
            again = full;
            full = false;
            notifyAll();
        }
        if (again) {
            room.run();
        }
    }
}
