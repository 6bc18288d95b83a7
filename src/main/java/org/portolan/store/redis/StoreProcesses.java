package org.portolan.store.redis;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.ProcessIdentity;

/**
 * Finds a server by where it works, in {@code /proc}: a recorded number could be lost with the folder, or be another
 * process's by now.
 */
final class StoreProcesses {
    private static final String GONE = " (deleted)";

    private StoreProcesses() {}

    /** The servers that work in the folder, or did in one of this name that was deleted since; it is at most one. */
    static List<ProcessHandle> of(Path directory) {
        List<ProcessHandle> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            String wanted = Files.exists(directory) ? directory.toRealPath().toString() : directory.toString();
            for (Path entry : entries) {
                if (isServer(entry, wanted)) {
                    ProcessHandle.of(Long.parseLong(entry.getFileName().toString()))
                            .ifPresent(found::add);
                }
            }
        } catch (IOException | NumberFormatException noProc) {
            return found;
        }
        return found;
    }

    private static boolean isServer(Path process, String directory) {
        try {
            String works = Files.readSymbolicLink(process.resolve("cwd")).toString();
            return (works.equals(directory) || works.equals(directory + GONE))
                    && Files.readString(process.resolve("comm")).startsWith("redis-server")
                    && ProcessIdentity.of(Long.parseLong(process.getFileName().toString()))
                            .isPresent();
        } catch (IOException notOurs) {
            return false;
        }
    }

    /** Ends a server: politely, and by force when that takes too long. */
    static void end(ProcessHandle process, Duration limit) {
        ProcessIdentity identity = ProcessIdentity.of(process.pid()).orElse(null);
        if (identity == null) {
            return;
        }
        process.destroy();
        if (!endsWithin(identity, limit)) {
            process.destroyForcibly();
            if (!endsWithin(identity, limit)) {
                throw new Failure(Kind.UNAVAILABLE, "the embedded store, process " + process.pid() + ", does not end");
            }
        }
    }

    private static boolean endsWithin(ProcessIdentity identity, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (identity.life() == ProcessIdentity.Life.ALIVE) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(5);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
