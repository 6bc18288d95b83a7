package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;
import org.portolan.model.state.Standing;

/** Where the API listens, who may ask, and what is not answered. */
class HttpDoorTest extends ApiTest {
    @Test
    void theSocketIsItsOwnersAndNeedsNoToken() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(api.socket)))
                .isEqualTo("rw-------");
        assertThat(RawClient.ask(api.socket, "GET /v1/deployments HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("\"name\":\"shop\"", "Portolan-Version: 1.2.3", "X-Request-Id: ");
        assertThat(api.door.describe()).containsExactly(api.socket.toString(), "http://127.0.0.1:" + api.port);
        api.door.stop(Duration.ofSeconds(2));
        assertThat(api.socket).doesNotExist();
        assertThat(api.door.describe()).isEmpty();
        assertThat(folder.resolve(".api")).doesNotExist();
    }

    @Test
    void itListensAgainAfterItWasStopped() {
        api.door.stop(Duration.ofSeconds(2));
        api.door.stop(Duration.ofSeconds(2));
        api.door.start(api.controller);
        assertThat(api.get("/v1/domains").statusCode()).isEqualTo(200);
        assertThat(RawClient.ask(api.socket, "GET /healthz HTTP/1.0\r\n\r\n")).contains("alive");
    }

    @Test
    void aSocketWhoseFileSomebodyRemovedComesBack() throws IOException {
        assertThat(api.door.listens()).isTrue();
        Files.delete(api.socket);
        assertThat(api.door.listens()).isFalse();
        api.door.start(api.controller);
        assertThat(api.door.listens()).isTrue();
        assertThat(RawClient.ask(api.socket, "GET /healthz HTTP/1.0\r\n\r\n")).contains("alive");
        assertThat(api.get("/v1/domains").statusCode()).isEqualTo(200);
        api.door.stop(Duration.ofSeconds(2));
        assertThat(api.socket).doesNotExist();
    }

    /** As after kill -9. */
    @Test
    void whatADeadProcessLeftIsReplacedAndALivingOnesSocketIsNot() throws IOException {
        api.door.stop(Duration.ofSeconds(2));
        try (var dead = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            dead.bind(java.net.UnixDomainSocketAddress.of(api.socket));
        }
        assertThat(api.socket).exists();
        api.door.start(api.controller);
        assertThat(RawClient.ask(api.socket, "GET /healthz HTTP/1.0\r\n\r\n")).contains("alive");

        HttpDoor second = api.door(folder, "127.0.0.1", 0);
        assertThatThrownBy(() -> second.start(api.controller))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("api.sock: another process does");
        second.stop(Duration.ZERO);
        assertThat(api.socket).exists();
    }

    @Test
    void aTakenPortIsSaidAndTheSocketAnswersAllTheSame() throws IOException {
        api.door.stop(Duration.ofSeconds(2));
        try (ServerSocket taken = new ServerSocket(api.port, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> api.door.start(api.controller))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + api.port);
            assertThat(taken.isBound()).isTrue();
            assertThat(RawClient.ask(api.socket, "GET /healthz HTTP/1.0\r\n\r\n"))
                    .contains("alive");
            assertThat(api.door.describe()).containsExactly(api.socket.toString());
        }
        api.door.start(api.controller);
        assertThat(api.door.describe()).hasSize(2);
    }

    @Test
    void elsewhereThanLoopbackItListensOnlyWhileThereIsAToken() {
        api.door.stop(Duration.ofSeconds(2));
        api.tokens.clear();
        HttpDoor wide = api.door(folder, "0.0.0.0", api.port);
        try {
            assertThatThrownBy(() -> wide.start(api.controller)).hasMessageContaining("while there is no token");
            assertThat(wide.describe()).containsExactly(api.socket.toString());
            api.tokens.put(ApiSite.READ, Principal.of("reader", Scope.READ, java.util.Set.of()));
            wide.start(api.controller);
            assertThat(wide.describe()).contains("http://0.0.0.0:" + api.port);
        } finally {
            wide.stop(Duration.ofSeconds(2));
        }
    }

    @Test
    void withoutATokenOnlyWhetherItLivesIsAnswered() {
        assertThat(api.send(api.to("/healthz")).statusCode()).isEqualTo(200);
        HttpResponse<String> ready = api.send(api.to("/readyz"));
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.body())
                .contains("\"leads\":true", "\"store\":true", "\"engine\":true")
                .doesNotContain("warnings");
        api.standings.add(Standing.unknown(Standing.Subject.CONFIGURATION, "/srv/portolan.yaml", Instant.EPOCH)
                .with(Standing.Condition.FAILING, "portolan.yaml:1:1: secret thing", Instant.EPOCH));
        assertThat(api.send(api.to("/readyz")).body())
                .contains("\"warnings\":[\"the configuration file has errors and was not taken over\"]")
                .doesNotContain("secret thing");
        for (String path : List.of("/v1/deployments", "/v1/openapi.json", "/nothing", "/v1/deployments/none/plan")) {
            HttpResponse<String> refused = api.send(api.to(path));
            assertThat(refused.statusCode()).as(path).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"portolan\"");
            assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
        }
        assertThat(api.send(api.to("/v1/domains").header("Authorization", "Bearer wrong"))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void anotherMethodAnotherPathAndAnotherParameterAreRefusedInWords() {
        HttpResponse<String> other = api.send(api.to("/v1/domains")
                .header("Authorization", "Bearer " + ApiSite.READ)
                .method("PATCH", HttpRequest.BodyPublishers.ofString("{}")));
        assertThat(other.statusCode()).isEqualTo(405);
        assertThat(other.headers().firstValue("Allow")).contains("GET, HEAD");
        assertThat(api.get("/v1/domain").statusCode()).isEqualTo(404);
        HttpResponse<String> parameter = api.get("/v1/deployments/shop/releases?limits=3");
        assertThat(parameter.statusCode()).isEqualTo(400);
        assertThat(parameter.body()).contains("unknown parameter 'limits'", "did you mean 'limit'?");
        assertThat(api.get("/v1/deployments/shop/releases?limit=0").statusCode())
                .isEqualTo(400);
        HttpResponse<String> unknown = api.get("/v1/deployments/shopp");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body())
                .contains("unknown deployment 'shopp'", "did you mean 'shop'?", "\"kind\":\"not_found\"");
    }

    @Test
    void headAndOldHttpWork() {
        HttpResponse<String> head = api.send(api.to("/v1/domains")
                .header("Authorization", "Bearer " + ApiSite.READ)
                .method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("ETag")).isPresent();
        assertThat(RawClient.ask(api.port, "GET /healthz HTTP/1.0\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK")
                .endsWith("{\"status\":\"alive\"}");
    }

    @Test
    void whatIsNotChangedIsNotSentAgain() {
        HttpResponse<String> first = api.get("/v1/deployments/shop");
        String tag = first.headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> again = api.send(api.to("/v1/deployments/shop")
                .header("Authorization", "Bearer " + ApiSite.READ)
                .header("If-None-Match", "\"other\", " + tag));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        api.site.process().deploy(ApiSite.shop("1", 2));
        assertThat(api.send(api.to("/v1/deployments/shop")
                                .header("Authorization", "Bearer " + ApiSite.READ)
                                .header("If-None-Match", tag))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void whoMaySeeOneDeploymentSeesNoOther() {
        api.site
                .process()
                .deploy(org.portolan.sim.SimSite.desired(
                        "blog", java.util.Map.of("web", java.util.Map.of("image", "web:1")), java.util.Map.of()));
        String token = "Bearer " + ApiSite.SHOP_ONLY;
        assertThat(api.get("/v1/deployments").body()).contains("blog", "shop");
        assertThat(api.send(api.to("/v1/deployments").header("Authorization", token))
                        .body())
                .contains("shop")
                .doesNotContain("blog");
        assertThat(api.send(api.to("/v1/deployments/blog").header("Authorization", token))
                        .statusCode())
                .isEqualTo(404);
        assertThat(api.send(api.to("/v1/events").header("Authorization", token)).body())
                .contains("\"deployment\":\"shop\"")
                .doesNotContain("\"deployment\":\"blog\"");
    }

    @Test
    void metricsNeedATokenForTheWholeInstallation() {
        HttpResponse<String> metrics = api.get("/metrics");
        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.body()).isEqualTo("portolan_leader 1.0\n");
        assertThat(metrics.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain; version=0.0.4");
        assertThat(api.send(api.to("/metrics")).statusCode()).isEqualTo(401);
        assertThat(api.send(api.to("/metrics").header("Authorization", "Bearer " + ApiSite.SHOP_ONLY))
                        .statusCode())
                .isEqualTo(404);
        assertThat(RawClient.ask(api.socket, "GET /metrics HTTP/1.0\r\n\r\n")).contains("portolan_leader 1.0");
    }

    @Test
    void guessesAreSlowedDownAndThoseWithATokenAreNot() {
        HttpResponse<String> last = api.get("/v1/domains");
        int guesses = 0;
        while (last.statusCode() != 429 && guesses++ < 40) {
            last = api.send(api.to("/v1/domains").header("Authorization", "Bearer ptl_" + guesses));
        }
        assertThat(last.statusCode()).isEqualTo(429);
        assertThat(guesses).isBetween(20, 30);
        assertThat(last.headers().firstValue("Retry-After")).isPresent();
        assertThat(api.get("/v1/domains").statusCode()).isEqualTo(200);
        assertThat(api.send(api.to("/v1/domains")).statusCode()).isEqualTo(401);
    }

    /** Whoever listens already is let in no longer either. */
    @Test
    @org.junit.jupiter.api.Timeout(20)
    void aStreamSaysNothingMoreOnceItsTokenIsRemoved() throws IOException {
        HttpResponse<java.io.InputStream> stream = api.send(
                api.to("/v1/events")
                        .header("Authorization", "Bearer " + ApiSite.READ)
                        .header("Accept", "application/x-ndjson"),
                HttpResponse.BodyHandlers.ofInputStream());
        try (java.io.InputStream in = stream.body()) {
            assertThat(in.read()).isEqualTo('\n');
            api.tokens.remove(ApiSite.READ);
            api.site.process().deploy(ApiSite.shop("1", 2));
            String rest = "";
            try {
                rest = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            } catch (IOException ended) {
                // It was closed in the middle.
            }
            assertThat(rest).doesNotContain("shop");
        }
    }

    @Test
    void whatIsNotHttpOrTooLargeIsRefusedWithoutAnExceptionsText() {
        assertThat(RawClient.ask(api.port, "GARBAGE\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .doesNotContain("Exception", "org.eclipse");
        String head = "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + "a".repeat(20_000) + "\r\n\r\n";
        assertThat(RawClient.ask(api.port, head))
                .startsWith("HTTP/1.1 431")
                .contains("application/problem+json")
                .doesNotContain("Exception");
        assertThat(RawClient.ask(
                        api.port, "GET /v1/%2e%2e/healthz%2fx HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .doesNotContain("Exception", "org.eclipse");
    }

    @Test
    void oneThatAsksTooOftenIsToldWhenToComeAgain() {
        int refused = 0;
        String after = "";
        for (int count = 0; count < 400 && refused == 0; count++) {
            HttpResponse<String> answer = api.send(api.to("/healthz"));
            if (answer.statusCode() == 429) {
                refused++;
                after = answer.headers().firstValue("Retry-After").orElse("");
            }
        }
        assertThat(refused).isEqualTo(1);
        assertThat(after).isEqualTo("1");
        // The one over the socket is the machine's own administrator.
        assertThat(RawClient.ask(api.socket, "GET /healthz HTTP/1.0\r\n\r\n")).contains("200 OK");
    }

    @Test
    void aTokenForADeploymentThatDoesNotExistYetLearnsNoOther() {
        api.tokens.put("ptl_new", Principal.of("new", Scope.ADMIN, java.util.Set.of("newapp")));
        for (String path : List.of(
                "deployments/newapp",
                "deployments/newapp/instances",
                "deployments/newapp/releases",
                "deployments/newapp/releases/1",
                "deployments/newapp/versions",
                "deployments/newapp/plan",
                "deployments/newapp/instances/web/logs",
                "queries/inventory",
                "queries/status?deployment=newapp",
                "queries/deployments?deployment=newapp",
                "queries/deployments/newapp",
                "queries/deployments/newapp/releases",
                "queries/deployments/newapp/logs")) {
            assertThat(api.send(api.to("/v1/" + path).header("Authorization", "Bearer ptl_new"))
                            .body())
                    .as(path)
                    .doesNotContain("shop");
        }
    }

    /** Whatever stands in front of this server must not see another request than it does. */
    @Test
    void requestsThatCanBeReadInTwoWaysAreRefusedAndNothingAfterThem() {
        String post = "POST /v1/hooks/x HTTP/1.1\r\nHost: x\r\n";
        String next = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
        for (String request : List.of(
                post + "Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}",
                post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
                post + "Content-Length: 2, 2\r\n\r\n{}",
                post + "Content-Length: +2\r\n\r\n{}",
                post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                post + "Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n",
                "GET /healthz HTTP/1.1\nHost: x\n\n",
                "GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
                "GET http://other/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")) {
            assertThat(RawClient.ask(api.port, request + next))
                    .as(request)
                    .startsWith("HTTP/1.1 400")
                    .doesNotContain("alive", "Exception", "org.eclipse")
                    .satisfies(
                            answer -> assertThat(answer.split("HTTP/1.1 ", -1)).hasSize(2));
        }
        for (String path : List.of(
                "/healthz;x=y",
                "/v1;x/deployments",
                "/v1/../healthz",
                "/./healthz",
                "/v1/deployments/..;/healthz",
                "/v1%2fdeployments",
                "/v1/deployments/%2e%2e",
                "/v1/deployments/%252e%252e%252f",
                "/v1/deployments/shop%00",
                "//healthz",
                "/healthz?x=%",
                "/healthz?x=%zz",
                "/healthz?%c0%ae=1")) {
            assertThat(RawClient.ask(
                            api.port,
                            "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                                    + ApiSite.READ + "\r\n\r\n"))
                    .as(path)
                    .startsWith("HTTP/1.1 400")
                    .doesNotContain("Exception", "org.eclipse");
        }
        assertThat(api.site.reports)
                .as("nobody fills the log with internal errors")
                .noneMatch(event -> event.message().contains("internal error"));
    }
}
