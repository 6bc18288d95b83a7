package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.portolan.json.JsonTree;
import org.portolan.json.NotJson;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.event.AccessEvent.ChangeRequested;
import org.portolan.model.event.ReleaseOrder;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;
import org.portolan.model.state.Standing;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Request;
import org.portolan.reconcile.WorkKey;
import org.portolan.release.DeployOptions;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/** Changes over the API: what is done, what is refused, and what is asked for twice. */
class ChangesTest extends ApiTest {
    private static final String SHOP = "/v1/deployments/shop";

    private HttpRequest.Builder request(String method, String path, String body) {
        return api.to(path)
                .header("Authorization", "Bearer " + ApiSite.ADMIN)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpResponse<String> post(String path, String body) {
        return api.send(request("POST", path, body));
    }

    private DeploymentState shop() {
        return api.installation.store().deployment("shop").orElseThrow();
    }

    private static StrictJson json(HttpResponse<String> answer) {
        try {
            return StrictJson.read(answer.body().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (NotJson broken) {
            throw new AssertionError(answer.body(), broken);
        }
    }

    /** Follows the operation to its end. */
    private StrictJson ended(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertThat(RouteTableTest.faults(Operation.FORM, answer.body())).isEmpty();
        String location = answer.headers().firstValue("Location").orElseThrow();
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < end) {
            HttpResponse<String> now = api.get(location);
            assertThat(RouteTableTest.faults(Operation.FORM, now.body()))
                    .as(now.body())
                    .isEmpty();
            if (!json(now).text("state").equals("running")) {
                return json(now);
            }
        }
        throw new AssertionError("it does not end: " + answer.body());
    }

    @Test
    void aScaleIsDoneInTheCallersNameAndRecorded() {
        StrictJson ended = ended(post(SHOP + "/scale", "{\"services\": {\"web\": 3}, \"reason\": \"sale\"}"));
        assertThat(ended.text("state")).isEqualTo("done");
        assertThat(ended.number("release")).isEqualTo(3);
        assertThat(shop().services().get("web").scale()).isEqualTo(3);
        assertThat(api.installation.store().releases("shop", 1).getFirst().who())
                .isEqualTo("boss");
        assertThat(api.installation.store().releases("shop", 1).getFirst().cause())
                .contains("sale");
        assertThat(api.recorded).singleElement().satisfies(event -> assertThat(event.data())
                .isEqualTo(new ChangeRequested("POST " + SHOP + "/scale", "boss", "127.0.0.1")));
        assertThat(api.recorded.getFirst().deployment()).isEqualTo("shop");
        assertThat(post(SHOP + "/scale", "{\"services\": {\"web\": 4}, \"from\": {\"web\": 2}}")
                        .statusCode())
                .as("it was scaled to 3 meanwhile")
                .isEqualTo(412);
        assertThat(shop().services().get("web").scale()).isEqualTo(3);
    }

    @Test
    void whoComesTooLateForTheLinesOfAChangeLearnsSo() {
        HttpResponse<String> scale = post(SHOP + "/scale", "{\"services\": {\"web\": 3}}");
        ended(scale);
        String events = scale.headers().firstValue("Location").orElseThrow() + "/events";
        assertThat(api.get(events).body()).contains("\"event\"").doesNotContain("skipped");
        for (int others = 0; others < 16; others++) {
            ended(post(SHOP + "/scale", "{\"services\": {\"web\": 3}}"));
        }
        assertThat(api.get(events).body())
                .contains("\"skipped\"", "\"operation\"")
                .doesNotContain("\"event\"");
    }

    @Test
    void stopStartRestartAndRollbackAreDone() {
        ended(post(SHOP + "/stop", "{\"services\": [\"web\"]}"));
        assertThat(shop().stopped()).containsExactly("web");
        ended(post(SHOP + "/start", ""));
        assertThat(shop().stopped()).isEmpty();
        assertThat(ended(post(SHOP + "/restart", "{\"services\": [\"web\"]}")).text("outcome"))
                .isEqualTo("done");
        StrictJson back = ended(post(SHOP + "/rollback", "{\"to\": 1}"));
        assertThat(back.text("state")).as(back.toString()).isEqualTo("done");
        assertThat(shop().pinned()).isPresent();
        ended(post(SHOP + "/unpin", "{}"));
        assertThat(shop().pinned()).isEmpty();
    }

    @Test
    void aRemovalNeedsConsentWhichNamesWhatItIsFor() {
        HttpResponse<String> refused = api.send(request("DELETE", SHOP, ""));
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(RouteTableTest.faults(ProblemJson.SCHEMA, refused.body())).isEmpty();
        StrictJson problem = json(refused);
        assertThat(problem.text("kind")).isEqualTo("needs_consent");
        assertThat(problem.texts("needed")).isNotEmpty();
        assertThat(shop().services()).isNotEmpty();
        String other = "{\"agree\": [\"something else\"]}";
        assertThat(api.send(request("DELETE", SHOP, other)).statusCode()).isEqualTo(409);
        String agreed = "{\"agree\": " + JsonTree.text(problem.texts("needed"), false) + "}";
        ended(api.send(request("DELETE", SHOP, agreed)));
        assertThat(api.installation.store().deployment("shop")).isEmpty();
    }

    @Test
    void aServiceIsSetByJsonAndFaultsHaveTheirPlace() {
        HttpResponse<String> invalid = api.send(
                request("PUT", SHOP + "/services/web", "{\"image\": \"web:1\",\n \"port\": 80,\n \"enviroment\": 3}"));
        assertThat(invalid.statusCode()).isEqualTo(400);
        assertThat(RouteTableTest.faults(ProblemJson.SCHEMA, invalid.body()))
                .as(invalid.body())
                .isEmpty();
        StrictJson problem = json(invalid).at("problems").list().getFirst();
        assertThat(problem.number("line")).as(invalid.body()).isEqualTo(3);
        assertThat(problem.text("message")).contains("enviroment");
        assertThat(shop().lastRelease()).isEqualTo(2);
        StrictJson ended = ended(api.send(request(
                "PUT",
                SHOP + "/services/web",
                "{\"image\": \"web:1\", \"ports\": {\"http\": 80}, \"health\": {\"http\": \"/up\"}, \"scale\": 1}")));
        assertThat(ended.text("state")).as(ended.toString()).isEqualTo("done");
        // The same definition as that of version 1, which is kept.
        assertThat(shop().services().get("web").version()).isEqualTo(1);
        assertThat(shop().services().get("web").scale()).isEqualTo(1);
    }

    /** Files have theirs checked where they are read. */
    @Test
    void aDeploymentGetsNoNameThatAFileCouldNotGiveIt() {
        String longest = "a".repeat(63);
        for (String name : List.of("A_B", "a%20b", "a:b", "-a", longest + "a")) {
            for (String path : List.of("", "/services/web", "/secrets/password")) {
                String body = path.isEmpty()
                        ? "{}"
                        : path.startsWith("/sec") ? "{\"value\": \"x\"}" : "{\"image\": \"web:1\", \"port\": 80}";
                HttpResponse<String> refused = api.send(request("PUT", "/v1/deployments/" + name + path, body));
                assertThat(refused.statusCode()).as(name + path).isEqualTo(400);
                assertThat(refused.body()).contains("invalid deployment name '");
            }
        }
        assertThat(api.installation.store().deployments()).containsOnlyKeys("shop");
        assertThat(api.send(request("PUT", "/v1/deployments/" + longest, "{}")).statusCode())
                .isEqualTo(202);
    }

    @Test
    void whatIsAskedForTwiceUnderAKeyIsDoneOnce() {
        HttpRequest.Builder scale =
                request("POST", SHOP + "/scale", "{\"services\": {\"web\": 3}}").header("Idempotency-Key", "one");
        StrictJson first = ended(api.send(scale));
        StrictJson again = ended(api.send(scale));
        assertThat(again.text("id")).isEqualTo(first.text("id"));
        assertThat(shop().lastRelease()).isEqualTo(3);
        assertThat(api.recorded).hasSize(1);
        HttpResponse<String> other = api.send(
                request("POST", SHOP + "/scale", "{\"services\": {\"web\": 4}}").header("Idempotency-Key", "one"));
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(RouteTableTest.faults(ProblemJson.SCHEMA, other.body())).isEmpty();
        assertThat(shop().lastRelease()).isEqualTo(3);
    }

    @Test
    void aChangeOfWhatHasChangedMeanwhileIsRefused() {
        String tag = api.get(SHOP).headers().firstValue("ETag").orElseThrow();
        ended(post(SHOP + "/scale", "{\"services\": {\"web\": 3}}"));
        HttpResponse<String> stale = api.send(
                request("POST", SHOP + "/scale", "{\"services\": {\"web\": 1}}").header("If-Match", tag));
        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(shop().services().get("web").scale()).isEqualTo(3);
        String now = api.get(SHOP).headers().firstValue("ETag").orElseThrow();
        ended(api.send(
                request("POST", SHOP + "/scale", "{\"services\": {\"web\": 1}}").header("If-Match", now)));
        assertThat(shop().services().get("web").scale()).isEqualTo(1);
    }

    @Test
    void whoMayNotChangesNothing() {
        HttpRequest.Builder read = api.to(SHOP + "/stop")
                .header("Authorization", "Bearer " + ApiSite.READ)
                .POST(HttpRequest.BodyPublishers.noBody());
        HttpResponse<String> refused = api.send(read);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("this needs scope deploy, and reader has read");
        api.tokens.put("ptl_blog", Principal.of("blogger", Scope.ADMIN, Set.of("blog")));
        assertThat(api.send(api.to(SHOP + "/stop")
                                .header("Authorization", "Bearer ptl_blog")
                                .POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(404);
        assertThat(shop().stopped()).isEmpty();
        assertThat(shop().lastRelease()).isEqualTo(2);
        assertThat(api.recorded).isEmpty();
    }

    @Test
    void bodiesThatAreNotMeantAreRefused() {
        assertThat(post(SHOP + "/scale", "{\"service\": {\"web\": 3}}").body())
                .contains("unknown field 'service'", "did you mean 'services'?");
        assertThat(post(SHOP + "/scale", "{\"services\": {\"web\": \"3\"}}").statusCode())
                .isEqualTo(400);
        assertThat(post(SHOP + "/scale", "{\"services\": {\"web\": -1}}").statusCode())
                .isEqualTo(400);
        assertThat(post(SHOP + "/scale", "[1]").statusCode()).isEqualTo(400);
        assertThat(post(SHOP + "/scale", "{").statusCode()).isEqualTo(400);
        assertThat(post(SHOP + "/scale", "{\"services\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(api.send(request("POST", SHOP + "/stop", "services=web")
                                .setHeader("Content-Type", "application/x-www-form-urlencoded"))
                        .statusCode())
                .isEqualTo(415);
        assertThat(post(SHOP + "/stop", "{\"services\": [\"" + "a".repeat(300_000) + "\"]}")
                        .statusCode())
                .isEqualTo(413);
        assertThat(RawClient.ask(
                        api.port,
                        "POST " + SHOP + "/stop HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + ApiSite.ADMIN
                                + "\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n{"))
                .startsWith("HTTP/1.1 413");
        assertThat(post(SHOP + "/abort", "").statusCode()).isEqualTo(409);
        assertThat(shop().lastRelease()).isEqualTo(2);
    }

    @Test
    void aLookIsAskedForWithoutWaiting() {
        assertThat(post(SHOP + "/reconcile", "").statusCode()).isEqualTo(202);
        assertThat(api.marks).containsExactly(WorkKey.deployment("shop"));
        assertThat(api.recorded).singleElement().satisfies(event -> assertThat(event.data())
                .isEqualTo(new ChangeRequested("POST " + SHOP + "/reconcile", "boss", "127.0.0.1")));
        assertThat(post("/v1/deployments/none/reconcile", "").statusCode()).isEqualTo(404);
        assertThat(api.marks).hasSize(1);
    }

    @Test
    void aTokenThatDeploysDoesNotGiveItselfConsent() {
        for (String body : List.of("{\"agree\": true}", "{\"agree\": [\"remove shop\"]}", "{\"volumes\": true}")) {
            HttpResponse<String> refused =
                    api.send(request("DELETE", SHOP, body).setHeader("Authorization", "Bearer " + ApiSite.SHOP_ONLY));
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
            assertThat(json(refused).text("kind")).isEqualTo("refused");
            assertThat(refused.body()).contains("needs scope admin, and shopkeeper has deploy");
        }
        assertThat(shop().services()).isNotEmpty();
        assertThat(api.recorded).isEmpty();
        HttpResponse<String> noReason = post(SHOP + "/restart", "{\"agree\": [\"deploy in a freeze window\"]}");
        assertThat(noReason.statusCode()).isEqualTo(400);
        assertThat(noReason.body()).contains("no reason is given");
        assertThat(shop().lastRelease()).isEqualTo(2);
    }

    @Test
    void theNameOfASourceCanHaveSlashes() {
        String name = "fleet:hosts/one/Servicefile";
        Standing known = Standing.unknown(Standing.Subject.SOURCE, name, Instant.EPOCH);
        api.standings.add(known);
        try (Lease lease =
                api.installation.store().acquire(Store.LEADER, "test").orElseThrow()) {
            Commit.Standings all = new Commit.Standings(List.of(known), List.of());
            api.installation.store().commit(lease, Commit.standings(lease.name(), all, List.of()));
        }
        HttpResponse<String> done = api.send(request("PUT", "/v1/sources/" + name + "/suspension", "{}"));
        assertThat(done.statusCode()).as(done.body()).isEqualTo(202);
        assertThat(api.installation.store().instructions())
                .extracting(Instruction::name)
                .containsExactly(name);
        assertThat(api.send(request("PUT", "/v1/sources/a//b/suspension", "{}")).statusCode())
                .isEqualTo(400);
        assertThat(PathTemplate.of("/v1/hooks/{source}").match("/v1/hooks/a/b")).isEmpty();
        assertThat(PathTemplate.of("/v1/sources/{source}/look").match("/v1/sources/a/b/c/look"))
                .contains(Map.of("source", "a/b/c"));
        assertThat(PathTemplate.of("/v1/sources/{source}/look").match("/v1/sources/a/b/c/other"))
                .isEmpty();
    }

    @Test
    void aRollbackOfThePageIsRecordedAsOthersAre() {
        HttpResponse<String> answer =
                api.send(request("POST", "/deployments/shop/rollback", "to=1&seen=" + PageSeen.state(shop()))
                        .setHeader("Content-Type", "application/x-www-form-urlencoded"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        assertThat(api.recorded).singleElement().satisfies(event -> assertThat(event.data())
                .isEqualTo(new ChangeRequested("POST /deployments/shop/rollback", "boss", "127.0.0.1")));
    }

    @Test
    void whatSucceededIsNotStaleWhenItIsAskedForAgain() {
        String tag = api.get(SHOP).headers().firstValue("ETag").orElseThrow();
        HttpRequest.Builder scale = request("POST", SHOP + "/scale", "{\"services\": {\"web\": 3}}")
                .header("Idempotency-Key", "one")
                .header("If-Match", tag);
        StrictJson first = ended(api.send(scale));
        assertThat(ended(api.send(scale)).text("id")).isEqualTo(first.text("id"));
        HttpRequest.Builder stale = request("POST", SHOP + "/scale", "{\"services\": {\"web\": 1}}")
                .header("Idempotency-Key", "two")
                .header("If-Match", tag);
        assertThat(api.send(stale).statusCode()).isEqualTo(412);
        // Refused before it began: nothing is kept under its key.
        assertThat(ended(api.send(request("POST", SHOP + "/scale", "{\"services\": {\"web\": 1}}")
                                .header("Idempotency-Key", "two")))
                        .text("state"))
                .isEqualTo("done");
        assertThat(shop().services().get("web").scale()).isEqualTo(1);
    }

    /** The store was flushed meanwhile, or an older Portolan led. */
    @Test
    void whatWasAskedForBeforeKeysWereKeptIsNotDone() {
        HttpRequest.Builder scale = request("POST", SHOP + "/scale", "{\"services\": {\"web\": 3}}")
                .header("Idempotency-Key", "one")
                .header("Idempotency-Age", "3600000");
        HttpResponse<String> refused = api.send(scale);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
        assertThat(json(refused).text("detail")).contains("whether it was begun is no longer known");
        assertThat(shop().lastRelease()).isEqualTo(2);
        assertThat(api.send(scale.setHeader("Idempotency-Age", "x")).statusCode())
                .isEqualTo(400);
        ended(api.send(scale.setHeader("Idempotency-Age", "0")));
        assertThat(shop().lastRelease()).isEqualTo(3);
        // Since it is known now.
        ended(api.send(scale.setHeader("Idempotency-Age", "3600000")));
        assertThat(shop().lastRelease()).isEqualTo(3);
    }

    @Test
    void whatALockRefusedCanBeAskedForAgainUnderTheSameKey() {
        HttpRequest.Builder stop = request("POST", SHOP + "/stop", "").header("Idempotency-Key", "one");
        Lease held = api.installation.store().acquire("shop", "a test").orElseThrow();
        HttpResponse<String> locked = api.send(stop);
        held.close();
        assertThat(locked.statusCode()).as(locked.body()).isEqualTo(409);
        assertThat(json(locked).text("kind")).isEqualTo("locked");
        assertThat(ended(api.send(stop)).text("state")).isEqualTo("done");
        assertThat(shop().stopped()).contains("web");
    }

    @Test
    void changesOfOneDeploymentDoNotKeepThoseOfOthersAway() throws InterruptedException {
        Changes changes = new Changes(api.controller);
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> waiting = new ArrayList<>();
        for (int each = 0; each < 4; each++) {
            waiting.add(Thread.startVirtualThread(() -> {
                try {
                    changes.begin(asked("shop"), stop("shop"), () -> await(go));
                } catch (Failure ends) {
                    // With this controller.
                }
            }));
        }
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (changes.running() < 4 && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertThatThrownBy(() -> changes.begin(asked("shop"), stop("shop"), () -> {}))
                .isInstanceOf(Failure.class)
                .hasMessage("too many changes of shop are in progress");
        Request order = new Request.Order("shop", ReleaseOrder.ABORT, Mandate.of(new Caller.Person("boss")));
        assertThatThrownBy(() -> changes.begin(asked("shop"), job(order), () -> {}))
                .isInstanceOfSatisfying(
                        Failure.class, refused -> assertThat(refused.kind()).isNotEqualTo(Failure.Kind.UNAVAILABLE));
        Request create = new Request.Create("blog", Mandate.of(new Caller.Person("boss")));
        assertThat(changes.begin(asked("blog"), job(create), () -> {}).deployment())
                .isEqualTo("blog");
        changes.end();
        assertThatThrownBy(() -> changes.begin(asked("blog"), job(create), () -> {}))
                .isInstanceOf(Failure.class)
                .hasMessage("this controller ends");
        go.countDown();
        for (Thread each : waiting) {
            each.join();
        }
    }

    private static void await(CountDownLatch go) {
        try {
            go.await();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    private static Changes.Job job(Request request) {
        return Changes.Job.of(request, DeployOptions.DEFAULT);
    }

    private static Changes.Job stop(String deployment) {
        return job(new Request.Stop(deployment, Set.of(), Mandate.of(new Caller.Person("boss"))));
    }

    private static ApiRequest asked(String deployment) {
        return new ApiRequest(
                "1",
                "POST",
                "/v1/deployments/" + deployment + "/stop",
                Map.of("deployment", deployment),
                Map.of(),
                Map.of(),
                new byte[0],
                ApiCaller.of(Principal.of("boss", Scope.ADMIN, Set.of()), "127.0.0.1"));
    }
}
