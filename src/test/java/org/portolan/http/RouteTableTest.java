package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.portolan.json.JsonTree;
import org.portolan.model.routing.AccessLogPage;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Domain;

/** Every answer has the form that the table says. */
class RouteTableTest extends ApiTest {
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDialect(Dialects.getOpenApi31());

    static List<String> faults(Map<String, Object> form, String json) {
        Schema schema = SCHEMAS.getSchema(JsonTree.text(form, false), InputFormat.JSON);
        return schema.validate(json, InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }

    private static String filled(Route route, String operation) {
        return route.path()
                .text()
                .replace("{deployment}", "shop")
                .replace("{number}", "2")
                .replace("{instance}", "shop-web-2-1")
                .replace("{service}", "web")
                .replace("{domain}", "logged.test")
                .replace("{secret}", "Pin")
                .replace("{operation}", operation);
    }

    @Test
    void everythingThatIsAskedForIsAnsweredInItsForm() {
        String operation = api.send(api.to("/v1/deployments/shop/scale")
                        .header("Authorization", "Bearer " + ApiSite.ADMIN)
                        .header("Content-Type", Reply.JSON)
                        .POST(HttpRequest.BodyPublishers.ofString("{\"services\": {\"web\": 2}}")))
                .headers()
                .firstValue("Location")
                .orElseThrow()
                .substring("/v1/operations/".length());
        accessLog();
        api.send(api.to("/v1/deployments/shop/secrets/Pin")
                .header("Authorization", "Bearer " + ApiSite.ADMIN)
                .header("Content-Type", Reply.JSON)
                .PUT(HttpRequest.BodyPublishers.ofString("{\"value\": \"4711\"}")));
        int checked = 0;
        for (Route route : RouteTable.ALL) {
            if (!route.method().equals("GET") || !route.types().getFirst().equals(Reply.JSON)) {
                continue;
            }
            HttpResponse<String> answer =
                    api.send(api.to(filled(route, operation)).header("Authorization", "Bearer " + ApiSite.ADMIN));
            assertThat(answer.statusCode()).as(route + "\n" + answer.body()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).contains(Reply.JSON);
            assertThat(faults(route.answer(), answer.body()))
                    .as(route + "\n" + answer.body())
                    .isEmpty();
            checked++;
        }
        assertThat(checked).isGreaterThan(12);
    }

    /** A domain with a line as nginx writes it. */
    private void accessLog() {
        api.site.proxy.apply(new RouteSet(
                "shop", List.of(), List.of(AccessLogRouteTest.domain("logged.test", Domain.AccessLog.ON))));
        api.site.proxy.wroteDown(query -> new AccessLogPage(
                List.of(
                        "{\"time\":\"2026-11-28T12:00:00.250Z\",\"domain\":\"logged.test\",\"host\":\"logged.test\",\"service\":\"\","
                                + "\"instance\":\"\",\"client\":\"203.0.113.7\",\"scheme\":\"https\",\"protocol\":\"HTTP/2.0\","
                                + "\"method\":\"GET\",\"path\":\"/a\",\"status\":404,\"request_bytes\":90,\"bytes\":294,"
                                + "\"queue_ms\":null,\"connect_ms\":null,\"first_byte_ms\":null,\"total_ms\":0,"
                                + "\"user_agent\":\"\"}"),
                "1-0-2"));
    }

    @Test
    void anAnswerOfAnotherFormIsFound() {
        assertThat(faults(ApiForms.DOMAIN, "{\"deployment\":\"a\",\"host\":\"b\",\"path\":1}"))
                .isNotEmpty();
        assertThat(faults(ApiForms.DOMAIN, "{\"deployment\":\"a\",\"host\":\"b\"}"))
                .isNotEmpty();
        assertThat(faults(ApiForms.DOMAIN, "{\"deployment\":\"a\",\"host\":\"b\",\"path\":\"/\",\"more\":1}"))
                .isNotEmpty();
    }

    @Test
    void problemsHaveTheirForm() {
        for (String path : List.of("/nothing", "/v1/deployments/none", "/v1/events?limit=x")) {
            HttpResponse<String> answer = api.get(path);
            assertThat(answer.statusCode()).isGreaterThanOrEqualTo(400);
            assertThat(faults(ProblemJson.SCHEMA, answer.body()))
                    .as(answer.body())
                    .isEmpty();
        }
    }

    @Test
    void theDocumentNamesEachRouteOnce() {
        Set<String> ids = new HashSet<>();
        Set<String> routes = new HashSet<>();
        for (Route route : RouteTable.ALL) {
            assertThat(routes.add(route.toString())).as(route.toString()).isTrue();
            assertThat(route.summary()).as(route.toString()).endsWith(".");
            assertThat(route.path().text().startsWith("/v1/")
                            || route.scope().isEmpty()
                            || route.path().text().equals("/metrics")
                            || GitRoutes.isGit(route.path().text()))
                    .as("other paths stay free: " + route)
                    .isTrue();
        }
        Map<?, ?> paths = (Map<?, ?>) OpenApi.document(RouteTable.ALL).get("paths");
        paths.values().forEach(methods -> ((Map<?, ?>) methods).values().forEach(operation -> {
            Map<?, ?> known = (Map<?, ?>) operation;
            assertThat(ids.add(String.valueOf(known.get("operationId"))))
                    .as(String.valueOf(known))
                    .isTrue();
        }));
        assertThat(ids).hasSameSizeAs(RouteTable.ALL);
    }

    @Test
    void releasesArePaged() {
        for (int count = 0; count < 3; count++) {
            api.site.process().deploy(ApiSite.shop(count % 2 == 0 ? "1" : "2", 2));
        }
        HttpResponse<String> first = api.get("/v1/deployments/shop/releases?limit=2");
        String link = first.headers().firstValue("Link").orElseThrow();
        assertThat(link).isEqualTo("</v1/deployments/shop/releases?limit=2&before=4>; rel=\"next\"");
        assertThat(first.body()).contains("\"number\":5", "\"number\":4").doesNotContain("\"number\":3");
        HttpResponse<String> second = api.get("/v1/deployments/shop/releases?limit=2&before=4");
        assertThat(second.body()).contains("\"number\":3", "\"number\":2").doesNotContain("\"number\":4,");
    }
}
