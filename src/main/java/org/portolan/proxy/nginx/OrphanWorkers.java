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
 * nginx's workers when their master was killed: they continue, keep the listeners, and obey no reload. They are found
 * by the log that they have open, be it deleted meanwhile, and by having none of the living masters as parent (Linux,
 * proc(5)).
 */
final class OrphanWorkers {
    private static final Path PROCESSES = Path.of("/proc");
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Path log;
    private final List<Long> masters;

    /** @param masters those of the same nginx that live */
    OrphanWorkers(Path log, List<Long> masters) {
        this.log = log;
        this.masters = masters;
    }

    /**
     * Ends them; none is fine.
     *
     * @param signal {@code -QUIT}: they close their listeners at once and end once their requests are answered; {@code
     *     -TERM}: at once
     * @return those that were asked to end
     */
    List<Long> dismiss(String signal) {
        List<Long> workers = find();
        if (!workers.isEmpty()) {
            List<String> command = new ArrayList<>(List.of("/bin/kill", signal));
            workers.forEach(worker -> command.add(String.valueOf(worker)));
            Commands.run(command, DEADLINE);
        }
        return workers;
    }

    /** Their process numbers. */
    List<Long> find() {
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (Path process : processes) {
                if (isWorker(process)) {
                    found.add(Long.parseLong(process.getFileName().toString()));
                }
            }
        } catch (IOException notLinux) {
            return found;
        }
        return found;
    }

    private boolean isWorker(Path process) {
        try {
            if (!text(process.resolve("cmdline")).startsWith("nginx: worker")) {
                return false;
            }
            String stat = text(process.resolve("stat"));
            // After the name in brackets: state, parent.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", 3);
            return fields.length == 3 && !masters.contains(Long.parseLong(fields[1])) && hasOpen(process);
        } catch (IOException | NumberFormatException ended) {
            return false;
        }
    }

    private boolean hasOpen(Path process) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                String target = Files.readSymbolicLink(file).toString();
                if (target.equals(log.toString()) || target.equals(log + " (deleted)")) {
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
