package org.portolan.http;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.Failure;
import org.portolan.model.Position;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Domain;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.model.state.Standing;
import org.portolan.model.state.Standing.Condition;
import org.portolan.model.state.Standing.Subject;
import org.portolan.operate.Request;
import org.portolan.release.DeployOptions;
import org.portolan.sim.SimSite;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/** An installation in which much is going on, for pages to be looked at: 30 deployments, one of each condition, long names and reasons. */
final class PageScenes implements AutoCloseable {
    static final String LONG = "a-deployment-with-a-name-that-is-as-long-as-it-may-be-0123456789";
    private static final String COMMIT = "4f1c9e07b2a85d6630fd21c7e98b4a5512de3f60";

    final ApiSite api;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread release;

    PageScenes(Path folder) {
        api = new ApiSite(folder);
        api.site.engine.world().image("web:3", Behaviour.GOOD, 80);
        api.site
                .engine
                .world()
                .image("web:broken", Behaviour.startFails("exec: \"/bin/app\": no such file or directory"), 80);
        many();
        domains();
        failed();
        byHand();
        standings();
        release = inRelease();
        api.started();
    }

    private static Desired of(String name, String tag, int scale, String subject) {
        Desired plain = SimSite.desired(
                name,
                Map.of(
                        "web",
                        Map.of("image", "web:" + tag, "ports", Map.of("http", 80L), "health", Map.of("http", "/up")),
                        "redis",
                        Map.of("image", "redis:1", "ports", Map.of("", 6379L))),
                Map.of("web", scale));
        Origin origin = new Origin(
                new SourceId("https://git.example.org/" + name + ".git", "Servicefile"),
                Optional.of(COMMIT),
                false,
                Optional.of("ada"),
                Optional.of(subject));
        return new Desired(name, origin, plain.services(), List.of(), "");
    }

    private void many() {
        for (int i = 1; i <= 22; i++) {
            api.site.process().deploy(of("service-" + i, "1", 1 + i % 4, "Change how " + i + " things look"));
        }
        api.site
                .process()
                .deploy(of(
                        LONG,
                        "1",
                        12,
                        "A subject that goes on for much longer than fifty characters, as some do, since"
                                + " nobody told them that it should not"));
    }

    private void domains() {
        List<Domain> domains = new ArrayList<>();
        for (int i = 1; i <= 11; i++) {
            domains.add(SimSite.domain("www" + i + ".example.org", new Domain.Target("maps", "web", "http", 1)));
        }
        TreeMap<String, Domain.Route> routes = new TreeMap<>(Domain.MOST_SPECIFIC_FIRST);
        Position at = Position.of("Servicefile");
        routes.put(
                "/",
                new Domain.Route(
                        List.of(
                                new Domain.Target("maps", "web", "http", 90),
                                new Domain.Target("maps", "redis", "", 10)),
                        at));
        routes.put(
                "/a/rather/long/path/that/leads/elsewhere",
                new Domain.Route(List.of(new Domain.Target("maps", "redis", "", 1)), at));
        domains.add(new Domain(
                "a-very-long-host-name-of-a-customer.of-ours.internal.example.org",
                List.of("www.example.com", "example.com"),
                routes,
                Optional.empty(),
                Optional.empty(),
                false,
                true,
                false,
                new TreeMap<>(),
                at));
        api.site.process().deploy(SimSite.with(of("maps", "1", 3, "Twelve domains"), domains.toArray(Domain[]::new)));
    }

    private void failed() {
        api.site.process().deploy(of("broken", "1", 2, "It works"));
        try {
            api.site.process().deploy(of("broken", "broken", 2, "It does not"));
        } catch (Failure rolledBack) {
            // As it is to be shown.
        }
    }

