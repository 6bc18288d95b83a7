package org.portolan.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Looks up which process holds a lock on a file (Linux, proc_locks(5)). */
final class LockHolder {
    private static final Path LOCKS = Path.of("/proc/locks");
    // "1: POSIX ADVISORY WRITE 4711 08:01:131090 0 EOF"; a waiter's line has "->" behind the number.
    private static final int PID = 4;
    private static final int PLACE = 5;

    private LockHolder() {}

    /** The holder's number; empty when nobody holds it, or a process that is not visible from here. */
    static OptionalLong of(Path file) {
        try {
            String inode = ":" + Files.getAttribute(file, "unix:ino");
            for (String line : new String(Files.readAllBytes(LOCKS), StandardCharsets.ISO_8859_1).split("\n", -1)) {
                String[] fields = line.strip().split(" +", -1);
                boolean held = fields.length > PLACE && !fields[1].equals("->") && fields[PLACE].endsWith(inode);
                if (held && hasOpen(Long.parseLong(fields[PID]), file)) {
                    return OptionalLong.of(Long.parseLong(fields[PID]));
                }
            }
        } catch (IOException | UnsupportedOperationException | NumberFormatException notLinux) {
            return OptionalLong.empty();
        }
        return OptionalLong.empty();
    }

    /** File numbers are unique within their file system only, whose number /proc/locks writes differently for some kinds. */
    private static boolean hasOpen(long pid, Path file) throws IOException {
        if (pid <= 0) {
            return false;
        }
        Path descriptors = Path.of("/proc", Long.toString(pid), "fd");
        try (java.util.stream.Stream<Path> open = Files.list(descriptors)) {
            return open.anyMatch(descriptor -> isSame(descriptor, file));
        } catch (java.nio.file.AccessDeniedException anotherUsers) {
            return true;
        } catch (java.nio.file.NoSuchFileException ended) {
            return false;
        }
    }

    private static boolean isSame(Path descriptor, Path file) {
        try {
            return Files.isSameFile(descriptor, file);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    /** For people: {@code process 4711 (java)}, {@code process 4711 (java), which is suspended (state T)}. */
    static String describe(long pid) {
        String name = ProcessTable.name(pid).map(known -> " (" + known + ")").orElse("");
        return "process " + pid + name + (ProcessTable.isStopped(pid) ? ", which is suspended (state T)" : "");
    }
}
