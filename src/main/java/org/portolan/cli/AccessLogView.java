package org.portolan.cli;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.portolan.json.NotJson;
import org.portolan.json.StrictJson;
import org.portolan.model.Durations;
import org.portolan.model.PlainText;
import org.portolan.model.routing.AccessLogPage;
import org.portolan.query.Queries;

/** Shows a domain's access log: a line for people, or with {@code --json} what was written. */
final class AccessLogView {
    private static final long LOOK_MILLIS = 500;

    private final Console console;
    private final Queries queries;
    private final String domain;

    AccessLogView(Console console, Queries queries, String domain) {
        this.console = console;
        this.queries = queries;
        this.domain = domain;
    }

    /** The time that a text means: one itself, or one so long before now. */
    static Optional<Instant> since(@Nullable String text, Instant now) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException notATime) {
            try {
                return Optional.of(Durations.parse(text)
                        .map(now::minus)
                        .orElseThrow(() -> FailureView.usage(
                                "--since does not understand '" + text + "'",
                                "Use a time in UTC, such as 2026-01-31T12:00:00Z, or a duration, such as 10m.")));
            } catch (DateTimeException beforeAllTime) {
                return Optional.of(Instant.EPOCH);
            }
        }
    }

    /**
     * Shows the newest lines, a page after the other, and what comes if it is followed, until nobody reads any more.
     *
     * @param tail how many, {@code Integer.MAX_VALUE} for all that there are
     */
    void show(Optional<Instant> since, int tail, boolean follow) {
        AccessLogPage page = queries.accessLog(domain, since, tail, Optional.empty());
        page.lines().forEach(this::line);
        int left = tail - page.lines().size();
        try {
            while ((follow || (page.cut() && left > 0)) && !console.broken()) {
                if (!page.cut()) {
                    TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                }
                // Before the first line there is no place in the log.
                boolean begun = !page.next().isEmpty();
                page = queries.accessLog(
                        domain,
                        since,
                        begun ? 0 : tail,
                        Optional.of(page.next()).filter(next -> begun));
                List<String> lines = page.lines();
                // What came while the pages were read was not asked for.
                (follow ? lines : lines.subList(0, Math.min(left, lines.size()))).forEach(this::line);
                left -= lines.size();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void line(String text) {
        try {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>(
                    StrictJson.read(text.getBytes(StandardCharsets.UTF_8)).map());
            console.line(words(fields));
            Map<String, Object> told = new LinkedHashMap<>();
            fields.forEach((name, value) -> Optional.ofNullable(value).ifPresent(given -> told.put(name, given)));
            console.record("access", told);
        } catch (NotJson impossible) {
            throw new IllegalStateException("the log's reader hands on JSON only", impossible);
        }
    }

    /** {@code 2026-01-31T12:00:00.123Z 203.0.113.7 GET /cart?x=1 200 1234 B 14 ms shop-web-3-1}. */
    static String words(Map<String, @Nullable Object> fields) {
        String query = text(fields, "query", "");
        String instance = text(fields, "instance", "");
        return PlainText.of(text(fields, "time", "-") + " " + text(fields, "client", "-") + " "
                + text(fields, "method", "-")
                + " "
                + text(fields, "host", "") + text(fields, "path", "") + (query.isEmpty() ? "" : "?" + query) + " "
                + text(fields, "status", "-") + " " + text(fields, "bytes", "-") + " B " + text(fields, "total_ms", "-")
                + " ms " + (instance.isEmpty() ? "-" : instance));
    }

    private static String text(Map<String, @Nullable Object> fields, String name, String otherwise) {
        Object value = fields.get(name);
        String text = value == null ? "" : String.valueOf(value);
        return text.isEmpty() ? otherwise : text;
    }
}
