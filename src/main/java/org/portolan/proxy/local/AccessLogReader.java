package org.portolan.proxy.local;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.portolan.json.JsonTree;
import org.portolan.json.NotJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.routing.AccessLogPage;
import org.portolan.model.routing.AccessLogQuery;
import org.portolan.process.FileProblems;
import org.portolan.proxy.nginx.AccessLogFiles;

/** Reads the access log. Lines that are none, as a full disk leaves them, are passed over; times come out in UTC. */
final class AccessLogReader {
    private static final Pattern PLACE = Pattern.compile("([0-9]{1,20})-([0-9a-f]{1,8})-([0-9]{1,18})");
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final int LONGEST = 64 * 1024;

    /** Roughly, of the lines of an answer. */
    static final int MOST_BYTES = 512 * 1024;

    private static final int HEAD = 256;

    /** nginx looks every second which file has the name, and until then writes to the one that had it. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final AccessLogFiles files;

    AccessLogReader(AccessLogFiles files) {
        this.files = files;
    }

    /** Reads as many lines as are asked for, and at most {@link #MOST_BYTES} of them. */
    AccessLogPage read(AccessLogQuery query) {
        Optional<Place> after = query.after().map(AccessLogReader::place);
        return after.isPresent() ? since(query, after.get()) : newest(query);
    }

    /**
     * A place in the log.
     *
     * @param number of the file's inode, which stays when it is renamed
     * @param head a sum of what the file begins with: another file may get the number of one that was deleted
     */
    private record Place(long number, long head, long offset) {
        @Override
        public String toString() {
            return number + "-" + Long.toHexString(head) + "-" + offset;
        }
    }

    private static Place place(String text) {
        Matcher matcher = PLACE.matcher(text);
        try {
            if (matcher.matches()) {
                return new Place(
                        Long.parseUnsignedLong(matcher.group(1)),
                        Long.parseLong(matcher.group(2), 16),
                        Long.parseLong(matcher.group(3)));
            }
        } catch (NumberFormatException tooLarge) {
            // Told below.
        }
        throw new Failure(Kind.INVALID, "invalid place in the access log: '" + text + "'")
                .withHint("use what the answer of before named as next");
    }

    private AccessLogPage newest(AccessLogQuery query) {
        AccessLogPage page = newestNow(query);
        // A file was renamed while it was opened; that is over now.
        return page.next().isEmpty() ? newestNow(query) : page;
    }

    private AccessLogPage newestNow(AccessLogQuery query) {
        Deque<String> lines = new ArrayDeque<>();
        String next = "";
        List<Path> all = files.all();
        int bytes = 0;
        boolean cut = false;
        for (int i = all.size() - 1; i >= 0 && !cut; i--) {
            Path file = all.get(i);
            if (i < all.size() - 1 && (lines.size() >= query.tail() || over(file, query.since()))) {
                break;
            }
            Newest own = new Newest(query.tail() - lines.size(), MOST_BYTES - bytes);
            Optional<Place> end = scan(file, 0, query, own::add);
            next = next.isEmpty() ? end.map(Place::toString).orElse("") : next;
            cut = own.cut();
            bytes += own.bytes;
            while (!own.lines.isEmpty()) {
                lines.addFirst(own.lines.removeLast());
            }
        }
        return new AccessLogPage(List.copyOf(lines), next, cut);
    }

    /** The last lines of a file, as far as there is room. */
    private static final class Newest {
        private final Deque<String> lines = new ArrayDeque<>();
        private final int most;
        private final int room;
        private int bytes;
        private boolean tooMany;

        Newest(int most, int room) {
            this.most = most;
            this.room = room;
        }

        boolean add(String line) {
            lines.add(line);
            bytes += line.length();
            while (lines.size() > most || bytes > room) {
                tooMany |= lines.size() <= most;
                bytes -= lines.remove().length();
            }
            return true;
        }

        /** Whether one is missing that is among those that were asked for. */
        boolean cut() {
            return tooMany && lines.size() < most;
        }
    }

    /** Whether nothing was written to a file since a time. */
    private static boolean over(Path file, Optional<Instant> since) {
        try {
            return since.isPresent()
                    && Files.getLastModifiedTime(file).toInstant().isBefore(since.get());
        } catch (IOException gone) {
            return true;
        }
    }

