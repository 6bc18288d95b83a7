package org.portolan.proxy.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.model.routing.RouteSet.Backend;
import org.portolan.model.routing.RouteSet.Server;
import org.portolan.model.routing.RouteSet.State;
import org.portolan.model.routing.ServerView;
import org.portolan.model.routing.ServerView.Status;
import org.portolan.model.service.Domain;

/** Changes under steady traffic through nginx and on the mesh: not one request may be lost. */
@Tag("real")
class ZeroLossRealTest {
    @TempDir
    Path folder;

    private ProxyFixture fixture;
    private int mesh;
    private int other;
    private final Domain site = ProxyFixture.domain("example.org")
            .route("/", ProxyFixture.target("web"))
            .make();

    @BeforeEach
    void start() throws IOException {
        fixture = new ProxyFixture(folder.resolve("proxies"));
        mesh = ProxyFixture.free();
        other = ProxyFixture.free();
        fixture.proxy.ensureRunning();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private boolean apply(Domain domain, Server... servers) {
        return fixture.proxy.apply(fixture.part(List.of(ProxyFixture.http("web", mesh, servers)), domain));
    }

    private ServerView view(int version) {
        return fixture.view(ProxyFixture.id("web", version, 1));
    }

    private void drained(int version) throws InterruptedException {
        long end = System.nanoTime() + 30_000_000_000L;
        while (view(version).sessions() > 0 && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertThat(view(version).sessions())
                .as("sessions of version " + version)
                .isZero();
    }

    /** New instance in, old one drained, in maintenance, stopped, removed: as a rollout does. */
    private OriginServer replace(OriginServer old, int version) throws IOException, InterruptedException {
        OriginServer fresh = new OriginServer("v" + version);
        Server before = ProxyFixture.ready(ProxyFixture.id("web", version - 1, 1), old.port());
        Server now = ProxyFixture.ready(ProxyFixture.id("web", version, 1), fresh.port());
        assertThat(apply(site, before, now)).isFalse();
        assertThat(view(version).status()).isEqualTo(Status.UP);
        apply(site, ProxyFixture.with(before, State.DRAIN, 100), now);
        assertThat(view(version - 1).status()).isEqualTo(Status.DRAIN);
        drained(version - 1);
        apply(site, ProxyFixture.with(before, State.MAINT, 100), now);
        assertThat(view(version - 1).status()).isEqualTo(Status.MAINT);
        drained(version - 1);
        old.close();
        assertThat(apply(site, now)).isFalse();
        return fresh;
    }

    private static void assertNothingLost(SteadyClient... clients) {
        for (SteadyClient client : clients) {
            client.close();
            assertThat(client.requests.get()).isGreaterThan(200);
            assertThat(client.reasons).as("lost of " + client.requests.get()).isEmpty();
        }
    }

    @Test
    void instancesAreReplacedThroughTheRuntimeApi() throws Exception {
        OriginServer origin = new OriginServer("v1");
        apply(site, ProxyFixture.ready(ProxyFixture.id("web", 1, 1), origin.port()));
        try (SteadyClient edge = new SteadyClient(fixture.http, "example.org", 4, 2);
                SteadyClient direct = new SteadyClient(mesh, "x", 2, 1)) {
            for (int version = 2; version <= 6; version++) {
                Thread.sleep(300);
                origin = replace(origin, version);
            }
            assertNothingLost(edge, direct);
        }
        origin.close();
    }

    /** A reload right before every replacement: what old workers keep must not reach the stopped instance. */
    @Test
    void instancesAreReplacedRightAfterReloads() throws Exception {
        OriginServer origin = new OriginServer("v1");
        apply(site, ProxyFixture.ready(ProxyFixture.id("web", 1, 1), origin.port()));
        try (SteadyClient edge = new SteadyClient(fixture.http, "example.org", 4, 2);
                SteadyClient direct = new SteadyClient(mesh, "x", 2, 1)) {
            for (int version = 2; version <= 5; version++) {
                Thread.sleep(300);
                boolean reloaded = fixture.proxy.apply(new org.portolan.model.routing.RouteSet(
                        "other" + version, List.of(ProxyFixture.http("more", other + version)), List.of()));
                assertThat(reloaded).isTrue();
                origin = replace(origin, version);
            }
            assertNothingLost(edge, direct);
        }
        origin.close();
    }

    @Test
    void reloadsAloneLoseNothing() throws Exception {
        OriginServer origin = new OriginServer("v1");
        apply(site, ProxyFixture.ready(ProxyFixture.id("web", 1, 1), origin.port()));
        try (SteadyClient edge = new SteadyClient(fixture.http, "example.org", 8, 4);
                SteadyClient direct = new SteadyClient(mesh, "x", 4, 2)) {
            for (int i = 1; i <= 20; i++) {
                assertThat(fixture.proxy.apply(new org.portolan.model.routing.RouteSet(
                                "other" + i, List.of(ProxyFixture.http("more", other + i)), List.of())))
                        .isTrue();
                Thread.sleep(100);
            }
            assertNothingLost(edge, direct);
        }
        origin.close();
    }

    @Test
    void domainsComeGoAndChange() throws Exception {
        OriginServer web = new OriginServer("web");
        OriginServer api = new OriginServer("api");
        List<Backend> backends = List.of(
                ProxyFixture.http("web", mesh, ProxyFixture.ready(ProxyFixture.id("web", 1, 1), web.port())),
                ProxyFixture.http("api", other, ProxyFixture.ready(ProxyFixture.id("api", 1, 1), api.port())));
        fixture.proxy.apply(fixture.part(backends, site));
        try (SteadyClient edge = new SteadyClient(fixture.http, "example.org", 4, 2)) {
            for (int i = 0; i < 12; i++) {
                List<Domain> domains = new ArrayList<>();
                domains.add(ProxyFixture.domain("example.org")
                        .route("/", ProxyFixture.target(i % 2 == 0 ? "api" : "web"))
                        .make());
                domains.add(ProxyFixture.domain("d" + i + ".org")
                        .route("/", ProxyFixture.target("web"))
                        .auth("ann", "pw" + i)
                        .make());
                assertThat(fixture.proxy.apply(fixture.part(backends, domains.toArray(Domain[]::new))))
                        .isFalse();
                Thread.sleep(50);
            }
            assertNothingLost(edge);
        }
        web.close();
        api.close();
    }

    @Test
    void weightsOfARouteOverSeveralServicesChangeWithoutAReload() throws Exception {
        OriginServer web = new OriginServer("web");
        OriginServer next = new OriginServer("next");
        List<Backend> backends = List.of(
                ProxyFixture.http("web", mesh, ProxyFixture.ready(ProxyFixture.id("web", 1, 1), web.port())),
                ProxyFixture.http("next", other, ProxyFixture.ready(ProxyFixture.id("next", 1, 1), next.port())));
        fixture.proxy.apply(fixture.part(
                backends,
                ProxyFixture.domain("example.org")
                        .route("/", ProxyFixture.target("web", 100), ProxyFixture.target("next", 100))
                        .make()));
        try (SteadyClient edge = new SteadyClient(fixture.http, "example.org", 3, 1)) {
            Thread.sleep(500);
            double before = (double) next.requests.get() / (web.requests.get() + next.requests.get());
            assertThat(before).isBetween(0.45, 0.55);
            assertThat(fixture.proxy.apply(fixture.part(
                            backends,
                            ProxyFixture.domain("example.org")
                                    .route("/", ProxyFixture.target("web", 100), ProxyFixture.target("next", 10))
                                    .make())))
                    .isFalse();
            web.requests.set(0);
            next.requests.set(0);
            Thread.sleep(1000);
            double after = (double) next.requests.get() / (web.requests.get() + next.requests.get());
            assertThat(after).isBetween(0.07, 0.12);
            assertNothingLost(edge);
        }
        web.close();
        next.close();
    }
}
