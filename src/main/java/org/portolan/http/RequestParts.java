package org.portolan.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Nearest;

/** What of a request routes see. */
final class RequestParts {
    private RequestParts() {}

    /**
     * The parameters of the query.
     *
     * @throws Failure when one is unknown to the route, there twice, or cannot be decoded
     */
    static Map<String, String> query(Request request, Route route) {
        Map<String, String> query = new LinkedHashMap<>();
        for (Fields.Field field : parameters(request)) {
            String name = field.getName();
            if (!route.takes(name)) {
                List<String> known =
                        route.parameters().stream().map(Route.Parameter::name).toList();
                Failure unknown = new Failure(Kind.INVALID, "unknown parameter '" + name + "'");
                throw Nearest.of(name, known)
                        .map(nearest -> unknown.withHint("did you mean '" + nearest + "'?"))
                        .orElse(unknown);
            }
            if (field.getValues().size() > 1) {
                throw new Failure(Kind.INVALID, "duplicate parameter '" + name + "'");
            }
            query.put(name, field.getValue());
        }
        return query;
    }

    /** The headers, by name in small letters. */
    static Map<String, String> headers(Request request) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (HttpField field : request.getHeaders()) {
            headers.merge(
                    field.getName().toLowerCase(Locale.ROOT),
                    Optional.ofNullable(field.getValue()).orElse(""),
                    (one, other) -> one + ", " + other);
        }
        if (request.getConnectionMetaData().isSecure()) {
            // As a proxy that speaks TLS would say it.
            headers.put("x-forwarded-proto", "https");
        }
        return headers;
    }

    private static Fields parameters(Request request) {
        try {
            return Request.extractQueryParameters(request);
        } catch (RuntimeException undecodable) {
            throw new Failure(Kind.INVALID, "the query cannot be decoded").withHint("write a percent sign as %25");
        }
    }

    /**
     * The path, if it is written plainly. What a proxy in front takes for another path than this server does it can let through.
     *
     * @throws Failure when it has parameters, or parts that stand for other parts
     */
    static String path(Request request) {
        String raw = String.valueOf(request.getHttpURI().getPath());
        for (String part : raw.split("/", -1)) {
            if (part.equals(".") || part.equals("..") || part.indexOf(';') >= 0) {
                throw new Failure(Kind.INVALID, "the path is not written plainly")
                        .withHint("write it without ;, . and .. as parts");
            }
        }
        return Request.getPathInContext(request);
    }
}
