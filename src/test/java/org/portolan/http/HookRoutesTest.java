package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.config.Configurations;
import org.portolan.reconcile.WorkKey;
import org.portolan.webhook.RecordedHook;

/** Deliveries over HTTP, without a token. */
class HookRoutesTest {
    @TempDir
    Path folder;

    private ApiSite api;

    @BeforeEach
    void open() throws IOException {
        Files.writeString(folder.resolve("portolan.yaml"), """
                sources:
                  site: {url: /srv/site, ref: main, webhook: {secret: "env:HOOK"}}
                  many: {url: /srv/many, branches: {main: production, develop: staging}, webhook: {secret: "env:HOOK"}}
                """);
        api = new ApiSite(folder);
        api.sources.addAll(Configurations.read(Map.of(), folder).sources());
        api.hooks.put("HOOK", RecordedHook.SECRET);
        api.started();
    }

    @AfterEach
    void close() {
        api.close();
    }

    private HttpResponse<String> post(String source, RecordedHook hook) {
        HttpRequest.Builder request =
                api.to("/v1/hooks/" + source).POST(HttpRequest.BodyPublishers.ofByteArray(hook.body()));
        hook.headers().forEach(request::header);
        return api.send(request);
    }

    @Test
    void aPushIsAcceptedAtOnceAndOnce() {
        HttpResponse<String> answer = post("site", RecordedHook.read("github-push"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertThat(answer.body()).isEqualTo("{\"status\":\"source site is looked at now\"}");
        assertThat(api.marks).containsExactly(WorkKey.source("site"));
        assertThat(post("site", RecordedHook.read("github-push")).statusCode()).isEqualTo(409);
        assertThat(post("site", RecordedHook.read("github-form")).statusCode())
                .as("a form, which no other route takes")
                .isEqualTo(202);
        assertThat(api.marks).hasSize(2);
    }

    @Test
    void onlyTheBranchThatWasPushedIsLookedAt() {
        assertThat(post("many", RecordedHook.read("gitea-push")).statusCode()).isEqualTo(202);
        assertThat(api.marks).containsExactly(WorkKey.source("many@develop"));
        assertThat(post("many", RecordedHook.read("gitlab-token")).statusCode()).isEqualTo(204);
        assertThat(api.marks).hasSize(1);
    }

    @Test
    void whatIsNotAcceptedIsAProblem() {
        HttpResponse<String> wrong =
                post("site", RecordedHook.read("github-push").header("X-Hub-Signature-256", "sha256=00"));
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(RouteTableTest.faults(ProblemJson.SCHEMA, wrong.body())).isEmpty();
        assertThat(wrong.body()).contains("the signature does not fit the secret");
        HttpResponse<String> nowhere = post("nowhere", RecordedHook.read("github-push"));
        assertThat(nowhere.statusCode()).isEqualTo(401);
        assertThat(nowhere.body()).contains("the signature does not fit the secret");
        HttpResponse<String> ping = post("site", RecordedHook.read("github-ping"));
        assertThat(ping.statusCode()).isEqualTo(204);
        assertThat(ping.body()).isEmpty();
        assertThat(api.get("/v1/hooks/site").statusCode()).isEqualTo(405);
        HttpResponse<String> large = api.send(
                api.to("/v1/hooks/site").POST(HttpRequest.BodyPublishers.ofByteArray(new byte[(1 << 20) + 1])));
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(api.marks).isEmpty();
    }

    /** A connection that is closed while the client still sends can lose the answer. */
    @RepeatedTest(40)
    void theAnswerToABodyThatIsTooLargeComes() {
        HttpResponse<String> large = api.send(
                api.to("/v1/hooks/site").POST(HttpRequest.BodyPublishers.ofByteArray(new byte[(1 << 20) + 1])));
        assertThat(large.statusCode()).isEqualTo(413);
        HttpResponse<String> unknown =
                api.send(api.to("/v1/nothing").POST(HttpRequest.BodyPublishers.ofByteArray(new byte[1 << 20])));
        assertThat(unknown.statusCode()).isEqualTo(401);
    }
}
