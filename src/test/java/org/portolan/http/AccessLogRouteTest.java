package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Position;
import org.portolan.model.routing.AccessLogPage;
import org.portolan.model.routing.AccessLogQuery;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Domain;

/** Who may read a domain's access log, and how much of it at once. */
class AccessLogRouteTest extends ApiTest {
    private static final String LINE =
            "{\"time\":\"2026-11-28T12:00:00.250Z\",\"domain\":\"both.test\",\"first_byte_ms\":null,\"path\":\"/é\"}";

    static Domain domain(String host, Domain.AccessLog log) {
        return new Domain(
                host,
                List.of(),
                new TreeMap<>(Map.of(
                        "/",
                        new Domain.Route(
                                List.of(new Domain.Target("shop", "web", "", 100)), Position.of("Servicefile")))),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                false,
                false,
                new TreeMap<>(),
                Optional.empty(),
                log,
                Position.of("Servicefile"));
    }

    private void part(String deployment, Domain.AccessLog log, String... hosts) {
        List<Domain> domains = new ArrayList<>();
        for (String host : hosts) {
            domains.add(domain(host, log));
        }
        api.site.proxy.apply(new RouteSet(deployment, List.of(), domains));
    }

    private int status(String token, String path) {
        return api.send(api.to(path).header("Authorization", "Bearer " + token)).statusCode();
    }

    @Test
    void onlyWhoSeesEveryDeploymentOfADomainReadsItsLog() {
        part("shop", Domain.AccessLog.ON, "shop.test", "both.test");
        part("blog", Domain.AccessLog.OFF, "both.test", "blog.test");
        assertThat(status(ApiSite.SHOP_ONLY, "/v1/domains/shop.test/access-log"))
                .isEqualTo(200);
        assertThat(status(ApiSite.SHOP_ONLY, "/v1/domains/both.test/access-log"))
                .isEqualTo(404);
        assertThat(status(ApiSite.SHOP_ONLY, "/v1/domains/blog.test/access-log"))
                .isEqualTo(404);
        assertThat(status(ApiSite.READ, "/v1/domains/both.test/access-log")).isEqualTo(200);
        assertThat(status(ApiSite.READ, "/v1/domains/blog.test/access-log")).isEqualTo(409);
        assertThat(status(ApiSite.READ, "/v1/domains/none.test/access-log")).isEqualTo(404);
        assertThat(api.send(api.to("/v1/domains/shop.test/access-log")).statusCode())
                .isEqualTo(401);
        assertThat(api.send(api.to("/v1/domains/blog.tst/access-log")
                                .header("Authorization", "Bearer " + ApiSite.SHOP_ONLY))
                        .body())
                .as("a hint names nothing that is hidden")
                .doesNotContain("blog.test");
    }

    @Test
    void anAnswerSaysThatLinesAreLeftOut() {
        part("shop", Domain.AccessLog.ON, "both.test");
        api.site.proxy.wroteDown(query -> new AccessLogPage(List.of(LINE), "1-2", true));
        assertThat(api.get("/v1/domains/both.test/access-log").body()).contains("\"cut\":true");
    }

    @Test
    void fewReadAtTheSameTimeAndSomeWait() {
        Semaphore few = new Semaphore(1);
        Reply reply = Reply.thing(Map.of());
        assertThat(LogRoutes.oneOfFew(few, 1, 1, () -> {
                    assertThatThrownBy(() -> LogRoutes.oneOfFew(few, 1, 1, () -> reply))
                            .isInstanceOfSatisfying(Failure.class, busy -> assertThat(busy.kind())
                                    .isEqualTo(Failure.Kind.UNAVAILABLE));
                    return reply;
                }))
                .isSameAs(reply);
        assertThatThrownBy(() -> LogRoutes.oneOfFew(few, 1, 1, () -> {
                    throw new Failure(Failure.Kind.NOT_FOUND, "x");
                }))
                .hasMessage("x");
        assertThat(few.availablePermits()).isEqualTo(1);
        assertThatThrownBy(() -> LogRoutes.oneOfFew(few, 0, 1, () -> reply))
                .as("others wait")
                .isInstanceOf(Failure.class);
    }

    @Test
    void linesAreAskedForByNumberTimeAndPlace() throws Exception {
        part("shop", Domain.AccessLog.QUERY, "both.test");
        List<AccessLogQuery> asked = new ArrayList<>();
        api.site.proxy.wroteDown(query -> {
            asked.add(query);
            return new AccessLogPage(List.of(LINE), "12-345");
        });
        HttpResponse<String> answer =
                api.get("/v1/domains/both.test/access-log?tail=5&since=2026-11-28T11:00:00Z&after=1-2");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(asked)
                .containsExactly(new AccessLogQuery(
                        Set.of("both.test"),
                        Optional.of(Instant.parse("2026-11-28T11:00:00Z")),
                        5,
                        Optional.of("1-2")));
        StrictJson body = StrictJson.read(answer.body().getBytes(StandardCharsets.UTF_8));
        assertThat(body.text("next")).isEqualTo("12-345");
        StrictJson line = body.at("lines").list().getFirst();
        assertThat(line.text("path")).isEqualTo("/é");
        assertThat(line.map()).as("what has no value is left out").doesNotContainKey("first_byte_ms");
        assertThat(status(ApiSite.READ, "/v1/domains/both.test/access-log?tail=100000"))
                .isEqualTo(200);
        assertThat(status(ApiSite.READ, "/v1/domains/both.test/access-log?tail=-1"))
                .isEqualTo(400);
        assertThat(status(ApiSite.READ, "/v1/domains/both.test/access-log?since=yesterday"))
                .isEqualTo(400);
    }
}
