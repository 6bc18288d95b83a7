package org.portolan.store.redis;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.portolan.process.FileProblems;
import org.portolan.process.Home;

/** The files in which Redis keeps its data: up to 6.2 one append-only file, from 7.0 a folder of them. */
final class DataFiles {
    private static final String NEWER = "appendonlydir";
    private static final List<String> NAMES = List.of("appendonly.aof", NEWER, "dump.rdb");
    // What Redis 6.2 and 7 say at the level of a warning when they end because of a file.
    private static final List<String> SIGNS = List.of(
            "append only file",
            "append log file",
            "rdb reading",
            "rdb preamble",
            "rdb format version",
            "rdb file reading failure",
            "loading db",
            "load db from file");
    private static final String MANIFEST_SIGN = "fatal aof manifest";

    private DataFiles() {}

    static boolean present(Path directory) {
        return NAMES.stream().anyMatch(name -> Files.exists(directory.resolve(name)));
    }

    /** Whether they have the form of Redis 7. */
    static boolean inNewerForm(Path directory) {
        return Files.exists(directory.resolve(NEWER));
    }

    /** Whether the last words of a server that ended blame its files, not the disk or its rights. */
    static boolean blamedBy(List<String> lastLines) {
        boolean blamed = false;
        for (String line : lastLines) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.contains("no space left")
                    || lower.contains("permission denied")
                    || lower.contains("shared librar")) {
                return false;
            }
            blamed |= lower.contains(MANIFEST_SIGN);
            blamed |= lower.contains(" # ") && SIGNS.stream().anyMatch(lower::contains);
        }
        return blamed;
    }

    /** Moves them to a new folder named after the time (UTC), and gives that folder. */
    static Path putAside(Path directory) {
        return putAside(directory, "broken-");
    }

    /** The same with another beginning of the folder's name. */
    static Path putAside(Path directory, String beginning) {
        String time =
                LocalDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT));
        Path aside = directory.resolve(beginning + time);
        for (int n = 2; Files.exists(aside); n++) {
            aside = directory.resolve(beginning + time + "-" + n);
        }
        Home.makeFolder(aside);
        for (String name : NAMES) {
            Path file = directory.resolve(name);
            try {
                if (Files.exists(file)) {
                    Files.move(file, aside.resolve(name));
                }
            } catch (IOException problem) {
                throw FileProblems.failure("move", file, problem);
            }
        }
        return aside;
    }

    static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException unreadable) {
            return 0;
        }
    }

    /** The last lines that a log got since it had the given size. */
    static List<String> linesSince(Path log, long size, int count) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long start = size > file.length() ? 0 : Math.max(size, file.length() - (64 << 10));
            file.seek(start);
            byte[] part = new byte[(int) (file.length() - start)];
            file.readFully(part);
            List<String> lines = new String(part, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