    private AccessLogPage since(AccessLogQuery query, Place after) {
        List<Path> all = files.all();
        // One that was removed meanwhile, or written over by hand: what is written now.
        int first = Math.max(0, all.size() - 1);
        long offset = 0;
        for (int i = 0; i < all.size(); i++) {
            if (number(all.get(i)).equals(Optional.of(after.number()))) {
                first = i;
                offset = after.offset() > 0 && head(all.get(i)) == after.head() ? after.offset() : 0;
            }
        }
        List<String> lines = new ArrayList<>();
        int[] bytes = {0};
        boolean cut = false;
        Place next = after;
        for (Path file : all.subList(first, all.size())) {
            Optional<Place> end = scan(file, offset, query, line -> {
                lines.add(line);
                bytes[0] += line.length();
                return lines.size() < AccessLogQuery.MOST && bytes[0] < MOST_BYTES;
            });
            next = end.orElse(next);
            offset = 0;
            cut = lines.size() >= AccessLogQuery.MOST || bytes[0] >= MOST_BYTES;
            if (cut || writtenNow(file)) {
                break;
            }
        }
        return new AccessLogPage(lines, next.toString(), cut);
    }

    /** Whether lines may still come to a file, also to one that was put aside. */
    private static boolean writtenNow(Path file) {
        try {
            Instant last =
                    Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
            return Duration.between(last, Instant.now()).abs().compareTo(SETTLED) < 0;
        } catch (IOException gone) {
            return false;
        }
    }

    private static Optional<Long> number(Path file) {
        try {
            return Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS) instanceof Long number
                    ? Optional.of(number)
                    : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** A sum of the first line, as far as it is short; it stays while the file grows. */
    private static long head(Path file) {
        CRC32 sum = new CRC32();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), HEAD)) {
            int b = in.read();
            for (int i = 0; i < HEAD && b >= 0 && b != '\n'; i++) {
                sum.update(b);
                b = in.read();
            }
        } catch (IOException gone) {
            return 0;
        }
        return sum.getValue();
    }

    /** Gets a line; whether it wants more. */
    @FunctionalInterface
    private interface Sink {
        boolean line(String text);
    }

    /**
     * Hands on the lines of a file that are wanted and whole.
     *
     * @return the place after the last whole line that was looked at; empty when the file is gone
     */
    private static Optional<Place> scan(Path file, long from, AccessLogQuery query, Sink sink) {
        Optional<Long> before = number(file);
        try (InputStream in =
                new BufferedInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS), 64 * 1024)) {
            long number = before.filter(one -> number(file).equals(before))
                    .orElseThrow(() -> new NoSuchFileException(file.toString()));
            long start = from > Files.size(file) ? 0 : from;
            in.skipNBytes(start);
            long offset = start;
            long whole = start;
            ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
            for (int b = in.read(); b >= 0; b = in.read()) {
                offset++;
                if (b != '\n') {
                    if (line.size() < LONGEST) {
                        line.write(b);
                    }
                    continue;
                }
                whole = offset;
                Optional<String> shown = shown(line.toByteArray(), query.names(), query.since());
                line.reset();
                if (shown.isPresent() && !sink.line(shown.get())) {
                    break;
                }
            }
            return Optional.of(new Place(number, whole > 0 ? head(file) : 0, whole));
        } catch (NoSuchFileException rotatedAway) {
            return Optional.empty();
        } catch (IOException problem) {
            throw FileProblems.failure("read", file, problem);
        }
    }

    private static Optional<String> shown(byte[] line, Set<String> names, Optional<Instant> since) {
        String text = new String(line, StandardCharsets.UTF_8);
        // Most lines are of other domains, and need no closer look.
        if (names.stream().noneMatch(name -> text.contains("\"domain\":\"" + name + "\""))) {
            return Optional.empty();
        }
        try {
            if (JsonTree.read(text.getBytes(StandardCharsets.UTF_8)) instanceof Map<?, ?> fields
                    && fields.get("domain") instanceof String domain
                    && names.contains(domain)
                    && fields.get("time") instanceof String time) {
                Instant at = OffsetDateTime.parse(time).toInstant();
                if (since.isPresent() && at.isBefore(since.get())) {
                    return Optional.empty();
                }
                Map<String, @Nullable Object> told = new LinkedHashMap<>();
                fields.forEach((name, value) -> told.put(String.valueOf(name), value));
                told.put("time", UTC.format(at));
                return Optional.of(JsonTree.text(told, false));
            }
        } catch (NotJson | DateTimeParseException damaged) {
            // Half a line.
        }
        return Optional.empty();
    }
}
