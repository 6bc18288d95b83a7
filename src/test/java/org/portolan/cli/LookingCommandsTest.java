package org.portolan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.event.DeploymentEvent.DeploymentRemoved;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventData;
import org.portolan.model.event.InstanceEvent.Change;
import org.portolan.model.event.InstanceEvent.InstanceChanged;
import org.portolan.model.event.InstanceEvent.Operation;
import org.portolan.model.event.InstanceEvent.StepBegins;
import org.portolan.model.labels.InstanceId;
import org.portolan.model.labels.Labels;
import org.portolan.model.routing.AccessLogPage;
import org.portolan.model.routing.AccessLogQuery;
import org.portolan.model.routing.RouteSet;
import org.portolan.model.service.Definition;
import org.portolan.model.service.Domain;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.model.service.Version;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Release;
import org.portolan.store.Commit;
import org.portolan.store.Lease;

class LookingCommandsTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    Path folder;

    SimParts parts;

    /** What the commands of this run work with. */
    SimParts parts(Path home) {
        return new SimParts(home);
    }

    @BeforeEach
    void oneDeployment() {
        parts = parts(folder);
        parts.proxy.ensureRunning();
        DeploymentState state = DeploymentState.empty("foo", new SourceId("/srv/site", "Servicefile"), NOON)
                .change()
                .lastRelease(2)
                .goodRelease(2)
                .services(new TreeMap<>(Map.of("redis", new Release.Placed(2, 1), "web", new Release.Placed(1, 2))))
                .meshPorts(new TreeMap<>(Map.of("redis", 15000)))
                .claims(List.of(
                        new DeploymentState.Claim("example.org", "/", org.portolan.model.Position.of("Servicefile"))))
                .build();
        Release release = new Release(
                "foo",
                2,
                new Origin(
                        state.owner(),
                        Optional.of("a1b2c3d4e5f6"),
                        false,
                        Optional.of("Ada <a@b>"),
                        Optional.of("Newer redis")),
                "ada@host",
                NOON,
                Optional.of(NOON.plusMillis(1500)),
                Release.Outcome.DONE,
                "",
                state.services(),
                List.of(),
                List.of());
        try (Lease lease = parts.store.acquire("foo", "test").orElseThrow()) {
            parts.store.commit(
                    lease,
                    Commit.of(state)
                            .with(release)
                            .with(List.of(
                                    new Version("redis", 2, Definition.of(Map.of("image", "company/redis:2")), NOON)))
                            .withEvents(List.of(new Event(
                                    NOON,
                                    "foo",
                                    2,
                                    new InstanceChanged(Change.CREATED, new InstanceId("foo", "redis", 2, 1))))));
        }
        parts.instance(
                "foo",
                "redis",
                2,
                1,
                Behaviour.GOOD.logging("ready"),
                Map.of(Labels.PORTS, "=21001/6379", Labels.ADDRESS, "10.1.0.1"));
    }

    private void domain(String host, Domain.AccessLog log) {
        Domain plain = new Domain(
                host,
                List.of("www." + host),
                new TreeMap<>(Map.of(
                        "/",
                        new Domain.Route(
                                List.of(new Domain.Target("foo", "web", "", 100)),
                                org.portolan.model.Position.of("Servicefile")))),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                false,
                false,
                new TreeMap<>(),
                Optional.empty(),
                log,
                org.portolan.model.Position.of("Servicefile"));
        parts.proxy.apply(new RouteSet("foo", List.of(), List.of(plain)));
    }

    @Test
    void anAccessLogIsShown() {
        domain("example.org", Domain.AccessLog.QUERY);
        parts.proxy.wroteDown(query -> new AccessLogPage(
                query.names().equals(Set.of("example.org", "www.example.org")) && query.tail() == 7
                        ? List.of(
                                "{\"time\":\"2026-11-28T12:00:00.250Z\",\"domain\":\"example.org\",\"host\":\"example.org\","
                                        + "\"service\":\"foo:web\",\"instance\":\"foo-web-1-2\",\"client\":\"203.0.113.7\","
                                        + "\"scheme\":\"https\",\"protocol\":\"HTTP/2.0\",\"method\":\"GET\",\"path\":\"/a\\u001b[2J\\u202e\","
                                        + "\"query\":\"b=c\",\"status\":200,\"request_bytes\":90,\"bytes\":1234,\"queue_ms\":0,"
                                        + "\"connect_ms\":1,\"first_byte_ms\":12,\"total_ms\":14,\"user_agent\":\"curl/8\"}",
                                "{\"time\":\"2026-11-28T12:00:01.000Z\",\"domain\":\"example.org\",\"host\":\"example.org\","
                                        + "\"service\":\"\",\"instance\":\"\",\"client\":\"203.0.113.7\",\"scheme\":\"http\","
                                        + "\"protocol\":\"HTTP/1.1\",\"method\":\"GET\",\"path\":\"/\",\"query\":\"\",\"status\":301,"
                                        + "\"request_bytes\":90,\"bytes\":162,\"queue_ms\":null,\"connect_ms\":null,"
                                        + "\"first_byte_ms\":null,\"total_ms\":0,\"user_agent\":\"\"}")
                        : List.of(),
                "1-2"));
        assertThat(parts.run("logs", "--access", "Example.org", "-n", "7")).isEqualTo(new CliRun(0, """
                2026-11-28T12:00:00.250Z 203.0.113.7 GET example.org/a\\u001b[2J\\u202e?b=c 200 1234 B 14 ms foo-web-1-2
                2026-11-28T12:00:01.000Z 203.0.113.7 GET example.org/ 301 162 B 0 ms -
                """, ""));
        CliRun json = parts.run("logs", "--access", "example.org", "-n", "7", "--json");
        assertThat(json.out().lines().toList())
                .hasSize(2)
                .first(org.assertj.core.api.InstanceOfAssertFactories.STRING)
                .startsWith("{\"type\":\"access\",\"time\":\"2026-11-28T12:00:00.250Z\",\"domain\":\"example.org\"")
                .contains("\"first_byte_ms\":12");
        assertThat(parts.run("status").out()).contains("    example.org  access log\n");
        assertThat(parts.run("inspect").out()).contains("access.log");
    }

    /** Two a page: what is asked for is shown, and neither less nor what came meanwhile. */
    @Test
    void linesOfAnAccessLogThatAreTooManyForOneAnswerAreShownAPageAfterTheOther() {
        domain("example.org", Domain.AccessLog.ON);
        List<AccessLogQuery> asked = new ArrayList<>();
        parts.proxy.wroteDown(query -> {
            asked.add(query);
            int from = Integer.parseInt(query.after().orElse("0"));
            List<String> lines = List.of(accessed(from), accessed(from + 1));
            return new AccessLogPage(lines, String.valueOf(from + 2), from < 6);
        });
        assertThat(paths("-n", "5")).containsExactly("/0", "/1", "/2", "/3", "/4");
        assertThat(paths("-n", "100000")).hasSize(8);
        assertThat(asked.getLast().after()).hasValue("6");
        asked.clear();
        assertThat(paths("--since", "2h")).hasSize(8);
        assertThat(asked.getFirst().tail()).as("all since then").isEqualTo(Integer.MAX_VALUE);
        assertThat(asked).allMatch(query -> query.since().isPresent());
    }

    private static String accessed(int number) {
        return "{\"time\":\"2026-11-28T12:00:00.250Z\",\"domain\":\"example.org\",\"path\":\"/" + number + "\"}";
    }

    private List<String> paths(String... options) {
        List<String> words = new ArrayList<>(List.of("logs", "--access", "example.org"));
        words.addAll(List.of(options));
        return parts.run(words.toArray(String[]::new))
                .out()
                .lines()
                .map(line -> line.replaceFirst(".* - (/[0-9]+) .*", "$1"))
                .toList();
    }

    @Test
    void whyThereIsNoAccessLogIsSaid() {
        domain("example.org", Domain.AccessLog.OFF);
        CliRun off = parts.run("logs", "--access", "www.example.org");
        assertThat(off.status()).isNotZero();
        assertThat(off.err()).contains("example.org has no access log", "write `access_log: true` to it");
        assertThat(parts.run("logs", "--access", "exmple.org").err())
                .contains("unknown domain 'exmple.org'", "did you mean example.org?");
        assertThat(parts.run("logs", "--access", "example.org", "web").err()).contains("cannot be used with NAME");
        assertThat(parts.run("logs", "--since", "10m").err()).contains("--since needs --access");
        assertThat(parts.run("logs", "--access", "example.org", "--since", "soon")
                        .err())
                .contains("--since does not understand 'soon'");
        assertThat(parts.run("status").out()).contains("    example.org\n").doesNotContain("access log");
    }

    @Test
    void listShowsDeploymentsServicesAndInstances() {
        assertThat(parts.run("list")).isEqualTo(new CliRun(0, """
                foo
                    redis
                        running  instance foo-redis-2-1  version 2
                    web
                        missing  version 1
                """, ""));
    }

    /** A service that is meant to end, and one that is not. */
    @Test
    void whatEndedAsItShallIsCompleted() {
        parts.instance("foo", "web", 1, 1, Behaviour.exitsAfter(java.time.Duration.ZERO, 0));
        parts.instance("foo", "web", 1, 2, Behaviour.GOOD);
        assertThat(parts.run("list").out()).contains("exited (0)  instance foo-web-1-1");
        assertThat(parts.run("status").out()).contains("    web  version 1  1 of 2 running\n");

        try (Lease lease = parts.store.acquire("foo", "test").orElseThrow()) {
            Definition task = Definition.of(Map.of("image", "task:1", "restart", "no", "completes", true));
            DeploymentState state = parts.store.deployment("foo").orElseThrow();
            parts.store.commit(lease, Commit.of(state).with(List.of(new Version("web", 1, task, NOON))));
        }
        assertThat(parts.run("list").out())
                .contains("completed  instance foo-web-1-1  version 1", "running  instance foo-web-1-2");
        assertThat(parts.run("status").out())
                .contains(
                        "    web  task:1  version 1  1 of 2 running, 1 completed\n", "        completed  foo-web-1-1");
        assertThat(parts.run("status", "--json").out()).contains("\"running\":1,\"completed\":1", "\"completed\":true");
        parts.engine.remove("foo-web-1-2", true);
        assertThat(parts.run("status").out()).contains("  1 of 2 completed\n");
    }

    @Test
    void listIsJsonToo() {
        assertThat(parts.run("list", "--json").out().lines())
                .hasSize(4)
                .first()
                .isEqualTo("{\"type\":\"deployment\",\"name\":\"foo\"}");
    }

    @Test
    void aDamagedEntryIsShown() {
        parts.memory.damage("foo");
        assertThat(parts.run("list").out()).contains("foo-redis-2-1", "its entry in the store is damaged");
        assertThat(parts.run("status").out()).contains("foo-redis-2-1", "its entry in the store is damaged");
    }

    @Test
    void whatRunsIsShownWhereTheStoreIsOlder() {
        parts.instance("foo", "redis", 3, 1, Behaviour.GOOD, Map.of(Labels.RELEASE, "3"));
        parts.instance("foo", "redis", 3, 2, Behaviour.GOOD, Map.of(Labels.RELEASE, "3"));
        assertThat(parts.run("status").out())
                .contains("    redis  version 3  ", "the store is older than the running instances");
    }

    @Test
    void withoutTheStoreTheLabelsAreShown() {
        parts.memory.down();
        CliRun run = parts.run("list");
        assertThat(run.out()).contains("running  instance foo-redis-2-1");
        assertThat(run.err()).contains("showing only what the engine knows");
    }

    @Test
    void anUnknownDeploymentNamesTheNearest() {
        CliRun run = parts.run("-D", "fooo", "status");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("unknown deployment 'fooo'", "did you mean 'foo'?");
    }

    @Test
    void statusShowsWhatRunsOfWhatShould() {
        assertThat(parts.run("status").out())
                .startsWith("foo  release 2 done  a1b2c3d  ")
                .contains(
                        "    from /srv/site:Servicefile\n",
                        "    redis  company/redis:2  version 2  1 of 1 running  on mesh port 15000\n",
                        "        running  foo-redis-2-1  at 10.1.0.1:21001  not routed\n",
                        "    web  version 1  0 of 2 running\n",
                        "    example.org\n");
    }

    private void serveRedis() {
        InstanceId id = new InstanceId("foo", "redis", 2, 1);
        RouteSet.Server server = new RouteSet.Server(id, "10.1.0.1", 21001, RouteSet.State.READY, 100);
        parts.proxy.apply(new RouteSet(
                "foo",
                List.of(new RouteSet.Backend(
                        "redis",
                        "",
                        false,
                        List.of("10.1.0.1"),
                        15000,
                        List.of(),
                        false,
                        Optional.empty(),
                        List.of(server))),
                List.of()));
    }

    @Test
    void statusShowsWhatTheProxySaysAndTheSameToPrograms() {
        serveRedis();
        assertThat(parts.run("status").out()).contains("running  foo-redis-2-1  at 10.1.0.1:21001  up");
        parts.proxy.answeredBy((any, check) -> false);
        assertThat(parts.run("status", "--json").out())
                .contains("\"image\":\"company/redis:2\"", "\"addresses\":[\"10.1.0.1:21001\"]", "\"health\":\"down");
    }

    @Test
    void statusSaysWhereTheProxiesDoNotAnswer() {
        serveRedis();
        parts.proxy.kill();
        CliRun run = parts.run("status");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("at 10.1.0.1:21001  health unknown");
        assertThat(run.err()).contains("the state of the proxies is unknown");
    }

    @Test
    void listingsTakeTheDeploymentAsAWordToo() {
        assertThat(parts.run("status", "foo")).isEqualTo(parts.run("status", "-D", "foo"));
        assertThat(parts.run("status", "foo").status()).isZero();
        assertThat(parts.run("list", "foo")).isEqualTo(parts.run("list"));
        assertThat(parts.run("status", "fo").err()).contains("did you mean 'foo'?");
        assertThat(parts.run("history", "1", "foo").err()).contains("portolan history -D foo");
    }

    @Test
    void emptyListsSayThatTheyAreToPeopleOnly(@TempDir Path other) {
        SimParts none = new SimParts(other);
        for (String command : List.of("list", "status", "history", "events")) {
            assertThat(none.run(command).out()).as(command).isEmpty();
            assertThat(none.run(command).err()).as(command).contains("yet");
            assertThat(none.run(command, "--json")).as(command).isEqualTo(new CliRun(0, "", ""));
        }
    }

    @Test
    void asManyEventsAreShownAsWereAskedFor() {
        try (Lease lease = parts.store.acquire("foo", "test").orElseThrow()) {
            for (int i = 0; i < 6; i++) {
                InstanceId id = new InstanceId("foo", "redis", 2, i + 1);
                for (EventData data :
                        List.of(new StepBegins(Operation.CREATE, id), new InstanceChanged(Change.CREATED, id))) {
                    parts.store.commit(lease, Commit.events("foo", List.of(new Event(NOON, "foo", 2, data))));
                }
            }
        }
        assertThat(parts.run("events", "-n", "5").out().lines())
                .hasSize(5)
                .allMatch(line -> line.contains("New instance id"));
        assertThat(parts.run("events", "-n", "5", "-D", "foo").out().lines()).hasSize(5);
        assertThat(parts.run("events", "-n", "5", "--json").out().lines()).hasSize(5);
    }

    @Test
    void eventsAfterAnIdAreShown() {
        try (Lease lease = parts.store.acquire("foo", "test").orElseThrow()) {
            Event last = new Event(NOON, "foo", 0, new DeploymentRemoved("ada@host", ""));
            parts.store.commit(lease, Commit.events("foo", List.of(last)));
        }
        assertThat(parts.run("events", "--since", "1").out().lines())
                .singleElement()
                .asString()
                .endsWith("foo  Removed foo  by ada@host");
        assertThat(parts.run("events", "--since", "1", "--json").out())
                .contains("\"id\":\"2\"", "\"kind\":\"deployment-removed\"", "\"who\":\"ada@host\"");
        assertThat(parts.run("events", "--since", "2")).isEqualTo(new CliRun(0, "", ""));
        assertThat(parts.run("events", "--since", "yesterday").status()).isEqualTo(2);
    }

    @Test
    void aReleaseThatNobodyBringsAboutIsInterrupted() {
        DeploymentState state = parts.store.deployment("foo").orElseThrow();
        Release third = new Release(
                "foo",
                3,
                new Origin(state.owner(), Optional.empty(), false, Optional.empty(), Optional.empty()),
                "ada@host",
                NOON,
                Optional.empty(),
                Release.Outcome.RUNNING,
                "",
                state.services(),
                List.of(),
                List.of());
        try (Lease lease = parts.store.acquire("foo", "test").orElseThrow()) {
            parts.store.commit(
                    lease,
                    Commit.of(state.change()
                                    .lastRelease(3)
                                    .running(Optional.of(new DeploymentState.Running(3, false, new TreeMap<>())))
                                    .build())
                            .with(third));
            assertThat(parts.run("status").out())
                    .contains("release 3 running", "release 3 is in progress", "locked by ");
            assertThat(parts.run("history").out()).contains("3   running ");
        }
        assertThat(parts.run("status").out())
                .contains("release 3 interrupted", "release 3 was interrupted; a deploy continues it")
                .doesNotContain("in progress", "locked by");
        assertThat(parts.run("history").out()).contains("3   interrupted ").doesNotContain("running");
        assertThat(parts.run("history", "--json").out()).contains("\"outcome\":\"interrupted\"");
    }

    @Test
    void historyShowsReleases() {
        assertThat(parts.run("history").out())
                .startsWith("foo\n    2   done        a1b2c3d   ")
                .endsWith("1.5s      ada@host  Newer redis\n");
        assertThat(parts.run("history", "2").out())
                .contains("redis  version 2  scale 1", "New instance id foo-redis-2-1");
        assertThat(parts.run("history", "9").status()).isEqualTo(2);
        assertThat(parts.run("history", "x").status()).isEqualTo(2);
    }

    @Test
    void eventsShowWhatHappened() {
        assertThat(parts.run("events").out()).endsWith("foo release 2  New instance id foo-redis-2-1\n");
        assertThat(parts.run("events", "-D", "other").out()).isEmpty();
        assertThat(parts.run("events", "-D", "other").err()).isEqualTo("No events yet.\n");
    }

    @Test
    void logsShowOutput() {
        assertThat(parts.run("logs", "redis").out()).isEqualTo("ready\n");
        assertThat(parts.run("logs", "foo-redis-2-1").out()).isEqualTo("ready\n");
        assertThat(parts.run("logs", "foo-redis-2-2").err()).contains("unknown service or instance 'foo-redis-2-2'");
    }

    @Test
    void aTerminalForACommandNeedsOne() {
        CliRun run = parts.run("exec", "-it", "redis", "sh");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("standard input is not a terminal", "exec -i");
    }

    @Test
    void inspectShowsEverything() {
        assertThat(parts.run("inspect").out()).contains("\"owner\" : \"/srv/site:Servicefile\"");
        assertThat(parts.run("inspect", "redis").out()).contains("\"version\" : 2", "\"foo-redis-2-1\"");
        assertThat(parts.run("inspect", "foo-redis-2-1").out()).contains("\"state\" : \"running\"");
    }
}
