package org.portolan.proxy.nginx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.process.ExclusiveLock;
import org.portolan.process.Home;
import org.portolan.routing.NginxConfig;
import org.portolan.routing.ProxySettings;
import org.portolan.routing.RenderContext.Worker;

/**
 * The edge's access log: {@code access.log} and what it was before, {@code access.log.1} the newest. nginx looks every second
 * which file has the name, and writes to it. So a full one gets its second name first, and then an empty one takes its place
 * in one step: nothing is lost, and nobody sends a signal. The workers write the file, and cannot make, rename or remove one.
 */
public final class AccessLogFiles {
    /** What a file holds at most of the past, so that the oldest lines go. */
    private static final Duration SPAN = Duration.ofDays(1);

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int FIRST_LINE = 64;
    private static final String TIME = "{\"time\":\"";

    private final Path file;
    private final Path folder;
    private final Path lock;
    private final Optional<Worker> worker;
    private final ProxySettings.AccessLog kept;

    /**
     * The files of an edge; none is made yet.
     *
     * @param sites the folder that nginx's workers reach
     * @param run where the lock between those who rename lies
     * @param kept how much of it is kept
     */
    public AccessLogFiles(Path sites, Path run, Optional<Worker> worker, ProxySettings.AccessLog kept) {
        this.kept = kept;
        file = sites.resolve(NginxConfig.ACCESS_LOG);
        folder = file.resolveSibling("");
        lock = run.resolve("access-log.lock");
        this.worker = worker;
    }

    /** Whether a domain has, or lately had, an access log. */
    boolean exist() {
        return Files.isDirectory(folder);
    }

    /** The file that is written now. */
    public Path file() {
        return file;
    }

    /** Those that there are, the oldest first; one that has two names for a moment once. */
    public List<Path> all() {
        List<Path> all = new ArrayList<>();
        Object newest = key(file).orElse(this);
        for (int n = kept.files(); n > 0; n--) {
            Path one = earlier(n);
            if (key(one).filter(key -> !key.equals(newest)).isPresent()) {
                all.add(one);
            }
        }
        if (newest != this) {
            all.add(file);
        }
        return all;
    }

    /** What tells one file from another, whatever its name; empty when there is none. */
    static Optional<Object> key(Path one) {
        try {
            BasicFileAttributes has = Files.readAttributes(one, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return Optional.of(one).filter(path -> has.isRegularFile()).map(path -> Optional.ofNullable(has.fileKey())
                    .orElse(path));
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    private Path earlier(int n) {
        return file.resolveSibling(file.getFileName() + "." + n);
    }

    /**
     * Sees to it that there is a file that the workers may write.
     *
     * @throws Failure when it cannot be made: nginx writes nothing then
     */
    public void prepare() {
        if (writable()) {
            return;
        }
        try {
            Home.makeFolder(folder);
            WorkerUser.share(worker, folder, "rwxr-x---");
            locked(PATIENCE, () -> {
                if (!writable()) {
                    rotate();
                }
            });
        } catch (IOException problem) {
            throw new Failure(Kind.UNAVAILABLE, "cannot make the access log " + file + ": " + problem.getMessage())
                    .withHint("check who owns the folder (ls -ld " + folder + ") and that the disk is not full")
                    .withCause(problem);
        }
    }

    /** What keeps the log from being written, or from being put aside when it is large; empty when nothing does. */
    public Optional<String> trouble() {
        return !writable()
                ? Optional.of("nginx cannot write the access log " + file)
                : !Files.isWritable(folder)
                        ? Optional.of("the access log cannot be rotated: " + folder + " is not writable")
                        : Optional.empty();
    }

    /** Whether the workers may write the file, by its owner and mode. */
    private boolean writable() {
        try {
            BasicFileAttributes has = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return has.isRegularFile()
                    && (worker.isPresent()
                            ? Files.getOwner(file, LinkOption.NOFOLLOW_LINKS)
                                            .getName()
                                            .equals(worker.get().user())
                                    && Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)
                                            .containsAll(PosixFilePermissions.fromString("rw-------"))
                                    && WorkerUser.reaches(worker.get(), folder)
                            : Files.isWritable(file));
        } catch (IOException none) {
            return false;
        }
    }

    /** An empty file with the workers as its owner, before it has its name. */
    private Path fresh() throws IOException {
        Path beside = file.resolveSibling(".new");
        Files.deleteIfExists(beside);
        Files.createFile(beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        if (worker.isPresent()) {
            Files.setOwner(
                    beside,
                    beside.getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByName(worker.get().user()));
        }
        return beside;
    }

    /**
     * Puts a file aside that is large or holds more than a day, and removes what is old. What cannot be done now is left to
     * whoever looks next: nothing else fails because of a log.
     *
     * @param wanted whether a domain has an access log
     */
    public void keep(boolean wanted, Instant now) {
        try {
            if (wanted) {
                if (!writable()) {
                    prepare();
                }
                if (due(now)) {
                    locked(Duration.ZERO, () -> {
                        if (due(now)) {
                            rotate();
                        }
                    });
                }
            }
            // Of a time when more were kept.
            for (int n = kept.files() + 1; Files.deleteIfExists(earlier(n)); n++) {
                // Until there are no more.
            }
            for (Path one : all()) {
                boolean written = wanted && one.equals(file);
                if (!written && Files.getLastModifiedTime(one).toInstant().isBefore(now.minus(kept.age()))) {
                    Files.deleteIfExists(one);
                }
            }
        } catch (IOException | Failure later) {
            // doctor says what is wrong with the folder.
        }
    }

    /** Something that works on files. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private void locked(Duration patience, Work work) throws IOException {
        Optional<ExclusiveLock> held = ExclusiveLock.tryHold(lock, patience);
        if (held.isPresent()) {
            try (ExclusiveLock holding = held.get()) {
                work.run();
            }
        }
    }

    private boolean due(Instant now) throws IOException {
        long size = Files.size(file);
        return size > kept.size()
                || (size > 0 && began().filter(now.minus(SPAN)::isAfter).isPresent());
    }

    /** When the first line was written. */
    private Optional<Instant> began() throws IOException {
        byte[] start;
        try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            start = in.readNBytes(FIRST_LINE);
        }
        String text = new String(start, StandardCharsets.ISO_8859_1);
        int end = text.startsWith(TIME) ? text.indexOf('"', TIME.length()) : -1;
        try {
            return end < 0
                    ? Optional.empty()
                    : Optional.of(OffsetDateTime.parse(text.substring(TIME.length(), end))
                            .toInstant());
        } catch (DateTimeParseException damaged) {
            return Optional.empty();
        }
    }

    /** An empty file takes the place of the one that there is, if there is one; the lock is held. */
    private void rotate() throws IOException {
        Path next = fresh();
        // After one that was broken off between the two names it has its second one already.
        if (key(file).isPresent() && !key(file).equals(key(earlier(1)))) {
            for (int n = kept.files() - 1; n > 0; n--) {
                if (Files.exists(earlier(n), LinkOption.NOFOLLOW_LINKS)) {
                    Files.move(
                            earlier(n),
                            earlier(n + 1),
                            StandardCopyOption.ATOMIC_MOVE,
                            StandardCopyOption.REPLACE_EXISTING);
                }
            }
            Files.createLink(earlier(1), file);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
