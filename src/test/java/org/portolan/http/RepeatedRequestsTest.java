package org.portolan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.portolan.controller.ControllerHandle;
import org.portolan.controller.KeptAsks;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.EventData;
import org.portolan.model.event.ReleaseEvent.ReleaseStarted;
import org.portolan.model.service.Desired;
import org.portolan.model.state.AskedChange;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Release;
import org.portolan.model.state.Scope;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Operations;
import org.portolan.operate.Request;
import org.portolan.release.DeployOptions;
import org.portolan.release.Installation;
import org.portolan.release.Outcome;
import org.portolan.sim.SimSite;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/**
 * A leader that dies before or after any of its writes to the store, and a client that asks the next one again with the same key: what it
 * asked for is done once.
 */
class RepeatedRequestsTest {
    private static final Mandate BOSS = Mandate.of(new Caller.Person("boss"));
    private static final int MOST_WRITES = 60;

    /** A process that ended. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1;
    }

    /** What a client asks for. */
    enum Asked {
        SCALE,
        STOP,
        RESTART,
        ROLLBACK,
        SET_SERVICE_FAILS,
        CREATE,
        REMOVE,
        UNPIN,
        SECRET,
        FILES
    }

    /** An installation with a shop in its second version. */
    private static final class World {
        final SimSite site = new SimSite(1);
        int started;

        World() {
            for (String tag : List.of("1", "2")) {
                site.engine.world().image("web:" + tag, Behaviour.GOOD, 80);
            }
            site.engine.world().image("web:bad", Behaviour.neverHealthy(), 80);
            site.engine.world().image("redis:1", Behaviour.GOOD, 6379);
            site.process().deploy(ApiSite.shop("1", 2));
            site.process().deploy(ApiSite.shop("2", 2));
            started = releases();
        }

        /** That were begun for something new. */
        int releases() {
            return (int) site.reports.stream()
                    .filter(event -> event.data() instanceof ReleaseStarted begun
                            && !begun.reason().startsWith("continues release"))
                    .count();
        }

        Store looker() {
            return site.store.connect("looker");
        }

        DeploymentState shop() {
            return looker().deployment("shop").orElseThrow();
        }
    }

    /** A controller that leads and dies at one of its writes. */
    private static final class Leader {
        final SimSite.Process process;
        final Installation parts;
        final Changes changes;
        private final boolean after;
        private int left;
        private boolean dead;
        /** In place of death: it stops before its last write, and does it when others have led. */
        private @Nullable CountDownLatch thaw;

        private final CountDownLatch frozen = new CountDownLatch(1);

        /** @param lives how many writes it survives; the next one is done if {@code after} */
        Leader(World world, int lives, boolean after) {
            this.process = world.site.process();
            this.left = lives;
            this.after = after;
            Store store = process.installation.store();
            Store mortal = (Store) Proxy.newProxyInstance(
                    Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                        boolean writes = method.getName().equals("commit");
                        if (writes && left == 0 && thaw != null) {
                            frozen.countDown();
                            thaw.await();
                        } else if (dead || (writes && !after && left == 0)) {
                            die();
                        }
                        try {
                            Object answer = method.invoke(store, arguments);
                            if (writes && after && left == 0) {
                                die();
                            }
                            left -= writes ? 1 : 0;
                            return answer;
                        } catch (InvocationTargetException thrown) {
                            throw thrown.getCause();
                        }
                    });
            parts = process.installation.with(mortal, process.installation.events());
            changes = new Changes((ControllerHandle) Proxy.newProxyInstance(
                    ControllerHandle.class.getClassLoader(), new Class<?>[] {ControllerHandle.class}, this::asked));
        }

        static Leader immortal(World world) {
            return new Leader(world, Integer.MAX_VALUE, false);
        }

        private void die() {
            dead = true;
            process.die();
            throw new Death();
        }

        private @Nullable Object asked(Object proxy, java.lang.reflect.Method method, Object @Nullable [] arguments) {
            switch (method.getName()) {
                case "installation" -> {
                    return parts;
                }
                case "record" -> {
                    List<String> names = ((List<?>) arguments[0])
                            .stream().map(String.class::cast).toList();
                    KeptAsks.keep(parts, names, (EventData) arguments[1], (Commit.Asked) arguments[2]);
                    return null;
                }
                case "keep" -> {
                    KeptAsks.keep(parts, (Commit.Asked) arguments[0]);
                    return null;
                }
                default -> throw new UnsupportedOperationException(method.getName());
            }
        }

        /** Asks, and waits for the end; empty where it died. */
        Optional<Operation> ask(Asked what) {
            return ask("one", job(what));
        }

