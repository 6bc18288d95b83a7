package org.portolan.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portolan.model.Failure;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.routing.RouteSet.Server;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.service.Domain;

class RoutingTableTest {
    private static final Backend WEB =
            RouteSets.backend("web", true, 15_001, RouteSets.server("web", 1, State.READY, 100));

    @Test
    void hostsAndPathsBecomeKeysOfWholeSegments() {
        Domain domain = RouteSets.domain("example.org", "/api/", RouteSets.target("web", 100));
        RoutingTable table = RoutingTable.of(List.of(RouteSets.part(List.of(WEB), domain)));
        assertThat(table.routes())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("example.org/api/", "shop:web", "example.org/", RoutingTable.NOWHERE));
    }

    @Test
    void anOpenWildcardFillsWhatAHostLeavesAndAProtectedOneGivesNothing() {
        Domain own = RouteSets.domain("a.wild.org", "/own", RouteSets.target("web", 100));
        Domain wild = RouteSets.domain("*.wild.org", "/", RouteSets.target("web", 100));
        RoutingTable open = RoutingTable.of(List.of(RouteSets.part(List.of(WEB), own, wild)));
        assertThat(open.routes()).containsEntry("a.wild.org/", "shop:web");
        Domain closed = RouteSets.domain("*.wild.org", wild.routes(), new TreeMap<>(Map.of("ann", "pw")));
        RoutingTable guarded = RoutingTable.of(List.of(RouteSets.part(List.of(WEB), own, closed)));
        assertThat(guarded.routes()).containsEntry("a.wild.org/", RoutingTable.NOWHERE);
    }

    @Test
    void partsOfTheSameDomainAreUnitedAndNoneOpensIt() {
        Domain first = RouteSets.domain(
                "example.org",
                RouteSets.domain("example.org", "/", RouteSets.target("web", 100))
                        .routes(),
                new TreeMap<>(Map.of("ann", "old")));
        Domain second = RouteSets.domain("example.org", "/api", new Domain.Target("other", "api", "", 100));
        RouteSet other = new RouteSet("other", List.of(), List.of(second));
        RoutingTable table = RoutingTable.of(List.of(RouteSets.part(List.of(WEB), first), other));
        assertThat(table.routes()).containsKeys("example.org/", "example.org/api/");
        assertThat(table.sites().get("example.org"))
                .satisfies(site -> assertThat(site.users()).containsEntry("ann", "old"));
        assertThat(table.toString()).doesNotContain("old");
    }

    @Test
    void theOrderOfPartsDoesNotChangeWhatIsRendered() {
        RouteSet one = RouteSets.part(List.of(WEB));
        RouteSet two = new RouteSet("other", List.of(RouteSets.backend("x", false, 15_002)), List.of());
        assertThat(RoutingTable.of(List.of(one, two))).isEqualTo(RoutingTable.of(List.of(two, one)));
    }

    @Test
    void sharesOfARouteHoldWhateverTheNumberOfInstances() {
        Backend many = RouteSets.backend(
                "web",
                true,
                15_001,
                RouteSets.server("web", 1, State.READY, 100),
                RouteSets.server("web", 2, State.READY, 100),
                RouteSets.server("web", 3, State.READY, 100),
                RouteSets.server("web", 4, State.READY, 100));
        Backend one = RouteSets.backend("next", true, 15_002, RouteSets.server("next", 5, State.READY, 100));
        Domain domain =
                RouteSets.domain("example.org", "/", RouteSets.target("web", 100), RouteSets.target("next", 10));
        RoutingTable table = RoutingTable.of(List.of(RouteSets.part(List.of(many, one), domain)));
        String name = Objects.requireNonNull(table.routes().get("example.org/"));
        MeshBackend mix = Objects.requireNonNull(table.pools().get(name));
        int web = 0;
        int next = 0;
        for (MeshBackend.Entry entry : mix.servers()) {
            if (entry.instance().service().equals("web")) {
                web += entry.weight();
            } else {
                next += entry.weight();
            }
        }
        assertThat((double) next / (web + next)).isBetween(0.088, 0.094);
        assertThat(mix.servers()).allMatch(entry -> entry.weight() <= 256);
    }

    @Test
    void aTcpDomainOfAnHttpServiceGetsAPoolOfItsOwn() {
        Domain tcp = new Domain(
                "ssh.example.org",
                List.of(),
                new TreeMap<>(),
                Optional.of(new Domain.TcpRoute(2222, RouteSets.target("web", 100))),
                Optional.empty(),
                false,
                false,
                false,
                new TreeMap<>(),
                RouteSets.AT);
        RoutingTable table = RoutingTable.of(List.of(RouteSets.part(List.of(WEB), tcp)));
        assertThat(table.pools()).hasEntrySatisfying("tcp::shop:web", pool -> assertThat(pool.http())
                .isFalse());
        assertThat(table.sites()).isEmpty();
        assertThat(table.frontends()).anyMatch(frontend -> frontend.name().equals("tcp-domain::2222"));
    }

    @Test
    void twoThatWantOnePortAreNamed() {
        Backend other = RouteSets.backend("other", true, 15_001);
        assertThatThrownBy(() -> RoutingTable.of(List.of(RouteSets.part(List.of(WEB, other)))))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("shop:other")
                .hasMessageContaining("172.19.0.1:15001");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "a\nserver x 1.2.3.4",
                "a\"b",
                "a'b",
                "a#b",
                "a{b",
                "a;b",
                "a}b",
                "a\\b",
                "a$b",
                "",
                "a|b",
                "..",
                "A.org",
                "*",
                "a*b",
                "-x"
            })
    void noNameCanSayMoreThanItIs(String evil) {
        if (!evil.equals("*")) {
            refused(RouteSets.part(List.of(WEB), RouteSets.domain(evil, "/", RouteSets.target("web", 100))));
        }
        if (!evil.equals("A.org") && !evil.equals("..") && !evil.equals("-x")) {
            refused(RouteSets.part(List.of(RouteSets.backend(evil, true, 15_001))));
            Server server = new Server(new InstanceId("shop", evil, 1, 1), "1.2.3.4", 80, State.READY, 100);
            if (!evil.isEmpty()) {
                refused(RouteSets.part(List.of(RouteSets.backend("web", true, 15_001, server))));
            }
        }
        refused(RouteSets.part(List.of(RouteSets.backend(
                "web",
                true,
                15_001,
                new Server(new InstanceId("shop", "web", 1, 1), evil + "x", 80, State.READY, 1)))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a b", "/a\nb", "/a;b", "/a#b", "/a{b", "/a\"b", "x"})
    void noPathCanSayMoreThanItIs(String evil) {
        refused(RouteSets.part(List.of(WEB), RouteSets.domain("example.org", evil, RouteSets.target("web", 100))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a b", "/a\nb", "/a\u0001b", "/\u00e4", "x", ""})
    void noCheckCanSayMoreThanItIs(String evil) {
        RouteSet part = RouteSets.part(List.of(RouteSets.checked(WEB, evil)));
        assertThatThrownBy(() -> ProxyFilesTest.haproxy(part)).isInstanceOf(Failure.class);
    }

    private static void refused(RouteSet part) {
        assertThatThrownBy(() -> RoutingTable.of(List.of(part))).isInstanceOf(Failure.class);
    }

    /** A domain of two deployments is written down while one of them asks for it, whichever was deployed last. */
    @Test
    void oneDeploymentThatAsksForAnAccessLogSuffices() {
        Domain plain = RouteSets.domain("example.org", "/", new Domain.Target("shop", "web", "", 100));
        Domain other = RouteSets.domain("example.org", "/api", new Domain.Target("api", "web", "", 100));
        RouteSet on = RouteSets.part(List.of(), RouteSets.logging(plain, Domain.AccessLog.QUERY));
        RouteSet off = new RouteSet("api", List.of(), List.of(other));
        for (List<RouteSet> order : List.of(List.of(on, off), List.of(off, on))) {
            RoutingTable table = RoutingTable.of(order);
            assertThat(table.logs()).isTrue();
            assertThat(Optional.ofNullable(table.sites().get("example.org")).map(Site::accessLog))
                    .contains(Domain.AccessLog.QUERY);
        }
        assertThat(RoutingTable.of(List.of(off)).logs()).isFalse();
    }
}
