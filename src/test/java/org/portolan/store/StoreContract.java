package org.portolan.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Instead;
import org.portolan.model.Position;
import org.portolan.model.event.AccessEvent.AccessRemoved;
import org.portolan.model.event.Event;
import org.portolan.model.event.ReleaseEvent.ReleaseStarted;
import org.portolan.model.event.UnknownEvent;
import org.portolan.model.service.Definition;
import org.portolan.model.service.DigestCredential;
import org.portolan.model.service.Domain;
import org.portolan.model.service.GenerateSpec;
import org.portolan.model.service.GeneratedValue;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.model.service.Version;
import org.portolan.model.state.Adoption;
import org.portolan.model.state.AskedChange;
import org.portolan.model.state.Credential;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.DeploymentState.Claim;
import org.portolan.model.state.DeploymentState.Running;
import org.portolan.model.state.DeploymentState.VersionRef;
import org.portolan.model.state.Grant;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.JobRun;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Release;
import org.portolan.model.state.Scope;
import org.portolan.model.state.SshKey;
import org.portolan.model.state.SshKeyTest;
import org.portolan.model.state.Standing;
import org.portolan.store.Commit.Forget;
import org.portolan.store.Commit.VersionId;

/** What holds for every store. Each test begins with an empty one. */
public abstract class StoreContract {
    protected static final Instant NOW = Instant.ofEpochSecond(1_763_697_600, 123_456_789);
    protected static final SourceId SOURCE = new SourceId("https://git.example.org/site.git", "Servicefile");

    private final List<AutoCloseable> open = new ArrayList<>();

    /** A store as one more process sees it, on the same data. */
    protected abstract Store connect();

    /** The store loses all that it holds. */
    protected abstract void flush();

    private Store store() {
        Store store = connect();
        open.add(store);
        return store;
    }