        Optional<Operation> ask(String key, Changes.Job job) {
            try {
                Operation operation = changes.begin(request(key), job, () -> {});
                return Optional.of(over(operation));
            } catch (Death died) {
                return Optional.empty();
            }
        }
    }

    private static Operation over(Operation operation) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!operation.over() && System.nanoTime() < end) {
            operation.await(Duration.ofMillis(5));
        }
        assertThat(operation.over()).isTrue();
        return operation;
    }

    private static ApiRequest request(String key) {
        return new ApiRequest(
                "1",
                "POST",
                "/v1/x",
                Map.of(),
                Map.of(),
                Map.of("prefer", "respond-async", "idempotency-key", key),
                new byte[] {1, 2},
                ApiCaller.of(Principal.of("boss", Scope.ADMIN, Set.of()), "127.0.0.1"));
    }

    private static Changes.Job job(Asked what) {
        Request request =
                switch (what) {
                    case SCALE -> new Request.Scale("shop", Map.of("web", 3), BOSS);
                    case STOP -> new Request.Stop("shop", Set.of("web"), BOSS);
                    case RESTART -> new Request.Restart("shop", Set.of("web"), BOSS);
                    case ROLLBACK -> new Request.Rollback("shop", Optional.empty(), BOSS);
                    case SET_SERVICE_FAILS ->
                        new Request.SetService(
                                "shop",
                                "web",
                                existing -> new Request.Edited(
                                        ApiSite.shop("bad", 2)
                                                .services()
                                                .get("web")
                                                .definition(),
                                        OptionalInt.empty()),
                                BOSS);
                    case CREATE -> new Request.Create("blog", BOSS);
                    case REMOVE -> new Request.Remove("shop", false, SimSite.MANDATE);
                    case UNPIN -> new Request.Unpin("shop", BOSS);
                    case SECRET -> new Request.SetSecret("shop", "pass", "hush hush", BOSS);
                    case FILES -> null;
                };
        return request == null ? files() : Changes.Job.of(request, DeployOptions.DEFAULT);
    }

    /** Two deployments of a file, one after the other. */
    private static Changes.Job files() {
        List<Desired> all = List.of(ApiSite.shop("1", 3), named("blog"));
        return new Changes.Job(
                List.of("shop", "blog"),
                List.of("changes of shop", "changes of blog"),
                false,
                0,
                DeployOptions.DEFAULT,
                (run, options, operation) -> {
                    Outcome last = null;
                    for (Desired one : all) {
                        last = operation.begun(one.name(), run, options).orElseGet(() -> new Operations(run)
                                .perform(new Request.Apply(one, List.of(), BOSS), options));
                    }
                    return last;
                },
                ChangeNature.FILES);
    }

    private static Desired named(String name) {
        return SimSite.desired(name, Map.of("redis", Map.of("image", "redis:1")), Map.of());
    }

    private static void prepare(World world, Asked what) {
        if (what == Asked.UNPIN) {
            world.site.process().perform(new Request.Rollback("shop", Optional.empty(), BOSS));
            world.started = world.releases();
        }
    }

    private static void assertDone(World world, Asked what, String at) {
        switch (what) {
            case SCALE ->
                assertThat(world.shop().services().get("web").scale()).as(at).isEqualTo(3);
            case STOP -> assertThat(world.shop().stopped()).as(at).containsExactly("web");
            case RESTART, SET_SERVICE_FAILS ->
                assertThat(world.shop().services().get("web").scale()).as(at).isEqualTo(2);
            case ROLLBACK ->
                assertThat(world.shop().services().get("web").version()).as(at).isEqualTo(1);
            case CREATE -> assertThat(world.looker().deployment("blog")).as(at).isPresent();
            case REMOVE -> assertThat(world.looker().deployment("shop")).as(at).isEmpty();
            case UNPIN -> assertThat(world.shop().pinned()).as(at).isEmpty();
            case SECRET ->
                assertThat(world.looker().generated("shop").get("pass")).as(at).hasSize(1);
            case FILES -> {
                assertThat(world.shop().services().get("web").scale()).as(at).isEqualTo(3);
                assertThat(world.looker().deployment("blog").orElseThrow().running())
                        .as(at)
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Asked.class)
    void whatIsAskedForAgainIsDoneOnceWhereverItsLeaderDies(Asked what) {
        int most = what == Asked.FILES ? 2 : 1;
        int deaths = 0;
        for (int lives = 0; lives < MOST_WRITES; lives++) {
            boolean survived = true;
            // Between two writes there is more to die in than at them; that is for the histories.
            for (boolean after : lives < 6 ? List.of(false, true) : List.of(lives % 2 == 0)) {
                String at = what + " whose leader dies " + (after ? "after" : "before") + " write " + (lives + 1);
                World world = new World();
                prepare(world, what);
                Leader first = new Leader(world, lives, after);
                first.ask(what);
                survived &= !first.dead;
                deaths += first.dead ? 1 : 0;
                Leader second = Leader.immortal(world);
                Operation again = second.ask(what).orElseThrow();
                boolean fails = what == Asked.SET_SERVICE_FAILS;
                assertThat(again.refusal()).as(at).isEmpty();
                assertThat(again.fields(text -> text).get("state")).as(at).isEqualTo(fails ? "failed" : "done");
                assertDone(world, what, at);
                int begun = world.releases() - world.started;
                assertThat(begun).as(at + ": releases").isLessThanOrEqualTo(most);
                // Whoever leads next knows how it ended, and does nothing.
                Operation third = Leader.immortal(world).ask(what).orElseThrow();
                assertThat(third.id()).as(at).isEqualTo(again.id());
                assertThat(third.fields(text -> text).get("state"))
                        .as(at)
                        .isEqualTo(again.fields(text -> text).get("state"));
                assertThat(world.releases() - world.started).as(at).isEqualTo(begun);
            }
            if (survived) {
                assertThat(deaths).as("deaths").isPositive();
                return;
            }
        }
        throw new AssertionError(what + " has more than " + MOST_WRITES + " writes");
    }

    /** A process that is stopped by a signal, at any of its writes, and continues with just that one. */
    @ParameterizedTest
    @EnumSource(
            value = Asked.class,
            names = {"SCALE", "RESTART", "SECRET", "CREATE"})
    void aLeaderThatWasFrozenDoesNotDoItAsWell(Asked what) throws Exception {
        for (int lives = 0; lives < MOST_WRITES; lives++) {
            String at = what + " whose leader is frozen before write " + (lives + 1);
            World world = new World();
            CountDownLatch thaw = new CountDownLatch(1);
            Leader first = new Leader(world, lives, false);
            first.thaw = thaw;
            Thread asks = Thread.ofPlatform().start(() -> {
                try {
                    first.ask(what);
                } catch (Failure fenced) {
                    // Before it had begun.
                }
                first.frozen.countDown();
            });
            assertThat(first.frozen.await(20, TimeUnit.SECONDS)).isTrue();
            boolean survived = !asks.isAlive() || first.left > 0;
            world.site.store.silence(first.process.name);
            world.site.clock.advance(Store.LEASE_TIME.plusSeconds(1));
            Operation again = Leader.immortal(world).ask(what).orElseThrow();
            assertThat(again.fields(text -> text)).as(at).containsEntry("state", "done");
            int begun = world.releases() - world.started;
            world.site.store.wake(first.process.name);
            thaw.countDown();
            asks.join();
            assertDone(world, what, at);
            assertThat(begun).as(at).isLessThanOrEqualTo(1);
            assertThat(world.releases() - world.started).as(at).isEqualTo(begun);
            if (survived) {
                assertThat(lives).isPositive();
                return;
            }
        }
        throw new AssertionError(what + " has more than " + MOST_WRITES + " writes");
    }

    /** What was done since is not undone by one that asks late. */
    @Test
    void whatEndedIsNotDoneAgainAfterSomebodyElseChangedIt() {
        World world = new World();
        Leader first = Leader.immortal(world);
        assertThat(first.ask(Asked.SCALE)).isPresent();
        first.process.die();
        world.site.process().perform(new Request.Scale("shop", Map.of("web", 1), BOSS));
        Operation again = Leader.immortal(world).ask(Asked.SCALE).orElseThrow();
        assertThat(again.fields(text -> text)).containsEntry("state", "done").containsEntry("release", Optional.of(3));
        assertThat(world.shop().services().get("web").scale()).isEqualTo(1);
    }

    /** Nobody can tell how far it came. */
    @Test
    void whatTheStoreKnowsNothingOfIsNotDoneAgain() {
        World world = new World();
        Leader first = new Leader(world, 1, false);
        int[] done = new int[1];
        Changes.Job untold = new Changes.Job(
                List.of("shop"),
                List.of("changes of shop"),
                false,
                0,
                DeployOptions.DEFAULT,
                (run, options, operation) -> {
                    done[0]++;
                    throw new Death();
                },
                ChangeNature.UNTOLD);
        first.ask("one", untold);
        first.process.die();
        Leader second = Leader.immortal(world);
        assertThatThrownBy(() -> second.changes.begin(request("one"), untold, () -> {}))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
                    assertThat(failure.what()).contains("what became of it is not known");
                });
        assertThat(done[0]).isEqualTo(1);
    }

    /** As a leader that ends after TERM: what waits is done by the next one, what has begun is continued there. */
    @Test
    void aLeaderThatEndsHandsOverWhatItHasBegunAndWhatWaits() throws Exception {
        World world = new World();
        Leader first = Leader.immortal(world);
        CountDownLatch began = new CountDownLatch(1);
        Lease held = world.looker().acquire("shop", "a test").orElseThrow();
        Thread ends = Thread.ofPlatform().start(() -> {
            try {
                began.await();
                first.changes.end();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        Operation waiting = first.changes.begin(request("one"), job(Asked.SCALE), () -> {});
        began.countDown();
        ends.join();
        assertThat(over(waiting).refusal().orElseThrow().kind()).isEqualTo(Kind.FENCED);
        assertThatThrownBy(() -> first.changes.begin(request("two"), job(Asked.SCALE), () -> {}))
                .hasMessage("this controller ends");
        held.close();
        assertThat(Leader.immortal(world).ask(Asked.SCALE).orElseThrow().refusal())
                .isEmpty();
        assertThat(world.shop().services().get("web").scale()).isEqualTo(3);
        assertThat(world.releases() - world.started).isEqualTo(1);

        World other = new World();
        Leader stops = Leader.immortal(other);
        Changes.Job restart = job(Asked.RESTART);
        Changes.Job interrupted = new Changes.Job(
                restart.deployments(),
                restart.counted(),
                false,
                0,
                DeployOptions.DEFAULT,
                (run, options, operation) -> {
                    Installation ending = run.with(run.store(), event -> {
                        if (event.data() instanceof ReleaseStarted) {
                            operation.released(event.release());
                            stops.changes.end();
                        }
                        run.events().accept(event);
                    });
                    return new Operations(ending).perform(new Request.Restart("shop", Set.of("web"), BOSS), options);
                },
                ChangeNature.RELEASE);
        Operation left = stops.ask("one", interrupted).orElseThrow();
        assertThat(left.fields(text -> text)).containsEntry("outcome", "interrupted");
        // One that ends while it waits to end what was begun hands it on, too.
        try (Lease kept = other.looker().acquire("shop", "a test").orElseThrow()) {
            Leader second = Leader.immortal(other);
            Operation waits = second.changes.begin(request("one"), restart, () -> {});
            assertThat(waits.lines().after(0, Duration.ofSeconds(20)).lines())
                    .as("it waits for the lock")
                    .isNotEmpty();
            second.changes.end();
            assertThat(over(waits).fields(text -> text).get("problem"))
                    .asString()
                    .contains("kind=fenced");
        }
        Operation next = Leader.immortal(other).ask("one", restart).orElseThrow();
        assertThat(next.fields(text -> text)).containsEntry("outcome", "done");
        assertThat(next.id()).isEqualTo(left.id());
        assertThat(other.releases() - other.started).isEqualTo(1);
        List<Release> releases = other.looker().releases("shop", 2);
        assertThat(releases.getFirst().cause())
                .startsWith("continues release " + releases.get(1).number());
    }

    @Test
    void keysOfANameAreBoundedAndForgottenAfterADay() {
        World world = new World();
        Leader leader = Leader.immortal(world);
        AskedBefore keys = new AskedBefore(
                (ControllerHandle) Proxy.newProxyInstance(
                        ControllerHandle.class.getClassLoader(),
                        new Class<?>[] {ControllerHandle.class},
                        leader::asked),
                Instant.EPOCH);
        keys.read();
        IntStream.range(0, 1_200).forEach(i -> KeptAsks.keep(leader.parts, keys.add(ended("ann", i), at(i))));
        KeptAsks.keep(leader.parts, keys.add(ended("bob", 9_999), at(1_200)));
        List<AskedChange> kept = world.looker().asked().now();
        assertThat(kept.stream().filter(one -> one.who().equals("ann"))).hasSize(1_000);
        assertThat(keys.find(new AskedBefore.Key("ann 199", ""), at(1_200))).isEmpty();
        assertThat(keys.find(new AskedBefore.Key("ann 200", ""), at(1_200))).isPresent();
        assertThat(keys.find(new AskedBefore.Key("bob 9999", ""), at(1_200))).isPresent();
        Instant later = at(200).plus(AskedBefore.KEPT);
        assertThat(keys.find(new AskedBefore.Key("ann 200", ""), later)).isEmpty();
        assertThat(keys.find(new AskedBefore.Key("ann 201", ""), later)).isPresent();
        KeptAsks.keep(leader.parts, keys.add(ended("bob", 200), later));
        assertThat(world.looker().asked().now()).noneMatch(one -> one.key().equals("ann 200"));
    }

    private static Instant at(int second) {
        return Instant.EPOCH.plusSeconds(second);
    }

    private static AskedChange ended(String who, int number) {
        return new AskedChange(
                who + " " + number,
                1,
                "d",
                "op" + number,
                List.of("shop"),
                "POST",
                who,
                at(number),
                false,
                new TreeMap<>(),
                Optional.of(new AskedChange.End(at(number), "done", 0, "", "")));
    }
}
