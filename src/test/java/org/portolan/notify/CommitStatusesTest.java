package org.portolan.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.config.Configurations;
import org.portolan.config.SourceSettings;
import org.portolan.engine.sim.Behaviour;
import org.portolan.model.Failure;
import org.portolan.model.service.Desired;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.operate.Request;
import org.portolan.outgoing.Outgoing;
import org.portolan.sim.SimSite;

/** Releases of a simulated site, reported at a Git host. */
class CommitStatusesTest {
    private static final String COMMIT = "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c";

    @TempDir
    Path home;

    private final SimSite site = new SimSite(1);
    private final SimSite.Process process = site.process();
    private final RecordingOutgoing outgoing = new RecordingOutgoing();

    @BeforeEach
    void images() {
        site.engine.world().image("web:1", Behaviour.GOOD, 80);
        site.engine.world().image("web:2", Behaviour.GOOD, 80);
        site.engine.world().image("web:bad", Behaviour.neverHealthy(), 80);
    }

    private List<SourceSettings> sources(String kind, String more) throws Exception {
        Files.writeString(
                home.resolve("portolan.yaml"),
                "sources: {site: {url: \"git@git.internal:acme/si te.git\", ref: main, status: {kind: " + kind
                        + ", token: \"env:TOKEN\"}}" + more + "}\n");
        return Configurations.read(Map.of(), home).sources();
    }

    private Feed feed(List<SourceSettings> sources) {
        List<EventConsumer> consumers =
                Notifications.consumers(List.of(), sources, Map.of("TOKEN", "hunter2"), process.installation, outgoing);
        assertThat(consumers).hasSize(1);
        Feed feed = new Feed(process.installation, consumers.getFirst());
        feed.step();
        return feed;
    }

    private static Desired desired(String tag, String location) {
        Origin origin = new Origin(
                new SourceId(location, "Servicefile"), Optional.of(COMMIT), false, Optional.empty(), Optional.empty());
        return SimSite.desired(
                        "shop",
                        Map.of(
                                "web",
                                Map.of(
                                        "image",
                                        "web:" + tag,
                                        "ports",
                                        Map.of("http", 80L),
                                        "health",
                                        Map.of("http", "/up"))),
                        Map.of("web", 1))
                .from(origin);
    }

    private void pass(Feed feed) {
        for (int i = 0; i < 10; i++) {
            site.clock.advance(feed.step().plus(Duration.ofSeconds(1)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "github, https://git.internal/api/v3/repos/acme/si%20te/statuses/, Authorization, Bearer hunter2, state, context, success, failure",
        "gitea, https://git.internal/api/v1/repos/acme/si%20te/statuses/, Authorization, token hunter2, state, context, success, failure",
        "gitlab, https://git.internal/api/v4/projects/acme%2Fsi%20te/statuses/, PRIVATE-TOKEN, hunter2, state, name, success, failed"
    })
    void aCommitIsPendingAndThenGoodOrBad(
            String kind,
            String url,
            String header,
            String value,
            String state,
            String context,
            String success,
            String failure)
            throws Exception {
        Feed feed = feed(sources(kind, ""));
        process.deploy(desired("1", "ssh://git@git.internal/acme/si te"));
        try {
            process.deploy(desired("bad", "ssh://git@git.internal/acme/si te"));
        } catch (Failure rolledBack) {
            // As it should.
        }
        pass(feed);
        assertThat(outgoing.accepted).hasSize(4);
        for (Outgoing.Message message : outgoing.accepted) {
            assertThat(message.url()).isEqualTo(url + COMMIT);
            assertThat(message.headers()).containsEntry(header, value);
            assertThat(message.body())
                    .contains("\"" + context + "\":\"portolan/shop\"")
                    .doesNotContain("hunter2");
        }
        assertThat(outgoing.accepted)
                .extracting(message -> message.body().split("\"", 6)[3])
                .containsExactly("pending", success, "pending", failure);
        assertThat(outgoing.accepted.getFirst().body()).startsWith("{\"" + state + "\":");
    }

    @Test
    void whatIsOfAnotherSourceIsNotReported() throws Exception {
        Feed feed = feed(sources("gitea", ", other: {url: /srv/other}"));
        process.deploy(desired("1", "/srv/other"));
        pass(feed);
        assertThat(outgoing.sent).isEmpty();
    }

    @Test
    void whatAPersonChangesIsNoDeployOfTheCommit() throws Exception {
        Feed feed = feed(sources("gitea", ""));
        process.deploy(desired("1", "ssh://git@git.internal/acme/si te"));
        pass(feed);
        assertThat(outgoing.accepted).hasSize(2);
        process.perform(new Request.Scale("shop", Map.of("web", 2), SimSite.MANDATE));
        pass(feed);
        assertThat(process.installation
                        .store()
                        .releases("shop", 1)
                        .getFirst()
                        .origin()
                        .commit())
                .as("its release has the commit all the same")
                .contains(COMMIT);
        assertThat(outgoing.accepted).hasSize(2);
    }

    @Test
    void aHostThatIsAwayIsAskedAgainAndHoldsNoReleaseUp() throws Exception {
        Feed feed = feed(sources("gitea", ""));
        outgoing.always(502);
        assertThat(process.deploy(desired("1", "ssh://git@git.internal/acme/si te"))
                        .kind())
                .isEqualTo(org.portolan.release.Outcome.Kind.DONE);
        pass(feed);
        outgoing.always(201);
        site.clock.advance(Duration.ofMinutes(10));
        pass(feed);
        assertThat(outgoing.accepted).hasSize(2);
        assertThat(site.reports).noneMatch(event -> event.message().contains("hunter2"));
    }

    @Test
    void withoutItsTokenNothingIsSentAndThatIsSaid() throws Exception {
        List<SourceSettings> sources = sources("gitea", "");
        Feed feed = new Feed(
                process.installation,
                new CommitStatuses(
                        sources.getFirst(),
                        sources.getFirst().host().status().orElseThrow(),
                        sources,
                        Map.of(),
                        process.installation,
                        outgoing,
                        new Random(1)));
        feed.step();
        process.deploy(desired("1", "ssh://git@git.internal/acme/si te"));
        pass(feed);
        assertThat(outgoing.sent).isEmpty();
        assertThat(site.reports)
                .anyMatch(event -> event.message().contains("the environment variable TOKEN is not set"));
    }
}
