package org.portolan.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/**
 * A helper (store, proxy) that outlives Portolan: it runs in a separate session, so that neither Ctrl-C nor the end of
 * the terminal or of Portolan ends it; its input is empty and its output goes to a log file.
 */
public final class Daemon {
    /** A log above this size is cut to its last part when its daemon is started. */
    static final long LOG_LIMIT = 4L << 20;

    private static final int LOG_KEPT = 256 << 10;

    /**
     * Starts the daemon as a child, prints its number, and ends with its exit code. The daemon belongs to a shell and not
     * to Portolan since a JVM that waits for a child in native code takes 300 ms longer to end ({@link #release}).
     */
    private static final String KEEPER =
            "log=$1; shift; setsid \"$@\" </dev/null >>\"$log\" 2>&1 & echo $!; exec >&-; wait $!";

    private final Process keeper;
    private final long pid;
    private final Path log;

    private Daemon(Process keeper, long pid, Path log) {
        this.keeper = keeper;
        this.pid = pid;
        this.log = log;
    }

    /**
     * Starts the command and returns at once; whether it works is for the caller to find out, who then calls {@link
     * #release}.
     *
     * @param command program and arguments; the program must not put itself into the background
     * @param workDir where it runs
     * @param log file that its output is appended to
     * @param env variables added to the few that are passed on; Portolan's own, which may hold secrets, are not
     */
    public static Daemon start(List<String> command, Path workDir, Path log, Map<String, String> env) {
        if (Programs.find("setsid").isEmpty()) {
            throw new Failure(
                            Kind.UNAVAILABLE,
                            "cannot start " + command.get(0) + ": the program setsid is not on the PATH")
                    .withHint("install util-linux");
        }
        List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", KEEPER, "keeper", log.toString()));
        line.addAll(command);
        try {
            trim(log);
            ProcessBuilder builder = new ProcessBuilder(line)
                    .directory(workDir.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
            Map<String, String> environment = builder.environment();
            HelperEnvironment.forHelper(environment);
            environment.putAll(env);
            Process keeper = builder.start();
            try (BufferedReader output = keeper.inputReader(StandardCharsets.US_ASCII)) {
                return new Daemon(keeper, pid(output.readLine()), log);
            }
        } catch (IOException problem) {
            throw new Failure(Kind.UNAVAILABLE, "cannot start " + command.get(0) + ": " + problem.getMessage())
                    .withHint("its log is " + log)
                    .withCause(problem);
        }
    }

    private static long pid(@Nullable String line) throws IOException {
        try {
            return Long.parseLong(line == null ? "" : line.strip());
        } catch (NumberFormatException noNumber) {
            throw new IOException("the shell did not start it");
        }
    }

    /** The daemon's process; the same number as the session's. */
    public long pid() {
        return pid;
    }

    /** The exit code once it has ended, until {@link #release}. */
    public Optional<Integer> exitCode() {
        return keeper.isAlive() ? Optional.empty() : Optional.of(keeper.exitValue());
    }

    /** Lets it run on by itself: nobody waits for its end any more. */
    public void release() {
        keeper.destroy();
    }

    /** The last lines of its log, for messages. */
    public List<String> lastLines(int count) {
        return lastLines(log, count);
    }

    /** The last lines of a log file; none when it cannot be read. */
    public static List<String> lastLines(Path log, int count) {
        try {
            String[] lines = tail(log, 16 << 10).split("\n", -1);
            List<String> last = new ArrayList<>();
            for (int i = lines.length - 1; i >= 0 && last.size() < count; i--) {
                if (!lines[i].isBlank()) {
                    last.addFirst(lines[i].stripTrailing());
                }
            }
            return last;
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    /** Cuts a large log to its last part; its writer appends, so it continues at the new end. */
    static void trim(Path log) throws IOException {
        if (!Files.exists(log) || Files.size(log) <= LOG_LIMIT) {
            return;
        }
        byte[] kept = tail(log, LOG_KEPT).getBytes(StandardCharsets.UTF_8);
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
            file.truncate(0);
            file.write(ByteBuffer.wrap(kept));
        }
    }

    private static String tail(Path log, int bytes) throws IOException {
        try (FileChannel file = FileChannel.open(log, StandardOpenOption.READ)) {
            long start = Math.max(0, file.size() - bytes);
            ByteBuffer part = ByteBuffer.allocate((int) Math.min(bytes, file.size()));
            while (part.hasRemaining()) {
                if (file.read(part, start + part.position()) < 0) {
                    break;
                }
            }
            return new String(part.array(), 0, part.position(), StandardCharsets.UTF_8);
        }
    }
}
