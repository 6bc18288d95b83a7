package org.portolan.http;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.portolan.page.LogPage;
import org.portolan.page.Moment;

/** The last lines of a log for a page: long ones cut, and no more than so many characters of all. */
final class LogExcerpt {
    static final int LONGEST = 4_000;
    static final int MOST = 512 * 1024;

    /** What a line takes beside its text. */
    private static final int LINE = 100;

    private final Deque<LogPage.Line> lines = new ArrayDeque<>();
    private int held;
    private int left;

    void line(String instance, Instant at, boolean error, String text) {
        String shown = LogLines.Cut.of(text, LONGEST).text();
        lines.addLast(new LogPage.Line(Moment.at(at).full(), error, shown));
        held += shown.length() + LINE;
        while (held > MOST) {
            held -= lines.removeFirst().text().length() + LINE;
            left++;
        }
    }

    /** The oldest first, and above them how many there is no room for. */
    List<LogPage.Line> lines() {
        List<LogPage.Line> all = new ArrayList<>();
        if (left > 0) {
            all.add(new LogPage.Line("", false, "… " + left + " earlier lines are left out"));
        }
        all.addAll(lines);
        return all;
    }
}
