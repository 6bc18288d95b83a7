package org.portolan.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * This user's processes in this process namespace, found by their command line (Linux, proc(5)): a file with a number may
 * be lost, or name somebody else by now, but a process keeps what it was started with.
 */
public final class ProcessTable {
    private static final Path PROCESSES = Path.of("/proc");

    private ProcessTable() {}

    /**
     * One process.
     *
     * @param arguments its command line; a program that renames itself has one argument
     */
    public record Entry(long pid, long parent, List<String> arguments) {
        /** Whether it was started with an option and value, such as {@code -f FILE}. */
        public boolean hasOption(String option, String value) {
            for (int i = 0; i + 1 < arguments.size(); i++) {
                if (arguments.get(i).equals(option) && arguments.get(i + 1).equals(value)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** All processes of this user that have not ended. */
    public static List<Entry> own() {
        List<Entry> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (Path process : processes) {
                find(Long.parseLong(process.getFileName().toString())).ifPresent(found::add);
            }
        } catch (IOException notLinux) {
            return List.of();
        }
        return found;
    }

    /** The process with a number; empty when it has ended, or is another user's or another process namespace's. */
    public static Optional<Entry> find(long pid) {
        Path self = PROCESSES.resolve("self");
        Path process = PROCESSES.resolve(Long.toString(pid));
        try {
            boolean own = Files.getAttribute(self, "unix:uid").equals(Files.getAttribute(process, "unix:uid"))
                    && namespace(self).equals(namespace(process));
            return own ? entry(process) : Optional.empty();
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException endedOrForbidden) {
            return Optional.empty();
        }
    }

    private static String namespace(Path process) throws IOException {
        return Files.readSymbolicLink(process.resolve("ns/pid")).toString();
    }

    private static Optional<Entry> entry(Path process) throws IOException {
        String line = text(process.resolve("cmdline"));
        String stat = text(process.resolve("stat"));
        // After the name in brackets: state, parent.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", 3);
        if (line.isEmpty() || fields.length < 3 || fields[0].equals("Z") || fields[0].equals("X")) {
            return Optional.empty();
        }
        return Optional.of(new Entry(
                Long.parseLong(process.getFileName().toString()),
                Long.parseLong(fields[1]),
                Arrays.asList(line.split("\0", 0))));
    }

    /** Whether a signal (Ctrl-Z, SIGSTOP) or a debugger stopped it: it continues only when somebody lets it. */
    public static boolean isStopped(long pid) {
        try {
            String stat = text(PROCESSES.resolve(Long.toString(pid)).resolve("stat"));
            String state = stat.substring(stat.lastIndexOf(')') + 1).strip();
            return state.startsWith("T") || state.startsWith("t");
        } catch (IOException gone) {
            return false;
        }
    }

    /** The program's short name; empty when the process is gone. */
    public static Optional<String> name(long pid) {
        try {
            return Optional.of(
                    text(PROCESSES.resolve(Long.toString(pid)).resolve("comm")).strip());
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** What a process was started with in its environment, by name; nothing when it cannot be read. */
    public static List<String> variables(long pid) {
        List<String> names = new ArrayList<>();
        try {
            for (String entry : text(PROCESSES.resolve(Long.toString(pid)).resolve("environ"))
                    .split("\0", 0)) {
                int equals = entry.indexOf('=');
                if (equals > 0) {
                    names.add(entry.substring(0, equals));
                }
            }
        } catch (IOException forbiddenOrGone) {
            return List.of();
        }
        return names;
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
