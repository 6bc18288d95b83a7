package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;

/** The pages as a browser asks for them: who may look, what is sent with them, and what a form may do. */
class PageDoorTest extends PageTest {
    @Test
    void whoeverIsNotSignedInIsSentToSignIn() {
        for (String path : List.of("/", "/map", "/events", "/sources", "/deployments/shop", "/live")) {
            HttpResponse<String> answer = api.send(api.to(path));
            assertThat(answer.statusCode()).as(path).isEqualTo(303);
            String next = List.of("/", "/live").contains(path) ? "" : "?to=" + path;
            assertThat(answer.headers().firstValue("Location")).contains("/sign-in" + next);
            assertThat(answer.body()).isEmpty();
        }
        assertThat(api.send(api.to("/sign-in")).body()).contains("<label for=\"token\">", "type=\"password\"");
        assertThat(page("portolan_session=guess", "/").statusCode()).isEqualTo(303);
    }

    @Test
    void aTokenSignsInWithACookieThatNoScriptReadsAndNoOtherSiteSends() {
        HttpResponse<String> refused = signIn("ptl_unknown");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(refused.body()).contains("unknown, expired or removed").doesNotContain("ptl_unknown");

        HttpResponse<String> answer = signIn(ApiSite.READ);
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
                .contains("; HttpOnly", "; SameSite=Strict", "; Path=/")
                .doesNotContain(ApiSite.READ);
        HttpResponse<String> page = page(cookie(answer), "/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<h2><a href=\"/deployments/shop\">shop</a></h2>", "reader");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
    }

    @Test
    void whoSignsInGoesOnWhereTheyWereAndNowhereElse() {
        String form = api.send(api.to("/sign-in?to=/deployments/shop")).body();
        assertThat(form).contains("name=\"to\" value=\"/deployments/shop\"");
        for (String evil : List.of(
                "//evil.example",
                "/%5Cevil.example",
                "https://evil.example",
                "/a//evil.example",
                "/..//evil.example",
                "/a%0d%0aSet-Cookie:x",
                "/" + "a".repeat(3000))) {
            HttpResponse<String> answer = api.send(post("/sign-in", "token=" + ApiSite.READ + "&to=" + evil));
            assertThat(answer.headers().firstValue("Location")).as(evil).contains("/");
        }
        assertThat(api.send(post("/sign-in", "token=" + ApiSite.READ + "&to=/deployments/shop"))
                        .headers()
                        .firstValue("Location"))
                .contains("/deployments/shop");
        assertThat(api.send(post("/sign-in", "token=x&to=/map")).body()).contains("value=\"/map\"");
    }

    @Test
    void whatIsNotThereIsAPageForBrowsersAndAProblemForPrograms() {
        HttpResponse<String> page =
                api.send(api.to("/nowhere?x=%3Cb%3E").header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"));
        assertThat(page.statusCode()).isEqualTo(404);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("Content-Security-Policy")).isPresent();
        assertThat(page.body())
                .contains("<h1>Not found</h1>", "no page at /nowhere", "Back to the deployments")
                .doesNotContain("<b>");
        assertThat(api.send(api.to("/nowhere")).headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        assertThat(api.send(api.to("/v1/nowhere").header("Accept", "text/html"))
                        .headers()
                        .firstValue("Content-Type"))
                .contains("application/problem+json");
        HttpResponse<String> unknown = api.send(api.to("/events?later=1").header("Accept", "text/html"));
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body()).contains("unknown parameter &#39;later&#39;");
    }

    @Test
    void aTokenThatIsRemovedEndsItsSessions() {
        String cookie = cookie(signIn(ApiSite.READ));
        api.tokens.remove(ApiSite.READ);
        assertThat(page(cookie, "/").statusCode()).isEqualTo(303);
    }

    @Test
    void signingOutEndsTheSession() {
        String cookie = cookie(signIn(ApiSite.READ));
        String csrf = csrf(page(cookie, "/").body());
        assertThat(api.send(post("/sign-out", "csrf=other").header("Cookie", cookie))
                        .statusCode())
                .isEqualTo(409);
        assertThat(page(cookie, "/").statusCode()).isEqualTo(200);
        assertThat(api.send(post("/sign-out", "csrf=" + csrf).header("Cookie", cookie))
                        .statusCode())
                .isEqualTo(303);
        assertThat(page(cookie, "/").statusCode()).isEqualTo(303);
    }

