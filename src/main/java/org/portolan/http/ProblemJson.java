package org.portolan.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.portolan.json.JsonTree;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.InvalidInput;
import org.portolan.model.NeedsConsent;
import org.portolan.model.Problem;
import org.portolan.model.Remedy;
import org.portolan.model.json.RemedyJson;
import org.portolan.query.json.JsonFields;

/** Failures as problem+json (RFC 9457), and the only place that gives a kind of failure a status. */
final class ProblemJson {
    static final String TYPE = "application/problem+json";

    static final Map<String, Object> SCHEMA = ApiSchema.object()
            .with("type", ApiSchema.TEXT)
            .with("title", ApiSchema.TEXT)
            .with("status", ApiSchema.WHOLE)
            .with("detail", ApiSchema.TEXT)
            .with("kind", ApiSchema.TEXT)
            .with("request", ApiSchema.TEXT)
            .maybe("details", ApiSchema.TEXTS)
            .maybe("remedy", ApiSchema.TEXT)
            .maybe(
                    "advice",
                    ApiSchema.list(ApiSchema.object()
                            .maybe("text", ApiSchema.TEXT)
                            .maybe("verb", ApiSchema.TEXT)
                            .maybe("deployment", ApiSchema.TEXT)
                            .maybe("arguments", ApiSchema.TEXTS)
                            .done()))
            .maybe("needed", ApiSchema.TEXTS)
            .maybe(
                    "problems",
                    ApiSchema.list(ApiSchema.object()
                            .with("severity", ApiSchema.oneOf("error", "warning"))
                            .with("file", ApiSchema.TEXT)
                            .with("line", ApiSchema.WHOLE)
                            .with("column", ApiSchema.WHOLE)
                            .with("message", ApiSchema.TEXT)
                            .maybe("hint", ApiSchema.TEXT)
                            .done()))
            .done();

    private static final String URN = "urn:portolan:problem:";

    private ProblemJson() {}

    static int status(Kind kind) {
        return switch (kind) {
            case INVALID -> 400;
            case NOT_FOUND -> 404;
            case REFUSED, NEEDS_CONSENT, CONFLICT, LOCKED, NOT_RUNNING, FAILED -> 409;
            case STALE -> 412;
            case FENCED, UNREACHABLE, UNAVAILABLE -> 503;
            case CORRUPT, INTERNAL -> 500;
        };
    }

    private static String title(Kind kind) {
        return switch (kind) {
            case INVALID -> "The request is not valid";
            case NOT_FOUND -> "Not found";
            case REFUSED -> "Refused";
            case NEEDS_CONSENT -> "Somebody has to agree";
            case STALE -> "It has changed meanwhile";
            case FAILED -> "Failed";
            case CONFLICT -> "It belongs to another installation or user";
            case LOCKED -> "Another change is in progress";
            case FENCED -> "This controller no longer leads";
            case NOT_RUNNING -> "No release is in progress";
            case UNREACHABLE -> "Something does not answer";
            case UNAVAILABLE -> "Not possible on this machine";
            case CORRUPT -> "What is kept is damaged";
            case INTERNAL -> "Internal error";
        };
    }

    /**
     * A failure's fields.
     *
     * @param request the request's id
     * @param mask hides known secrets
     */
    static Map<String, Object> fields(Failure failure, String request, UnaryOperator<String> mask) {
        Map<String, Object> fields = new LinkedHashMap<>();
        String kind = failure.kind().name().toLowerCase(Locale.ROOT);
        fields.put("type", URN + kind.replace('_', '-'));
        fields.put("title", title(failure.kind()));
        fields.put("status", status(failure.kind()));
        fields.put("detail", mask.apply(failure.what()));
        fields.put("kind", kind);
        fields.put("request", request);
        if (!failure.details().isEmpty()) {
            fields.put("details", failure.details().stream().map(mask).toList());
        }
        fields.put("remedy", failure.remedy().map(Remedy::plain).map(mask));
        fields.put("advice", failure.remedy().map(remedy -> RemedyJson.tree(remedy.map(mask))));
        if (failure instanceof NeedsConsent needs) {
            fields.put("needed", needs.needed());
        }
        if (failure instanceof InvalidInput invalid) {
            List<Map<String, Object>> problems = new ArrayList<>();
            invalid.problems().forEach(problem -> problems.add(problem(problem, mask)));
            fields.put("problems", problems);
        }
        return fields;
    }

    /** Where it is and what; without the excerpt, which may show a secret. */
    private static Map<String, Object> problem(Problem problem, UnaryOperator<String> mask) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("severity", problem.isError() ? "error" : "warning");
        fields.put("file", problem.at().file());
        fields.put("line", problem.at().line());
        fields.put("column", problem.at().column());
        fields.put("message", mask.apply(problem.message()));
        fields.put("hint", problem.hint().map(mask));
        return fields;
    }

    static Reply.Whole answer(Failure failure, String request, UnaryOperator<String> mask) {
        Reply.Whole answer = whole(status(failure.kind()), fields(failure, request, mask));
        boolean later = failure.kind().passes() || failure.kind() == Kind.FENCED;
        return later ? answer.with("Retry-After", "1") : answer;
    }

    /** A problem of HTTP itself: a method, a size, a token. */
    static Reply.Whole plain(int status, String title, String detail, Optional<String> remedy, String request) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", "about:blank");
        fields.put("title", title);
        fields.put("status", status);
        fields.put("detail", detail);
        fields.put("kind", "http");
        fields.put("request", request);
        fields.put("remedy", remedy);
        return whole(status, fields);
    }

    private static Reply.Whole whole(int status, Map<String, Object> fields) {
        return new Reply.Whole(status, Map.of(), TYPE, JsonTree.bytes(JsonFields.plain(fields)), false);
    }
}
