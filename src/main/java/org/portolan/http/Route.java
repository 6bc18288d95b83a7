package org.portolan.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.model.state.Scope;

/**
 * One thing that can be asked for. The router, the OpenAPI document, the page of the docs and the check of every answer in tests are made
 * from it.
 *
 * @param scope what the caller needs; empty: nothing, whoever it is
 * @param summary for the document: a verb first
 * @param parameters of the query
 * @param body the form of the body; empty: none is read
 * @param limit the most bytes of a body
 * @param status of the answer when all is well
 * @param types the answer's media types, the first by default
 * @param answer the form of the answer's JSON, of a line where it is a stream
 * @param reach of which deployments it tells something
 */
record Route(
        String method,
        PathTemplate path,
        Optional<Scope> scope,
        String summary,
        List<Parameter> parameters,
        Optional<Map<String, Object>> body,
        int limit,
        int status,
        List<String> types,
        Map<String, Object> answer,
        Reach reach,
        Handling handling) {

    static final int USUAL_LIMIT = 256 * 1024;
    static final Optional<Scope> OPEN = Optional.empty();
    static final Optional<Scope> READ = Optional.of(Scope.READ);
    static final Optional<Scope> DEPLOY = Optional.of(Scope.DEPLOY);
    static final Optional<Scope> ADMIN = Optional.of(Scope.ADMIN);

    /** A parameter of the query. */
    record Parameter(String name, String meaning, Map<String, Object> schema) {}

    /** Answers a request. */
    @FunctionalInterface
    interface Handling {
        Reply answer(Api api, ApiRequest request);
    }

    /** Answers from what whoever asks sees. */
    @FunctionalInterface
    interface Look {
        Reply answer(Viewer viewer, ApiRequest request);
    }

    /** What one tells that says nothing about itself: of the deployment in its path, else of the whole installation. */
    static Reach usual(PathTemplate path, Optional<Scope> scope) {
        return path.text().contains("{deployment}")
                ? Reach.DEPLOYMENT
                : scope.isEmpty() ? Reach.NONE : Reach.INSTALLATION;
    }

    /** One about all that whoever asks sees. */
    static Route seen(String path, Optional<Scope> scope, String summary, Map<String, Object> answer, Look look) {
        return get(
                        path,
                        scope,
                        summary,
                        answer,
                        (api, request) -> look.answer(new Viewer(api, request.caller()), request))
                .reaching(Reach.SEEN);
    }

    static Route get(
            String path, Optional<Scope> scope, String summary, Map<String, Object> answer, Handling handling) {
        PathTemplate template = PathTemplate.of(path);
        return new Route(
                "GET",
                template,
                scope,
                summary,
                List.of(),
                Optional.empty(),
                0,
                200,
                List.of(Reply.JSON),
                answer,
                usual(template, scope),
                handling);
    }

    /** One whose answer is a WebSocket. */
    static Route socket(String path, Optional<Scope> scope, String summary, Handling handling) {
        PathTemplate template = PathTemplate.of(path);
        return new Route(
                "GET",
                template,
                scope,
                summary,
                List.of(),
                Optional.empty(),
                0,
                Upgrades.SWITCHING,
                List.of(Reply.WEBSOCKET),
                Map.of(),
                usual(template, scope),
                handling);
    }

    /** One that changes something. */
    static Route change(
            String method,
            String path,
            Optional<Scope> scope,
            String summary,
            Map<String, Object> body,
            int status,
            Map<String, Object> answer,
            Handling handling) {
        PathTemplate template = PathTemplate.of(path);
        return new Route(
                method,
                template,
                scope,
                summary,
                List.of(),
                Optional.of(body),
                USUAL_LIMIT,
                status,
                List.of(Reply.JSON),
                answer,
                usual(template, scope),
                handling);
    }

    /** The same with a parameter of the query. */
    Route query(String name, String meaning, Map<String, Object> schema) {
        List<Parameter> more = new ArrayList<>(parameters);
        more.add(new Parameter(name, meaning, schema));
        return new Route(method, path, scope, summary, more, body, limit, status, types, answer, reach, handling);
    }

    /** The same with these media types. */
    Route as(String... media) {
        return new Route(
                method, path, scope, summary, parameters, body, limit, status, List.of(media), answer, reach, handling);
    }

    /** The same with room for larger bodies. */
    Route upTo(int bytes) {
        return new Route(method, path, scope, summary, parameters, body, bytes, status, types, answer, reach, handling);
    }

    /** The same, telling nothing of any deployment. */
    Route tellingNothing() {
        return reaching(Reach.NONE);
    }

    /** The same, which finds out itself what a request is about and whether that is theirs. */
    Route judging() {
        return reaching(Reach.JUDGED);
    }

    private Route reaching(Reach other) {
        return new Route(method, path, scope, summary, parameters, body, limit, status, types, answer, other, handling);
    }

    /**
     * Answers whoever it is for.
     *
     * @throws org.portolan.model.Failure as for what does not exist where it is not for them
     */
    Reply answer(Api api, ApiRequest request) {
        reach.require(request);
        return handling.answer(api, request);
    }

    /** Whether it names this parameter. */
    boolean takes(String parameter) {
        return parameters.stream().anyMatch(known -> known.name().equals(parameter));
    }

    /** {@code GET /v1/deployments}. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
