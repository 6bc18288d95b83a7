package org.portolan.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.config.NotificationSettings;
import org.portolan.config.NotificationSettings.Address;
import org.portolan.config.NotificationSettings.Format;
import org.portolan.config.SecretReference;
import org.portolan.json.JsonTree;
import org.portolan.model.Position;
import org.portolan.model.event.ControllerEvent.ConditionChanged;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventData;
import org.portolan.model.event.ReleaseEvent.ReleaseDone;
import org.portolan.model.event.ReleaseEvent.ReleaseFailed;
import org.portolan.model.event.ReleaseEvent.ReleaseStarted;
import org.portolan.model.event.ReleaseEvent.RollbackDone;
import org.portolan.outgoing.Outgoing;
import org.portolan.sim.SimSite;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.webhook.HookRequest;
import org.portolan.webhook.TimedSignature;
import org.portolan.webhook.Verdict;
import org.portolan.webhook.Webhooks;

/** Notifications of the events in a store, in virtual time. */
class FeedTest {
    private static final Set<String> ALL =
            Set.of("started", "succeeded", "failed", "rolled-back", "pending-approval", "drift");

    @TempDir
    Path folder;

    private final SimSite site = new SimSite(1);
    private final SimSite.Process process = site.process();
    private final RecordingOutgoing outgoing = new RecordingOutgoing();
    private Feed feed = feed(settings(ALL, Format.JSON, Optional.empty()));

    private static NotificationSettings settings(Set<String> events, Format format, Optional<Path> template) {
        return new NotificationSettings(
                "team",
                new Address.Plain("https://chat.internal/hunter2"),
                events,
                Set.of(),
                format,
                template,
                Optional.of(new SecretReference("SECRET", Optional.empty(), "here")),
                Position.of("portolan.yaml"));
    }

    private Feed feed(NotificationSettings settings) {
        return feed(settings, process);
    }

    private void replace(NotificationSettings settings) {
        feed.close();
        feed = feed(settings);
    }

    private Feed feed(NotificationSettings settings, SimSite.Process of) {
        return new Feed(
                of.installation,
                new NotificationTarget(settings, Map.of("SECRET", "s3cr3t"), of.installation, outgoing, new Random(1)));
    }

    private Instant due = Instant.MIN;

    @BeforeEach
    void theFirstLookBeginsAtTheEnd() {
        happens("shop", 1, new ReleaseDone(Optional.empty(), ""));
        run(Duration.ofSeconds(5));
        assertThat(outgoing.sent)
                .as("what was before the first start is no news")
                .isEmpty();
    }

    private void happens(String deployment, int release, EventData data) {
        try (Lease lease = process.installation.store().acquire("test", "test").orElseThrow()) {
            process.installation
                    .store()
                    .commit(
                            lease,
                            Commit.events(
                                    deployment, List.of(new Event(site.clock.instant(), deployment, release, data))));
        }
    }

    private void run(Duration time) {
        Instant end = site.clock.instant().plus(time);
        while (site.clock.instant().isBefore(end)) {
            Instant now = site.clock.instant();
            if (!now.isBefore(due)) {
                Duration pause = feed.step();
                due = now.plus(pause.compareTo(Duration.ofMillis(10)) < 0 ? Duration.ofMillis(10) : pause);
            }
            site.clock.advance(Duration.between(now, due.isBefore(end) ? due : end));
        }
    }

    private List<Object> told() {
        List<Object> told = new ArrayList<>();
        for (Outgoing.Message message : outgoing.accepted) {
            told.add(field(message, "event") + " " + field(message, "release"));
        }
        return told;
    }

