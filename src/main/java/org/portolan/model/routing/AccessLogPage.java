package org.portolan.model.routing;

import java.util.List;

/**
 * Lines of the edge's access log.
 *
 * @param lines the oldest first, each a JSON object
 * @param next the place after them in the log; "" when there is no log yet
 * @param cut whether more was asked for than is given at once: the rest comes after {@code next}
 */
public record AccessLogPage(List<String> lines, String next, boolean cut) {
    public AccessLogPage(List<String> lines, String next) {
        this(lines, next, false);
    }
}
