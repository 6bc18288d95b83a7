package org.portolan.http;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.portolan.json.JsonTree;
import org.portolan.model.Failure;
import org.portolan.query.json.JsonFields;

/**
 * Lines between the engine's threads and the request's. A client that reads slowly holds the engine's stream of this log, and
 * nothing else: so many lines and so many characters wait for it, and a line that is longer than {@link #LONGEST} is cut.
 */
final class LogLines implements AutoCloseable {
    /** Characters of a line. */
    static final int LONGEST = 32 * 1024;

    /** Characters that wait, as JSON. */
    static final int ROOM = 512 * 1024;

    private static final int QUEUE = 1_000;
    private static final long LOOK_MILLIS = 300;
    private static final int TOGETHER = 32_768;

    private final Reply.Out out;
    private final BlockingQueue<String> queue = new LinkedBlockingQueue<>(QUEUE);
    private final Semaphore room = new Semaphore(ROOM);
    private volatile boolean closed;
    private volatile @Nullable Failure failed;

    LogLines(Reply.Out out) {
        this.out = out;
    }

    /** A text of which the end is left out where it is too long, with how much that is. */
    record Cut(String text, int left) {
        static Cut of(String text, int longest) {
            if (text.length() <= longest) {
                return new Cut(text, 0);
            }
            // Not within a character.
            int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
            int left = text.length() - end;
            return new Cut(text.substring(0, end) + "… (" + left + " more characters are left out)", left);
        }
    }

    boolean ended() {
        return closed || out.ending();
    }

    void put(String instance, Instant at, boolean error, String text) {
        Cut cut = Cut.of(text, LONGEST);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("instance", instance);
        fields.put("at", at);
        fields.put("stream", error ? "stderr" : "stdout");
        fields.put("text", cut.text());
        if (cut.left() > 0) {
            fields.put("cut", cut.left());
        }
        String line = JsonTree.text(JsonFields.plain(fields), false) + "\n";
        try {
            boolean taken = false;
            while (!ended() && !taken) {
                // The client has not read yet.
                taken = room.tryAcquire(size(line), LOOK_MILLIS, TimeUnit.MILLISECONDS);
            }
            while (!ended() && !queue.offer(line, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                // As above.
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static int size(String line) {
        return Math.min(line.length(), ROOM);
    }

    private @Nullable String taken(@Nullable String line) {
        if (line != null) {
            room.release(size(line));
        }
        return line;
    }

    /** Writes what the reader reads until it ends, the client is gone or this process stops listening. */
    void write(Runnable reader) throws IOException {
        Thread reading = Thread.ofVirtual().name("logs").start(() -> {
            try {
                reader.run();
            } catch (Failure trouble) {
                failed = trouble;
            } catch (RuntimeException fault) {
                failed = new Failure(Failure.Kind.INTERNAL, "internal error: " + fault);
            }
        });
        long beat = System.nanoTime();
        try {
            while (!ended() && (reading.isAlive() || !queue.isEmpty())) {
                String line = taken(queue.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS));
                long now = System.nanoTime();
                if (line != null) {
                    out.send(line + waiting());
                    beat = now;
                } else if (Duration.ofNanos(now - beat).compareTo(EventRoutes.HEARTBEAT) >= 0) {
                    out.send("\n");
                    beat = now;
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        Failure trouble = failed;
        if (trouble != null) {
            throw new IOException(trouble.what());
        }
    }

    /** What waits already: lines that come together are sent together. */
    private String waiting() {
        StringBuilder text = new StringBuilder();
        for (String line = taken(queue.poll());
                line != null;
                line = text.length() < TOGETHER ? taken(queue.poll()) : null) {
            text.append(line);
        }
        return text.toString();
    }

    @Override
    public void close() {
        closed = true;
    }
}
