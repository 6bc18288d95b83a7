package org.portolan.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.portolan.model.state.Scope;

/** The routes as an OpenAPI 3.1 document. */
final class OpenApi {
    private static final String SCHEMA = "schema";
    private static final String DESCRIPTION = "description";

    private OpenApi() {}

    static Map<String, Object> document(List<Route> routes) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put(
                "info",
                Map.of("title", "Portolan", "version", "1", DESCRIPTION, "The controller of a Portolan installation."));
        document.put("security", List.of(Map.of("token", List.of())));
        Map<String, Map<String, Object>> paths = new LinkedHashMap<>();
        for (Route route : routes) {
            paths.computeIfAbsent(route.path().text(), path -> new LinkedHashMap<>())
                    .put(route.method().toLowerCase(Locale.ROOT), operation(route));
        }
        document.put("paths", paths);
        Map<String, Object> components = new LinkedHashMap<>();
        components.put(
                "securitySchemes",
                Map.of(
                        "token",
                        Map.of("type", "http", "scheme", "bearer"),
                        "password",
                        Map.of("type", "http", "scheme", "basic")));
        components.put("schemas", Map.of("Problem", ProblemJson.SCHEMA));
        components.put(
                "responses",
                Map.of(
                        "Problem",
                        Map.of(
                                DESCRIPTION,
                                "What went wrong.",
                                "content",
                                Map.of(
                                        ProblemJson.TYPE,
                                        Map.of(SCHEMA, Map.of("$ref", "#/components/schemas/Problem"))))));
        document.put("components", components);
        return document;
    }

    private static Map<String, Object> operation(Route route) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("operationId", id(route));
        operation.put("summary", route.summary());
        operation.put("x-scope", route.scope().map(Scope::word).orElse("open"));
        if (route.scope().isEmpty()) {
            operation.put("security", List.of());
        }
        if (GitRoutes.isGit(route.path().text())) {
            operation.putAll(GitRoutes.described(route));
        }
        List<Map<String, Object>> parameters = new ArrayList<>();
        for (String name : route.path().names()) {
            parameters.add(Map.of("name", name, "in", "path", "required", true, SCHEMA, ApiSchema.TEXT));
        }
        for (Route.Parameter parameter : route.parameters()) {
            parameters.add(Map.of(
                    "name",
                    parameter.name(),
                    "in",
                    "query",
                    DESCRIPTION,
                    parameter.meaning(),
                    SCHEMA,
                    parameter.schema()));
        }
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        route.body()
                .ifPresent(form ->
                        operation.put("requestBody", Map.of("content", Map.of(Reply.JSON, Map.of(SCHEMA, form)))));
        if (route.method().equals("PUT") && route.body().isEmpty()) {
            operation.put("requestBody", Map.of("content", Map.of(ArchiveRoutes.TAR, Map.of())));
        }
        Map<String, Object> content = new LinkedHashMap<>();
        for (String type : route.types()) {
            content.put(type, type.equals(Reply.EVENTS) ? Map.of() : Map.of(SCHEMA, route.answer()));
        }
        Map<String, Object> responses = new LinkedHashMap<>();
        boolean socket = route.status() == Upgrades.SWITCHING;
        if (socket || route.types().contains(Reply.NDJSON)) {
            responses.put(
                    String.valueOf(Upgrades.SWITCHING),
                    Map.of(
                            DESCRIPTION,
                            socket
                                    ? "The connection is a WebSocket with subprotocol " + ExecSession.PROTOCOL + "."
                                    : "If a WebSocket was asked for: each line is a text message."));
        }
        if (!socket) {
            responses.put(String.valueOf(route.status()), Map.of(DESCRIPTION, "Done.", "content", content));
        }
        responses.put("default", Map.of("$ref", "#/components/responses/Problem"));
        operation.put("responses", responses);
        return operation;
    }

    /** {@code get-deployments-deployment-plan}. */
    private static String id(Route route) {
        String path = route.path().text().replaceFirst("^/v1/", "/");
        return route.method().toLowerCase(Locale.ROOT)
                + path.replaceAll("[{}]", "").replaceAll("[^a-z]+", "-");
    }
}
