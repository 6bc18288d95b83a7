package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portolan.json.JsonTree;
import org.portolan.model.Instead;
import org.portolan.model.event.ControllerEvent.ConditionChanged;
import org.portolan.model.event.Event;
import org.portolan.model.service.Domain;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.sim.SimSite;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/**
 * Every route that there is, asked with tokens that are for the deployment shop only, beside a deployment of which nothing has a common
 * name. A route that comes is walked too; if it says nothing about its reach, limited tokens are not let in.
 */
class LimitedTokenTest extends ApiTest {
    /** Names of the hidden deployment, its service, its domain, a source and a person. */
    private static final List<String> HIDDEN = List.of("okapi", "quagga", "zorilla", "ibex", "kudu");

    private static final SortedMap<Scope, String> LIMITED = new TreeMap<>(
            Map.of(Scope.READ, "ptl_shop_read", Scope.DEPLOY, "ptl_shop_deploy", Scope.ADMIN, "ptl_shop_admin"));
    /** Tell nothing of deployments. */
    private static final Set<String> NOTHING =
            Set.of("GET /healthz", "GET /readyz", "GET /v1/openapi.json", "POST /v1/hooks/{source}");
    /** Find out themselves what a request is about. */
    private static final Set<String> JUDGED = Set.of(
            "POST /v1/plans",
            "POST /v1/deploys",
            "GET /v1/operations/{operation}",
            "GET /v1/operations/{operation}/events",
            "POST /v1/operations/{operation}/answer",
            "POST /v1/operations/{operation}/interrupt",
            "POST /v1/volumes/{volume}/backup",
            "GET /v1/operations/{operation}/archive",
            "PUT /v1/operations/{operation}/archive",
            "GET /git/{repository}/info/refs",
            "POST /git/{repository}/git-upload-pack",
            "POST /git/{repository}/git-receive-pack");
    /** Streams of a page that do not end; which of their events are sent is tried elsewhere. */
    private static final Set<String> ENDLESS =
            Set.of("GET /live", "GET /deployments/{deployment}/logs/{instance}/live");

    private final Map<String, String> own = new HashMap<>(Map.of(
            "deployment", "shop",
            "service", "web",
            "instance", "shop-web-2-1",
            "number", "2",
            "secret", "Pin",
            "volume", "data",
            "domain", "shop.test",
            "source", "site",
            "repository", "site"));
    private final Map<String, String> hidden = new HashMap<>(Map.of(
            "deployment", "okapi",
            "service", "quagga",
            "instance", "okapi-quagga-1-1",
            "number", "1",
            "secret", "Pin",
            "volume", "data",
            "domain", "zorilla.test",
            "source", "ibex",
            "repository", "ibex"));
    private final Map<String, String> nowhere = new HashMap<>(Map.of(
            "deployment", "addax",
            "service", "quagga",
            "instance", "addax-quagga-1-1",
            "number", "1",
            "secret", "Pin",
            "volume", "data",
            "domain", "caracal.test",
            "source", "saiga",
            "repository", "saiga"));

    @BeforeEach
    void hide() {
        LIMITED.forEach(
                (scope, token) -> api.tokens.put(token, Principal.of("shop" + scope.word(), scope, Set.of("shop"))));
        api.site
                .process()
                .deploy(SimSite.with(
                        SimSite.desired(
                                "okapi",
                                Map.of("quagga", Map.of("image", "web:1", "ports", Map.of("http", 80L))),
                                Map.of("quagga", 1)),
                        SimSite.domain("zorilla.test", new Domain.Target("okapi", "quagga", "http", 1))));
        api.standings.add(Standing.unknown(Subject.DEPLOYMENT, "okapi", Instant.EPOCH)
                .with(Condition.FAILING, "kudu broke it", Instant.EPOCH));
        api.standings.add(Standing.unknown(Subject.SOURCE, "ibex", Instant.EPOCH)
                .with(Condition.FAILING, "kudu pushed", Instant.EPOCH));
        api.standings.add(Standing.unknown(Subject.CONFIGURATION, "configuration", Instant.EPOCH)
                .with(Condition.FAILING, "sources.ibex: unknown", Instant.EPOCH));
        api.standings.removeIf(known -> known.name().equals("shop"));
        api.standings.add(claims());
        Store store = api.installation.store();
        Lease leader = store.acquire(Store.LEADER, "the controller").orElseThrow();
        Instruction told = new Instruction(
                Instruction.Kind.SUSPENDED, Subject.DEPLOYMENT, "okapi", "", "kudu", Instant.EPOCH, "kudu asked", "");
        store.commit(
                leader,
                Commit.instructions(leader.name(), new Commit.Instructions(List.of(told), List.of()), List.of()));
        store.commit(
                leader,
                Commit.standings(
                        leader.name(),
                        new Commit.Standings(api.standings, List.of()),
                        List.of(
                                event("", new ConditionChanged("source", "ibex", "failing", "kudu pushed")),
                                event("okapi", new ConditionChanged("deployment", "okapi", "failing", "kudu")))));
        leader.close();
        own.put("operation", operation(LIMITED.get(Scope.ADMIN), "shop", "web"));
        hidden.put("operation", operation(ApiSite.ADMIN, "okapi", "quagga"));
        nowhere.put("operation", hidden.get("operation").replaceAll("[1-9a-f]", "0"));
    }

