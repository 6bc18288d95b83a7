package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.operate.Agreement;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Request;
import org.portolan.query.SecretSummary;
import org.portolan.reconcile.WorkKey;
import org.portolan.release.DeployOptions;
import org.portolan.release.Outcome;
import org.portolan.remote.RemoteController;

/** What a command may ask of a controller over TCP is what its token may. */
class CommandTokensTest extends ApiTest {
    private static final Mandate MALLORY = Mandate.of(new Caller.Person("mallory@desk"));

    private Outcome perform(String token, Request request) {
        try (RemoteController remote =
                RemoteController.of("http://127.0.0.1:" + api.port, Map.of("PORTOLAN_TOKEN", token), warning -> {})) {
            return remote.requests(event -> {}).perform(request, DeployOptions.DEFAULT);
        }
    }

    private Failure refused(String token, Request request) {
        return catchThrowableOfType(Failure.class, () -> perform(token, request));
    }

    private static Request scale(String deployment) {
        return new Request.Scale(deployment, Map.of("web", 3), MALLORY);
    }

    @Test
    void aTokenForReadingChangesNothing() {
        Failure failure = refused(ApiSite.READ, scale("shop"));
        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure.what()).contains("needs scope deploy, and reader has read");
        assertThat(api.recorded).isEmpty();
    }

    @Test
    void aTokenForOneDeploymentChangesThatInItsOwnName() {
        assertThat(perform(ApiSite.SHOP_ONLY, scale("shop")).kind()).isEqualTo(Outcome.Kind.DONE);
        assertThat(api.installation.store().releases("shop", 1).getFirst().who())
                .isEqualTo("shopkeeper");
        assertThat(refused(ApiSite.SHOP_ONLY, scale("blog")).kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(refused(ApiSite.SHOP_ONLY, new Request.Remove("shop", false, MALLORY.agreeing(Agreement.EVERYTHING)))
                        .what())
                .contains("to agree to what needs consent needs scope admin");
    }

    @Test
    void aGeneratedValueIsShownToAdminOnlyAndThatIsRecorded() {
        assertThat(perform(ApiSite.SHOP_ONLY, new Request.SetSecret("shop", "Pin", "4711", MALLORY))
                        .kind())
                .isEqualTo(Outcome.Kind.DONE);
        try (RemoteController remote = RemoteController.of(
                "http://127.0.0.1:" + api.port, Map.of("PORTOLAN_TOKEN", ApiSite.SHOP_ONLY), warning -> {})) {
            Failure failure =
                    catchThrowableOfType(Failure.class, () -> remote.queries().secret("shop", "Pin"));
            assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
            assertThat(failure.what()).contains("needs scope admin");
            assertThat(remote.queries().secrets("shop"))
                    .extracting(SecretSummary::name)
                    .contains("Pin");
            Failure volumes = catchThrowableOfType(Failure.class, () -> remote.requests(event -> {})
                    .removeVolumes(List.of("x"), MALLORY, DeployOptions.DEFAULT));
            assertThat(volumes.what()).contains("this concerns the whole installation");
        }
        try (RemoteController remote = RemoteController.of(
                "http://127.0.0.1:" + api.port, Map.of("PORTOLAN_TOKEN", ApiSite.ADMIN), warning -> {})) {
            assertThat(remote.queries().secret("shop", "Pin").text()).isEqualTo("4711");
        }
        assertThat(api.recorded.getLast().message()).contains("GET /v1/deployments/shop/secrets/Pin");
        assertThat(api.recorded).noneMatch(event -> event.toString().contains("4711"));
    }

    /** A token does not have the controller read files of its machine. */
    @Test
    void aFileOfTheMachineIsRestoredOverTheSocketOnly() {
        HttpResponse<String> answer = api.send(api.to("/v1/deployments/shop/volumes/shop-db-rows/restore")
                .header("Authorization", "Bearer " + ApiSite.ADMIN)
                .header("Content-Type", Reply.JSON)
                .POST(HttpRequest.BodyPublishers.ofString("{\"archive\": \"/etc/passwd\"}")));
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("over the unix socket only");
    }

    @Test
    void aTokenForOneDeploymentKnowsNoSource() {
        try (RemoteController remote = RemoteController.of(
                "http://127.0.0.1:" + api.port, Map.of("PORTOLAN_TOKEN", ApiSite.SHOP_ONLY), warning -> {})) {
            Failure failure = catchThrowableOfType(
                    Failure.class, () -> remote.instructing(event -> {}).suspend(WorkKey.source("site"), MALLORY));
            assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
        }
    }

    /** Whoever asked for a change may stop it; to stop another's needs more. */
    @Test
    void whatAnotherAskedForIsNotTheirsToStop() {
        Changes changes = new Changes(api.controller);
        ApiCaller boss = ApiCaller.of(api.tokens.get(ApiSite.ADMIN), "127.0.0.1");
        ApiCaller keeper = ApiCaller.of(api.tokens.get(ApiSite.SHOP_ONLY), "127.0.0.1");
        Operation operation = changes.begin(
                asked(Map.of("deployment", "shop"), boss),
                Changes.Job.of(new Request.Unpin("shop", MALLORY), DeployOptions.DEFAULT),
                () -> {});
        Api door = new Api(api.controller, null, null, changes, null, null, null, null, null, null, null);
        Route interrupt = OperationRoutes.all().getLast();
        ApiRequest wish = asked(Map.of("operation", operation.id()), keeper);
        Failure failure = catchThrowableOfType(Failure.class, () -> interrupt.answer(door, wish));
        assertThat(failure.what()).contains("to stop what boss asked for needs scope admin");
        assertThat(operation.stopped()).isFalse();
    }

    private static ApiRequest asked(Map<String, String> names, ApiCaller caller) {
        return new ApiRequest("1", "POST", "/v1/x", names, Map.of(), Map.of(), new byte[0], caller);
    }

    @Test
    void linesThatAreNoLongerKeptAreCounted() throws Exception {
        OperationLines lines = new OperationLines();
        for (int each = 0; each < 6_000; each++) {
            lines.add(Map.of("event", each));
        }
        lines.end();
        OperationLines.Part part = lines.after(10, java.time.Duration.ZERO);
        assertThat(part.from()).isEqualTo(1_001);
        assertThat(part.lines()).hasSize(5_000);
        assertThat(part.lines().getFirst()).isEqualTo("{\"n\":1001,\"event\":1000}\n");
        assertThat(part.ended()).isTrue();
        assertThat(lines.after(5_999, java.time.Duration.ZERO).lines()).hasSize(1);
        OperationLines large = new OperationLines();
        String text = "x".repeat(100_000);
        for (String each : List.of("a", "b", "c")) {
            large.add(Map.of("event", each + text));
        }
        assertThat(large.after(0, java.time.Duration.ZERO).from()).isEqualTo(2);
    }
}
