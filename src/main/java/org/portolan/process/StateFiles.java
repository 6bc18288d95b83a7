package org.portolan.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Files that Portolan wrote for itself and that may be damaged since: reading them does not fail for it. */
public final class StateFiles {
    private static final String MARK = ".damaged-";

    private StateFiles() {}

    /**
     * A file's text. What is not UTF-8 is replaced and a folder reads as empty, so that damage shows as a difference from
     * what should be there.
     *
     * @return empty when there is no such file
     * @throws IOException when it is there and cannot be read, such as for want of permission
     */
    public static Optional<String> text(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            return Optional.of("");
        }
        try {
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (IOException problem) {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null && Files.exists(folder) && !Files.isDirectory(folder)) {
                return Optional.empty();
            }
            throw problem;
        }
    }

    /** Whether a file is there and holds exactly this text; false also where it cannot be read. */
    public static boolean holds(Path file, String text) {
        try {
            return Files.isRegularFile(file) && text(file).equals(Optional.of(text));
        } catch (IOException unreadable) {
            return false;
        }
    }

    /**
     * Renames a damaged file, or a folder in its place, to {@code NAME.damaged-TIME} beside it, for people to look at.
     *
     * @return where it is now
     */
    public static Path setAside(Path file) throws IOException {
        // Made here and not with the class: it costs a start milliseconds, and files are rarely damaged.
        DateTimeFormatter time =
                DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
        Path aside = file.resolveSibling(file.getFileName() + MARK + time.format(Instant.now()));
        Files.move(file, aside);
        return aside;
    }

    /** What was set aside of a file, oldest first. */
    public static List<Path> asideOf(Path file) throws IOException {
        Path folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return List.of();
        }
        String start = file.getFileName() + MARK;
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(one -> String.valueOf(one.getFileName()).startsWith(start))
                    .sorted()
                    .toList();
        }
    }

    /** The name of the file that something was set aside of; empty when its own name is not that of such a thing. */
    public static Optional<String> originalOf(Path aside) {
        String name = String.valueOf(aside.getFileName());
        int mark = name.indexOf(MARK);
        return mark > 0 ? Optional.of(name.substring(0, mark)) : Optional.empty();
    }

    /** Deletes a file, or a folder with what is in it; symbolic links are not followed. Nothing there: nothing is done. */
    public static void delete(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException problem) {
            throw problem.getCause();
        }
    }
}