    @Test
    void everyPageShowsWhatThereIs() {
        String cookie = cookie(signIn(ApiSite.ADMIN));
        assertThat(page(cookie, "/deployments/shop").body())
                .contains("<h1>shop</h1>", "web-2-", "Roll back to release 1", "No changes.");
        assertThat(page(cookie, "/deployments/shop/releases/2").body()).contains("Release 2 of shop", "Timeline");
        assertThat(page(cookie, "/events").body()).contains("<ol class=\"events dated\">");
        assertThat(page(cookie, "/sources").body()).contains("<h2>site</h2>");
        assertThat(page(cookie, "/map").body()).contains("<h1>Map</h1>");
        assertThat(page(cookie, "/deployments/none").statusCode()).isEqualTo(404);
        assertThat(page(cookie, "/deployments/shop/releases/x").statusCode()).isEqualTo(404);
        assertThat(page(cookie, "/events?before=x").statusCode()).isEqualTo(400);
        assertThat(api.send(api.to("/assets/page.css")).headers().firstValue("Content-Type"))
                .contains("text/css; charset=utf-8");
        assertThat(api.send(api.to("/assets/other")).statusCode()).isEqualTo(404);
    }

    @Test
    @Timeout(20)
    void aPageIsToldThatSomethingHappenedUntilItsTokenIsRemoved() throws IOException {
        HttpResponse<InputStream> live = api.send(
                api.to("/live").header("Cookie", cookie(signIn(ApiSite.READ))),
                HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(live.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo(": ");
            api.site.process().deploy(ApiSite.shop("1", 1));
            assertThat(lines.lines().anyMatch(line -> line.startsWith("data: ")))
                    .isTrue();
            api.tokens.remove(ApiSite.READ);
            assertThat(ended(lines)).isTrue();
        }
    }

    /** What was sent before may still come. */
    private static boolean ended(BufferedReader lines) {
        try {
            while (lines.readLine() != null) {
                // Until the end.
            }
        } catch (IOException cutOff) {
            return true;
        }
        return true;
    }

    @Test
    void whoMaySeeOneDeploymentSeesNoOther() {
        api.tokens.put("ptl_other", Principal.of("stranger", Scope.DEPLOY, Set.of("other")));
        String cookie = cookie(signIn("ptl_other"));
        assertThat(page(cookie, "/").body()).doesNotContain("shop");
        assertThat(page(cookie, "/deployments/shop").statusCode()).isEqualTo(404);
        assertThat(page(cookie, "/deployments/shop/releases/1").statusCode()).isEqualTo(404);
        assertThat(page(cookie, "/deployments/shop/logs/web").statusCode()).isEqualTo(404);
        assertThat(page(cookie, "/map").body()).doesNotContain("shop");
        assertThat(page(cookie, "/events").body()).doesNotContain("shop");
        assertThat(page(cookie, "/sources").body()).doesNotContain("<h2>site</h2>");
        String csrf = csrf(page(cookie, "/").body());
        assertThat(rollback(cookie, csrf, "1").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> rollback(String cookie, String csrf, String to) {
        String seen = PageSeen.state(shop());
        return api.send(post("/deployments/shop/rollback", "to=" + to + "&csrf=" + csrf + "&seen=" + seen)
                .header("Cookie", cookie));
    }

    @Test
    void aRollbackNeedsTheScopeTheFormOfThisSessionAndThisSite() {
        String reader = cookie(signIn(ApiSite.READ));
        String page = page(reader, "/deployments/shop").body();
        assertThat(page).doesNotContain("Roll back to release");
        assertThat(rollback(reader, csrf(page), "1").statusCode()).isEqualTo(409);

        String boss = cookie(signIn(ApiSite.ADMIN));
        String csrf = csrf(page(boss, "/deployments/shop").body());
        assertThat(rollback(boss, "x", "1").statusCode()).isEqualTo(409);
        assertThat(rollback(boss, csrf(page), "1").statusCode()).isEqualTo(409);
        assertThat(api.send(post("/deployments/shop/rollback", "to=1&csrf=" + csrf)
                                .header("Cookie", boss)
                                .header("Origin", "http://evil.example"))
                        .statusCode())
                .isEqualTo(409);
        assertThat(api.send(post("/deployments/shop/rollback", "to=1&csrf=" + csrf)
                                .header("Cookie", boss)
                                .header("Sec-Fetch-Site", "cross-site"))
                        .statusCode())
                .isEqualTo(409);
        assertThat(rollback(boss, csrf, "7").statusCode()).isEqualTo(404);
        assertThat(lastRelease()).isEqualTo(2);
    }

    private List<Instruction> told() {
        return api.installation.store().instructions();
    }

    private HttpResponse<String> form(String cookie, String path, String fields) {
        String csrf = csrf(page(cookie, "/").body());
        return api.send(post(path, fields + "&csrf=" + csrf).header("Cookie", cookie));
    }

    @Test
    void whatWaitsForApprovalIsShownAndAgreedToByItsIdAlone() {
        stands(Standing.unknown(Subject.DEPLOYMENT, "shop", Instant.EPOCH)
                .with(Condition.PENDING_APPROVAL, "takes over shop from other", Instant.EPOCH)
                .asking("5f2c0a"));
        String deployer = cookie(signIn(ApiSite.SHOP_ONLY));
        assertThat(page(deployer, "/deployments/shop").body())
                .contains("takes over shop from other")
                .doesNotContain("/deployments/shop/approve");
        assertThat(form(deployer, "/deployments/shop/approve", "id=5f2c0a").statusCode())
                .isEqualTo(409);

        String boss = cookie(signIn(ApiSite.ADMIN));
        assertThat(page(boss, "/deployments/shop").body())
                .contains("action=\"/deployments/shop/approve\"", "name=\"id\" value=\"5f2c0a\"");
        assertThat(form(boss, "/deployments/shop/approve", "id=000000").statusCode())
                .as("something else was shown")
                .isEqualTo(412);
        assertThat(api.send(post("/deployments/shop/approve", "id=5f2c0a&csrf=x")
                                .header("Cookie", boss))
                        .statusCode())
                .isEqualTo(409);
        assertThat(told()).isEmpty();
        HttpResponse<String> done = form(boss, "/deployments/shop/approve", "id=5f2c0a&reason=we+moved");
        assertThat(done.statusCode()).isEqualTo(303);
        assertThat(done.headers().firstValue("Location").orElseThrow()).startsWith("/deployments/shop?change=");
        assertThat(told()).singleElement().satisfies(one -> {
            assertThat(one.kind()).isEqualTo(Instruction.Kind.APPROVED);
            assertThat(one.asks()).isEqualTo("5f2c0a");
            assertThat(one.who()).isEqualTo("boss");
        });
    }

    @Test
    void aDeploymentAndASourceAreSuspendedAndResumed() {
        stands(Standing.unknown(Subject.SOURCE, "site", Instant.EPOCH));
        String reader = cookie(signIn(ApiSite.READ));
        assertThat(page(reader, "/deployments/shop").body()).doesNotContain("Suspend");
        assertThat(form(reader, "/deployments/shop/suspend", "reason=x").statusCode())
                .isEqualTo(409);
        String small = cookie(signIn(ApiSite.SHOP_ONLY));
        assertThat(form(small, "/sources/suspend", "source=site&reason=x").statusCode())
                .as("a source is of all deployments")
                .isEqualTo(404);

        String boss = cookie(signIn(ApiSite.ADMIN));
        assertThat(form(boss, "/deployments/shop/suspend", "reason=we+look").statusCode())
                .isEqualTo(303);
        assertThat(page(boss, "/deployments/shop").body())
                .contains("action=\"/deployments/shop/resume\"")
                .doesNotContain("action=\"/deployments/shop/suspend\"");
        HttpResponse<String> source = form(boss, "/sources/suspend", "source=site&reason=");
        assertThat(source.headers().firstValue("Location").orElseThrow()).startsWith("/sources?change=");
        assertThat(page(boss, "/sources").body()).contains("action=\"/sources/resume\"");
        assertThat(told()).hasSize(2);
        assertThat(form(boss, "/deployments/shop/resume", "a=b").statusCode()).isEqualTo(303);
        assertThat(form(boss, "/sources/resume", "source=site").statusCode()).isEqualTo(303);
        assertThat(told()).isEmpty();
        assertThat(form(boss, "/deployments/shop/abort", "seen=" + PageSeen.state(shop()))
                        .statusCode())
                .as("there is nothing to abort")
                .isEqualTo(409);
    }

    @Test
    @Timeout(60)
    void aLogIsFollowedByWhoMaySeeIt() throws IOException {
        String cookie = cookie(signIn(ApiSite.SHOP_ONLY));
        assertThat(page(cookie, "/deployments/shop/logs/web").body())
                .contains("data-follow=\"/deployments/shop/logs/web/live\"");
        HttpResponse<InputStream> live = api.send(
                api.to("/deployments/shop/logs/web/live").header("Cookie", cookie),
                HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = live.body()) {
            assertThat(live.headers().firstValue("Content-Type")).contains("application/x-ndjson");
            assertThat(body.read()).isNotEqualTo(-1);
        }
        api.tokens.put("ptl_other", Principal.of("stranger", Scope.DEPLOY, Set.of("other")));
        assertThat(page(cookie(signIn("ptl_other")), "/deployments/shop/logs/web/live")
                        .statusCode())
                .isEqualTo(404);
    }

    private DeploymentState shop() {
        return api.installation.store().deployment("shop").orElseThrow();
    }

    private int lastRelease() {
        return shop().lastRelease();
    }
}
