package org.portolan.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.portolan.gitserver.GitHttp;
import org.portolan.json.NotJson;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;

/**
 * Git's smart protocol. Its client sends a token as a password and shows people nothing but plain text, which is why what goes wrong
 * here has another form than elsewhere.
 */
final class GitRoutes {
    static final String HOW = "it is the password; the user's name may be any";

    private static final String BELOW = "/git/";
    private static final String REPOSITORY = BELOW + "{repository}/";
    private static final String BASIC = "basic ";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String SERVICE = "service";
    private static final int REFUSED = 403;
    private static final int UNAUTHORIZED = 401;

    private GitRoutes() {}

    static List<Route> all() {
        return List.of(
                Route.get(
                                REPOSITORY + "info/refs",
                                Route.READ,
                                "For git: what a repository has. The token is the password; git-receive-pack needs scope deploy.",
                                Map.of(),
                                GitRoutes::advertise)
                        .judging()
                        .as(type(GitHttp.UPLOAD, "advertisement"), type(GitHttp.RECEIVE, "advertisement"))
                        .query(SERVICE, "What begins.", ApiSchema.oneOf(GitHttp.UPLOAD, GitHttp.RECEIVE)),
                post(GitHttp.UPLOAD, Route.READ, "For git: clone or fetch."),
                post(GitHttp.RECEIVE, Route.DEPLOY, "For git: push. The answer shows the release until it ends."));
    }

    private static Route post(String service, Optional<Scope> scope, String summary) {
        return new Route(
                "POST",
                PathTemplate.of(REPOSITORY + service),
                scope,
                summary,
                List.of(),
                Optional.empty(),
                0,
                200,
                List.of(type(service, "result")),
                Map.of(),
                Reach.JUDGED,
                (api, request) -> exchange(api, request, service));
    }

    private static String type(String service, String part) {
        return "application/x-" + service + "-" + part;
    }

    /** Whether a path is Git's, whatever is there. */
    static boolean isGit(String path) {
        return path.startsWith(BELOW);
    }

    /** What the document says of one besides what it says of all. */
    static Map<String, Object> described(Route route) {
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("security", List.of(Map.of("password", List.of()), Map.of("token", List.of())));
        more.put("externalDocs", Map.of("url", "https://git-scm.com/docs/http-protocol"));
        if (route.method().equals("POST")) {
            String request = route.types().getFirst().replace("-result", "-request");
            more.put("requestBody", Map.of("content", Map.of(request, Map.of())));
        }
        return more;
    }

    private static Reply advertise(Api api, ApiRequest request) {
        String service = request.query(SERVICE)
                .filter(named -> named.equals(GitHttp.UPLOAD) || named.equals(GitHttp.RECEIVE))
                .orElseThrow(() -> new Failure(Kind.INVALID, "only git push, fetch and clone are possible here")
                        .withHint("use git 1.6.6 or later"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            api.git().advertise(asked(api, request, service), out);
        } catch (Failure failure) {
            if (failure.kind() == Kind.REFUSED) {
                return ProblemJson.plain(REFUSED, "Forbidden", failure.what(), failure.hint(), request.id());
            }
            throw failure;
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return Reply.text(200, type(service, "advertisement"), out.toByteArray());
    }

    private static Reply exchange(Api api, ApiRequest request, String service) {
        String wanted = type(service, "request");
        String type = request.header("Content-Type").orElse("");
        if (!type.equals(wanted)) {
            // Also what keeps a page in somebody's browser from sending one.
            return ProblemJson.plain(
                    415, "Unsupported media type", "the body has to be " + wanted, Optional.empty(), request.id());
        }
        String coding = request.header("Content-Encoding").orElse("identity").toLowerCase(Locale.ROOT);
        boolean packed = coding.equals("gzip") || coding.equals("x-gzip");
        if (!packed && !coding.equals("identity")) {
            return ProblemJson.plain(
                    415, "Unsupported media type", "unknown Content-Encoding", Optional.of("use gzip"), request.id());
        }
        GitHttp.Asked asked = asked(api, request, service);
        return new Reply.Exchanged(
                type(service, "result"), (in, out, gone) -> api.git().answer(asked, packed, in, out, gone));
    }

    private static GitHttp.Asked asked(Api api, ApiRequest request, String service) {
        ApiCaller caller = request.caller();
        Principal who = caller.who().orElseThrow();
        return new GitHttp.Asked(
                request.name("repository"),
                service,
                request.header("Git-Protocol").orElse(""),
                who,
                "token",
                caller.from(),
                () -> api.stands().test(caller));
    }

    /** The token of a request: the password, whatever the user's name is. */
    static String token(String authorization) {
        if (!authorization.toLowerCase(Locale.ROOT).startsWith(BASIC)) {
            return "";
        }
        try {
            byte[] pair = Base64.getDecoder()
                    .decode(authorization.substring(BASIC.length()).strip());
            for (int i = 0; i < pair.length; i++) {
                if (pair[i] == ':') {
                    return new String(Arrays.copyOfRange(pair, i + 1, pair.length), StandardCharsets.UTF_8);
                }
            }
        } catch (IllegalArgumentException notBase64) {
            // As no token at all.
        }
        return "";
    }

    /** What git shows of it: plain text; and it asks for a password only after an answer with that header. */
    static Reply told(Reply answer) {
        if (!(answer instanceof Reply.Whole problem) || !problem.type().equals(ProblemJson.TYPE)) {
            return answer;
        }
        Reply.Whole told =
                Reply.text(problem.status(), TEXT, text(problem.body()).getBytes(StandardCharsets.UTF_8));
        for (Map.Entry<String, String> header : problem.headers().entrySet()) {
            told = told.with(header.getKey(), header.getValue());
        }
        return problem.status() == UNAUTHORIZED
                ? told.with("WWW-Authenticate", "Basic realm=\"portolan: the password is a token\"")
                : told;
    }

    private static String text(byte[] problem) {
        try {
            StrictJson read = StrictJson.read(problem);
            return read.text("detail") + "\n"
                    + read.find("remedy").map(remedy -> remedy.text() + "\n").orElse("");
        } catch (NotJson own) {
            throw new IllegalStateException(own);
        }
    }
}
