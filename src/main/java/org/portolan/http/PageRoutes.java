package org.portolan.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.portolan.http.PageSessions.PageSession;
import org.portolan.json.NotJson;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.Event;
import org.portolan.model.state.Scope;
import org.portolan.page.MessagePage;
import org.portolan.page.PageBody;
import org.portolan.page.PageFrame;
import org.portolan.page.PageTemplates;
import org.portolan.page.SignInPage;
import org.portolan.query.EventHub;

/** The web page: signing in, what is around the pages, and what tells them that something happened. */
final class PageRoutes {
    static final String HTML = "text/html; charset=utf-8";

    /** Everything from this server, nothing inline, and in no frame. */
    private static final String POLICY =
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self';"
                    + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final Map<String, String> ASSETS = Map.of(
            "page.css",
            "text/css; charset=utf-8",
            "page.js",
            "text/javascript; charset=utf-8",
            "mark.svg",
            "image/svg+xml");

    static final String CHANGE = "change";
    private static final String WHOSE = "What became of this change.";
    private static final String TO = "to";
    private static final Duration SIGNED = Duration.ofSeconds(5);

    private final TokenCheck tokens;
    private final PageSessions sessions = new PageSessions();
    private final PageTemplates templates = new PageTemplates();

    PageRoutes(TokenCheck tokens) {
        this.tokens = tokens;
    }

    /** Answers somebody who may look. */
    @FunctionalInterface
    interface Page {
        Reply answer(Api api, PageRequest request);
    }

    List<Route> all() {
        PageViews views = new PageViews(this);
        DeploymentViews deployment = new DeploymentViews(this);
        List<Route> all = new ArrayList<>(PageChanges.all(this));
        all.addAll(List.of(
                get("/", views::overview),
                get("/deployments/{deployment}", deployment::whole).query(CHANGE, WHOSE, ApiSchema.TEXT),
                get("/deployments/{deployment}/releases/{number}", deployment::release),
                get("/deployments/{deployment}/logs/{instance}", views::log),
                get("/deployments/{deployment}/logs/{instance}/live", views::follow)
                        .as(Reply.NDJSON),
                get("/map", views::map),
                get("/sources", views::sources).query(CHANGE, WHOSE, ApiSchema.TEXT),
                get("/events", views::events)
                        .query("before", "Only events before the one with this id.", ApiSchema.TEXT),
                get("/live", this::live).as(Reply.EVENTS),
                open("GET", "/sign-in", (api, request) -> signIn(api, "", next(request.query(TO)), 200))
                        .query(TO, "Where to continue.", ApiSchema.TEXT),
                post("/sign-in", this::signIn),
                post("/sign-out", this::signOut),
                open("GET", "/assets/{file}", PageRoutes::asset)));
        return all;
    }

    private static String next(Optional<String> asked) {
        return PageRequest.next(asked.orElse("/"));
    }

    private Route get(String path, Page page) {
        return open("GET", path, (api, request) -> signed(api, request, page));
    }

    /** The route of a form. */
    Route change(String path, Page change) {
        return post(path, (api, request) -> signed(api, request, change));
    }

    private static Route post(String path, Route.Handling handling) {
        return Route.change("POST", path, Route.OPEN, "", Map.of(), 303, Map.of(), handling)
                .judging()
                .as(HTML);
    }

    private static Route open(String method, String path, Route.Handling handling) {
        return new Route(
                method,
                PathTemplate.of(path),
                Route.OPEN,
                "",
                List.of(),
                Optional.empty(),
                0,
                200,
                List.of(HTML),
                Map.of(),
                Reach.JUDGED,
                handling);
    }

    /** The page, for who may look; what fails becomes a page as well. */
    private Reply signed(Api api, ApiRequest request, Page page) {
        Optional<PageRequest> signed = who(api, request);
        if (signed.isEmpty()) {
            String next = request.method().equals("GET") ? PageRequest.next(request.path()) : "/";
            boolean shown = !next.equals("/") && !next.endsWith("/live");
            return to("/sign-in" + (shown ? "?" + TO + "=" + next : ""));
        }
        PageRequest asked = signed.get();
        try {
            if (request.names().containsKey("deployment")) {
                // The route does not know who is signed in.
                Reach.DEPLOYMENT.require(asked.signed());
            }
            return page.answer(api, asked);
        } catch (Failure failure) {
            return failed(api, asked, failure);
        }
    }

    private Reply.Whole failed(Api api, PageRequest signed, Failure failure) {
        Failure told =
                api.controller().installation().secrets().mask(signed.caller().shown(failure));
        int status = ProblemJson.status(failure.kind());
        String title = failure.kind() == Kind.NOT_FOUND
                ? "Not found"
                : failure.kind() == Kind.STALE ? "It has changed meanwhile" : "That did not work";
        return html(
                status,
                new MessagePage(
                        signed.frame(title, now(api)),
                        told.what(),
                        told.details(),
                        told.hint().orElse(""),
                        failure.kind() == Kind.NOT_FOUND ? "/" : signed.back()));
    }

