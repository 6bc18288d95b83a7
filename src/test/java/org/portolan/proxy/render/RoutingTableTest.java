package org.portolan.proxy.render;

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
import org.portolan.model.Domain;
import org.portolan.model.Failure;
import org.portolan.model.InstanceId;
import org.portolan.proxy.DeploymentRoutes;
import org.portolan.proxy.DeploymentRoutes.Backend;
import org.portolan.proxy.DeploymentRoutes.Server;
import org.portolan.proxy.DeploymentRoutes.State;

class RoutingTableTest {
    private static final Backend WEB = Parts.backend("web", true, 15_001, Parts.server("web", 1, State.READY, 100));

    @Test
    void hostsAndPathsBecomeKeysOfWholeSegments() {
        Domain domain = Parts.domain("example.org", "/api/", Parts.target("web", 100));
        RoutingTable table = RoutingTable.of(List.of(Parts.part(List.of(WEB), domain)));
        assertThat(table.routes())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("example.org/api/", "shop:web", "example.org/", RoutingTable.NOWHERE));
    }

    @Test
    void anOpenWildcardFillsWhatAHostLeavesAndAProtectedOneGivesNothing() {
        Domain own = Parts.domain("a.wild.org", "/own", Parts.target("web", 100));
        Domain wild = Parts.domain("*.wild.org", "/", Parts.target("web", 100));
        RoutingTable open = RoutingTable.of(List.of(Parts.part(List.of(WEB), own, wild)));
        assertThat(open.routes()).containsEntry("a.wild.org/", "shop:web");
        Domain closed = Parts.domain("*.wild.org", wild.routes(), new TreeMap<>(Map.of("ann", "pw")));
        RoutingTable guarded = RoutingTable.of(List.of(Parts.part(List.of(WEB), own, closed)));
        assertThat(guarded.routes()).containsEntry("a.wild.org/", RoutingTable.NOWHERE);
    }

    @Test
    void partsOfTheSameDomainAreUnitedAndNoneOpensIt() {
        Domain first = Parts.domain(
                "example.org",
                Parts.domain("example.org", "/", Parts.target("web", 100)).routes(),
                new TreeMap<>(Map.of("ann", "old")));
        Domain second = Parts.domain("example.org", "/api", new Domain.Target("other", "api", "", 100));
        DeploymentRoutes other = new DeploymentRoutes("other", List.of(), List.of(second));
        RoutingTable table = RoutingTable.of(List.of(Parts.part(List.of(WEB), first), other));
        assertThat(table.routes()).containsKeys("example.org/", "example.org/api/");
        assertThat(table.sites().get("example.org"))
                .satisfies(site -> assertThat(site.users()).containsEntry("ann", "old"));
        assertThat(table.toString()).doesNotContain("old");
    }

    @Test
    void theOrderOfPartsDoesNotChangeWhatIsRendered() {
        DeploymentRoutes one = Parts.part(List.of(WEB));
        DeploymentRoutes two = new DeploymentRoutes("other", List.of(Parts.backend("x", false, 15_002)), List.of());
        assertThat(RoutingTable.of(List.of(one, two))).isEqualTo(RoutingTable.of(List.of(two, one)));
    }

    @Test
    void sharesOfARouteHoldWhateverTheNumberOfInstances() {
        Backend many = Parts.backend(
                "web",
                true,
                15_001,
                Parts.server("web", 1, State.READY, 100),
                Parts.server("web", 2, State.READY, 100),
                Parts.server("web", 3, State.READY, 100),
                Parts.server("web", 4, State.READY, 100));
        Backend one = Parts.backend("next", true, 15_002, Parts.server("next", 5, State.READY, 100));
        Domain domain = Parts.domain("example.org", "/", Parts.target("web", 100), Parts.target("next", 10));
        RoutingTable table = RoutingTable.of(List.of(Parts.part(List.of(many, one), domain)));
        String name = Objects.requireNonNull(table.routes().get("example.org/"));
        Pool mix = Objects.requireNonNull(table.pools().get(name));
        int web = 0;
        int next = 0;
        for (Pool.Entry entry : mix.servers()) {
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
                Optional.of(new Domain.TcpRoute(2222, Parts.target("web", 100))),
                Optional.empty(),
                false,
                false,
                false,
                new TreeMap<>(),
                Parts.AT);
        RoutingTable table = RoutingTable.of(List.of(Parts.part(List.of(WEB), tcp)));
        assertThat(table.pools()).hasEntrySatisfying("tcp::shop:web", pool -> assertThat(pool.http())
                .isFalse());
        assertThat(table.sites()).isEmpty();
        assertThat(table.frontends()).anyMatch(frontend -> frontend.name().equals("tcp-domain::2222"));
    }

    @Test
    void twoThatWantOnePortAreNamed() {
        Backend other = Parts.backend("other", true, 15_001);
        assertThatThrownBy(() -> RoutingTable.of(List.of(Parts.part(List.of(WEB, other)))))
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
            refused(Parts.part(List.of(WEB), Parts.domain(evil, "/", Parts.target("web", 100))));
        }
        if (!evil.equals("A.org") && !evil.equals("..") && !evil.equals("-x")) {
            refused(Parts.part(List.of(Parts.backend(evil, true, 15_001))));
            Server server = new Server(new InstanceId("shop", evil, 1, 1), "1.2.3.4", 80, State.READY, 100);
            if (!evil.isEmpty()) {
                refused(Parts.part(List.of(Parts.backend("web", true, 15_001, server))));
            }
        }
        refused(Parts.part(List.of(Parts.backend(
                "web",
                true,
                15_001,
                new Server(new InstanceId("shop", "web", 1, 1), evil + "x", 80, State.READY, 1)))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a b", "/a\nb", "/a;b", "/a#b", "/a{b", "/a\"b", "x"})
    void noPathCanSayMoreThanItIs(String evil) {
        refused(Parts.part(List.of(WEB), Parts.domain("example.org", evil, Parts.target("web", 100))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a b", "/a\nb", "/a\u0001b", "/\u00e4", "x", ""})
    void noCheckCanSayMoreThanItIs(String evil) {
        DeploymentRoutes part = Parts.part(List.of(Parts.checked(WEB, evil)));
        assertThatThrownBy(() -> ProxyFilesTest.haproxy(part)).isInstanceOf(Failure.class);
    }

    private static void refused(DeploymentRoutes part) {
        assertThatThrownBy(() -> RoutingTable.of(List.of(part))).isInstanceOf(Failure.class);
    }
}
