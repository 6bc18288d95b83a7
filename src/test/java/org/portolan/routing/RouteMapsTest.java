package org.portolan.routing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.service.DigestCredential;
import org.portolan.model.service.Domain;

/**
 * What HAProxy answers for every mark that nginx may have set, before, while and after it goes from one random table to
 * another. HAProxy's lookup and nginx's are done here as the templates do them.
 */
class RouteMapsTest {
    private static final byte[] KEY = "key".getBytes(StandardCharsets.UTF_8);
    private static final List<String> NAMES = List.of("a.w.org", "b.w.org", "*.w.org", "c.org", "*");
    private static final List<String> HOSTS = List.of("a.w.org", "b.w.org", "z.w.org", "c.org", "x.y.net", "q");
    private static final String CLOSED = "closed";
    private static final String UNKNOWN = "unknown";

    private static RoutingTable table(Random random) {
        List<Domain> domains = new ArrayList<>();
        for (String name : NAMES) {
            if (random.nextInt(3) > 0) {
                boolean guarded = random.nextBoolean();
                boolean digest = random.nextBoolean();
                String password = "pw" + random.nextInt(2);
                String secret =
                        digest ? DigestCredential.of("ann", "realm", password).text() : password;
                Domain plain = RouteSets.domain(name, "/", RouteSets.target(random.nextBoolean() ? "web" : "api", 100));
                domains.add(new Domain(
                        name,
                        List.of(),
                        plain.routes(),
                        Optional.empty(),
                        Optional.empty(),
                        random.nextInt(4) == 0,
                        random.nextInt(4) == 0,
                        false,
                        false,
                        guarded ? new TreeMap<>(Map.of("ann", secret)) : new TreeMap<>(),
                        guarded && digest ? Optional.of("realm") : Optional.empty(),
                        RouteSets.AT));
            }
        }
        return RoutingTable.of(List.of(RouteSets.part(
                List.of(
                        RouteSets.backend("web", true, 15_001, RouteSets.server("web", 1, State.READY, 100)),
                        RouteSets.backend("api", true, 15_002, RouteSets.server("api", 1, State.READY, 100))),
                domains.toArray(Domain[]::new))));
    }

    /** nginx: the name's policy, exact before wildcard before "*". */
    private static Optional<Policy> policy(Map<String, Policy> links, String host) {
        int dot = host.indexOf('.');
        for (String name : List.of(host, dot < 0 ? "-" : "*" + host.substring(dot), "*")) {
            if (links.containsKey(name)) {
                return Optional.of(links.get(name));
            }
        }
        return Optional.empty();
    }

    private static Map<String, Policy> links(RoutingTable table) {
        Map<String, Policy> links = new TreeMap<>();
        table.sites().forEach((name, site) -> links.put(name, Policy.of(site, KEY)));
        return links;
    }

    /** HAProxy: where a request with a mark goes, from a user with the right password. */
    private static String route(RouteMaps maps, String host, String said, long time) {
        String token = said.substring(said.indexOf('.') + 1);
        boolean known = maps.credentials().containsKey(token)
                && maps.credentials().containsKey(token + "|" + HexFormat.of().formatHex("ann".getBytes(UTF_8)));
        String mark = said + (known ? Policy.CHECKED : "");
        int dot = host.indexOf('.');
        for (String name : List.of(host, dot < 0 ? "-" : "*" + host.substring(dot), "*")) {
            if (maps.names().containsKey(name)) {
                Long until = maps.retired().get(name + "|" + mark);
                if (until != null && time > until) {
                    return CLOSED;
                }
                String pool = maps.routes().get(name + "|" + mark + "/");
                return pool == null ? CLOSED : pool.equals(RoutingTable.NOWHERE) ? UNKNOWN : pool;
            }
        }
        return UNKNOWN;
    }

    /** What a host gets of a table: nginx answers some itself. */
    private static String declared(RoutingTable table, String host, String scheme) {
        Optional<Policy> policy = policy(links(table), host);
        if (policy.isEmpty()) {
            return UNKNOWN;
        }
        String mark = scheme + "." + policy.get().token();
        return passes(policy.get(), mark)
                ? Objects.requireNonNull(table.routes().get(policy.get().site().host() + "/"))
                : CLOSED;
    }

