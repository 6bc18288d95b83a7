package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.engine.sim.Behaviour;
import org.portolan.json.JsonTree;
import org.portolan.json.NotJson;
import org.portolan.json.StrictJson;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;
import org.portolan.release.DeployOptions;

/** Files that are sent to be planned or deployed: by whom, within which limits, and what becomes of it when the sender is gone. */
class BundleRoutesTest extends ApiTest {
    private static final String WEB = "web: {image: \"web:1\", port: 80, health: {http: /up}}\n";
    private static final String DEPLOYER = "ptl_deployer";

    @BeforeEach
    void deployer() {
        api.tokens.put(DEPLOYER, Principal.of("ci", Scope.DEPLOY, Set.of()));
        api.site.engine.world().image("web:3", Behaviour.neverHealthy().logging("no database"), 80);
    }

    private static Map<String, Object> files(Map<String, String> texts) {
        Map<String, Object> files = new TreeMap<>();
        texts.forEach((path, text) -> files.put(
                path, Map.of("base64", Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)))));
        return files;
    }

    private static Map<String, Object> bundle(Map<String, String> texts) {
        Map<String, Object> bundle = new LinkedHashMap<>();
        bundle.put("servicefile", "Servicefile");
        bundle.put("source", Map.of("location", "https://git.test/site", "path", "Servicefile"));
        bundle.put("files", files(texts));
        return bundle;
    }

    private static Map<String, Object> body(String servicefile) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("bundle", bundle(Map.of("Servicefile", servicefile)));
        return body;
    }

    private static Map<String, Object> several(String... names) {
        StringBuilder text = new StringBuilder("Deployments:\n");
        for (String name : names) {
            text.append("  ").append(name).append(": {template: app.Servicefile}\n");
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("bundle", bundle(Map.of("Servicefile", text.toString(), "app.Servicefile", WEB)));
        return body;
    }

    private HttpRequest.Builder request(String path, String token, byte[] body) {
        return api.to(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    private HttpResponse<String> post(String path, String token, Map<String, ?> body) {
        return api.send(request(path, token, JsonTree.bytes(body)));
    }

    private HttpResponse<String> deploy(String token, Map<String, ?> body) {
        return post("/v1/deploys", token, body);
    }

    private static StrictJson json(String text) {
        try {
            return StrictJson.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (NotJson broken) {
            throw new AssertionError(text, broken);
        }
    }

    private StrictJson ended(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        String location = answer.headers().firstValue("Location").orElseThrow();
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < end) {
            HttpResponse<String> now = api.get(location);
            assertThat(RouteTableTest.faults(Operation.FORM, now.body()))
                    .as(now.body())
                    .isEmpty();
            if (!json(now.body()).text("state").equals("running")) {
                return json(now.body());
            }
        }
        throw new AssertionError("it does not end: " + answer.body());
    }

    private boolean exists(String deployment) {
        return api.installation.store().deployment(deployment).isPresent();
    }

    private DeploymentState state(String deployment) {
        return api.installation.store().deployment(deployment).orElseThrow();
    }

    @Test
    void aDeployIsAnOperationOfAllDeploymentsOfTheFile() {
        StrictJson ended = ended(deploy(DEPLOYER, several("one", "two")));
        assertThat(ended.text("state")).as(ended.toString()).isEqualTo("done");
        assertThat(ended.texts("deployments")).containsExactly("one", "two");
        assertThat(ended.text("outcome")).isEqualTo("done");
        assertThat(state("one").owner().toString()).isEqualTo("https://git.test/site:Servicefile");
        assertThat(api.installation.store().releases("one", 1).getFirst().who()).isEqualTo("ci");
        assertThat(api.recorded).extracting(event -> event.deployment()).containsExactly("one", "two");
        StrictJson again = ended(deploy(DEPLOYER, several("one", "two")));
        assertThat(again.text("outcome")).isEqualTo("no_changes");
        StrictJson one = ended(deploy(DEPLOYER, body("Name: blog\n" + WEB)));
        assertThat(one.text("deployment")).isEqualTo("blog");
        assertThat(one.number("release")).isEqualTo(1);
    }

    @Test
    void aRequestThatIsRepeatedUnderItsKeyIsDoneOnce() {
        byte[] body = JsonTree.bytes(body("Name: blog\n" + WEB));
        StrictJson first = ended(api.send(request("/v1/deploys", DEPLOYER, body).header("Idempotency-Key", "a")));
        StrictJson second =
                ended(api.send(request("/v1/deploys", DEPLOYER, body).header("Idempotency-Key", "a")));
        assertThat(second.text("id")).isEqualTo(first.text("id"));
        byte[] other = JsonTree.bytes(body("Name: blog\n" + WEB + "redis: {image: redis:1}\n"));
        assertThat(api.send(request("/v1/deploys", DEPLOYER, other).header("Idempotency-Key", "a"))
                        .statusCode())
                .isEqualTo(422);
    }

    @Test
    void oneThatFailsIsToldWithTheOthers() {
        Map<String, Object> body = several("one", "two");
        body.put(
                "bundle",
                bundle(Map.of(
                        "Servicefile",
                        "Deployments:\n  one: {template: bad.Servicefile}\n  two: {template: app.Servicefile}\n",
                        "app.Servicefile",
                        WEB,
                        "bad.Servicefile",
                        WEB.replace("web:1", "web:3"))));
        HttpResponse<String> answer = deploy(DEPLOYER, body);
        StrictJson ended = ended(answer);
        assertThat(ended.text("state")).isEqualTo("failed");
        assertThat(exists("two")).isTrue();
        String events = api.get(answer.headers().firstValue("Location").orElseThrow() + "/events")
                .body();
        assertThat(events).contains("no database", "\"failed\":{", "\"result\":{\"changes\":2,\"failed\":true");
    }

    @Test
    void aPlanNeedsToReadOnlyAndChangesNothing() {
        HttpResponse<String> plan = post("/v1/plans", ApiSite.READ, several("one", "shop"));
        assertThat(plan.statusCode()).as(plan.body()).isEqualTo(200);
        Route route = RouteTable.ALL.stream()
                .filter(known -> known.toString().equals("POST /v1/plans"))
                .findFirst()
                .orElseThrow();
        assertThat(RouteTableTest.faults(route.answer(), plan.body()))
                .as(plan.body())
                .isEmpty();
        assertThat(json(plan.body()).list("plans", node -> node.at("plan").text("deployment")))
                .containsExactlyInAnyOrder("one", "shop");
        assertThat(exists("one")).isFalse();
        assertThat(api.recorded).isEmpty();
        assertThat(deploy(ApiSite.READ, several("one")).statusCode()).isEqualTo(403);
    }

    @Test
    void aTokenForSomeDeploymentsDeploysThoseOnly() {
        assertThat(deploy(ApiSite.SHOP_ONLY, body("Name: blog\n" + WEB)).statusCode())
                .isEqualTo(404);
        assertThat(deploy(ApiSite.SHOP_ONLY, several("shop", "blog")).statusCode())
                .isEqualTo(404);
        assertThat(post("/v1/plans", ApiSite.SHOP_ONLY, several("shop", "blog")).statusCode())
                .isEqualTo(404);
        assertThat(exists("blog")).isFalse();
        assertThat(api.recorded).isEmpty();

        HttpResponse<String> own = deploy(ApiSite.SHOP_ONLY, body("Name: shop\n" + WEB));
        String location = own.headers().firstValue("Location").orElseThrow();
        assertThat(ended(own).text("state")).isEqualTo("done");
        assertThat(api.send(api.to(location).header("Authorization", "Bearer " + ApiSite.SHOP_ONLY))
                        .statusCode())
                .isEqualTo(200);
        api.tokens.put("ptl_blog", Principal.of("blogger", Scope.ADMIN, Set.of("blog")));
        assertThat(api.send(api.to(location).header("Authorization", "Bearer ptl_blog"))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aTokenForSomeDeploymentsRemovesNoOthersOfTheSource() {
        ended(deploy(ApiSite.ADMIN, several("shop", "blog", "news")));
        for (String path : List.of("/v1/deploys", "/v1/plans")) {
            HttpResponse<String> refused = post(path, ApiSite.SHOP_ONLY, several("shop"));
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
            assertThat(refused.body()).contains("\"kind\":\"refused\"").doesNotContain("blog", "news");
        }
        assertThat(exists("blog") && exists("news")).isTrue();
        Map<String, Object> named = several("shop");
        Map<String, Object> bundle = bundleOf(named);
        bundle.put("deployment", "shop");
        named.put("bundle", bundle);
        assertThat(ended(deploy(ApiSite.SHOP_ONLY, named)).text("state")).isEqualTo("done");
        assertThat(exists("blog") && exists("news")).isTrue();
    }

    @Test
    void aTokenForSomeDeploymentsIsNotSaidWhoseADomainOrANameIs() {
        String domain = "Domains: {a.example: {http: web}}\n";
        ended(deploy(ApiSite.ADMIN, body("Name: blog\n" + WEB + domain)));
        ended(deploy(ApiSite.ADMIN, body("Name: shop-blue\n" + WEB)));
        Map<String, Object> body = body("Name: shop\n" + WEB
                + WEB.replace("web: {", "blue-web: {")
                + "Domains: {a.example: {http: web}, b.example: {http: \"nowhere:web:80\"}}\n");
        for (String path : List.of("/v1/plans", "/v1/deploys")) {
            HttpResponse<String> refused = post(path, ApiSite.SHOP_ONLY, body);
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
            assertThat(refused.body())
                    .contains(
                            "a.example is already declared by another deployment",
                            "and one of another deployment have the same container names",
                            "unknown deployment nowhere")
                    .doesNotContain("blog", "deployment shop-blue", "known:");
            assertThat(post(path, ApiSite.ADMIN, body).body())
                    .contains("by deployment blog", "service web of deployment shop-blue", "known: ");
        }
    }

    private static Map<String, Object> bundleOf(Map<String, Object> body) {
        Map<String, Object> copy = new LinkedHashMap<>();
        ((Map<?, ?>) body.get("bundle")).forEach((name, value) -> copy.put(String.valueOf(name), value));
        return copy;
    }

    @Test
    void whatNeedsConsentNeedsSomebodyWhoMayGiveIt() {
        ended(deploy(ApiSite.ADMIN, several("one", "two", "three")));
        Map<String, Object> less = several("one");
        HttpResponse<String> unasked = deploy(DEPLOYER, less);
        assertThat(unasked.statusCode()).as(unasked.body()).isEqualTo(409);
        assertThat(unasked.body()).contains("needs_consent");
        less.put("asks", true);
        assertThat(deploy(DEPLOYER, less).statusCode())
                .as("a token for deploys is not asked")
                .isEqualTo(409);
        less.put("agree", true);
        HttpResponse<String> agreed = deploy(DEPLOYER, less);
        assertThat(agreed.statusCode()).isEqualTo(409);
        assertThat(agreed.body()).contains("needs scope admin");
        for (String wish : List.of("adopt", "adopt_containers")) {
            Map<String, Object> adopts = several("one", "two", "three");
            adopts.put(wish, wish.equals("adopt") ? true : "project");
            assertThat(deploy(DEPLOYER, adopts).body()).contains("to take containers over needs scope admin");
        }
        assertThat(exists("two") && exists("three")).isTrue();
    }

    @Test
    void whoFollowsADeployIsAskedAndAnswersOnce() throws IOException {
        ended(deploy(ApiSite.ADMIN, several("one", "two", "three")));
        Map<String, Object> less = several("one");
        less.put("asks", true);
        HttpResponse<String> asked = deploy(ApiSite.ADMIN, less);
        String location = asked.headers().firstValue("Location").orElseThrow();
        HttpResponse<InputStream> stream = api.send(
                api.to(location + "/events").header("Authorization", "Bearer " + ApiSite.ADMIN),
                HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream lines = stream.body()) {
            StringBuilder read = new StringBuilder();
            while (read.indexOf("\"asks\"") < 0 || read.charAt(read.length() - 1) != '\n') {
                int next = lines.read();
                assertThat(next).as(read.toString()).isNotNegative();
                read.append((char) next);
            }
            assertThat(read.toString()).contains("\"question\":1", "\"needed\":[");
            Map<String, Object> yes = Map.of("question", 1, "agree", true);
            assertThat(post(location + "/answer", DEPLOYER, yes).body()).contains("needs scope admin");
            assertThat(post(location + "/answer", ApiSite.ADMIN, Map.of("question", 2, "agree", true))
                            .statusCode())
                    .isEqualTo(412);
            assertThat(exists("two")).isTrue();
            assertThat(post(location + "/answer", ApiSite.ADMIN, yes).statusCode())
                    .isEqualTo(202);
            assertThat(ended(asked).text("state")).isEqualTo("done");
        }
        assertThat(exists("two") || exists("three")).isFalse();
    }

    @Test
    void nobodyAgreesWhoIsGone() {
        Operation operation = new Operation("1", List.of("a"), "what", "who", java.time.Instant.EPOCH);
        SourceDeploy.Question question = operation.ask();
        long begun = System.nanoTime();
        assertThat(question.answered(operation, DeployOptions.DEFAULT, Duration.ofMinutes(1), Duration.ofMillis(150)))
                .isFalse();
        assertThat(System.nanoTime() - begun).isLessThan(Duration.ofSeconds(20).toNanos());
        operation.followers(1);
        assertThat(question.answered(operation, DeployOptions.DEFAULT, Duration.ofMillis(150), Duration.ofMillis(1)))
                .as("who takes too long does not agree")
                .isFalse();
        operation.answer(1, true);
        assertThat(question.answered(operation, DeployOptions.DEFAULT, Duration.ofMinutes(1), Duration.ofMinutes(1)))
                .isTrue();
    }

    @Test
    void nothingOfTheControllersMachineIsReadOrMountedByAPathOfTheClient() {
        String mounts = "Name: blog\nweb: {image: \"web:1\", volumes: [\"./data:/data\"]}\n";
        Map<String, Object> body = body(mounts);
        Map<String, Object> bundle = bundleOf(body);
        bundle.put("places", Map.of("data", "/etc"));
        body.put("bundle", bundle);
        HttpResponse<String> refused = deploy(ApiSite.ADMIN, body);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("not on its disk", "\"line\":2");
        for (String line : List.of(
                "env_files: /etc/passwd", "env_files: ../../../etc/passwd", "files: {/x: {from: /etc/passwd}}")) {
            HttpResponse<String> answer =
                    deploy(ApiSite.ADMIN, body("Name: blog\nweb:\n  image: \"web:1\"\n  " + line + "\n"));
            assertThat(answer.statusCode()).as(line).isEqualTo(400);
            assertThat(answer.body()).contains("\"problems\"").doesNotContain("root:");
        }
        assertThat(exists("blog")).isFalse();
    }

    @Test
    void secretsThatAreFilledInAreNotTold() {
        Map<String, Object> body =
                body("Name: blog\nweb: {image: \"web:3\", port: 80, health: {http: /up}, env: {A: \"%%P%%\"}}\n");
        Map<String, Object> bundle = bundleOf(body);
        bundle.put("values", Map.of("P", Map.of("text", "tell-nobody", "secret", true)));
        body.put("bundle", bundle);
        assertThat(post("/v1/plans", ApiSite.ADMIN, body).body()).doesNotContain("tell-nobody");
        HttpResponse<String> answer = deploy(ApiSite.ADMIN, body);
        String location = answer.headers().firstValue("Location").orElseThrow();
        StrictJson ended = ended(answer);
        assertThat(ended.text("state")).isEqualTo("failed");
        assertThat(ended.toString()
                        + api.get(location + "/events").body()
                        + api.recorded
                        + api.get("/v1/events?limit=1000").body())
                .doesNotContain("tell-nobody");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"bundle\": {\"servicefile\": \"../x\", \"source\": {\"location\": \"a\"}, \"files\": {\"../x\": {\"base64\": \"\"}}}}",
                "{\"bundle\": {\"servicefile\": \"Servicefile\", \"source\": {\"location\": \"a\"}, \"files\": {\"Servicefile\": {\"base64\": \"QQ",
                "{\"bundle\": {\"servicefile\": \"x\", \"source\": {\"location\": \"a\"}, \"files\": {}}}",
                "{\"bundle\": {}}",
                "{}",
                "[]",
                "",
                "{\"bundel\": {}}"
            })
    void whatIsNoBundleIsRefused(String text) {
        HttpResponse<String> answer =
                api.send(request("/v1/deploys", ApiSite.ADMIN, text.getBytes(StandardCharsets.UTF_8)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(RouteTableTest.faults(ProblemJson.SCHEMA, answer.body())).isEmpty();
        assertThat(api.recorded).isEmpty();
    }

    @Test
    void depthsAndSizesHaveLimits() {
        byte[] deep = ("{\"bundle\": " + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
        assertThat(api.send(request("/v1/plans", ApiSite.READ, deep)).statusCode())
                .isEqualTo(400);
        byte[] many = ("{\"bundle\": [" + "{},".repeat(100_000) + "{}]}").getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> values = api.send(request("/v1/plans", ApiSite.READ, many));
        assertThat(values.statusCode()).isEqualTo(400);
        assertThat(values.body()).contains("more than 100000 values");
        HttpResponse<String> large = api.send(request("/v1/plans", ApiSite.READ, new byte[13 * 1024 * 1024]));
        assertThat(large.statusCode()).isEqualTo(413);
        // The usual routes take no more than before.
        assertThat(post("/v1/deployments/shop/stop", ApiSite.ADMIN, Map.of("reason", "x".repeat(300_000)))
                        .statusCode())
                .isEqualTo(413);
    }

    /** Aliases that refer to aliases: a few hundred bytes that stand for gigabytes. */
    @Test
    void aFileThatUnfoldsWithoutEndIsRefused() {
        StringBuilder bomb = new StringBuilder("Name: blog\nx-0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("x-").append(i).append(": &a").append(i).append(" [");
            bomb.append(("*a" + (i - 1) + ", ").repeat(9))
                    .append("*a")
                    .append(i - 1)
                    .append("]\n");
        }
        HttpResponse<String> answer = deploy(ApiSite.ADMIN, body(bomb + WEB));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    }

    @Test
    void aClientThatGoesAwayInTheMiddleOfItsFilesHasDoneNothing() throws IOException {
        byte[] body = JsonTree.bytes(body("Name: blog\n" + WEB));
        try (Socket client = new Socket("127.0.0.1", api.port)) {
            client.getOutputStream().write(head(body.length));
            client.getOutputStream().write(body, 0, body.length / 2);
            client.getOutputStream().flush();
        }
        assertThat(ended(deploy(DEPLOYER, body("Name: news\n" + WEB))).text("state"))
                .isEqualTo("done");
        assertThat(exists("blog")).isFalse();
        assertThat(api.recorded).extracting(event -> event.deployment()).containsExactly("news");
    }

    @Test
    void aDeployGoesOnWithoutTheClientThatAskedForIt() throws Exception {
        byte[] body = JsonTree.bytes(body("Name: blog\n" + WEB));
        try (Socket client = new Socket("127.0.0.1", api.port)) {
            client.getOutputStream().write(head(body.length));
            client.getOutputStream().write(body);
            client.getOutputStream().flush();
            assertThat(client.getInputStream().read()).isEqualTo('H');
        }
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < end && (!exists("blog") || state("blog").goodRelease() == 0)) {
            Thread.sleep(20);
        }
        assertThat(state("blog").goodRelease()).isEqualTo(1);
    }

    private static byte[] head(int length) {
        return ("POST /v1/deploys HTTP/1.1\r\nHost: x\r\nPrefer: respond-async\r\nAuthorization: Bearer " + DEPLOYER
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + length + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