    private Event event(String deployment, ConditionChanged data) {
        return api.installation.event(deployment, 0, data);
    }

    /** What a deployment wants that the hidden one has. */
    private static Standing claims() {
        return Standing.unknown(Subject.DEPLOYMENT, "shop", Instant.EPOCH)
                .with(Condition.FAILING, "a.test is already declared by deployment okapi", Instant.EPOCH)
                .naming(Optional.of(Instead.of("okapi", "a.test is already declared by another deployment")));
    }

    private String operation(String token, String deployment, String service) {
        HttpResponse<String> begun = api.send(api.to("/v1/deployments/" + deployment + "/scale")
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", Reply.JSON)
                .POST(HttpRequest.BodyPublishers.ofString("{\"services\": {\"" + service + "\": 1}}")));
        String location = begun.headers().firstValue("Location").orElseThrow(() -> new AssertionError(begun.body()));
        long end = System.nanoTime() + 10_000_000_000L;
        while (api.send(api.to(location).header("Authorization", "Bearer " + ApiSite.ADMIN))
                        .body()
                        .contains("\"state\":\"running\"")
                && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return location.substring("/v1/operations/".length());
    }

    private static String filled(Route route, Map<String, String> names) {
        String path = route.path().text();
        for (Map.Entry<String, String> name : names.entrySet()) {
            path = path.replace("{" + name.getKey() + "}", name.getValue());
        }
        return path.replace("{file}", "page.css");
    }

    private static String body(Route route) {
        String plain = "{\"services\": {\"web\": 2}}";
        return switch (route.toString()) {
            case "PUT /v1/deployments/{deployment}/services/{service}" ->
                "{\"image\": \"web:2\", \"ports\": {\"http\": 80}}";
            case "PATCH /v1/deployments/{deployment}/services/{service}" -> "{\"image\": \"web:1\"}";
            case "POST /v1/deployments/{deployment}/scale" -> plain;
            case "PUT /v1/deployments/{deployment}/secrets/{secret}" -> "{\"value\": \"4711\"}";
            case "POST /v1/deployments/{deployment}/volumes/{volume}/restore" -> "{\"archive\": \"/srv/a.tar\"}";
            case "POST /v1/volumes/remove" -> "{\"volumes\": [\"data\"]}";
            case "POST /v1/deployments/{deployment}/approval", "POST /v1/sources/{source}/approval" ->
                "{\"id\": \"1\"}";
            case "POST /v1/operations/{operation}/answer" -> "{\"question\": 1, \"agree\": false}";
            case "POST /v1/plans", "POST /v1/deploys" -> bundle();
            default -> "{}";
        };
    }

    /** Asks for the domain that the hidden deployment has. */
    private static String bundle() {
        String file = "Name: shop\nweb: {image: \"web:2\", port: 80, health: {http: /up}}\n"
                + "Domains: {shop.test: {http: web}, zorilla.test: {http: web}}\n";
        String coded = Base64.getEncoder().encodeToString(file.getBytes(StandardCharsets.UTF_8));
        return JsonTree.text(
                Map.of(
                        "bundle",
                        Map.of(
                                "servicefile",
                                "Servicefile",
                                "source",
                                Map.of("location", "file:///site", "path", "Servicefile"),
                                "files",
                                Map.of("Servicefile", Map.of("base64", coded)))),
                false);
    }

    private HttpResponse<String> ask(Route route, String path, String token) {
        boolean page = route.types().getFirst().startsWith("text/html");
        HttpRequest.Builder request = api.to(path).header("Authorization", "Bearer " + token);
        if (route.method().equals("GET")) {
            return api.send(request.GET());
        }
        return api.send(request.header("Content-Type", page ? "application/x-www-form-urlencoded" : Reply.JSON)
                .method(route.method(), HttpRequest.BodyPublishers.ofString(page ? "to=1&id=1" : body(route))));
    }

    private static List<Route> routes() {
        return Stream.concat(RouteTable.ALL.stream(), pages().stream()).toList();
    }

    private static List<Route> pages() {
        return new PageRoutes(TokenCheck.NONE).all();
    }

    private static Set<String> of(Reach reach) {
        return RouteTable.ALL.stream()
                .filter(route -> route.reach() == reach)
                .map(Route::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void whichRoutesDecideThemselvesIsKnown() {
        assertThat(of(Reach.NONE)).isEqualTo(new TreeSet<>(NOTHING));
        assertThat(of(Reach.JUDGED)).isEqualTo(new TreeSet<>(JUDGED));
        assertThat(of(Reach.DEPLOYMENT)).allMatch(route -> route.contains("{deployment}"));
        assertThat(of(Reach.SEEN)).noneMatch(route -> route.contains("{deployment}"));
    }

    @Test
    void noRouteTellsOfWhatATokenIsNotFor() {
        List<String> told = new ArrayList<>();
        List<String> answered = new ArrayList<>();
        for (Map.Entry<Scope, String> token : LIMITED.entrySet()) {
            for (Route route : routes()) {
                if (ENDLESS.contains(route.toString())) {
                    continue;
                }
                HttpResponse<String> answer = ask(route, filled(route, own), token.getValue());
                String all = answer.headers().map() + "\n" + answer.body();
                // What it asks for is its own word, and names nobody.
                String shown = route.body().isPresent() ? all.replace("zorilla.test", "") : all;
                for (String name : HIDDEN) {
                    if (shown.contains(name)) {
                        told.add(token.getKey() + " " + route + " tells " + name + ": " + all);
                    }
                }
                if (answer.statusCode() < 300) {
                    answered.add(route.toString());
                }
                assertThat(answer.statusCode()).as(route + "\n" + answer.body()).isNotEqualTo(500);
            }
        }
        assertThat(told).isEmpty();
        assertThat(answered)
                .contains(
                        "GET /v1/deployments/{deployment}",
                        "GET /v1/queries/status",
                        "GET /v1/queries/audit",
                        "GET /v1/events",
                        "GET /v1/operations/{operation}/events",
                        "GET /",
                        "GET /map",
                        "GET /deployments/{deployment}")
                .doesNotContain("GET /metrics", "POST /v1/volumes/remove");
    }

    /** In words, status and form; what is looked up before would show in time. */
    @Test
    void whatIsHiddenIsAsIfItWereNotThere() {
        List<String> different = new ArrayList<>();
        for (String token : LIMITED.values()) {
            for (Route route : routes()) {
                if (filled(route, hidden).equals(filled(route, nowhere))) {
                    continue;
                }
                HttpResponse<String> of = ask(route, filled(route, hidden), token);
                HttpResponse<String> none = ask(route, filled(route, nowhere), token);
                if (of.statusCode() != none.statusCode() || !plain(of).equals(plain(none))) {
                    different.add(route + "\n" + of.statusCode() + " " + of.body() + "\n" + none.statusCode() + " "
                            + none.body());
                }
                assertThat(of.statusCode()).as(route + "\n" + of.body()).isGreaterThanOrEqualTo(300);
            }
        }
        assertThat(different).isEmpty();
    }

    private String plain(HttpResponse<String> answer) {
        String text =
                answer.body().replaceAll("\"request\":\"[0-9a-f]+\"", "").replaceAll("<time[^>]*>[^<]*</time>", "");
        for (String name : List.of("operation", "domain", "deployment", "source")) {
            text = text.replace(hidden.get(name), name).replace(nowhere.get(name), name);
        }
        return text;
    }

    /** Nor to whoever sees everything, but where that is what a route is for. */
    @Test
    void noRouteShowsASecret() {
        List<String> secrets = new ArrayList<>(List.of("wombat-old", "wombat-new", "wombat-pin"));
        secrets.addAll(api.tokens.keySet());
        for (String password : secrets.subList(0, 2)) {
            api.site
                    .process()
                    .deploy(SimSite.desired(
                            "shop",
                            Map.of(
                                    "web",
                                    Map.of("image", "web:1", "env", Map.of("DB_PASSWORD", Map.of("secret", password)))),
                            Map.of("web", 1)));
        }
        Route set = RouteTable.ALL.stream()
                .filter(route -> route.toString().equals("PUT /v1/deployments/{deployment}/secrets/{secret}"))
                .findFirst()
                .orElseThrow();
        HttpResponse<String> kept = api.send(api.to(filled(set, own))
                .header("Authorization", "Bearer " + ApiSite.ADMIN)
                .header("Content-Type", Reply.JSON)
                .PUT(HttpRequest.BodyPublishers.ofString("{\"value\": \"wombat-pin\"}")));
        assertThat(kept.statusCode()).as(kept.body()).isEqualTo(202);
        own.put("number", "4");
        own.put("instance", "web");
        List<String> told = new ArrayList<>();
        boolean shown = false;
        for (Route route : routes()) {
            if (!route.method().equals("GET") || ENDLESS.contains(route.toString())) {
                continue;
            }
            String answer = ask(route, filled(route, own), ApiSite.ADMIN).body();
            boolean itself = route.toString().equals("GET /v1/deployments/{deployment}/secrets/{secret}");
            shown |= itself && answer.contains("wombat-pin");
            for (String secret : secrets) {
                if (!itself && answer.contains(secret)) {
                    told.add(route + " shows " + secret + ": " + answer);
                }
            }
        }
        assertThat(told).isEmpty();
        assertThat(shown).isTrue();
        assertThat(api.recorded).noneMatch(event -> event.toString().contains("wombat"));
        assertThat(api.installation.store().eventsBefore("", 1_000))
                .noneMatch(event -> event.toString().contains("wombat"));
    }

    @Test
    void whoeverSeesAllIsToldWhoseAClaimIs() {
        String status = api.get("/v1/deployments/shop").body();
        assertThat(status).contains("already declared by deployment okapi");
        String limited = api.send(
                        api.to("/v1/deployments/shop").header("Authorization", "Bearer " + LIMITED.get(Scope.READ)))
                .body();
        assertThat(limited).contains("already declared by another deployment");
    }
}
