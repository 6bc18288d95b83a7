package org.portolan.http;

import java.util.List;

/** What Prometheus asks for. */
final class MetricsRoutes {
    private static final String TEXT = "text/plain";

    private MetricsRoutes() {}

    static List<Route> all() {
        return List.of(Route.get(
                        "/metrics",
                        Route.READ,
                        "Get the controller's metrics, in Prometheus' text format or as OpenMetrics.",
                        ApiSchema.TEXT,
                        MetricsRoutes::metrics)
                .as(TEXT, "application/openmetrics-text"));
    }

    private static Reply metrics(Api api, ApiRequest request) {
        MetricsText.Scrape scrape = api.metrics().now(request.header("Accept").orElse(""));
        return Reply.text(200, scrape.type(), scrape.bytes());
    }
}
