package org.portolan.http;

/** What {@code GET /metrics} answers with. Called from many threads. */
@FunctionalInterface
public interface MetricsText {
    /** Nothing is measured. */
    MetricsText NONE = accept -> new Scrape("text/plain; version=0.0.4; charset=utf-8", new byte[0]);

    /** The metrics now, in one of the formats that the caller takes. */
    Scrape now(String accept);

    /** A text and its media type. */
    @SuppressWarnings("ArrayRecordComponent") // Written as it is, and compared by nobody.
    record Scrape(String type, byte[] bytes) {}
}
