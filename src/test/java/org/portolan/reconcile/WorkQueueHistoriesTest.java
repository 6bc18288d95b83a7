package org.portolan.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.portolan.model.state.Standing.Subject;
import org.portolan.reconcile.Cause.Reason;
import org.portolan.testing.Seeds;

/**
 * Random histories of marks and ends: every mark is followed by a run that begins after it, no key has two runs at once, runs and
 * repairs in a minute are bounded, and the queue says exactly when the next run may begin.
 */
class WorkQueueHistoriesTest {
    private static final Pace PACE = Pace.USUAL;
    private static final Duration LONGEST =
            PACE.backoff().longest().multipliedBy(6).dividedBy(5);

    @Test
    void rulesHoldInRandomHistories() {
        for (long seed = 0; seed < Seeds.count(300); seed++) {
            try {
                new WorkHistory(seed).run();
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError("history " + seed, broken);
            }
        }
    }

    private static final class WorkHistory {
        private final Random random;
        private final WorkQueue queue = new WorkQueue(PACE);
        private final List<WorkKey> keys = new ArrayList<>();
        private final Set<WorkKey> running = new HashSet<>();
        /** Marks that no run has begun for, with the moment from which one may be expected. */
        private final Map<WorkKey, Instant> owed = new HashMap<>();

        private final Map<WorkKey, List<Instant>> begins = new HashMap<>();
        private final Map<WorkKey, List<Instant>> urgent = new HashMap<>();
        private final Map<WorkKey, List<Instant>> repairs = new HashMap<>();
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        WorkHistory(long seed) {
            random = new Random(seed);
            int count = 1 + random.nextInt(30);
            for (int i = 0; i < count; i++) {
                keys.add(random.nextInt(5) == 0 ? WorkKey.source("s" + i) : WorkKey.deployment("d" + i));
            }
        }

        void run() {
            for (int step = 0; step < 1500; step++) {
                switch (random.nextInt(4)) {
                    case 0, 1 -> mark();
                    case 2 -> end();
                    default -> {
                        // Only time passes.
                    }
                }
                begin();
                now = now.plusMillis(random.nextInt(random.nextInt(20) == 0 ? 60_000 : 800));
                begin();
            }
            // Without further marks everything that is owed gets its run.
            for (int rounds = 0; !owed.isEmpty() || !running.isEmpty(); rounds++) {
                assertThat(rounds).isLessThan(10_000);
                for (WorkKey key : List.copyOf(running)) {
                    settle(key);
                }
                queue.wakeAt().filter(at -> at.isAfter(now)).ifPresent(at -> now = at);
                begin();
            }
            assertBounded();
        }

        private void mark() {
            WorkKey key = keys.get(random.nextInt(keys.size()));
            Reason reason = random.nextInt(40) == 0 ? Reason.PERSON : Reason.ENGINE;
            queue.mark(key, Cause.of(reason), now);
            owed.putIfAbsent(key, now);
            if (reason == Reason.PERSON) {
                urgent.computeIfAbsent(key, name -> new ArrayList<>()).add(now);
            }
        }

        private void begin() {
            Optional<Instant> wake = queue.wakeAt();
            Optional<WorkQueue.Work> first = queue.next(now);
            assertThat(first.isPresent())
                    .as("wakeAt %s says whether one may begin at %s", wake, now)
                    .isEqualTo(wake.filter(at -> !at.isAfter(now)).isPresent());
            for (Optional<WorkQueue.Work> work = first; work.isPresent(); work = queue.next(now)) {
                WorkKey key = work.get().key();
                assertThat(running.add(key)).as("one run of %s at a time", key).isTrue();
                assertThat(owed.remove(key)).as("%s was marked", key).isNotNull();
                assertThat(work.get().causes()).isNotEmpty();
                begins.computeIfAbsent(key, name -> new ArrayList<>()).add(now);
            }
            for (Subject subject : Subject.values()) {
                assertThat(running.stream()
                                .filter(key -> key.subject() == subject)
                                .count())
                        .isLessThanOrEqualTo(PACE.limit(subject));
            }
            assertThat(queue.running()).isEqualTo(running.size());
        }

        private void end() {
            if (running.isEmpty()) {
                return;
            }
            WorkKey key = List.copyOf(running).get(random.nextInt(running.size()));
            switch (random.nextInt(4)) {
                case 0 -> settle(key);
                case 1 -> {
                    running.remove(key);
                    repairs.computeIfAbsent(key, name -> new ArrayList<>()).add(now);
                    queue.ended(key, WorkResult.REPAIRED, now, random.nextDouble());
                }
                case 2 -> {
                    running.remove(key);
                    owed.putIfAbsent(key, now);
                    queue.ended(key, WorkResult.FAILED, now, random.nextDouble());
                    assertThat(queue.progress(key).next().orElseThrow()).isBeforeOrEqualTo(now.plus(LONGEST));
                }
                default -> {
                    running.remove(key);
                    owed.putIfAbsent(key, now);
                    queue.ended(key, new WorkResult.Later(Duration.ofSeconds(2)), now, random.nextDouble());
                }
            }
        }

        private void settle(WorkKey key) {
            running.remove(key);
            queue.ended(key, WorkResult.SETTLED, now, random.nextDouble());
        }

        /** What nobody asked for begins at most once in a pause; of repairs there are few in any ten minutes. */
        private void assertBounded() {
            begins.forEach((key, moments) -> {
                for (int i = 1; i < moments.size(); i++) {
                    Instant before = moments.get(i - 1);
                    Instant at = moments.get(i);
                    boolean asked = urgent.getOrDefault(key, List.of()).stream()
                            .anyMatch(mark -> !mark.isBefore(before) && !mark.isAfter(at));
                    if (!asked) {
                        assertThat(Duration.between(before, at)).isGreaterThanOrEqualTo(PACE.pause());
                    }
                }
            });
            repairs.forEach((key, moments) -> {
                for (Instant from : moments) {
                    Instant to = from.plus(PACE.calm());
                    long asked = urgent.getOrDefault(key, List.of()).stream()
                            .filter(mark -> !mark.isBefore(from.minus(PACE.calm())) && mark.isBefore(to))
                            .count();
                    long count = moments.stream()
                            .filter(at -> !at.isBefore(from) && at.isBefore(to))
                            .count();
                    assertThat(count).as("repairs of %s from %s on", key, from).isLessThanOrEqualTo(18 + asked);
                }
            });
        }
    }
}
