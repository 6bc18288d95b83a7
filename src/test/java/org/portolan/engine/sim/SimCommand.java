package org.portolan.engine.sim;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.portolan.engine.EngineException;
import org.portolan.model.container.CommandStreams;

/** A command that runs attached in the simulation: as much of a program as shows what happens to its streams. */
public final class SimCommand {
    /** Seconds. */
    private static final int TOO_LONG = 60;

    public final String container;
    public final List<String> command;
    public final boolean terminal;

    /** How many bytes of output were taken. */
    public final AtomicLong written = new AtomicLong();

    /** Whether whoever ran it went away before its end. */
    public final CountDownLatch left = new CountDownLatch(1);

    public final CountDownLatch ended = new CountDownLatch(1);

    private final LinkedBlockingQueue<String> sizes = new LinkedBlockingQueue<>();
    private final CommandStreams streams;

    SimCommand(String container, List<String> command, CommandStreams streams) {
        this.container = container;
        this.command = command;
        this.terminal = streams.terminal();
        this.streams = streams;
    }

    static boolean known(List<String> command) {
        return List.of("cat", "both", "exit", "sizes", "flood", "wait", "deaf").contains(command.getFirst());
    }

    int run() {
        try (AutoCloseable held = streams.begin();
                AutoCloseable begun =
                        streams.begun(left::countDown, (rows, columns) -> sizes.add(rows + "x" + columns))) {
            return obey();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception other) {
            throw new IllegalStateException(other);
        } finally {
            ended.countDown();
        }
    }

    private int obey() throws InterruptedException {
        switch (command.getFirst()) {
            case "cat" -> {
                return cat();
            }
            case "both" -> {
                say(false, "to output\n");
                say(true, "to error\n");
                return 0;
            }
            case "exit" -> {
                return Integer.parseInt(command.get(1));
            }
            case "sizes" -> {
                for (int count = Integer.parseInt(command.get(1)); count > 0; count--) {
                    say(false, sizes.poll(TOO_LONG, TimeUnit.SECONDS) + "\n");
                }
                return 0;
            }
            case "flood" -> {
                byte[] much = new byte[8 * 1024];
                while (left.getCount() > 0 && streams.output(false, much, much.length)) {
                    written.addAndGet(much.length);
                }
                return CommandStreams.LEFT;
            }
            default -> {
                // Of which "deaf" has input that it does not read.
                if (left.await(TOO_LONG, TimeUnit.SECONDS)) {
                    throw new EngineException(
                            EngineException.Reason.UNREACHABLE,
                            "the connection was closed",
                            java.util.Optional.empty());
                }
                return 1;
            }
        }
    }

    private int cat() {
        try (InputStream in = streams.interactive() ? streams.input() : InputStream.nullInputStream()) {
            byte[] part = new byte[1000];
            for (int count = in.read(part); count >= 0; count = in.read(part)) {
                if (!streams.output(false, part, count)) {
                    return CommandStreams.LEFT;
                }
                written.addAndGet(count);
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return 0;
    }

    private void say(boolean error, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        streams.output(error, bytes, bytes.length);
    }
}
