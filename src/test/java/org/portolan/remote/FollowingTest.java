package org.portolan.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.portolan.remote.ScriptedController.json;
import static org.portolan.remote.ScriptedController.stream;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.portolan.json.StrictJson;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.NeedsConsent;
import org.portolan.model.event.Event;
import org.portolan.model.service.Origin;
import org.portolan.model.service.SourceId;
import org.portolan.operate.Caller;
import org.portolan.operate.Mandate;
import org.portolan.operate.Request;
import org.portolan.release.DeployOptions;
import org.portolan.release.Outcome;
import org.portolan.servicefile.expand.Macros;
import org.portolan.source.LocalFiles;
import org.portolan.source.Located;
import org.portolan.sync.LoadedSource;
import org.portolan.sync.SourceLoader;
import org.portolan.sync.SourceRequest;
import org.portolan.sync.Sync;

/** What becomes of a change whose controller, or the way to it, is away for moments. */
@Timeout(60)
class FollowingTest {
    private static final Patience SHORT = new Patience(Duration.ofMillis(200), Duration.ofMillis(20));
    private static final Patience LONG = new Patience(Duration.ofSeconds(30), Duration.ofMillis(20));
    private static final String END =
            "{\"n\":9,\"operation\":{\"id\":\"x\",\"deployment\":\"shop\",\"outcome\":\"done\"}}\n";
    private static final String EVENTS = "GET /v1/operations/x/events";

    @TempDir
    Path folder;

    private static StrictJson follow(
            ApiClient client, Patience patience, Consumer<StrictJson> sink, BooleanSupplier interrupted) {
        return new Following(client, "x", Map.of(), sink, interrupted, patience).end();
    }

    private static String problem(String kind) {
        return "{\"kind\":\"" + kind + "\",\"detail\":\"no\"}";
    }

    @Test
    void anAnswerThatDidNotArriveIsSentAgain() throws Exception {
        AtomicInteger lost = new AtomicInteger(2);
        try (ScriptedController there =
                        new ScriptedController(what -> lost.getAndDecrement() > 0 ? "" : json(409, problem("stale")));
                ApiClient client = there.client()) {
            // The second one arrived, and only what was answered did not.
            new Submission(client, "me", event -> {}, LONG).answer("x", 1, true);
            assertThat(there.asked).hasSize(3).containsOnly("POST /v1/operations/x/answer");
            Failure late = catchThrowableOfType(
                    Failure.class, () -> new Submission(client, "me", event -> {}, LONG).answer("x", 1, true));
            assertThat(late.kind()).isEqualTo(Kind.STALE);
            lost.set(Integer.MAX_VALUE);
            Failure away = catchThrowableOfType(
                    Failure.class, () -> new Submission(client, "me", event -> {}, SHORT).answer("x", 1, true));
            assertThat(away.kind()).isEqualTo(Kind.UNREACHABLE);
        }
    }

    @Test
    void aLineThatCouldNotBeDealtWithComesAgain() throws Exception {
        List<Integer> seen = new ArrayList<>();
        try (ScriptedController there = new ScriptedController(
                        what -> what.endsWith("after=0") ? stream("{\"n\":1,\"event\":\"\"}\n" + END) : stream(END));
                ApiClient client = there.client()) {
            follow(
                    client,
                    LONG,
                    line -> {
                        seen.add(line.number("n"));
                        if (seen.size() == 1) {
                            throw new Failure(Kind.UNREACHABLE, "no");
                        }
                    },
                    () -> false);
        }
        assertThat(seen).containsExactly(1, 1);
    }

    @Test
    void aSilentStreamThatIsCutAgainAndAgainIsNoLoss() throws Exception {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(600);
        try (ScriptedController there = new ScriptedController(what -> stream(System.nanoTime() < until ? "" : END));
                ApiClient client = there.client()) {
            assertThat(follow(client, SHORT, line -> {}, () -> false).text("id"))
                    .isEqualTo("x");
        }
        try (ScriptedController away = new ScriptedController(what -> "");
                ApiClient client = away.client()) {
            assertThatThrownBy(() -> follow(client, SHORT, line -> {}, () -> false))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("has not answered for 200ms");
        }
    }

    @Test
    void aWishToStopIsSaidUntilItIsHeard() throws Exception {
        CountDownLatch stops = new CountDownLatch(3);
        AtomicInteger said = new AtomicInteger();
        try (ScriptedController there = new ScriptedController(what -> {
                    if (what.startsWith(EVENTS)) {
                        await(stops);
                        return stream(END);
                    }
                    stops.countDown();
                    return switch (said.incrementAndGet()) {
                        case 1 -> "";
                        case 2 -> json(503, problem("unreachable"));
                        default -> json(202, "{}");
                    };
                });
                ApiClient client = there.client()) {
            follow(client, LONG, line -> {}, () -> true);
            assertThat(there.asked("POST /v1/operations/x/interrupt")).isEqualTo(3);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    /** The controller keeps them for the last few changes only. */
    @Test
    void aDeployWhoseLinesAreNoLongerKeptHasTheEndOfItsOperation() throws Exception {
        for (String outcome : List.of("done", "no_changes")) {
            List<String> told = new ArrayList<>();
            try (ScriptedController there = new ScriptedController(what -> what.startsWith(EVENTS)
                            ? stream("{\"n\":8,\"skipped\":8}\n" + END.replace("done", outcome))
                            : json(202, "{\"id\":\"x\"}"));
                    ApiClient client = there.client()) {
                Sync.Result result = new RemoteDeploys(client, event -> told.add(text(event)), finding -> {})
                        .deploy(
                                source(),
                                Optional.empty(),
                                Request.Apply.Terms.ORDINARY,
                                Mandate.of(new Caller.Person("me")),
                                DeployOptions.DEFAULT,
                                new Silent());
                assertThat(result).isEqualTo(new Sync.Result(outcome.equals("done") ? 1 : 0, false, false));
            }
            assertThat(told).containsExactly("WARNING 8 lines are left out");
        }
    }

    private static String text(Event event) {
        return event.level() + " " + event.message();
    }

    private LoadedSource source() throws Exception {
        Path root = folder.toRealPath();
        Files.writeString(root.resolve("Servicefile"), "web: {image: \"web:1\"}\n");
        SourceId id = new SourceId(root.resolve("Servicefile").toString(), "");
        Located located =
                new Located(new LocalFiles(root, root, false), "Servicefile", id, () -> Origin.of(id), Optional::empty);
        SourceRequest request =
                new SourceRequest(new SourceRequest.Place.Found(located), Map.of(), Optional.of("shop"), false, false);
        return SourceLoader.read(request, located, Macros.of(Map.of()), List.of(), Instant.EPOCH);
    }

    /** Expects nothing. */
    private static final class Silent implements Sync.Watcher {
        @Override
        public void done(Outcome outcome) {
            throw new AssertionError(outcome);
        }

        @Override
        public void failed(Failure failure) {
            throw new AssertionError(failure);
        }

        @Override
        public boolean agrees(NeedsConsent needs) {
            throw new AssertionError(needs);
        }

        @Override
        public void moved(String text) {
            throw new AssertionError(text);
        }
    }
}