    private static boolean passes(Policy policy, String mark) {
        return policy.marks().contains(mark) || policy.marks().contains(mark + Policy.CHECKED);
    }

    private static String mark(Map<String, Policy> links, String host, String scheme) {
        return scheme + "." + policy(links, host).map(Policy::token).orElse("");
    }

    @Test
    void everyStepOfAChangeServesWhatWasOrWhatWillBeAndNothingElse() {
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            RoutingTable before = table(random);
            RouteMaps maps = RouteMaps.of(before, KEY);
            long now = 1_000_000;
            for (int step = 0; step < 4; step++) {
                RoutingTable after = table(random);
                now += random.nextInt((int) RouteMaps.KEPT.toMillis());
                maps = change("seed " + seed + " step " + step, before, after, maps, now);
                before = after;
            }
        }
    }

    private static RouteMaps change(String as, RoutingTable before, RoutingTable after, RouteMaps maps, long now) {
        RouteMaps wanted = RouteMaps.of(after, KEY);
        RouteMaps during = maps.during(wanted, now);
        Map<String, Policy> links = links(before);
        Map<String, String> underWay = new TreeMap<>();
        check(as + " with nginx as before", before, after, during, links, now);
        for (String host : HOSTS) {
            underWay.put(host, mark(links, host, "http"));
        }
        Map<String, Policy> next = links(after);
        check(as + " with nginx as afterwards", before, after, during, next, now);
        RouteMaps settled = maps.settled(wanted, now + 5);
        check(as + " settled", after, after, settled, next, now + 10);
        underWay.forEach((host, mark) -> {
            if (declared(before, host, "http").equals(UNKNOWN)
                    || declared(before, host, "http").equals(CLOSED)) {
                return;
            }
            assertThat(route(settled, host, mark, now))
                    .as(as + ": " + host + " was under way")
                    .isIn(declared(before, host, "http"), declared(after, host, "http"));
            if (!mark.equals(mark(next, host, "http"))) {
                assertThat(route(settled, host, mark, now + 10))
                        .as(as + ": " + host + " by what is no more")
                        .isEqualTo(CLOSED);
            }
        });
        return settled;
    }

    private static void check(
            String as, RoutingTable before, RoutingTable after, RouteMaps maps, Map<String, Policy> links, long now) {
        for (String host : HOSTS) {
            for (String scheme : List.of("http", "https")) {
                Optional<Policy> policy = policy(links, host);
                String mark = mark(links, host, scheme);
                if (policy.isPresent() && !passes(policy.get(), mark)) {
                    continue;
                }
                String got = route(maps, host, mark, now);
                String what = as + ": " + scheme + "://" + host + " as " + policy;
                boolean isBefore = mark.equals(mark(links(before), host, scheme));
                boolean isAfter = mark.equals(mark(links(after), host, scheme));
                assertThat(isBefore || isAfter).as(what).isTrue();
                assertThat(got).as(what).isEqualTo(declared(isAfter ? after : before, host, scheme));
            }
        }
    }

    /** nginx's own word is not enough where HAProxy checks the password. */
    @Test
    void aDigestPolicyHasNoRouteForWhatNginxSays() {
        for (long seed = 0; seed < 60; seed++) {
            RoutingTable table = table(new Random(seed));
            RouteMaps maps = RouteMaps.of(table, KEY);
            for (String name : table.sites().keySet()) {
                Policy policy = Objects.requireNonNull(links(table).get(name));
                if (policy.kind() == Policy.Kind.DIGEST) {
                    for (String scheme : List.of("http.", "https.")) {
                        assertThat(maps.routes()
                                        .tailMap(name + "|" + scheme + policy.token())
                                        .keySet())
                                .noneMatch(key -> key.startsWith(name + "|" + scheme + policy.token() + "/"));
                    }
                    assertThat(maps.tokens()).contains(policy.token());
                } else {
                    assertThat(maps.credentials().keySet()).noneMatch(key -> key.startsWith(policy.token()));
                }
            }
        }
    }

    /** Who changes a password has the earlier one good for what is in progress, and for as long. */
    @Test
    void credentialsGoWithTheirRoutes() {
        RouteMaps one = RouteMaps.of(digest("one"), KEY);
        RouteMaps two = RouteMaps.of(digest("two"), KEY);
        RouteMaps settled = one.settled(two, 1000);
        assertThat(settled.credentials())
                .hasSize(4)
                .containsAllEntriesOf(one.credentials())
                .containsAllEntriesOf(two.credentials());
        assertThat(settled.settled(two, 1000 + RouteMaps.KEPT.toMillis())).isEqualTo(two);
        assertThat(two.toString()).doesNotContain(two.credentials().lastKey());
        assertThat(RouteMaps.of(digest("one", "two"), KEY).credentials().values())
                .as("offered is what all users have")
                .contains("SHA-256,MD5:7265616c6d");
    }

    private static RoutingTable digest(String... passwords) {
        SortedMap<String, String> users = new TreeMap<>();
        for (String password : passwords) {
            users.put(
                    users.isEmpty() ? "ann" : "bob",
                    DigestCredential.of("ann", "realm", password).text());
        }
        Domain plain = RouteSets.domain("a.org", "/", RouteSets.target("web", 100));
        return RoutingTable.of(List.of(RouteSets.part(
                List.of(RouteSets.backend("web", true, 15_001, RouteSets.server("web", 1, State.READY, 100))),
                new Domain(
                        "a.org",
                        List.of(),
                        plain.routes(),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        false,
                        false,
                        false,
                        users,
                        Optional.of("realm"),
                        RouteSets.AT))));
    }

    /** Whatever nginx lost or still has: no name is answered by the policy of another one. */
    @Test
    void aLostFileLetsNoOtherNameAnswer() {
        for (long seed = 0; seed < 60; seed++) {
            RoutingTable table = table(new Random(seed));
            RouteMaps maps = RouteMaps.of(table, KEY);
            for (String lost : table.sites().keySet()) {
                Map<String, Policy> links = links(table);
                links.remove(lost);
                for (String host : HOSTS) {
                    Optional<Policy> own = policy(links(table), host);
                    if (own.isPresent() && own.get().site().host().equals(lost)) {
                        assertThat(route(maps, host, mark(links, host, "http"), 1))
                                .as("seed " + seed + ", " + host + " without " + lost)
                                .isEqualTo(CLOSED);
                    }
                }
            }
        }
    }

    /** What a look compares is found in two ways: the short one, where nothing but retired marks differs, changes nothing. */
    @Test
    void theShortWayToWhatIsSettledFindsWhatTheLongWayFinds() {
        Random random = new Random(11);
        int unchanged = 0;
        for (int i = 0; i < 10_000; i++) {
            RouteMaps maps = RouteMaps.empty();
            RoutingTable table = table(random);
            for (int step = 0; step < 3; step++) {
                table = random.nextBoolean() ? table(random) : table;
                maps = maps.settled(RouteMaps.of(table, KEY), 1000L * step);
            }
            RouteMaps after = RouteMaps.of(random.nextInt(4) == 0 ? table(random) : table, KEY);
            lose(maps, random);
            long now = random.nextInt(4) == 0 ? 1000 + RouteMaps.KEPT.toMillis() : 0;
            RouteMaps settled = maps.settled(after, now);
            // An entry that belongs to no mark is left out, and the short way is not tried with it.
            RouteMaps more =
                    new RouteMaps(maps.names(), maps.routes(), maps.retired(), new TreeMap<>(maps.credentials()));
            more.credentials().put("none|ann", "x");
            assertThat(settled).isEqualTo(more.settled(after, now));
            unchanged += settled == maps ? 1 : 0;
        }
        assertThat(unchanged).isBetween(300, 9000);
    }

    /** Somebody deletes a line of a file, or writes another. */
    private static void lose(RouteMaps maps, Random random) {
        List<SortedMap<String, ?>> files = List.of(maps.names(), maps.routes(), maps.retired());
        SortedMap<String, ?> file = files.get(random.nextInt(files.size()));
        if (random.nextInt(4) == 0 && !file.isEmpty()) {
            file.remove(List.copyOf(file.keySet()).get(random.nextInt(file.size())));
        }
        if (random.nextInt(6) == 0 && !maps.routes().isEmpty()) {
            String place = List.copyOf(maps.routes().keySet())
                    .get(random.nextInt(maps.routes().size()));
            String key = place.substring(0, place.indexOf('/'));
            switch (random.nextInt(4)) {
                case 0 -> maps.routes().put(key + "/z", "web");
                case 1 -> maps.routes().put(key + "/", "other");
                case 2 -> maps.retired().put(key, 0L);
                default -> maps.retired().put(key + "a", 0L);
            }
        }
    }

    @Test
    void whatWasRetiredIsForgottenInTime() {
        RoutingTable open = RoutingTable.of(
                List.of(RouteSets.part(List.of(), RouteSets.domain("a.org", "/", RouteSets.target("web", 100)))));
        RoutingTable none = RoutingTable.of(List.of());
        RouteMaps gone = RouteMaps.of(open, KEY).settled(RouteMaps.of(none, KEY), 1000);
        assertThat(gone.retired()).hasSize(2);
        assertThat(gone.settled(RouteMaps.of(none, KEY), 2000).retired()).hasSize(2);
        assertThat(gone.settled(RouteMaps.of(none, KEY), 1000 + RouteMaps.KEPT.toMillis()))
                .isEqualTo(RouteMaps.empty());
        RouteMaps again = gone.settled(RouteMaps.of(open, KEY), 2000);
        assertThat(again.routes()).containsAllEntriesOf(RouteMaps.of(open, KEY).routes());
        assertThat(again.retired())
                .as("it is good again; without a policy it is no more")
                .containsExactlyInAnyOrderEntriesOf(Map.of("a.org|http.", 2000L, "a.org|https.", 2000L));
    }

    @Test
    void aTokenNamesExactlyWhatIsDeclared() {
        Site site = Objects.requireNonNull(RoutingTable.of(List.of(RouteSets.part(
                        List.of(),
                        RouteSets.domain(
                                "a.org",
                                RouteSets.domain("a.org", "/", RouteSets.target("web", 100))
                                        .routes(),
                                new TreeMap<>(Map.of("ann", "one"))))))
                .sites()
                .get("a.org"));
        Policy policy = Policy.of(site, KEY);
        assertThat(policy.token()).matches("basic\\.[0-9a-f]{32}").doesNotContain("one");
        assertThat(Policy.of(site, KEY).token()).isEqualTo(policy.token());
        assertThat(token(site, "a.org", "two", false, false)).isNotEqualTo(policy.token());
        assertThat(token(site, "b.org", "one", false, false)).isNotEqualTo(policy.token());
        assertThat(token(site, "a.org", "one", true, false)).startsWith("basic-https.");
        assertThat(token(site, "a.org", "one", true, true)).startsWith("maintenance-https.");
        assertThat(token(site, "a.org", "", false, false)).startsWith("open.");
        assertThat(Policy.of(site, new byte[] {1}).token()).isNotEqualTo(policy.token());
        assertThat(policy.marks()).containsExactly("http." + policy.token(), "https." + policy.token());
        assertThat(policy.toString()).doesNotContain(policy.token());
    }

    /** nginx tells by the token whether it writes a request down; a name without an access log has the token that it had. */
    @Test
    void thePolicySaysWhatIsWrittenDown() {
        Site site = new Site(
                "a.org",
                new TreeMap<>(),
                java.util.Optional.empty(),
                true,
                false,
                true,
                java.util.Optional.empty(),
                Domain.AccessLog.OFF);
        assertThat(Policy.of(site, KEY).token()).isEqualTo("open-https-stream.cd57561147144bb469a58a930e8cbfd5");
        assertThat(Policy.of(logging(site, Domain.AccessLog.ON), KEY).token()).startsWith("open-https-stream-log.");
        assertThat(Policy.of(logging(site, Domain.AccessLog.QUERY), KEY).token())
                .startsWith("open-https-stream-log-query.");
    }

    private static Site logging(Site site, Domain.AccessLog log) {
        return new Site(
                site.host(),
                site.users(),
                site.digestRealm(),
                site.redirectHttps(),
                site.maintenance(),
                site.streamUploads(),
                site.certificate(),
                log);
    }

    private static String token(Site site, String host, String password, boolean https, boolean maintenance) {
        return Policy.of(
                        new Site(
                                host,
                                password.isEmpty() ? new TreeMap<>() : new TreeMap<>(Map.of("ann", password)),
                                java.util.Optional.empty(),
                                https,
                                maintenance,
                                false,
                                site.certificate(),
                                Domain.AccessLog.OFF),
                        KEY)
                .token();
    }
}
