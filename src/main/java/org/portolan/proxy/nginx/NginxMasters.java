package org.portolan.proxy.nginx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.process.Commands;
import org.portolan.process.ListeningSockets;
import org.portolan.process.ProcessTable;

/**
 * nginx's master processes with one configuration file. They are found by their command line, since the pid file may be
 * lost, or deleted by an older master that ended last.
 */
final class NginxMasters {
    private static final String TITLE = "nginx: master process ";
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Path file;
    private final Path pidFile;
    private final Path log;

    NginxMasters(Path file, Path pidFile, Path log) {
        this.file = file;
        this.pidFile = pidFile;
        this.log = log;
    }

    /** The one that serves: one that was asked to end holds no listener any more. */
    Optional<Long> serving(ListeningSockets sockets) {
        Optional<Long> noted = noted();
        if (noted.isPresent() && isOurs(noted.get()) && listens(noted.get(), sockets)) {
            return noted;
        }
        return all().stream().filter(master -> listens(master, sockets)).findFirst();
    }

    private Optional<Long> noted() {
        try {
            return Optional.of(Long.parseLong(Files.readString(pidFile).strip()));
        } catch (IOException | NumberFormatException none) {
            return Optional.empty();
        }
    }

    private boolean isOurs(long pid) {
        return ProcessTable.find(pid).filter(this::isMaster).isPresent();
    }

    /** All that live, those that end among them. */
    List<Long> all() {
        List<Long> found = new ArrayList<>();
        for (ProcessTable.Entry process : ProcessTable.own()) {
            if (isMaster(process)) {
                found.add(process.pid());
            }
        }
        return found;
    }

    /** nginx writes all of its command line into the first argument. */
    private boolean isMaster(ProcessTable.Entry process) {
        String line = String.join(" ", process.arguments()) + " ";
        return line.startsWith(TITLE) && line.contains(" -c " + file + " ");
    }

    /** Whether a process listens; where that cannot be seen, it is taken to. */
    boolean listens(long pid) {
        return listens(pid, ListeningSockets.read());
    }

    private static boolean listens(long pid, ListeningSockets sockets) {
        return sockets.heldBy(pid).map(held -> !held.isEmpty()).orElseGet(() -> ProcessTable.find(pid)
                .isPresent());
    }

    void signal(String signal, List<Long> pids) {
        if (pids.isEmpty()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("/bin/kill", signal));
        pids.forEach(pid -> command.add(String.valueOf(pid)));
        Commands.run(command, DEADLINE);
    }

    /** Workers whose master was killed. */
    OrphanWorkers orphans() {
        return new OrphanWorkers(log, all());
    }
}
