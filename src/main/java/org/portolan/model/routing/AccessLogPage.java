package org.portolan.model.routing;

import java.util.List;

/**
 * Lines of the edge's access log.
 *
 * @param lines the oldest first, each a JSON object
 * @param next the place after them in the log; "" when there is no log yet
 */
public record AccessLogPage(List<String> lines, String next) {}
