package org.portolan.proxy.nginx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.portolan.process.Commands;

/**
 * nginx's workers when their master was killed: they go on, keep the listeners, and obey nobody's reload. They are found
 * by their session, which is the dead master's, and by the log that they have open (Linux, proc(5)).
 */
final class OrphanWorkers {
    private static final Path PROCESSES = Path.of("/proc");
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Path pidFile;
    private final Path log;

    OrphanWorkers(Path pidFile, Path log) {
        this.pidFile = pidFile;
        this.log = log;
    }

    /** Has them close their listeners, and end once their requests are answered; none is fine. */
    void dismiss() {
        List<String> workers = find();
        if (!workers.isEmpty()) {
            List<String> command = new ArrayList<>(List.of("/bin/kill", "-QUIT"));
            command.addAll(workers);
            Commands.run(command, DEADLINE);
        }
    }

    private List<String> find() {
        List<String> found = new ArrayList<>();
        String master;
        try {
            master = Files.readString(pidFile).strip();
        } catch (IOException none) {
            return found;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (Path process : processes) {
                if (isWorker(process, master)) {
                    found.add(process.getFileName().toString());
                }
            }
        } catch (IOException notLinux) {
            return found;
        }
        return found;
    }

    private boolean isWorker(Path process, String master) {
        try {
            String stat = text(process.resolve("stat"));
            // After the name in brackets: state, parent, process group, session.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", 5);
            return fields.length == 5
                    && fields[3].equals(master)
                    && text(process.resolve("cmdline")).startsWith("nginx: worker")
                    && hasOpen(process);
        } catch (IOException ended) {
            return false;
        }
    }

    private boolean hasOpen(Path process) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (Files.readSymbolicLink(file).equals(log)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
