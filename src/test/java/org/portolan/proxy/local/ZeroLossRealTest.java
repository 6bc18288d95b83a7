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
import org.portolan.model.Domain;
import org.portolan.proxy.DeploymentRoutes.Backend;
import org.portolan.proxy.DeploymentRoutes.Server;
import org.portolan.proxy.DeploymentRoutes.State;
import org.portolan.proxy.ServerView;
import org.portolan.proxy.ServerView.Status;

/** Changes under steady traffic through nginx and on the mesh: not one request may be lost. */
@Tag("real")
class ZeroLossRealTest {
    @TempDir
    Path folder;

    private Lab lab;
    private int mesh;
    private int other;
    private final Domain site =
            Lab.domain("example.org").route("/", Lab.target("web")).make();

    @BeforeEach
    void start() throws IOException {
        lab = new Lab(folder.resolve("proxies"));
        mesh = Lab.free();
        other = Lab.free();
        lab.proxy.ensureRunning();
    }

    @AfterEach
    void stop() {
        lab.close();
    }

    private boolean apply(Domain domain, Server... servers) {
        return lab.proxy.apply(lab.part(List.of(Lab.http("web", mesh, servers)), domain));
    }

    private ServerView view(int version) {
        return lab.view(Lab.id("web", version, 1));
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
    private Origin replace(Origin old, int version) throws IOException, InterruptedException {
        Origin fresh = new Origin("v" + version);
        Server before = Lab.ready(Lab.id("web", version - 1, 1), old.port());
        Server now = Lab.ready(Lab.id("web", version, 1), fresh.port());
        assertThat(apply(site, before, now)).isFalse();
        assertThat(view(version).status()).isEqualTo(Status.UP);
        apply(site, Lab.with(before, State.DRAIN, 100), now);
        assertThat(view(version - 1).status()).isEqualTo(Status.DRAIN);
        drained(version - 1);
        apply(site, Lab.with(before, State.MAINT, 100), now);
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
        Origin origin = new Origin("v1");
        apply(site, Lab.ready(Lab.id("web", 1, 1), origin.port()));
        try (SteadyClient edge = new SteadyClient(lab.http, "example.org", 4, 2);
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
        Origin origin = new Origin("v1");
        apply(site, Lab.ready(Lab.id("web", 1, 1), origin.port()));
        try (SteadyClient edge = new SteadyClient(lab.http, "example.org", 4, 2);
                SteadyClient direct = new SteadyClient(mesh, "x", 2, 1)) {
            for (int version = 2; version <= 5; version++) {
                Thread.sleep(300);
                boolean reloaded = lab.proxy.apply(new org.portolan.proxy.DeploymentRoutes(
                        "other" + version, List.of(Lab.http("more", other + version)), List.of()));
                assertThat(reloaded).isTrue();
                origin = replace(origin, version);
            }
            assertNothingLost(edge, direct);
        }
        origin.close();
    }

    @Test
    void reloadsAloneLoseNothing() throws Exception {
        Origin origin = new Origin("v1");
        apply(site, Lab.ready(Lab.id("web", 1, 1), origin.port()));
        try (SteadyClient edge = new SteadyClient(lab.http, "example.org", 8, 4);
                SteadyClient direct = new SteadyClient(mesh, "x", 4, 2)) {
            for (int i = 1; i <= 20; i++) {
                assertThat(lab.proxy.apply(new org.portolan.proxy.DeploymentRoutes(
                                "other" + i, List.of(Lab.http("more", other + i)), List.of())))
                        .isTrue();
                Thread.sleep(100);
            }
            assertNothingLost(edge, direct);
        }
        origin.close();
    }

    @Test
    void domainsComeGoAndChange() throws Exception {
        Origin web = new Origin("web");
        Origin api = new Origin("api");
        List<Backend> backends = List.of(
                Lab.http("web", mesh, Lab.ready(Lab.id("web", 1, 1), web.port())),
                Lab.http("api", other, Lab.ready(Lab.id("api", 1, 1), api.port())));
        lab.proxy.apply(lab.part(backends, site));
        try (SteadyClient edge = new SteadyClient(lab.http, "example.org", 4, 2)) {
            for (int i = 0; i < 12; i++) {
                List<Domain> domains = new ArrayList<>();
                domains.add(Lab.domain("example.org")
                        .route("/", Lab.target(i % 2 == 0 ? "api" : "web"))
                        .make());
                domains.add(Lab.domain("d" + i + ".org")
                        .route("/", Lab.target("web"))
                        .auth("ann", "pw" + i)
                        .make());
                assertThat(lab.proxy.apply(lab.part(backends, domains.toArray(Domain[]::new))))
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
        Origin web = new Origin("web");
        Origin next = new Origin("next");
        List<Backend> backends = List.of(
                Lab.http("web", mesh, Lab.ready(Lab.id("web", 1, 1), web.port())),
                Lab.http("next", other, Lab.ready(Lab.id("next", 1, 1), next.port())));
        lab.proxy.apply(lab.part(
                backends,
                Lab.domain("example.org")
                        .route("/", Lab.target("web", 100), Lab.target("next", 100))
                        .make()));
        try (SteadyClient edge = new SteadyClient(lab.http, "example.org", 3, 1)) {
            Thread.sleep(500);
            double before = (double) next.requests.get() / (web.requests.get() + next.requests.get());
            assertThat(before).isBetween(0.45, 0.55);
            assertThat(lab.proxy.apply(lab.part(
                            backends,
                            Lab.domain("example.org")
                                    .route("/", Lab.target("web", 100), Lab.target("next", 10))
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
