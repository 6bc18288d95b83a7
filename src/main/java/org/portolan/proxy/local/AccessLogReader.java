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
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.portolan.json.JsonTree;
import org.portolan.json.NotJson;
import org.portolan.model.routing.AccessLogPage;
import org.portolan.model.routing.AccessLogQuery;
import org.portolan.process.FileProblems;
import org.portolan.proxy.local.AccessLogPlace.Spot;
import org.portolan.proxy.nginx.AccessLogFiles;

/** Reads the access log. Lines that are none, as a full disk leaves them, are passed over; times come out in UTC. */
final class AccessLogReader {
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

    /** Reads what is asked for, and at most {@link #MOST_BYTES} of it: what comes then is after {@link AccessLogPage#next()}. */
    AccessLogPage read(AccessLogQuery query) {
        if (query.after().isPresent()) {
            return after(query, AccessLogPlace.read(query.after().get()));
        }
        if (query.tail() <= AccessLogQuery.MOST) {
            AccessLogPage page = newest(query);
            if (!page.cut()) {
                return page;
            }
        }
        return first(query);
    }

    private AccessLogPage newest(AccessLogQuery query) {
        AccessLogPage page = newestNow(query);
        // A file was renamed while it was opened; that is over now.
        return page.next().isEmpty() ? newestNow(query) : page;
    }

    private AccessLogPage newestNow(AccessLogQuery query) {
        Deque<String> lines = new ArrayDeque<>();
        Deque<Spot> next = new ArrayDeque<>();
        List<Path> all = files.all();
        int bytes = 0;
        boolean open = true;
        for (int i = all.size() - 1; i >= 0; i--) {
            Path file = all.get(i);
            boolean now = i == all.size() - 1;
            // Lines may still come to one that was just put aside: whoever follows reads it to its end, too.
            open &= now || writtenNow(file);
            boolean wanted = now || !(lines.size() >= query.tail() || over(file, query.since()));
            if (!open && !wanted) {
                break;
            }
            Newest own = new Newest(wanted ? query.tail() - lines.size() : 0, MOST_BYTES - bytes);
            Optional<Spot> end = scan(file, 0, query, own::add);
            if (open) {
                end.ifPresent(next::addFirst);
            }
            if (own.cut()) {
                return new AccessLogPage(List.of(), "", true);
            }
            bytes += own.bytes;
            while (!own.lines.isEmpty()) {
                lines.addFirst(own.lines.removeLast());
            }
        }
        return new AccessLogPage(List.copyOf(lines), new AccessLogPlace(List.copyOf(next)).toString());
    }

    /** Where the lines that are wanted begin: after so many others that are like them, in the file with this number. */
    private record Begin(Optional<Long> number, long others) {}

    /** The first of more lines than one answer has. Only their number is kept of them, however many they are. */
    private AccessLogPage first(AccessLogQuery query) {
        Begin begin = begin(query);
        List<Path> all = files.all();
        for (int i = 0; i < all.size(); i++) {
            if (begin.number().isPresent() && number(all.get(i)).equals(begin.number())) {
                return forward(query, all.subList(i, all.size()), new AccessLogPlace(List.of()), begin.others());
            }
        }
        // It was displaced just now: so are lines that are older than all there are.
        return forward(query, all, new AccessLogPlace(List.of()), 0);
    }

    private Begin begin(AccessLogQuery query) {
        List<Path> all = files.all();
        Begin begin = new Begin(Optional.empty(), 0);
        long left = query.tail();
        for (int i = all.size() - 1; i >= 0 && left > 0; i--) {
            Path file = all.get(i);
            if (i < all.size() - 1 && over(file, query.since())) {
                break;
            }
            long own = query.tail() == Integer.MAX_VALUE ? 0 : count(file, query);
            begin = new Begin(number(file), Math.max(0, own - left));
            left -= own;
        }
        return begin;
    }

    private static long count(Path file, AccessLogQuery query) {
        long[] count = {0};
        scan(file, 0, query, line -> {
            count[0]++;
            return true;
        });
        return count[0];
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

    private AccessLogPage after(AccessLogQuery query, AccessLogPlace place) {
        List<Path> all = files.all();
        // One that was removed meanwhile, or written over by hand: what is written now.
        int first = Math.max(0, all.size() - 1);
        for (int i = all.size() - 1; i >= 0; i--) {
            if (number(all.get(i)).flatMap(place::in).isPresent()) {
                first = i;
            }
        }
        AccessLogPage page = forward(query, all.subList(first, all.size()), place, 0);
        return page.next().isEmpty() ? new AccessLogPage(page.lines(), place.toString(), page.cut()) : page;
    }

    /**
     * What is in files after a place, as much as an answer has.
     *
     * @param others so many lines that are like those which are wanted come first
     */
    private AccessLogPage forward(AccessLogQuery query, List<Path> all, AccessLogPlace place, long others) {
        List<String> lines = new ArrayList<>();
        int[] bytes = {0};
        long[] left = {others};
        boolean cut = false;
        boolean behind = false;
        List<Spot> next = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Path file = all.get(i);
            Optional<Spot> told = number(file).flatMap(place::in);
            if (cut) {
                // Also the begin of the one behind: should this one be displaced meanwhile, it continues there.
                Optional<Spot> begin = behind ? Optional.empty() : number(file).map(number -> new Spot(number, 0, 0));
                told.or(() -> begin).ifPresent(next::add);
                behind = true;
                continue;
            }
            boolean open = i == all.size() - 1 || writtenNow(file) || !next.isEmpty();
            long offset = told.filter(spot -> spot.offset() > 0 && head(file) == spot.head())
                    .map(Spot::offset)
                    .orElse(0L);
            Optional<Spot> end = scan(file, offset, query, line -> {
                if (left[0] > 0) {
                    left[0]--;
                    return true;
                }
                lines.add(line);
                bytes[0] += line.length();
                return lines.size() < AccessLogQuery.MOST && bytes[0] < MOST_BYTES;
            });
            cut = lines.size() >= AccessLogQuery.MOST || bytes[0] >= MOST_BYTES;
            if (open || cut) {
                end.ifPresent(next::add);
            }
        }
        return new AccessLogPage(lines, new AccessLogPlace(next).toString(), cut);
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
    private static Optional<Spot> scan(Path file, long from, AccessLogQuery query, Sink sink) {
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
                Optional<String> shown = shown(line.toByteArray(), query);
                line.reset();
                if (shown.isPresent() && !sink.line(shown.get())) {
                    break;
                }
            }
            return Optional.of(new Spot(number, whole > 0 ? head(file) : 0, whole));
        } catch (NoSuchFileException rotatedAway) {
            return Optional.empty();
        } catch (IOException problem) {
            throw FileProblems.failure("read", file, problem);
        }
    }

    /** The deployment in {@code deployment:service}; "" where nobody was asked. */
    private static String service(@Nullable Object said) {
        String text = said == null ? "" : String.valueOf(said);
        return text.substring(0, Math.max(0, text.indexOf(':')));
    }

    private static Optional<String> shown(byte[] line, AccessLogQuery query) {
        Set<String> names = query.names();
        Optional<Instant> since = query.since();
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
                if ((since.isPresent() && at.isBefore(since.get())) || !query.isOf(service(fields.get("service")))) {
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
