package org.portolan.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.model.Failure;
import org.portolan.model.InvalidInput;
import org.portolan.model.Problem;
import org.portolan.model.routing.ProxyListener;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Domain;
import org.portolan.plan.Action;
import org.portolan.plan.Plan;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;

/** Ports have one owner: Portolan itself, a service on the mesh, the outside, or another program. */
class PortsTest extends SimShop {

    @BeforeEach
    void own() {
        site.proxy.own(
                new ProxyListener("127.0.0.1", 8080, "the edge's HTTP port", "edge.http"),
                new ProxyListener("127.0.0.1", 8443, "the edge's HTTPS port", "edge.https"),
                new ProxyListener("127.0.0.1", 8404, "HAProxy's statistics", "stats.port"),
                new ProxyListener("127.0.0.1", 14568, "the port between nginx and HAProxy", ""));
    }

    private static Desired tcp(int port) {
        return SimSite.with(shop("1", 1), SimSite.tcp("db.test", port, new Domain.Target("shop", "redis", "", 100)));
    }

    private static Desired wanMap(String binding) {
        return SimSite.desired(
                "shop",
                Map.of(
                        "web",
                        Map.of("image", "web:1", "ports", Map.of("http", 80L), "wan_map", Map.of(binding, "http"))),
                Map.of());
    }

    private Plan plan(Desired desired) {
        return new Deployer(site.process().installation).plan(new Request.Apply(desired, List.of(), SimSite.MANDATE));
    }

    @ParameterizedTest
    @CsvSource({"8080,edge.http", "8443,edge.https", "8404,stats.port", "14568,between nginx and HAProxy"})
    void aTcpDomainDoesNotTakePortolansOwnPort(int port, String owner) {
        refused(tcp(port), "TCP domain db.test: port " + port + " is already used by", owner);
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0:8404", ":8404", "127.0.0.1:8404", "[::]:8404"})
    void aWanMapDoesNotTakePortolansOwnPort(String binding) {
        refused(wanMap(binding), "wan_map of service web: port 8404 is already used by", "stats.port");
    }

    @Test
    void anotherAddressWithTheSamePortIsNobodysBusiness() {
        assertThat(deploy(wanMap("192.0.2.1:8404"))).isEqualTo(Outcome.Kind.DONE);
    }

    private void refused(Desired desired, String... words) {
        assertThatThrownBy(() -> plan(desired)).isInstanceOfSatisfying(InvalidInput.class, invalid -> {
            Problem problem = invalid.problems().getFirst();
            assertThat(problem.at()).hasToString("Servicefile:1:1");
            assertThat(problem.message()).contains(words);
        });
        assertThatThrownBy(() -> deploy(desired)).isInstanceOf(InvalidInput.class);
        assertThat(site.engine.changes()).isEmpty();
    }

    @Test
    void whatIsWantedOnAServicesMeshPortIsRefused() {
        deploy(shop("1", 1));
        int mesh = site.process()
                .installation
                .store()
                .deployments()
                .get("shop")
                .meshPorts()
                .get("web/http");
        refusedBesides(wanMap("0.0.0.0:" + mesh), "port " + mesh + " is already used by shop:web/http on the mesh");
    }

    private void refusedBesides(Desired desired, String words) {
        assertThatThrownBy(() -> plan(desired))
                .isInstanceOfSatisfying(InvalidInput.class, invalid -> assertThat(invalid.problems())
                        .extracting(Problem::message)
                        .anyMatch(message -> message.contains(words)));
    }

    @Test
    void aPortThatAnotherProgramHoldsIsRefusedBeforeAnythingIsMade() {
        site.proxy.held(2222, "sshd (process 812)");
        for (Desired desired : List.of(tcp(2222), wanMap("0.0.0.0:2222"))) {
            assertThatThrownBy(() -> deploy(desired)).isInstanceOfSatisfying(Failure.class, failure -> {
                assertThat(failure.what())
                        .startsWith("Servicefile:1:1: ")
                        .contains(":2222: in use by sshd (process 812)");
                assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
            });
        }
        site.proxy.held(8404, "haproxy (process 99)");
        assertThatThrownBy(() -> deploy(shop("1", 1)))
                .hasMessage("stats.port: HAProxy's statistics cannot be opened: in use by haproxy (process 99)");
        assertThat(site.engine.changes()).isEmpty();
        assertThat(site.process().installation.store().deployments()).isEmpty();
    }

    @Test
    void aNewServiceGetsAPortOnTheMeshThatNobodyHolds() {
        deploy(shop("1", 1));
        int first = site.process()
                .installation
                .store()
                .deployments()
                .get("shop")
                .meshPorts()
                .get("web/http");
        SimSite other = new SimSite(1);
        other.engine.world().image("web:1", org.portolan.engine.sim.Behaviour.GOOD, 80);
        other.engine.world().image("redis:1", org.portolan.engine.sim.Behaviour.GOOD, 6379);
        other.proxy.held(first, "postgres (process 5)");
        other.process().deploy(shop("1", 1));
        int second = other.process()
                .installation
                .store()
                .deployments()
                .get("shop")
                .meshPorts()
                .get("web/http");
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void proxiesThatDoNotRunAreToldAndStarted() {
        deploy(shop("1", 1));
        site.proxy.kill();
        Plan plan = plan(shop("1", 1));
        assertThat(plan.isEmpty()).isTrue();
        assertThat(plan.warnings()).extracting(Problem::message).containsExactly("the proxy does not run");
        assertThat(deploy(shop("1", 1))).isEqualTo(Outcome.Kind.DONE);
        assertThat(site.proxy.running()).isTrue();
        assertThat(deploy(shop("1", 1))).isEqualTo(Outcome.Kind.NO_CHANGES);
    }

    @Test
    void aListenerThatIsMissingIsPendingAndRepairedWithoutARelease() {
        deploy(shop("1", 1));
        assertThat(plan(shop("1", 1)).isEmpty()).isTrue();
        site.proxy.broken("HAProxy does not listen on 10.201.0.1:15000");
        Plan pending = plan(shop("1", 1));
        assertThat(pending.actions()).extracting(Action::kind).containsExactly(Action.Kind.REPAIR_PROXIES);
        assertThat(pending.needsRelease()).isFalse();
        int changes = site.engine.changes().size();
        assertThat(deploy(shop("1", 1))).isEqualTo(Outcome.Kind.DONE);
        assertThat(site.engine.changes()).hasSize(changes);
        assertThat(site.process().installation.store().releases("shop", 10)).hasSize(1);
        assertThat(plan(shop("1", 1)).isEmpty()).isTrue();
        assertThat(deploy(shop("1", 1))).isEqualTo(Outcome.Kind.NO_CHANGES);
    }
}