    private Optional<PageRequest> who(Api api, ApiRequest request) {
        if (request.caller().isKnown()) {
            return Optional.of(new PageRequest(request, request.caller(), Optional.empty()));
        }
        Optional<PageSession> session = PageRequest.cookie(request).flatMap(id -> sessions.find(id, now(api)));
        return session.flatMap(own -> tokens.check(own.token())
                .map(known -> new PageRequest(
                        request, ApiCaller.of(known, request.caller().from()), session)));
    }

    private static Instant now(Api api) {
        return api.clock().instant();
    }

    private Reply signIn(Api api, String refused, String next, int status) {
        return html(status, new SignInPage(PageFrame.outside("Sign in", now(api)), refused, next));
    }

    private Reply signIn(Api api, ApiRequest request) {
        Map<String, String> form = PageRequest.fields(request);
        String next = next(Optional.ofNullable(form.get(TO)));
        try {
            PageRequest.requireOwnOrigin(request);
        } catch (Failure elsewhere) {
            return signIn(api, elsewhere.what(), next, 403);
        }
        String token = form.getOrDefault("token", "").strip();
        if (tokens.check(token).isEmpty()) {
            return signIn(api, "The token is unknown, expired or removed.", next, 401);
        }
        PageSession session = sessions.begin(token, now(api));
        return to(next).with(
                        "Set-Cookie", PageRequest.cookie(session.id(), PageSessions.LIFE.toSeconds(), secure(request)));
    }

    private Reply signOut(Api api, ApiRequest request) {
        return signed(api, request, (there, signed) -> {
            signed.form(Scope.READ);
            signed.session().ifPresent(own -> sessions.end(own.id()));
            return to("/sign-in").with("Set-Cookie", PageRequest.cookie("", 0, secure(request)));
        });
    }

    /** Whether the browser speaks TLS, perhaps with the proxy before this. */
    private static boolean secure(ApiRequest request) {
        return request.header("X-Forwarded-Proto").filter("https"::equals).isPresent();
    }

    static Reply.Whole to(String path) {
        return Reply.text(303, HTML, new byte[0]).with("Location", path);
    }

    Reply.Whole html(int status, PageBody page) {
        return Reply.text(status, HTML, templates.render(page).getBytes(StandardCharsets.UTF_8))
                .with("Content-Security-Policy", POLICY)
                .with("Referrer-Policy", "same-origin");
    }

    /**
     * What a person is shown in the place of a problem that is meant for programs.
     *
     * @param accepts what their browser asks for
     */
    Reply.Whole shown(Reply.Whole answer, String path, String accepts, Instant now) {
        boolean page = accepts.contains("text/html") && !path.startsWith("/v1") && !GitRoutes.isGit(path);
        if (!page || !answer.type().equals(ProblemJson.TYPE)) {
            return answer;
        }
        StrictJson problem;
        try {
            problem = StrictJson.read(answer.body());
        } catch (NotJson impossible) {
            throw new IllegalStateException("a problem of our own", impossible);
        }
        // What is for programs is not there for people: no page needs a token that a browser could send.
        boolean none = answer.status() == 401 || answer.status() == 404;
        Reply.Whole html = html(
                none ? 404 : answer.status(),
                new MessagePage(
                        PageFrame.outside(none ? "Not found" : problem.text("title"), now),
                        none ? "there is no page at " + path : problem.text("detail"),
                        List.of(),
                        none ? "" : problem.textOrEmpty("remedy"),
                        "/"));
        Map<String, String> headers = new TreeMap<>(answer.headers());
        headers.putAll(html.headers());
        return new Reply.Whole(html.status(), headers, html.type(), html.body(), false);
    }

    private static Reply asset(Api api, ApiRequest request) {
        String name = request.name("file");
        String type = ASSETS.get(name);
        if (type == null) {
            throw new Failure(Kind.NOT_FOUND, "unknown path " + request.path());
        }
        return new Reply.Whole(200, Map.of("Cache-Control", "no-cache"), type, PageTemplates.asset(name), true);
    }

    /** Tells a page that something happened, not what: it asks for what it shows. */
    private Reply live(Api api, PageRequest request) {
        return new Reply.Streamed(Reply.EVENTS, out -> tell(api, request, out), Optional.of(request.caller()));
    }

    private void tell(Api api, PageRequest request, Reply.Out out) throws IOException {
        try (EventHub.Follower follower =
                api.events().follow(Optional.empty(), event -> request.caller().sees(event.deployment()))) {
            out.send(": \n\n");
            Instant beat = now(api);
            while (!out.ending() && !follower.ended()) {
                Optional<Event> event = follower.next(SIGNED);
                if (who(api, request.request()).isEmpty()) {
                    return;
                }
                if (event.isPresent()) {
                    out.send("data: " + event.get().id() + "\n\n");
                } else if (!now(api).isBefore(beat.plus(EventRoutes.HEARTBEAT))) {
                    out.send(": \n\n");
                    beat = now(api);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