    private static Object field(Outgoing.Message message, String name) {
        try {
            Object tree = JsonTree.read(message.body().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return String.valueOf(((Map<?, ?>) tree).get(name));
        } catch (org.portolan.json.NotJson broken) {
            throw new AssertionError(message.body(), broken);
        }
    }

    @Test
    void anEventThatAConsumerHasAFaultWithIsLeftOut() {
        List<Integer> taken = new ArrayList<>();
        EventConsumer consumer = new EventConsumer() {
            @Override
            public String name() {
                return "faulty";
            }

            @Override
            public Taken take(List<Event> batch, Instant now) {
                if (batch.stream().anyMatch(event -> event.release() == 3)) {
                    throw new IllegalStateException("a template that nobody tried");
                }
                batch.forEach(event -> taken.add(event.release()));
                return new Taken(batch.getLast().id(), true, Duration.ZERO);
            }
        };
        feed.close();
        feed = new Feed(process.installation, consumer);
        feed.step();
        for (int release = 2; release <= 4; release++) {
            happens("shop", release, new ReleaseStarted("ann@desk", ""));
        }
        due = Instant.MIN;
        run(Duration.ofSeconds(5));
        assertThat(taken).containsExactly(2, 4);
        assertThat(site.reports)
                .extracting(Event::message)
                .filteredOn(text -> text.contains("a template that nobody tried"))
                .hasSize(1);
    }

    @Test
    void aReleaseIsToldFromItsStartToItsEnd() {
        happens("shop", 2, new ReleaseStarted("ann@desk", ""));
        happens("shop", 2, new ReleaseDone(Optional.of(Duration.ofSeconds(9)), ""));
        happens("shop", 3, new ReleaseStarted("ann@desk", ""));
        happens("shop", 3, new ReleaseFailed("web-3-1 is unhealthy"));
        happens("shop", 3, new RollbackDone("rolled back to release 2", false));
        run(Duration.ofSeconds(10));
        assertThat(told()).containsExactly("started 2", "succeeded 2", "started 3", "failed 3", "rolled-back 3");
        Outgoing.Message failed = outgoing.accepted.get(3);
        assertThat(field(failed, "message")).isEqualTo("Release 3 failed, rolling back: web-3-1 is unhealthy");
        assertThat(field(failed, "deployment")).isEqualTo("shop");
        Verdict verdict = Webhooks.read(
                new HookRequest(failed.headers(), failed.body().getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                List.of("s3cr3t"),
                site.clock.instant());
        assertThat(verdict).as("signed as plain deliveries are").isInstanceOf(Verdict.Push.class);
        assertThat(failed.headers()).containsKeys(TimedSignature.HEADER, "X-Portolan-Delivery");
    }

    @Test
    void whatATargetDidNotAskForIsNotSent() {
        replace(settings(Set.of("failed"), Format.JSON, Optional.empty()));
        run(Duration.ofSeconds(2));
        happens("shop", 2, new ReleaseStarted("ann@desk", ""));
        happens("shop", 2, new ReleaseFailed("no"));
        run(Duration.ofSeconds(5));
        assertThat(told()).containsExactly("failed 2");
    }

    @Test
    void aTargetThatIsAwayGetsAllInOrderAndIsNotHammered() {
        outgoing.always(0);
        happens("shop", 2, new ReleaseStarted("ann@desk", ""));
        run(Duration.ofHours(1));
        assertThat(outgoing.sent).hasSizeBetween(12, 40);
        assertThat(site.reports)
                .filteredOn(event -> event.message().contains("was not accepted"))
                .as("said once")
                .hasSize(1)
                .allSatisfy(event -> assertThat(event.message()).doesNotContain("hunter2"));
        happens("shop", 2, new ReleaseDone(Optional.empty(), ""));
        outgoing.always(204);
        run(Duration.ofMinutes(8));
        assertThat(told()).containsExactly("started 2", "succeeded 2");
    }

    @Test
    void whatIsOlderThanADayIsNoNews() {
        outgoing.always(503);
        happens("shop", 2, new ReleaseStarted("ann@desk", ""));
        run(Duration.ofHours(20));
        happens("shop", 2, new ReleaseFailed("no"));
        run(Duration.ofHours(5));
        outgoing.always(200);
        run(Duration.ofMinutes(8));
        assertThat(told()).containsExactly("failed 2");
        assertThat(site.reports).anyMatch(event -> event.message().contains("older than a day"));
    }

    @Test
    void whatIsNeverAcceptedHoldsNothingUp() {
        outgoing.answers(404);
        happens("shop", 2, new ReleaseStarted("ann@desk", ""));
        happens("shop", 2, new ReleaseDone(Optional.empty(), ""));
        run(Duration.ofSeconds(5));
        assertThat(outgoing.sent).hasSize(2);
        assertThat(told()).containsExactly("succeeded 2");
    }

    @Test
    void aTargetSaysWhenItWantsToBeAskedAgain() {
        outgoing.retryAfter(Duration.ofSeconds(90));
        happens("shop", 2, new ReleaseStarted("ann@desk", ""));
        run(Duration.ofSeconds(80));
        assertThat(outgoing.sent).hasSize(1);
        run(Duration.ofSeconds(30));
        assertThat(told()).containsExactly("started 2");
    }

    @Test
    void anotherLeaderContinuesWhereTheLastOneLeft() {
        happens("shop", 2, new ReleaseStarted("ann@desk", ""));
        run(Duration.ofSeconds(3));
        process.die();
        SimSite.Process standby = site.process();
        feed = feed(settings(ALL, Format.JSON, Optional.empty()), standby);
        try (Lease lease = standby.installation.store().acquire("test", "test").orElseThrow()) {
            standby.installation
                    .store()
                    .commit(
                            lease,
                            Commit.events(
                                    "shop",
                                    List.of(new Event(
                                            site.clock.instant(), "shop", 2, new ReleaseDone(Optional.empty(), "")))));
        }
        run(Duration.ofSeconds(10));
        assertThat(told()).as("nothing twice, nothing lost").containsExactly("started 2", "succeeded 2");
    }

    @Test
    void onlyOneSendsAtATime() {
        Feed other = feed(settings(ALL, Format.JSON, Optional.empty()), site.process());
        happens("shop", 2, new ReleaseStarted("ann@desk", ""));
        other.step();
        run(Duration.ofSeconds(3));
        other.step();
        assertThat(told()).containsExactly("started 2");
    }

    @Test
    void repairsAgainAndAgainAreToldOnceInAnHour() {
        for (int release = 2; release < 50; release++) {
            happens("shop", release, new ReleaseStarted("controller@host", "drift"));
            happens("shop", release, new ReleaseFailed("web-" + release + "-1 is unhealthy"));
            happens("", 0, new ConditionChanged("deployment", "shop", "failing", "web-" + release + "-1 is unhealthy"));
            happens("", 0, new ConditionChanged("deployment", "shop", "ok", ""));
            run(Duration.ofMinutes(1));
        }
        assertThat(outgoing.accepted).hasSizeBetween(2, 3);
        happens("blog", 2, new ReleaseFailed("web-2-1 is unhealthy"));
        run(Duration.ofSeconds(5));
        assertThat(told()).as("of another deployment").contains("failed 2");
    }

    @Test
    void aStormComesInOneRequest() {
        for (int i = 0; i < 150; i++) {
            happens("shop" + i, 2, new ReleaseStarted("ann@desk", ""));
            happens("shop" + i, 2, new ReleaseDone(Optional.empty(), ""));
        }
        run(Duration.ofMinutes(10));
        assertThat(outgoing.accepted).hasSizeLessThanOrEqualTo(10);
        int told = 0;
        for (Outgoing.Message message : outgoing.accepted) {
            told += field(message, "event").equals("digest") ? Integer.parseInt((String) field(message, "count")) : 1;
        }
        assertThat(told).isEqualTo(300);
    }

    @Test
    void inAnyMinuteTenRequestsAtMost() {
        for (int i = 0; i < 300; i++) {
            happens("shop" + i, 2, new ReleaseStarted("ann@desk", ""));
            run(Duration.ofSeconds(1));
        }
        assertThat(outgoing.sent).hasSizeBetween(25, 60);
    }

    @Test
    void aConditionIsTold() {
        happens("", 0, new ConditionChanged("source", "site", "pending-approval", "removes 2 of 3 deployments"));
        happens("", 0, new ConditionChanged("deployment", "shop", "drift", "1 of 2 instances is missing"));
        happens("", 0, new ConditionChanged("source", "site", "ok", ""));
        run(Duration.ofSeconds(5));
        assertThat(told()).containsExactly("pending-approval 0", "drift 0");
        assertThat(field(outgoing.accepted.get(0), "subject")).isEqualTo("source site");
    }

    @Test
    void aChatGetsTextThatLinksToNothing() {
        replace(settings(ALL, Format.SLACK, Optional.empty()));
        run(Duration.ofSeconds(2));
        happens("shop", 2, new ReleaseFailed("<!channel> & <http://evil|here>"));
        run(Duration.ofSeconds(5));
        assertThat(field(outgoing.accepted.getFirst(), "text"))
                .isEqualTo("❌ shop: Release 2 failed, rolling back: &lt;!channel&gt; &amp; &lt;http://evil|here&gt;");
    }

    @Test
    void aTemplateMakesTheBodyAndItsValuesAreSafe() throws Exception {
        Path template = folder.resolve("chat.mustache");
        Files.writeString(template, "{\"msg\":\"{{event}} {{deployment}}: {{message}}\",\"n\":{{count}}}");
        replace(settings(ALL, Format.MUSTACHE, Optional.of(template)));
        run(Duration.ofSeconds(2));
        happens("shop", 2, new ReleaseFailed("it said \"no\"\n, and more"));
        run(Duration.ofSeconds(5));
        assertThat(field(outgoing.accepted.getFirst(), "msg"))
                .isEqualTo("failed shop: Release 2 failed, rolling back: it said \"no\"\n, and more");

        Files.writeString(template, "{{nothing}}");
        happens("shop", 3, new ReleaseFailed("again"));
        run(Duration.ofSeconds(10));
        assertThat(outgoing.accepted).hasSize(1);
        assertThat(site.reports).anyMatch(event -> event.message().contains("unknown name {{nothing}}"));
        Files.writeString(template, "plain {{message}}");
        run(Duration.ofMinutes(1));
        assertThat(outgoing.accepted.get(1).headers()).containsEntry("Content-Type", "text/plain; charset=utf-8");
        Files.writeString(template, "{{>/etc/passwd}}");
        happens("shop", 4, new ReleaseFailed("once more"));
        run(Duration.ofMinutes(1));
        assertThat(outgoing.sent).hasSize(2);
    }

    @Test
    void aStoreThatWasFlushedIsReadFromItsNewEnd() {
        happens("shop", 2, new ReleaseStarted("ann@desk", ""));
        run(Duration.ofSeconds(3));
        try (Lease lease =
                process.installation.store().acquire("other", "other").orElseThrow()) {
            process.installation.store().position(lease, "notification team", "99999999999999-0");
        }
        feed.close();
        feed = feed(settings(ALL, Format.JSON, Optional.empty()));
        run(Duration.ofSeconds(3));
        happens("shop", 2, new ReleaseDone(Optional.empty(), ""));
        run(Duration.ofSeconds(3));
        assertThat(told()).containsExactly("started 2", "succeeded 2");
    }
}
