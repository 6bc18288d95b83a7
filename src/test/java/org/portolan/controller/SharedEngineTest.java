package org.portolan.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;

/** Who asks at the same time shares a call, and nobody is answered by one that began before they asked. */
@Timeout(60)
class SharedEngineTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    private static void passes(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }

    private static void awaits(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.sleep(1);
        }
    }

    /** A call whose answer is its number, and which lasts until it is let go. */
    private static final class Slow {
        final AtomicInteger begun = new AtomicInteger();
        final List<CountDownLatch> ends = List.of(new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1));

        int call() {
            int number = begun.getAndIncrement();
            passes(ends.get(number));
            return number;
        }
    }

    @Test
    void whoComesWhileACallIsInProgressGetsTheNextAndSharesIt() throws Exception {
        Slow slow = new Slow();
        SharedCall<Integer> shared = new SharedCall<>(slow::call, Duration.ZERO);
        Future<Integer> first = threads.submit(shared::get);
        awaits(() -> slow.begun.get() == 1);
        List<Future<Integer>> later = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            later.add(threads.submit(shared::get));
        }
        Thread.sleep(50);
        assertThat(slow.begun).as("one at a time").hasValue(1);
        slow.ends.get(0).countDown();
        assertThat(first.get()).isZero();
        awaits(() -> slow.begun.get() == 2);
        slow.ends.get(1).countDown();
        slow.ends.get(2).countDown();
        for (Future<Integer> each : later) {
            assertThat(each.get()).as("not the call that had begun before").isEqualTo(1);
        }
    }

    @Test
    void whatACallFailsWithIsToldToAllThatShareItAndTheNextOneIsMade() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        SharedCall<Integer> shared = new SharedCall<>(
                () -> {
                    int number = begun.getAndIncrement();
                    if (number == 0) {
                        passes(first);
                    }
                    if (number == 1) {
                        throw new Failure(Kind.UNREACHABLE, "the engine does not answer");
                    }
                    return number;
                },
                Duration.ofMillis(200));
        Future<Integer> before = threads.submit(shared::get);
        awaits(() -> begun.get() == 1);
        Future<Integer> one = threads.submit(shared::get);
        Future<Integer> other = threads.submit(shared::get);
        Thread.sleep(50);
        first.countDown();
        assertThat(before.get()).isZero();
        for (Future<Integer> each : List.of(one, other)) {
            assertThatThrownBy(each::get).hasRootCauseMessage("the engine does not answer");
        }
        assertThat(begun).hasValue(2);
        assertThat(shared.get()).isEqualTo(2);
    }

    /** Its caller may be killed like any other; those that wait for its answer are not. */
    @Test
    void whereTheCallerDiesAnotherMakesTheCall() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        SharedCall<Integer> shared = new SharedCall<>(
                () -> {
                    int number = begun.getAndIncrement();
                    if (number == 0) {
                        passes(first);
                    }
                    if (number == 1) {
                        throw new StackOverflowError("dies");
                    }
                    return number;
                },
                Duration.ofMillis(200));
        threads.submit(shared::get);
        awaits(() -> begun.get() == 1);
        List<Future<Integer>> waiting = List.of(threads.submit(shared::get), threads.submit(shared::get));
        Thread.sleep(50);
        first.countDown();
        int died = 0;
        for (Future<Integer> each : waiting) {
            try {
                assertThat(each.get()).isEqualTo(2);
            } catch (java.util.concurrent.ExecutionException dead) {
                died++;
            }
        }
        assertThat(died).isEqualTo(1);
    }

    @Test
    void whoAsksAloneNeverWaits() {
        SharedCall<Integer> alone = new SharedCall<>(() -> 1, Duration.ofSeconds(20));
        for (int i = 0; i < 100; i++) {
            assertThat(alone.get()).isEqualTo(1);
        }
    }

    /** Each release looks again and again, with a pause of 20 ms while it waits for the proxy. */
    @Test
    void tenReleasesAtOnceListAsOftenAsOne() throws Exception {
        int one = lists(1);
        int ten = lists(10);
        assertThat(one).isGreaterThan(10);
        // On a machine that is busy one release looks less often; ten never more often than one can.
        assertThat(ten).as("lists for ten, for one %d", one).isLessThanOrEqualTo(Math.max(one * 3 / 2, 1500 / 20 + 2));
    }

    /** How many lists there are in a second and a half. */
    private int lists(int releases) throws Exception {
        AtomicInteger count = new AtomicInteger();
        SharedCall<Collection<Integer>> shared = new SharedCall<>(
                () -> {
                    sleep(5);
                    count.incrementAndGet();
                    return List.of();
                },
                SharedEngine.GAP);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1500);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < releases; i++) {
            all.add(threads.submit(() -> {
                while (System.nanoTime() < end) {
                    shared.get();
                    sleep(20);
                }
            }));
        }
        for (Future<?> each : all) {
            each.get();
        }
        return count.get();
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