    private void byHand() {
        api.site.process().deploy(of("held", "1", 2, "First"));
        api.site.process().deploy(of("held", "2", 2, "Second"));
        api.site.process().perform(new Request.Rollback("held", Optional.of(1), SimSite.MANDATE));
        api.site.process().deploy(of("ailing", "1", 3, "First"));
        api.site.engine.world().kill("ailing-web-1-2", 137);
        api.site.engine.world().pause("ailing-web-1-3");
        api.site.process().deploy(of("waiting", "1", 3, "First"));
        api.declared.put("waiting", List.of(of("waiting", "3", 5, "Grow, and show the new prices")));
        api.site.process().perform(new Request.Create("empty", SimSite.MANDATE));
    }

    private void standings() {
        Instant now = api.site.clock.instant();
        api.standings.clear();
        api.standings.add(Standing.unknown(Subject.SOURCE, "waiting", now).at(COMMIT, "x"));
        api.standings.add(Standing.unknown(Subject.SOURCE, "fleet:hosts/one/Servicefile", now)
                .at(COMMIT, "x")
                .with(
                        Condition.FAILING,
                        "hosts/one/Servicefile:12:5: unknown key 'imagee' (did you mean 'image'?);"
                                + " hosts/one/Servicefile:31:1: duplicate key 'web'",
                        now)
                .trying(Optional.of(now.plusSeconds(60))));
        api.standings.add(Standing.unknown(Subject.SOURCE, "shop@release/1.2", now)
                .with(Condition.PENDING_APPROVAL, "removes 2 of 3 deployments: blog, shop-old", now)
                .asking("77aa01"));
        api.standings.add(Standing.unknown(Subject.CONFIGURATION, "/root/.portolan/portolan.yaml", now)
                .with(
                        Condition.FAILING,
                        "not taken over, what was read before stays in force: portolan.yaml:14:3: unknown key 'polll' (did"
                                + " you mean 'poll'?)",
                        now));
        deployment(
                "service-3",
                Condition.FAILING,
                "web-1-1 ended 3 times in 10 minutes, last with exit status 137; the"
                        + " container is not replaced, and Docker restarts it later each time, which is a long sentence");
        deployment("service-4", Condition.DRIFT, "web-1-2 was removed (it is not there)");
        deployment("service-5", Condition.FROZEN, "a freeze window is open until 2026-01-05 06:00");
        deployment("held", Condition.PINNED, "a newer commit, or unpin, ends that");
        api.standings.add(Standing.unknown(Subject.DEPLOYMENT, "waiting", now)
                .with(
                        Condition.PENDING_APPROVAL,
                        "takes over waiting from https://git.example.org/old.git:Servicefile",
                        now)
                .asking("5f2c0a"));
        for (int i = 6; i <= 22; i++) {
            deployment("service-" + i, Condition.OK, "");
        }
        try (Lease lease =
                api.installation.store().acquire(Store.LEADER, "test").orElseThrow()) {
            Commit.Standings all = new Commit.Standings(List.copyOf(api.standings), List.of());
            api.installation.store().commit(lease, Commit.standings(lease.name(), all, List.of()));
        }
    }

    private void deployment(String name, Condition condition, String what) {
        Instant now = api.site.clock.instant();
        api.standings.add(Standing.unknown(Subject.DEPLOYMENT, name, now).with(condition, what, now));
    }

    /** A release that stays where it is until this is closed. */
    private Thread inRelease() {
        api.site.process().deploy(of("rolling", "1", 4, "First"));
        CountDownLatch there = new CountDownLatch(1);
        int[] rounds = {0};
        DeployOptions slow = DeployOptions.DEFAULT.attended(() -> {
            if (++rounds[0] == 14) {
                there.countDown();
                try {
                    over.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }
            return over.getCount() == 0;
        });
        Request.Apply next = new Request.Apply(of("rolling", "2", 4, "Second"), List.of(), SimSite.MANDATE);
        Thread thread =
                Thread.ofPlatform().daemon().start(() -> api.site.process().perform(next, slow));
        try {
            there.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        return thread;
    }

    @Override
    public void close() throws InterruptedException {
        over.countDown();
        release.join();
        api.close();
    }
}
