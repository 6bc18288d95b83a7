package org.portolan.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What load balancers and service managers ask, and what describes the rest. */
final class HealthRoutes {
    private HealthRoutes() {}

    static List<Route> all() {
        Map<String, Object> state =
                ApiSchema.object().with("status", ApiSchema.TEXT).done();
        Map<String, Object> ready = ApiSchema.object()
                .with("status", ApiSchema.oneOf("ready", "not-ready"))
                .with("leads", ApiSchema.FLAG)
                .with("store", ApiSchema.FLAG)
                .with("engine", ApiSchema.FLAG)
                .maybe("warnings", ApiSchema.TEXTS)
                .done();
        return List.of(
                Route.get(
                        "/healthz",
                        Route.OPEN,
                        "Say that this process is alive.",
                        state,
                        (api, request) -> Reply.of(200, Map.of("status", "alive"))),
                Route.get(
                        "/readyz",
                        Route.OPEN,
                        "Say whether this controller leads, and store and engine answer; else 503.",
                        ready,
                        HealthRoutes::ready),
                Route.get(
                                "/v1/openapi.json",
                                Route.READ,
                                "Get this API as an OpenAPI 3.1 document.",
                                ApiSchema.object()
                                        .with("openapi", ApiSchema.TEXT)
                                        .andMore()
                                        .done(),
                                (api, request) -> Reply.thing(OpenApi.document(RouteTable.ALL)))
                        .tellingNothing());
    }

    private static Reply ready(Api api, ApiRequest request) {
        Map<String, Boolean> parts = api.readiness().parts();
        boolean all = !parts.containsValue(false);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("status", all ? "ready" : "not-ready");
        // This process listens only while it leads.
        fields.put("leads", true);
        fields.putAll(parts);
        List<String> warnings = api.readiness().warnings();
        if (!warnings.isEmpty()) {
            fields.put("warnings", warnings);
        }
        return Reply.of(all ? 200 : 503, fields);
    }
}
