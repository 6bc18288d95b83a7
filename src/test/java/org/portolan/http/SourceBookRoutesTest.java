package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.model.event.AccessEvent.ChangeRequested;
import org.portolan.model.event.Event;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;

/** The sources of the configuration's file over the API, and what bodies may be. */
class SourceBookRoutesTest extends ApiTest {
    private static final String BEFORE = """
            # ours
            sources:
              site: {url: /srv/site.git, poll: 1m} # first
            deploy: {parallel: 3}
            """;
    private static final String SHOP = """
            {"url": "https://git.internal/shop.git", "branches": {"main": "production", "release/*": "shop-*"},
             "credentials": {"username": "robot", "password": "env:SHOP_TOKEN"}}""";

    private Path file;

    @BeforeEach
    void configured() throws IOException {
        file = Files.writeString(folder.resolve("portolan.yaml"), BEFORE);
    }

    private HttpResponse<String> ask(String token, String method, String path, String body, String... headers) {
        var request = api.to("/v1/configuration/sources" + path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", Reply.JSON)
                .method(method, method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return api.send(request);
    }

    @Test
    void aSourceIsAddedAndRemovedAndWhatElseIsThereStays() throws IOException {
        HttpResponse<String> added = ask(ApiSite.ADMIN, "PUT", "/shop", SHOP);
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        // In any order: an object of JSON has none.
        assertThat(added.body()).contains("\"name\":\"shop\"", "\"file\":\"" + file + "\"");
        assertThat(file).content().isEqualTo("""
                # ours
                sources:
                  site: {url: /srv/site.git, poll: 1m} # first
                  shop:
                    url: https://git.internal/shop.git
                    branches:
                      main: production
                      "release/*": "shop-*"
                    credentials:
                      username: robot
                      password: env:SHOP_TOKEN
                deploy: {parallel: 3}
                """);
        assertThat(ask(ApiSite.READ, "GET", "", "").body())
                .contains("\"name\":\"shop\"", "\"branches\":[\"main\",\"release/*\"]")
                .doesNotContain("robot", "SHOP_TOKEN");
        HttpResponse<String> again = ask(ApiSite.ADMIN, "PUT", "/shop", SHOP);
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains("there is a source shop in");
        assertThat(ask(ApiSite.ADMIN, "DELETE", "/shop", "{}").statusCode()).isEqualTo(200);
        assertThat(file).content().isEqualTo(BEFORE);
        assertThat(ask(ApiSite.ADMIN, "DELETE", "/shop", "{}").statusCode()).isEqualTo(404);
        assertThat(api.recorded)
                .extracting(Event::data)
                .contains(new ChangeRequested("PUT /v1/configuration/sources/shop", "boss", "127.0.0.1"));
        assertThat(api.recorded.toString()).doesNotContain("SHOP_TOKEN");
    }

    /** Somebody else's change between the look and this one is not undone. */
    @Test
    void aChangeOfAFileThatIsAnotherOneByNowIsRefused() throws IOException {
        String seen =
                ask(ApiSite.ADMIN, "GET", "", "").headers().firstValue("ETag").orElseThrow();
        String other = BEFORE.replace("parallel: 3", "parallel: 4");
        Files.writeString(file, other);
        for (String method : new String[] {"PUT", "DELETE"}) {
            HttpResponse<String> refused =
                    ask(ApiSite.ADMIN, method, method.equals("PUT") ? "/shop" : "/site", "{}", "If-Match", seen);
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(412);
            assertThat(refused.body()).contains("has changed meanwhile");
        }
        assertThat(file).content().isEqualTo(other);
        String now =
                ask(ApiSite.ADMIN, "GET", "", "").headers().firstValue("ETag").orElseThrow();
        assertThat(ask(ApiSite.ADMIN, "DELETE", "/site", "{}", "If-Match", now).statusCode())
                .isEqualTo(200);
    }

    @Test
    void itNeedsAdminForAllDeployments() {
        api.tokens.put("ptl_some", Principal.of("some", Scope.ADMIN, Set.of("shop")));
        api.tokens.put("ptl_all", Principal.of("all", Scope.DEPLOY, Set.of()));
        assertThat(ask("ptl_all", "PUT", "/shop", SHOP).statusCode()).isEqualTo(403);
        assertThat(ask("ptl_all", "DELETE", "/site", "{}").statusCode()).isEqualTo(403);
        for (String method : new String[] {"GET", "PUT", "DELETE"}) {
            HttpResponse<String> refused = ask("ptl_some", method, method.equals("GET") ? "" : "/site", SHOP);
            assertThat(refused.statusCode()).as(method).isNotIn(200, 201);
            assertThat(refused.body()).doesNotContain("/srv/site");
        }
        assertThat(file).content().isEqualTo(BEFORE);
    }

    @Test
    void whatIsNotValidIsNotWrittenAndSaysWhere() {
        HttpResponse<String> refused = ask(ApiSite.ADMIN, "PUT", "/shop", """
                {"url": "https://git.internal/a.git", "poll": "60s", "credentials": {"password": "hunter2"}}""");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body())
                .contains("sources.shop.credentials.password should say where the secret is", "\"line\":")
                .doesNotContain("hunter2");
        assertThat(ask(ApiSite.ADMIN, "PUT", "/a.b", SHOP).body()).contains("is not a valid name of a source");
        assertThat(ask(ApiSite.ADMIN, "PUT", "/shop", "{\"url\": 3}").statusCode())
                .isEqualTo(400);
        assertThat(ask(ApiSite.ADMIN, "PUT", "/shop", "{\"urll\": \"/a\"}").body())
                .contains("unknown key");
        assertThat(file).content().isEqualTo(BEFORE);
    }

    /** It would be read as if it were not there: as other bytes than were sent. */
    @Test
    void aBodyWithAnEncodingIsNotTaken() throws IOException {
        HttpResponse<String> refused = ask(ApiSite.ADMIN, "PUT", "/shop", SHOP, "Content-Encoding", "gzip");
        assertThat(refused.statusCode()).isEqualTo(415);
        assertThat(refused.body()).contains("the body has a Content-Encoding");
        assertThat(refused.headers().firstValue("Accept-Encoding")).contains("identity");
        assertThat(file).content().isEqualTo(BEFORE);
        assertThat(ask(ApiSite.ADMIN, "PUT", "/shop", SHOP, "Content-Encoding", "identity")
                        .statusCode())
                .isEqualTo(201);
    }
}
