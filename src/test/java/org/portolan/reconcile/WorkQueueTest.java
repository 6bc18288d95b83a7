package org.portolan.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.portolan.reconcile.Cause.Reason;

/** The queue's rules, one by one. */
class WorkQueueTest {
    private static final WorkKey SHOP = WorkKey.deployment("shop");
    private static final WorkKey SITE = WorkKey.source("site");
    private static final Pace PACE = new Pace(
            new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5), 0),
            Duration.ofSeconds(1),
            2,
            Duration.ofMinutes(10),
            1,
            2);

    private final WorkQueue queue = new WorkQueue(PACE);
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private void mark(WorkKey key, Reason reason) {
        queue.mark(key, Cause.of(reason), now);
    }

    private List<WorkKey> begun() {
        List<WorkKey> keys = new ArrayList<>();
        for (Optional<WorkQueue.Work> work = queue.next(now); work.isPresent(); work = queue.next(now)) {
            keys.add(work.get().key());
        }
        return keys;
    }

    private void end(WorkKey key, WorkResult result) {
        queue.ended(key, result, now, 0.5);
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    @Test
    void marksBeforeARunAreOneAndItKnowsWhy() {
        mark(SHOP, Reason.ENGINE);
        mark(SHOP, Reason.LOOK);
        WorkQueue.Work work = queue.next(now).orElseThrow();
        assertThat(work.key()).isEqualTo(SHOP);
        assertThat(work.causes()).containsExactly(Cause.of(Reason.ENGINE), Cause.of(Reason.LOOK));
        assertThat(begun()).isEmpty();
    }

    @Test
    void afterTheClockWasSetBackNothingWaitsForTheOldTime() {
        mark(SHOP, Reason.ENGINE);
        begun();
        end(SHOP, WorkResult.FAILED);
        now = now.minus(Duration.ofHours(1));
        queue.clockSetBack(now);
        assertThat(begun()).containsExactly(SHOP);
        assertThat(queue.load(now).runningSince()).contains(now);
        end(SHOP, WorkResult.FAILED);
        assertThat(begun()).as("failures are counted as before").isEmpty();
        pass(Duration.ofSeconds(2));
        assertThat(begun()).containsExactly(SHOP);
    }

    @Test
    void marksDuringARunCauseExactlyOneMore() {
        mark(SHOP, Reason.ENGINE);
        assertThat(begun()).containsExactly(SHOP);
        for (int i = 0; i < 20; i++) {
            mark(SHOP, Reason.ENGINE);
        }
        assertThat(begun()).isEmpty();
        end(SHOP, WorkResult.SETTLED);
        pass(PACE.pause());
        assertThat(begun()).containsExactly(SHOP);
        end(SHOP, WorkResult.SETTLED);
        pass(Duration.ofHours(1));
        assertThat(begun()).isEmpty();
        assertThat(queue.wakeAt()).isEmpty();
    }

    @Test
    void aMarkAfterARunWaitsForThePause() {
        mark(SHOP, Reason.ENGINE);
        begun();
        end(SHOP, WorkResult.SETTLED);
        mark(SHOP, Reason.ENGINE);
        assertThat(begun()).isEmpty();
        assertThat(queue.wakeAt()).contains(now.plus(PACE.pause()));
        pass(PACE.pause());
        assertThat(begun()).containsExactly(SHOP);
    }

    @Test
    void failuresBackOffAndSomethingNewStartsAtOnce() {
        mark(SHOP, Reason.ENGINE);
        for (int seconds : List.of(1, 2, 4, 8)) {
            assertThat(begun()).containsExactly(SHOP);
            end(SHOP, WorkResult.FAILED);
            assertThat(queue.wakeAt()).contains(now.plusSeconds(seconds));
            mark(SHOP, Reason.ENGINE);
            assertThat(begun()).as("an event does not shorten the wait").isEmpty();
            pass(Duration.ofSeconds(seconds));
        }
        assertThat(begun()).containsExactly(SHOP);
        end(SHOP, WorkResult.FAILED);
        assertThat(queue.progress(SHOP).failures()).isEqualTo(5);
        mark(SHOP, Reason.SOURCE);
        assertThat(begun()).containsExactly(SHOP);
        end(SHOP, WorkResult.FAILED);
        assertThat(queue.wakeAt()).as("it counts from the first again").contains(now.plusSeconds(1));
    }

    @Test
    void whatIsNewDuringAFailingRunStartsAtOnce() {
        mark(SHOP, Reason.ENGINE);
        begun();
        mark(SHOP, Reason.PERSON);
        end(SHOP, WorkResult.FAILED);
        assertThat(begun()).containsExactly(SHOP);
    }

    @Test
    void whatBreaksAgainAndAgainIsRepairedLessAndLessOften() {
        for (int seconds : List.of(1, 1, 1, 2, 4, 8)) {
            mark(SHOP, Reason.ENGINE);
            assertThat(begun()).containsExactly(SHOP);
            end(SHOP, WorkResult.REPAIRED);
            mark(SHOP, Reason.ENGINE);
            assertThat(queue.wakeAt()).contains(now.plusSeconds(seconds));
            pass(Duration.ofSeconds(seconds));
        }
        begun();
        end(SHOP, WorkResult.SETTLED);
        pass(PACE.calm().plusSeconds(1));
        mark(SHOP, Reason.ENGINE);
        begun();
        end(SHOP, WorkResult.REPAIRED);
        mark(SHOP, Reason.ENGINE);
        assertThat(queue.wakeAt()).as("calm for long enough").contains(now.plusSeconds(1));
    }

    @Test
    void soManySideBySideAndTheOneThatWaitsLongestFirst() {
        WorkKey a = WorkKey.deployment("a");
        WorkKey b = WorkKey.deployment("b");
        WorkKey c = WorkKey.deployment("c");
        mark(c, Reason.LOOK);
        pass(Duration.ofMillis(1));
        mark(b, Reason.LOOK);
        pass(Duration.ofMillis(1));
        mark(a, Reason.LOOK);
        mark(SITE, Reason.POLL);
        assertThat(begun()).containsExactlyInAnyOrder(c, b, SITE);
        assertThat(queue.wakeAt()).as("an end decides").isEmpty();
        end(b, WorkResult.SETTLED);
        assertThat(begun()).containsExactly(a);
    }

    @Test
    void oneThatMustWaitComesBack() {
        mark(SHOP, Reason.ENGINE);
        begun();
        end(SHOP, new WorkResult.Later(Duration.ofSeconds(2)));
        pass(Duration.ofMillis(1999));
        assertThat(begun()).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(begun()).containsExactly(SHOP);
        assertThat(queue.progress(SHOP).failures()).isZero();
    }

    @Test
    void onlyWhatIsInProgressCanEnd() {
        assertThatThrownBy(() -> end(SHOP, WorkResult.SETTLED)).isInstanceOf(IllegalStateException.class);
    }
}