    private Lease lease(Store store, String name) {
        Lease lease = store.acquire(name, "tests").orElseThrow();
        open.add(lease);
        return lease;
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable thing : open.reversed()) {
            thing.close();
        }
    }

    public static DeploymentState fullState(String name) {
        return new DeploymentState(
                name,
                SOURCE,
                new TreeSet<>(List.of("redis")),
                NOW,
                7,
                6,
                new TreeMap<>(Map.of(
                        "web",
                        new Release.Placed(
                                3,
                                4,
                                Optional.of(new TreeMap<>(Map.of("0.0.0.0:80", "http"))),
                                100,
                                Optional.of("f17e")),
                        "redis",
                        new Release.Placed(1, 0))),
                new TreeMap<>(Map.of(
                        "web",
                        List.of(
                                new VersionRef(2, "aa", NOW, ""),
                                new VersionRef(3, "bb", NOW.plusNanos(1), "a.test")))),
                new TreeMap<>(Map.of("web", 3, "redis", 1)),
                new TreeMap<>(Map.of("web/http", 15_001)),
                new TreeMap<>(Map.of("redis/1/data", "ab".repeat(32))),
                new TreeSet<>(List.of("redis")),
                List.of(new Claim("example.org", "/", new Position("Servicefile", 3, 5))),
                "0123abcd",
                Optional.of(6),
                List.of("c0ffee", "beef"),
                Optional.of(new Running(
                        7,
                        true,
                        new TreeMap<>(Map.of("web", "step 2 since 5")),
                        Optional.of(3),
                        new TreeSet<>(List.of("ab".repeat(32))))),
                List.of(
                        new JobRun("web", 3, "Schema", false, 7, 2, 0, false, Optional.of(NOW), NOW.plusSeconds(2)),
                        new JobRun("web", 3, "Admin", true, 6, 1, 137, true, Optional.empty(), NOW)),
                new TreeMap<>(Map.of("worker", "requires postgres, which is not there")),
                new TreeSet<>(List.of("shop")),
                Optional.of(new Adoption(
                        true,
                        new TreeMap<>(Map.of(
                                "ab".repeat(32),
                                new Adoption.Adopted(
                                        "shop", "shop_db_1", "on-failure:3", true, Duration.ofSeconds(20)))))));
    }

    public static Definition definition(String secret) {
        return Definition.of(Map.of(
                "image",
                "rock77/website:1.4",
                "env",
                Map.of("TOKEN", Map.of("secret", secret), "PLAIN", "ä \"quoted\"\n"),
                "ports",
                Map.of("http", 8000),
                "read_only",
                true,
                "cmd",
                List.of("a", "b")));
    }

    /** As {@link #domain}, with HTTP Digest. */
    public static Domain digestDomain(String password) {
        Domain basic = domain(password);
        return new Domain(
                "d.example.org",
                List.of(),
                basic.routes(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                false,
                false,
                new TreeMap<>(Map.of(
                        "internal",
                        DigestCredential.of("internal", "here", password).text())),
                Optional.of("here"),
                basic.at());
    }

    public static Domain domain(String password) {
        SortedMap<String, Domain.Route> routes = new TreeMap<>(Domain.MOST_SPECIFIC_FIRST);
        for (String path : List.of("/", "/api", "/api/v2")) {
            routes.put(
                    path,
                    new Domain.Route(
                            List.of(new Domain.Target("shop", "web", "", 100), new Domain.Target("shop", "b", "x", 0)),
                            new Position("Servicefile", 9, 1)));
        }
        return new Domain(
                "example.org",
                List.of("www.example.org"),
                routes,
                Optional.of(new Domain.TcpRoute(2222, new Domain.Target("shop", "ssh", "", 100))),
                Optional.of(new Domain.Certificate("CHAIN", "KEY " + password)),
                true,
                false,
                true,
                new TreeMap<>(Map.of("internal", password)),
                new Position("Servicefile", 8, 3));
    }

    public static Release release(int number, List<Domain> domains) {
        return new Release(
                "shop",
                number,
                new Origin(
                        SOURCE, Optional.of("c0ffee" + number), true, Optional.of("A <a@b>"), Optional.of("subject")),
                "alice@box",
                NOW,
                Optional.empty(),
                Release.Outcome.RUNNING,
                "",
                new TreeMap<>(Map.of("web", new Release.Placed(number, 2))),
                domains,
                List.of());
    }

    public static Event event(int release, String message) {
        return new Event(NOW, "shop", release, new UnknownEvent("told", "web", "shop-web-1-1", message));
    }

    @Test
    void isEmptyAtFirst() {
        Store store = store();
        assertThat(store.installation()).isEmpty();
        assertThat(store.deployments()).isEmpty();
        assertThat(store.deployment("shop")).isEmpty();
        assertThat(store.definition("shop", "web", 1)).isEmpty();
        assertThat(store.releases("shop", 10)).isEmpty();
        assertThat(store.release("shop", 1)).isEmpty();
        assertThat(store.holder("shop")).isEmpty();
        assertThat(store.events("", 10)).isEmpty();
        assertThat(store.describe()).isNotBlank();
    }

    @Test
    void remembersOneInstallation() {
        Store store = store();
        store.claim("0badcafe");
        store.claim("0badcafe");
        assertThat(store().installation()).contains("0badcafe");
        assertThatThrownBy(() -> store.claim("deadbeef"))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONFLICT))
                .hasMessageContaining("0badcafe");
    }

    @Test
    void keepsStatesWhole() {
        Store store = store();
        Lease lease = lease(store, "shop");
        DeploymentState empty = DeploymentState.empty("shop-2", SourceId.HAND, NOW);
        store.commit(lease, Commit.of(fullState("shop")));
        store.commit(lease(store, "shop-2"), Commit.of(empty));
        assertThat(store().deployment("shop")).contains(fullState("shop"));
        assertThat(store().deployments()).isEqualTo(new TreeMap<>(Map.of("shop", fullState("shop"), "shop-2", empty)));
    }

    @Test
    void writesAReleaseAndTheOneThatContinuesItAtOnce() {
        Store store = store();
        Lease lease = lease(store, "shop");
        store.commit(lease, Commit.of(fullState("shop")).with(release(1, List.of())));
        Release ended = release(1, List.of()).ended(NOW.plusSeconds(1), Release.Outcome.FAILED, "why");
        store.commit(
                lease, Commit.of(fullState("shop")).with(release(2, List.of())).with(ended));
        assertThat(store.releases("shop", 10)).containsExactly(release(2, List.of()), ended);
    }

    @Test
    void keepsDefinitionsAndReleasesWhole() {
        Store store = store();
        Lease lease = lease(store, "shop");
        Release second = release(2, List.of(domain("pass"), digestDomain("pass")))
                .ended(NOW.plusSeconds(1), Release.Outcome.FAILED, "why");
        store.commit(
                lease,
                Commit.of(fullState("shop"))
                        .with(List.of(new Version("web", 1, definition("hush"), NOW)))
                        .with(release(1, List.of()))
                        .withEvents(List.of(event(1, "one"))));
        store.commit(
                lease,
                Commit.events("shop", List.of(event(2, "two"), event(0, "none")))
                        .with(second));
        assertThat(store.definition("shop", "web", 1)).contains(definition("hush"));
        assertThat(store.definition("shop", "web", 2)).isEmpty();
        assertThat(store.releases("shop", 10)).containsExactly(second, release(1, List.of()));
        assertThat(store.releases("shop", 1)).containsExactly(second);
        assertThat(store.release("shop", 1).orElseThrow().events())
                .singleElement()
                .satisfies(event -> assertThat(event.withId("")).isEqualTo(event(1, "one")));
        assertThat(store.release("shop", 2).orElseThrow().events())
                .extracting(Event::message)
                .containsExactly("two");
        assertThat(List.copyOf(store.releases("shop", 1)
                        .getFirst()
                        .domains()
                        .getFirst()
                        .routes()
                        .keySet()))
                .containsExactly("/api/v2", "/api", "/");
    }

    @Test
    void keepsGeneratedValuesByDeploymentAndBeyondItsRemoval() {
        Store store = store();
        Lease lease = lease(store, "shop");
        GeneratedValue first = new GeneratedValue(1, new GenerateSpec(GenerateSpec.Kind.HEX, 16), "hush", NOW);
        GeneratedValue second = new GeneratedValue(2, GenerateSpec.of(GenerateSpec.Kind.RSA), "a\nb", NOW.plusNanos(1));
        store.commit(lease, Commit.generated("shop", Map.of("Key", List.of(first, second), "Id", List.of(first))));
        store.commit(lease(store, "shop-2"), Commit.generated("shop-2", Map.of("Key", List.of(second))));
        store.commit(lease, Commit.removal("shop", List.of()));

        assertThat(store().generated("shop")).isEqualTo(Map.of("Key", List.of(first, second), "Id", List.of(first)));
        assertThat(store().generated("shop-2")).isEqualTo(Map.of("Key", List.of(second)));

        store.commit(lease, Commit.generated("shop", Map.of("Id", List.of())));
        assertThat(store().generated("shop")).isEqualTo(Map.of("Key", List.of(first, second)));
        assertThat(store().generated("sho")).isEmpty();
    }

    @Test
    void anEventHasOneIdWhereverItIsRead() {
        Store store = store();
        Lease lease = lease(store, "shop");
        store.commit(lease, Commit.of(fullState("shop")).with(release(1, List.of())));
        store.commit(lease, Commit.events("shop", List.of(event(0, "of no release"), event(1, "one"))));
        store.commit(lease, Commit.events("shop", List.of(event(1, "two"))));
        List<Event> all = store.events("", 10);
        assertThat(store.log("shop", "")).isEqualTo(all.subList(1, 3));
        assertThat(store.release("shop", 1).orElseThrow().events()).isEqualTo(all.subList(1, 3));
    }

    @Test
    void givesADeploymentsOwnEventsAfterOne() {
        Store store = store();
        store.commit(lease(store, "shop"), Commit.events("shop", List.of(event(1, "one"), event(2, "two"))));
        Event other = new Event(NOW, "shop-2", 1, new ReleaseStarted("ada@host", "not shop's"));
        store.commit(lease(store, "shop-2"), Commit.events("shop-2", List.of(other)));
        List<Event> all = store.log("shop", "");
        assertThat(all).extracting(Event::message).containsExactly("one", "two");
        assertThat(store.log("shop", all.getFirst().id()))
                .extracting(Event::message)
                .containsExactly("two");
        assertThat(store.log("shop", all.getLast().id())).isEmpty();
        assertThat(store.log("none", "")).isEmpty();
    }

    @Test
    void givesDefinitionsOfSeveralDeploymentsAtOnce() {
        Store store = store();
        for (String name : List.of("shop", "shop-2")) {
            store.commit(
                    lease(store, name),
                    Commit.of(DeploymentState.empty(name, SOURCE, NOW))
                            .with(List.of(
                                    new Version("web", 1, definition(name), NOW),
                                    new Version("b", 7, definition("b of " + name), NOW))));
        }
        VersionId web = new VersionId("web", 1);
        VersionId unknown = new VersionId("web", 2);
        Map<String, List<VersionId>> asked = new TreeMap<>(Map.of(
                "shop", List.of(unknown, web, new VersionId("b", 7)),
                "shop-2", List.of(web),
                "none", List.of(web)));
        Map<String, Map<VersionId, Definition>> found = store.definitions(asked);
        assertThat(found.get("shop"))
                .isEqualTo(Map.of(web, definition("shop"), new VersionId("b", 7), definition("b of shop")));
        assertThat(found.get("shop-2")).isEqualTo(Map.of(web, definition("shop-2")));
        assertThat(found.getOrDefault("none", Map.of())).isEmpty();
        assertThat(store.definitions(Map.of())).isEmpty();
    }

    @Test
    void forgetsAndRemoves() {
        Store store = store();
        Lease lease = lease(store, "shop");
        Lease other = lease(store, "shop-web");
        store.commit(other, Commit.of(fullState("shop-web")));
        for (int n = 1; n <= 3; n++) {
            store.commit(
                    lease,
                    Commit.of(fullState("shop"))
                            .with(List.of(new Version("web", n, definition("s" + n), NOW)))
                            .with(release(n, List.of(domain("p"))))
                            .withEvents(List.of(event(n, "n" + n))));
        }
        VersionId loaded = new VersionId("web", 2, "f17e");
        store.commit(
                lease,
                Commit.of(fullState("shop")).with(List.of(new Version("web", 2, "f17e", definition("loaded"), NOW))));
        assertThat(store.definition("shop", loaded)).contains(definition("loaded"));
        assertThat(store.definitions("shop", List.of(loaded, new VersionId("web", 2))))
                .isEqualTo(Map.of(loaded, definition("loaded"), new VersionId("web", 2), definition("s2")));
        store.commit(
                lease,
                Commit.of(fullState("shop"))
                        .forgetting(new Forget(List.of(new VersionId("web", 1), loaded), List.of(1, 2))));
        assertThat(store.definition("shop", loaded)).isEmpty();
        assertThat(store.definition("shop", "web", 1)).isEmpty();
        assertThat(store.definition("shop", "web", 2)).isPresent();
        assertThat(store.releases("shop", 10)).extracting(Release::number).containsExactly(3);

        store.commit(lease, Commit.removal("shop", List.of(event(0, "gone"))));
        assertThat(store.deployments()).containsOnlyKeys("shop-web");
        assertThat(store.releases("shop", 10)).isEmpty();
        assertThat(store.definition("shop", "web", 2)).isEmpty();
        assertThat(store.events("", 10)).extracting(Event::message).containsExactly("n1", "n2", "n3", "gone");
    }

    @Test
    void eventsAreReadInOrderAndPart() {
        Store store = store();
        Lease lease = lease(store, "shop");
        List<Event> wanted =
                IntStream.rangeClosed(1, 25).mapToObj(n -> event(n, "n" + n)).toList();
        store.commit(lease, Commit.events("shop", wanted));
        List<Event> all = store.events("", 100);
        assertThat(all)
                .extracting(Event::message)
                .containsExactlyElementsOf(wanted.stream().map(Event::message).toList());
        assertThat(all).allMatch(event -> event.at().equals(NOW) && !event.id().isEmpty());
        assertThat(store.events(all.get(9).id(), 5)).isEqualTo(all.subList(10, 15));
        assertThat(store.events(all.getLast().id(), 5)).isEmpty();
        assertThat(store.eventsBefore("", 4)).isEqualTo(all.subList(21, 25));
        assertThat(store.eventsBefore(all.get(9).id(), 5)).isEqualTo(all.subList(4, 9));
        assertThat(store.eventsBefore(all.get(2).id(), 5)).isEqualTo(all.subList(0, 2));
        assertThat(store.eventsBefore(all.getFirst().id(), 5)).isEmpty();
    }

    @Test
    void whoFollowsGetsNewEventsOnly() throws Exception {
        Store store = store();
        Lease lease = lease(store, "shop");
        store.commit(lease, Commit.events("shop", List.of(event(1, "before"))));
        List<String> seen = new CopyOnWriteArrayList<>();
        try (AutoCloseable following = store().follow(event -> seen.add(event.message()))) {
            for (int n = 0; n < 5; n++) {
                store.commit(lease, Commit.events("shop", List.of(event(1, "a" + n), event(1, "b" + n))));
            }
            await(() -> seen.size() == 10);
        }
        assertThat(seen).containsExactly("a0", "b0", "a1", "b1", "a2", "b2", "a3", "b3", "a4", "b4");
        store.commit(lease, Commit.events("shop", List.of(event(1, "after"))));
        assertThat(seen).doesNotContain("after");
    }

    @Test
    void aLockHasOneHolderAndTokensGrow() {
        Store one = store();
        Store two = store();
        Lease first = lease(one, "shop");
        assertThat(two.acquire("shop", "other")).isEmpty();
        assertThat(one.acquire("shop", "again")).isEmpty();
        assertThat(two.holder("shop").orElseThrow()).contains("tests");
        assertThat(first.left())
                .isPositive()
                .isLessThanOrEqualTo(Store.LEASE_TIME.multipliedBy(2).dividedBy(3));
        Lease elsewhere = lease(two, "blog");
        assertThat(elsewhere.token()).isGreaterThan(first.token());
        first.close();
        assertThat(first.held()).isFalse();
        assertThat(first.left()).isZero();
        assertThat(one.holder("shop")).isEmpty();
        Lease second = lease(two, "shop");
        assertThat(second.token()).isGreaterThan(elsewhere.token());
        assertThat(second.held()).isTrue();
        first.close();
        assertThat(one.holder("shop")).isPresent();
    }

    @Test
    void whoSawALockFreeKnowsWhetherSomebodyHeldItSince() throws Exception {
        Store one = store();
        Store two = store();
        assertThat(one.free(List.of("shop", "blog")))
                .containsExactlyInAnyOrderEntriesOf(Map.of("shop", 0L, "blog", 0L));
        Lease first = lease(two, "shop");
        assertThat(first.previous()).isZero();
        assertThat(one.free(List.of("shop", "blog"))).containsExactlyEntriesOf(Map.of("blog", 0L));
        first.close();
        assertThat(one.free(List.of("shop"))).containsExactlyEntriesOf(Map.of("shop", first.token()));
        Lease second = lease(one, "shop");
        assertThat(second.previous()).isEqualTo(first.token());
        second.close();
        assertThat(one.free(List.of("shop"))).containsExactlyEntriesOf(Map.of("shop", second.token()));
        flush();
        assertThat(one.free(List.of("shop"))).containsExactlyEntriesOf(Map.of("shop", 0L));
        assertThat(one.free(List.of())).isEmpty();
    }

    @Test
    void aLockUnderAnotherIsGivenOnlyWhileThatIsHeld() throws Exception {
        Store first = store();
        Store second = store();
        Lease leader = lease(first, Store.LEADER);
        Lease shop = first.acquire("shop", "tests", leader).orElseThrow();
        open.add(shop);
        assertThat(second.acquire("shop", "tests")).isEmpty();
        assertThat(first.acquire("shop", "tests", leader)).isEmpty();
        first.commit(shop, Commit.of(fullState("shop")));
        shop.close();

        leader.close();
        Lease next = lease(second, Store.LEADER);
        assertThat(next.token()).isGreaterThan(leader.token());
        assertThatThrownBy(() -> first.acquire("shop", "tests", leader))
                .isInstanceOfSatisfying(StoreException.class, fenced -> assertThat(fenced.kind())
                        .isEqualTo(Kind.FENCED));
        open.add(second.acquire("shop", "tests", next).orElseThrow());
    }

    @Test
    void aLockUnderAnotherIsGivenAfterAFlush() throws Exception {
        Store store = store();
        Lease leader = lease(store, Store.LEADER);
        flush();
        open.add(store.acquire("shop", "tests", leader).orElseThrow());
    }

    @Test
    void keepsStandingsWhole() {
        Store store = store();
        Lease leader = lease(store, Store.LEADER);
        Standing source = new Standing(
                Standing.Subject.SOURCE,
                "site",
                Standing.Condition.FAILING,
                "cannot reach it: \"why\"",
                NOW,
                NOW.plusSeconds(5),
                Optional.of(NOW.plusSeconds(8)),
                "c0ffee",
                "",
                "d1ge57",
                Optional.of(new Instead(Set.of("", "blog"), "cannot reach another one")),
                List.of(),
                List.of());
        Standing shop = Standing.unknown(Standing.Subject.DEPLOYMENT, "shop", NOW)
                .at("c0ffee", "abc")
                .ailing(
                        List.of(
                                new Standing.Replaced("db", 1, 1, NOW),
                                new Standing.Replaced("web", 7, 3, NOW.plusSeconds(5))),
                        List.of(new Standing.Unhealthy("ab".repeat(32), NOW, NOW.plusSeconds(60))));
        store.commit(
                leader,
                Commit.standings(leader.name(), new Commit.Standings(List.of(source, shop), List.of()), List.of()));
        assertThat(store().standings()).containsExactlyInAnyOrder(source, shop);
        Standing well = source.with(Standing.Condition.OK, "", NOW.plusSeconds(9));
        store.commit(
                leader, Commit.standings(leader.name(), new Commit.Standings(List.of(well), List.of(shop)), List.of()));
        assertThat(store().standings()).containsExactly(well);
    }

    @Test
    void keepsGrantsWholeAndTheirEventsByThemselves() {
        Store store = store();
        Lease lease = lease(store, Store.ACCESS);
        Grant token = new Grant(
                new Principal("ci", Scope.DEPLOY, new TreeSet<>(List.of("shop", "blog")), Optional.of(NOW)),
                Credential.Token.of("ptl_x"),
                NOW,
                "ada@host",
                Optional.of(NOW.plusSeconds(5)));
        Grant key = new Grant(
                Principal.of("laptop", Scope.ADMIN, List.of()),
                new Credential.Key(SshKey.read(SshKeyTest.ED25519)),
                NOW,
                "ada@host",
                Optional.empty());
        AccessRemoved told = new AccessRemoved("token", "ci", "ada@host", "command line");
        store.commit(lease, Commit.grants(lease.name(), new Commit.Grants(List.of(token, key), List.of()), List.of()));
        assertThat(store().grants()).containsExactlyInAnyOrder(token, key);
        store.commit(
                lease,
                Commit.grants(
                        lease.name(),
                        new Commit.Grants(List.of(key.usedAt(NOW)), List.of("ci")),
                        List.of(
                                new Event(NOW, "", 0, told),
                                new Event(NOW, "", 0, new UnknownEvent("x", "", "", "y")))));
        assertThat(store().grants()).containsExactly(key.usedAt(NOW));
        List<Event> audit = store().auditBefore("", 10);
        assertThat(audit).hasSize(1);
        assertThat(store().events("", 10)).hasSize(2).contains(audit.getFirst());
        assertThat(audit.getFirst().data()).isEqualTo(told);
        assertThat(store().auditBefore(audit.getFirst().id(), 10)).isEmpty();
    }

    @Test
    void howFarAReaderCameIsKeptUnderItsLock() {
        Store store = store();
        Lease reader = lease(store, "notifications/team");
        assertThat(store.position("team")).isEmpty();
        store.position(reader, "team", "17-0");
        store.position(reader, "team", "18-3");
        assertThat(store().position("team")).contains("18-3");
        assertThat(store.position("other")).isEmpty();
        reader.close();
        Lease next = lease(store, "notifications/team");
        assertThatThrownBy(() -> store.position(reader, "team", "19-0"))
                .isInstanceOfSatisfying(
                        StoreException.class, lost -> assertThat(lost.kind()).isEqualTo(Kind.FENCED));
        store.position(next, "team", "20-0");
        assertThat(store.position("team")).contains("20-0");
    }

    @Test
    void keepsInstructionsUntilTheyEnd() {
        Store store = store();
        Lease lease = lease(store, Store.INSTRUCTIONS);
        Instruction suspended = new Instruction(
                Instruction.Kind.SUSPENDED,
                Standing.Subject.DEPLOYMENT,
                "shop",
                "",
                "ada@host",
                NOW.plusNanos(7),
                "a \"reason\"",
                "");
        Instruction scaled = new Instruction(
                Instruction.Kind.BY_HAND,
                Standing.Subject.DEPLOYMENT,
                "shop",
                "scale web",
                "ada@host",
                NOW,
                "scale web=3",
                "");
        Instruction agreed = new Instruction(
                Instruction.Kind.APPROVED, Standing.Subject.SOURCE, "shop", "", "bob@host", NOW, "removes 2", "d1ge57");
        store.commit(
                lease,
                Commit.instructions(
                        lease.name(),
                        new Commit.Instructions(List.of(suspended, scaled, agreed), List.of()),
                        List.of()));
        assertThat(store().instructions()).containsExactlyInAnyOrder(suspended, scaled, agreed);
        Instruction again = new Instruction(
                Instruction.Kind.SUSPENDED,
                Standing.Subject.DEPLOYMENT,
                "shop",
                "",
                "bob@host",
                NOW.plusSeconds(1),
                "",
                "");
        store.commit(
                lease,
                Commit.instructions(
                        lease.name(), new Commit.Instructions(List.of(again), List.of(scaled, agreed)), List.of()));
        assertThat(store().instructions()).containsExactly(again);
    }

    @Test
    void whoCameLastSupersedesThoseBefore() {
        Store one = store();
        Store two = store();
        Lease running = lease(one, "shop");
        long first = one.arrive("shop", "the first", 0);
        assertThat(first).isGreaterThan(running.token());
        assertThat(one.supersededBy("shop", first)).isEmpty();

        long second = two.arrive("shop", "the second", 0);
        assertThat(second).isGreaterThan(first);
        assertThat(one.supersededBy("shop", first).orElseThrow()).contains("the second");
        assertThat(two.supersededBy("shop", second)).isEmpty();
        assertThat(two.supersededBy("blog", 0)).isEmpty();

        running.close();
        Lease later = lease(one, "shop");
        assertThat(later.token()).as("who came last keeps nobody from the lock").isGreaterThan(second);
        assertThat(one.arrive("shop", "the third", later.token())).isEqualTo(later.token());
        assertThat(two.supersededBy("shop", second).orElseThrow()).contains("the third");
    }

    @Test
    void whoTookTheLockEarlierDoesNotSupersedeWhoCameMeanwhile() {
        Store store = store();
        Lease lease = lease(store, "shop");
        long ticket = store.arrive("shop", "the later", 0);
        assertThat(store.arrive("shop", "the holder", lease.token())).isEqualTo(lease.token());
        assertThat(store.supersededBy("shop", ticket)).isEmpty();
        assertThat(store.supersededBy("shop", lease.token()).orElseThrow()).contains("the later");
    }

    @Test
    void aFlushForgetsWhoCameButNewTicketsGrow() throws Exception {
        Store store = store();
        Lease lease = lease(store, "shop");
        store.arrive("shop", "before", 0);
        flush();
        // A flushed server counts on from its clock, which is in milliseconds.
        TimeUnit.MILLISECONDS.sleep(2);
        assertThat(store.supersededBy("shop", lease.token())).isEmpty();
        assertThat(store.arrive("shop", "after", 0)).isGreaterThan(lease.token());
        assertThat(store.supersededBy("shop", lease.token())).isPresent();
    }

    @Test
    void aLeaseThatWasGivenBackChangesNothing() {
        Store store = store();
        Lease old = lease(store, "shop");
        store.commit(old, Commit.of(fullState("shop")));
        old.close();
        Commit change = Commit.removal("shop", List.of(event(1, "no")));
        assertFenced(store, old, change);
        lease(store(), "shop");
        assertFenced(store, old, change);
        assertThat(store.deployment("shop")).isPresent();
        assertThat(store.events("", 10)).isEmpty();
    }

    @Test
    void aFlushLosesDataButNoTokenAndNoHolder() {
        Store store = store();
        store.claim("0badcafe");
        Lease lease = lease(store, "shop");
        store.commit(lease, Commit.of(fullState("shop")));
        flush();
        assertThat(store.deployments()).isEmpty();
        assertThat(store.installation()).isEmpty();
        assertThat(lease.held()).isTrue();
        store.commit(lease, Commit.of(fullState("shop")));
        assertThat(store.deployment("shop")).contains(fullState("shop"));
        assertThat(lease(store, "blog").token()).isGreaterThan(lease.token());
        lease.close();
        flush();
        assertThat(lease(store, "shop").token()).isGreaterThan(lease.token());
        assertFenced(store, lease, Commit.of(fullState("shop")));
    }

    public static void assertFenced(Store store, Lease lease, Commit commit) {
        assertThatThrownBy(() -> store.commit(lease, commit))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FENCED));
    }

    /** Waits until something holds; fails after ten seconds. */
    public static void await(BooleanSupplier holds) throws InterruptedException {
        awaitWithin(Duration.ofSeconds(10), holds);
    }

    /** Waits until something holds; fails when it does not in time. */
    public static void awaitWithin(Duration limit, BooleanSupplier holds) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("waited too long").isNegative();
            Thread.sleep(5);
        }
    }

    private static AskedChange asked(String key) {
        return new AskedChange(
                key,
                1,
                "d1",
                "0a",
                List.of("shop"),
                "POST /v1/deployments/shop/scale",
                "ann \u00e4",
                NOW,
                false,
                new TreeMap<>(),
                Optional.empty());
    }

    private static Commit keep(AskedChange asked) {
        return Commit.asked("shop", Commit.Asked.of(asked), List.of());
    }

    @Test
    void whatWasAskedForWithAKeyIsKeptAndWrittenInTurn() {
        Store store = store();
        Lease lease = lease(store, "shop");
        assertThat(store.asked()).isEqualTo(Commit.Asked.UNCHANGED);
        store.commit(
                lease,
                Commit.asked(
                        "shop",
                        new Commit.Asked(List.of(asked("a"), asked("b")), List.of(), Optional.of(NOW)),
                        List.of()));
        AskedChange released = asked("a").released("shop", 7);
        store.commit(lease, Commit.of(fullState("shop")).with(Commit.Asked.of(released)));
        AskedChange ended =
                released.ended(new AskedChange.End(NOW.plusSeconds(1), "failed", 7, "FAILED", "it was \"ill\""));
        store.commit(lease, keep(ended));
        store.commit(lease, keep(asked("b").beginning()));
        Commit.Asked kept = store().asked();
        assertThat(kept.since()).contains(NOW);
        assertThat(kept.now()).containsExactlyInAnyOrder(ended, asked("b").beginning());
        store.commit(lease, Commit.asked("shop", Commit.Asked.without("a"), List.of()));
        assertThat(store.asked().now()).containsExactly(asked("b").beginning());
        assertThat(store.asked().since()).contains(NOW);
        flush();
        assertThat(store.asked()).isEqualTo(Commit.Asked.UNCHANGED);
    }

    /** A leader that was frozen in the middle, and one that has taken over what it carried out. */
    @Test
    void whatAnotherOneCarriesOutIsChangedByNobodyElse() {
        Store store = store();
        Lease lease = lease(store, "shop");
        store.commit(lease, keep(asked("a")));
        store.commit(lease, keep(asked("a").again()));
        Commit late =
                Commit.of(fullState("shop")).with(Commit.Asked.of(asked("a").released("shop", 7)));
        assertThatThrownBy(() -> store.commit(lease, late))
                .isInstanceOfSatisfying(StoreException.class, failure -> assertThat(failure.kind())
                        .isEqualTo(Kind.FENCED));
        assertThat(store.deployment("shop")).isEmpty();
        assertThatThrownBy(() -> store.commit(lease, keep(asked("a")))).isInstanceOf(StoreException.class);
        assertThat(store.asked().now()).containsExactly(asked("a").again());
        // What the store lost stops nobody.
        flush();
        store.commit(lease, late);
        assertThat(store.asked().now()).containsExactly(asked("a").released("shop", 7));
    }
}
