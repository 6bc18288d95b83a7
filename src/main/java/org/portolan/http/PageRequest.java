package org.portolan.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.portolan.http.PageSessions.PageSession;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.state.Scope;
import org.portolan.page.PageFrame;
import org.portolan.page.Rights;

/**
 * A request of somebody who may look at pages.
 *
 * @param session empty over the unix socket and with an Authorization header: no browser sends those by itself
 */
record PageRequest(ApiRequest request, ApiCaller caller, Optional<PageSession> session) {
    private static final String COOKIE = "portolan_session";
    private static final int MOST_FIELDS = 20;

    /** A path as pages have it, without what a browser could take for another server's name. */
    private static final Pattern NEXT = Pattern.compile("/|(/[A-Za-z0-9][A-Za-z0-9._@:-]{0,200}){1,6}");

    PageFrame frame(String title, Instant now) {
        return PageFrame.of(
                title,
                request.path(),
                caller.name(),
                session.map(PageSession::csrf).orElse(""),
                now);
    }

    boolean may(Scope scope) {
        return caller.has(scope);
    }

    /** The page that a form was on. */
    String back() {
        return Optional.ofNullable(request.names().get("deployment"))
                .map(name -> "/deployments/" + name)
                .orElse(request.path().startsWith("/sources") ? "/sources" : "/");
    }

    Rights rights() {
        return new Rights(may(Scope.DEPLOY), may(Scope.ADMIN), !caller.seesAll());
    }

    /** The request as routes see it, made by who is signed in. */
    ApiRequest signed() {
        return signed(request.path());
    }

    /** The same, said to be about another path. */
    ApiRequest signed(String path) {
        return new ApiRequest(
                request.id(),
                request.method(),
                path,
                request.names(),
                request.query(),
                request.headers(),
                request.body(),
                caller);
    }

    /**
     * The fields of a form that came from a page of ours.
     *
     * @throws Failure when it came from elsewhere, or whose it is may not do that
     */
    Map<String, String> form(Scope needed) {
        Map<String, String> fields = fields(request);
        requireOwnOrigin(request);
        session.ifPresent(own -> {
            byte[] sent = fields.getOrDefault("csrf", "").getBytes(StandardCharsets.UTF_8);
            if (!MessageDigest.isEqual(sent, own.csrf().getBytes(StandardCharsets.UTF_8))) {
                throw new Failure(Kind.REFUSED, "this form is not of your session")
                        .withHint("load the page again, and send it from there");
            }
        });
        if (!may(needed)) {
            throw new Failure(Kind.REFUSED, "this " + caller.lacks(needed));
        }
        return fields;
    }

    /** Refuses what a page of another site sends. */
    static void requireOwnOrigin(ApiRequest request) {
        String site = request.header("Sec-Fetch-Site").orElse("none");
        Optional<String> origin = request.header("Origin");
        boolean own = origin.isEmpty() || authority(origin.get()).equals(request.header("Host"));
        if (!own || !(site.equals("same-origin") || site.equals("none"))) {
            throw new Failure(Kind.REFUSED, "this form was sent from another site");
        }
    }

    private static Optional<String> authority(String origin) {
        try {
            return Optional.ofNullable(new URI(origin).getRawAuthority());
        } catch (URISyntaxException noUri) {
            return Optional.empty();
        }
    }

    static Map<String, String> fields(ApiRequest request) {
        Map<String, String> fields = new LinkedHashMap<>();
        String body = new String(request.body(), StandardCharsets.UTF_8);
        for (String pair : body.split("&", MOST_FIELDS)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return fields;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            throw new Failure(Kind.INVALID, "the form is not valid");
        }
    }

    /**
     * Where somebody continues who had to sign in first: a page of ours, as nobody else's link may lead elsewhere.
     *
     * @param asked as it was sent
     */
    static String next(String asked) {
        return NEXT.matcher(asked).matches() ? asked : "/";
    }

    /** The session's id that a browser sends; empty when it sends none. */
    static Optional<String> cookie(ApiRequest request) {
        for (String part : request.header("Cookie").orElse("").split("; ?", -1)) {
            if (part.startsWith(COOKIE + "=")) {
                return Optional.of(part.substring(COOKIE.length() + 1));
            }
        }
        return Optional.empty();
    }

    /** The Set-Cookie header; only sent back by pages of ours, and readable by no script. */
    static String cookie(String id, long seconds, boolean secure) {
        return COOKIE + "=" + id + "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Strict"
                + (secure ? "; Secure" : "");
    }
}
