package org.portolan.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.portolan.http.PageSessions.PageSession;
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
        return List.of(
                get("/", views::overview),
                get("/deployments/{deployment}", views::deployment),
                get("/deployments/{deployment}/releases/{number}", views::release),
                get("/deployments/{deployment}/logs/{instance}", views::log),
                get("/deployments/{deployment}/logs/{instance}/live", views::follow)
                        .as(Reply.NDJSON),
                change("/deployments/{deployment}/rollback", PageChanges::rollback),
                change("/deployments/{deployment}/abort", PageChanges::abort),
                change("/deployments/{deployment}/suspend", PageChanges::suspend),
                change("/deployments/{deployment}/resume", PageChanges::resume),
                change("/deployments/{deployment}/approve", PageChanges::approve),
                change("/sources/{source}/suspend", PageChanges::suspend),
                change("/sources/{source}/resume", PageChanges::resume),
                change("/sources/{source}/approve", PageChanges::approve),
                get("/map", views::map),
                get("/sources", views::sources),
                get("/events", views::events)
                        .query("before", "Only events before the one with this id.", ApiSchema.TEXT),
                get("/live", this::live).as(Reply.EVENTS),
                open("GET", "/sign-in", (api, request) -> signIn(api, "", 200)),
                post("/sign-in", this::signIn),
                post("/sign-out", this::signOut),
                open("GET", "/assets/{file}", PageRoutes::asset));
    }

    private Route get(String path, Page page) {
        return open("GET", path, (api, request) -> signed(api, request, page));
    }

    private Route change(String path, Page change) {
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
            return to("/sign-in");
        }
        PageRequest asked = signed.get();
        try {
            if (request.names().containsKey("deployment")) {
                // The route does not know who is signed in.
                Reach.DEPLOYMENT.require(asked.signed());
            }
            return page.answer(api, asked);
        } catch (Failure failure) {
            Failure told = api.controller()
                    .installation()
                    .secrets()
                    .mask(asked.caller().shown(failure));
            int status = ProblemJson.status(failure.kind());
            PageFrame frame = asked.frame(status == 404 ? "Not found" : "That did not work", now(api));
            return html(
                    status,
                    new MessagePage(
                            frame, told.what(), told.details(), told.hint().orElse("")));
        }
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

    private Reply signIn(Api api, String refused, int status) {
        return html(status, new SignInPage(PageFrame.outside("Sign in", now(api)), refused));
    }

    private Reply signIn(Api api, ApiRequest request) {
        try {
            PageRequest.requireOwnOrigin(request);
        } catch (Failure elsewhere) {
            return signIn(api, elsewhere.what(), 403);
        }
        String token = PageRequest.fields(request).getOrDefault("token", "").strip();
        if (tokens.check(token).isEmpty()) {
            return signIn(api, "The token is unknown, expired or removed.", 401);
        }
        PageSession session = sessions.begin(token, now(api));
        return to("/").with(
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
