package org.portolan.proxy.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/**
 * A place in the access log: how far each file was read that lines may still come to. After a rotation these are two for a moment, the file
 * that was put aside and the one that has its name now.
 *
 * @param spots the oldest file first
 */
record AccessLogPlace(List<Spot> spots) {
    private static final Pattern SPOT = Pattern.compile("([0-9]{1,20})-([0-9a-f]{1,8})-([0-9]{1,18})");
    private static final String BETWEEN = "_";
    private static final int MOST = 16;

    AccessLogPlace {
        spots = List.copyOf(spots);
    }

    /**
     * How far a file was read.
     *
     * @param number of the file's inode, which stays when it is renamed
     * @param head a sum of what the file begins with: another file may get the number of one that was deleted
     */
    record Spot(long number, long head, long offset) {
        @Override
        public String toString() {
            return Long.toUnsignedString(number) + "-" + Long.toHexString(head) + "-" + offset;
        }
    }

    /** The spot in a file, by its inode. */
    Optional<Spot> in(long number) {
        return spots.stream().filter(spot -> spot.number() == number).findFirst();
    }

    /**
     * As it is written.
     *
     * @throws Failure when it is none
     */
    static AccessLogPlace read(String text) {
        List<Spot> spots = new ArrayList<>();
        for (String part : text.split(BETWEEN, MOST + 1)) {
            Matcher matcher = SPOT.matcher(part);
            if (!matcher.matches()) {
                throw wrong(text);
            }
            try {
                spots.add(new Spot(
                        Long.parseUnsignedLong(matcher.group(1)),
                        Long.parseLong(matcher.group(2), 16),
                        Long.parseLong(matcher.group(3))));
            } catch (NumberFormatException tooLarge) {
                throw wrong(text);
            }
        }
        return new AccessLogPlace(spots);
    }

    private static Failure wrong(String text) {
        return new Failure(Kind.INVALID, "invalid place in the access log: '" + text + "'")
                .withHint("use what the answer of before named as next");
    }

    /** For {@link #read}; "" before there is any file. */
    @Override
    public String toString() {
        return spots.stream().map(Spot::toString).collect(Collectors.joining(BETWEEN));
    }
}
