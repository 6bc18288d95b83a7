package org.portolan.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A command in progress, with what it printed so far in files. */
final class Program {
    private final List<String> command;
    private final Process process;
    private final Path out;
    private final Path err;

    private Program(List<String> command, Process process, Path out, Path err) {
        this.command = command;
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts a command with these variables alone. */
    static Program start(Path folder, Map<String, String> environment, List<String> command) {
        try {
            Path out = Files.createTempFile("e2e", ".out");
            Path err = Files.createTempFile("e2e", ".err");
            out.toFile().deleteOnExit();
            err.toFile().deleteOnExit();
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            return new Program(command, builder.start(), out, err);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** Waits for its end; one that does not end is killed, and the test fails. */
    Ran end(Duration deadline) {
        try {
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running after " + deadline + ": " + ran(-1));
            }
            return ran(process.exitValue());
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    Ran end() {
        return end(Duration.ofSeconds(120));
    }

    /** Waits until it printed this; one that ends without fails the test at once. */
    Program printed(String part) {
        try {
            Waiting.until("'" + part + "' is printed by " + command, () -> {
                boolean alive = process.isAlive();
                if (printedSoFar().contains(part)) {
                    return true;
                }
                if (!alive) {
                    throw new AssertionError("it ended without");
                }
                return false;
            });
        } catch (AssertionError never) {
            throw new AssertionError("'" + part + "' was not printed, but " + printedSoFar(), never);
        }
        return this;
    }

    String printedSoFar() {
        return read(out) + read(err);
    }

    /** Waits until it printed this, or ended without. */
    void printedOrEnded(String part) {
        Waiting.until("'" + part + "' is printed", () -> !process.isAlive() || (read(out) + read(err)).contains(part));
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Sends a signal: INT is Ctrl-C, KILL leaves it no time for anything. */
    void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Ran ran(int status) {
        return new Ran(String.join(" ", command), status, read(out), read(err));
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
