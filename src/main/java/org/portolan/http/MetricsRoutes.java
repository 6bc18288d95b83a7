package org.portolan.http;

import java.util.List;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

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

    /** They are of the whole installation. */
    private static Reply metrics(Api api, ApiRequest request) {
        if (!request.caller().deployments().isEmpty()) {
            throw new Failure(Kind.NOT_FOUND, "metrics are of the whole installation")
                    .withHint("use a token that is for all deployments");
        }
        MetricsText.Scrape scrape = api.metrics().now(request.header("Accept").orElse(""));
        return Reply.text(200, scrape.type(), scrape.bytes());
    }
}
