package org.portolan.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.portolan.model.Durations;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/** Runs short commands: no input, a deadline, output up to a limit. */
public final class Commands {
    /** Bytes of output that are kept; what comes after is read and dropped. */
    static final int OUTPUT_LIMIT = 256 << 10;

    private static final long AFTER_END_MILLIS = 500;

    private Commands() {}

    /**
     * How a command ended.
     *
     * @param output standard output and error as they came, at most {@value #OUTPUT_LIMIT} bytes
     */
    public record Result(int exitCode, String output) {
        public boolean succeeded() {
            return exitCode == 0;
        }
    }

    /** Runs a command where Portolan runs, with its environment but for Portolan's own variables. */
    public static Result run(List<String> command, Duration deadline) {
        return run(command, deadline, Path.of("").toAbsolutePath(), Map.of());
    }

    /**
     * Runs a command that puts a program into the background, which stays: in an environment made for it, see {@link
     * HelperEnvironment}.
     *
     * @throws Failure as {@link #run(List, Duration)}
     */
    public static Result start(List<String> command, Duration deadline) {
        return run(command, deadline, Path.of("").toAbsolutePath(), HelperEnvironment::forHelper);
    }

    /**
     * Runs a command and waits for its end.
     *
     * @param env variables added to the caller's
     * @throws Failure when it cannot be started, or has not ended by the deadline; it is then killed with its children
     */
    public static Result run(List<String> command, Duration deadline, Path workDir, Map<String, String> env) {
        return run(command, deadline, workDir, environment -> {
            HelperEnvironment.forCommand(environment);
            environment.putAll(env);
        });
    }

    private static Result run(
            List<String> command, Duration deadline, Path workDir, Consumer<Map<String, String>> environment) {
        String name = command.get(0);
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(workDir.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            environment.accept(builder.environment());
            process = builder.start();
        } catch (IOException problem) {
            throw new Failure(Kind.UNAVAILABLE, "cannot run " + name + ": " + problem.getMessage()).withCause(problem);
        }
        Output output = new Output(process.getInputStream());
        Thread reader = Thread.ofPlatform().daemon().name("output of " + name).start(output);
        try {
            if (!process.waitFor(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
                kill(process);
                throw new Failure(
                        Kind.UNAVAILABLE,
                        name + " did not finish within " + Durations.format(deadline) + " and was killed");
            }
            // A child that it left behind may hold the pipe open; what the command itself wrote is there by then.
            reader.join(AFTER_END_MILLIS);
            return new Result(process.exitValue(), output.text());
        } catch (InterruptedException interrupted) {
            kill(process);
            Thread.currentThread().interrupt();
            throw new Failure(Kind.UNAVAILABLE, name + " was interrupted").withCause(interrupted);
        }
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Collects what a command prints. */
    private static final class Output implements Runnable {
        private final InputStream from;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        Output(InputStream from) {
            this.from = from;
        }

        @Override
        public void run() {
            byte[] part = new byte[8192];
            try (from) {
                for (int count = from.read(part); count >= 0; count = from.read(part)) {
                    synchronized (kept) {
                        kept.write(part, 0, Math.min(count, OUTPUT_LIMIT - kept.size()));
                    }
                }
            } catch (IOException killed) {
                // The pipe goes with the process; what came before is kept.
            }
        }

        String text() {
            synchronized (kept) {
                return kept.toString(StandardCharsets.UTF_8);
            }
        }
    }
}
