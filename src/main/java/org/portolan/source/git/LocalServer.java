package org.portolan.source.git;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * JGit's own server, which reads a repository of this machine on a separate thread and prints a stack trace where it
 * cannot. What that thread prints is kept for the message instead; everything else is printed as ever.
 */
final class LocalServer {
    private static final String THREAD = "JGit-Upload-Pack";
    private static final int MOST = 8192;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Pattern OBJECT = Pattern.compile("(Missing|Object)\\s+(?:\\w+\\s+)?([0-9a-f]{40})");
    /** Of each fetch: its threads, JGit's among them, are started by the one that began to listen. */
    private static final InheritableThreadLocal<@Nullable ByteArrayOutputStream> SAID = new InheritableThreadLocal<>();

    private static @Nullable PrintStream ours;

    private LocalServer() {}

    /** From now on nothing of it is printed; what it says to threads that this one starts is kept for this one. */
    @SuppressWarnings("ReferenceEquality") // the very stream that was set
    static synchronized void listen() {
        SAID.set(new ByteArrayOutputStream());
        if (System.err != ours) {
            PrintStream listening = new PrintStream(new Listener(System.err), true, StandardCharsets.UTF_8);
            ours = listening;
            System.setErr(listening);
        }
    }

    /** What it found damaged in the repository; empty when it said nothing of the kind. */
    static Optional<String> damage() {
        awaitEnd();
        ByteArrayOutputStream kept = SAID.get();
        String said = kept == null ? "" : kept.toString(StandardCharsets.UTF_8);
        Matcher object = OBJECT.matcher(said);
        if (object.find()) {
            return Optional.of(
                    "object " + object.group(2) + (object.group(1).equals("Missing") ? " is missing" : " is corrupt"));
        }
        return said.isBlank() ? Optional.empty() : Optional.of("it cannot be read");
    }

    /** It tells the client first, and prints afterwards. */
    private static void awaitEnd() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals(THREAD)) {
                try {
                    thread.join(PATIENCE);
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private static final class Listener extends OutputStream {
        private final PrintStream usual;

        Listener(PrintStream usual) {
            this.usual = usual;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            ByteArrayOutputStream kept = SAID.get();
            if (kept == null || !Thread.currentThread().getName().equals(THREAD)) {
                usual.write(bytes, from, length);
                return;
            }
            synchronized (kept) {
                kept.write(bytes, from, Math.max(0, Math.min(length, MOST - kept.size())));
            }
        }

        @Override
        public void flush() {
            usual.flush();
        }
    }
}
