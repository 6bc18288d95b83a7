package org.portolan.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How many files (connections among them) a process may open, and has open, as the kernel says. */
public final class OpenFiles {
    /** What most services of an operating system get; enough for what one machine's proxies carry. */
    private static final long PLENTY = 65_536;

    private static final long LARGEST = 100_000;
    private static final int CAP_SYS_RESOURCE = 24;

    private OpenFiles() {}

    /** A process's open files and its limit. */
    public record Use(long open, long limit) {}

    /** What a process has and may have; empty when it is gone or another user's. */
    public static Optional<Use> of(long pid) {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return limit(String.valueOf(pid), 0).map(limit -> new Use(files.count(), limit));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /**
     * The limit that is decided once for processes that live on: what this user's processes may raise theirs to, whatever
     * shell comes first; root, where the kernel lets it, gets plenty.
     */
    public static long decide() {
        long own = limit("self", 1).orElse(1024L);
        return Math.min(LARGEST, mayRaise() ? Math.max(own, PLENTY) : own);
    }

    /** What a running process may raise its limit to; empty when it is gone. */
    public static Optional<Long> most(long pid) {
        return limit(String.valueOf(pid), 1).map(limit -> Math.min(LARGEST, limit));
    }

    /** The soft (0) or hard (1) limit. */
    private static Optional<Long> limit(String process, int which) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + process + "/limits"))) {
                if (line.startsWith("Max open files")) {
                    String word = line.substring(14).strip().split("\\s+", -1)[which];
                    return Optional.of(word.equals("unlimited") ? LARGEST : Long.parseLong(word));
                }
            }
        } catch (IOException | NumberFormatException unknown) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean mayRaise() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("CapEff:")) {
                    long bits = Long.parseUnsignedLong(line.substring(7).strip().toLowerCase(Locale.ROOT), 16);
                    return (bits >> CAP_SYS_RESOURCE & 1) == 1;
                }
            }
        } catch (IOException | NumberFormatException unknown) {
            return false;
        }
        return false;
    }
}
