package org.portolan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Asks again and again, two at a time, until it is closed; then no answer may have been lost. */
final class Traffic implements AutoCloseable {
    private final Supplier<Answer> request;
    private final Set<Integer> expected;
    private final AtomicInteger answered = new AtomicInteger();
    private final ConcurrentLinkedQueue<Answer> lost = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients;
    private volatile boolean ended;

    Traffic(Supplier<Answer> request, Set<Integer> expected) {
        this.request = request;
        this.expected = expected;
        clients = List.of(new Thread(this::ask, "client 1"), new Thread(this::ask, "client 2"));
        clients.forEach(Thread::start);
    }

    private void ask() {
        while (!ended) {
            Answer answer = request.get();
            answered.incrementAndGet();
            if (!expected.contains(answer.status())) {
                lost.add(answer);
            }
            Waiting.millis(5);
        }
    }

    @Override
    public void close() {
        ended = true;
        for (Thread client : clients) {
            try {
                client.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        assertThat(lost).as("lost of %d requests", answered.get()).isEmpty();
        assertThat(answered.get()).as("requests").isGreaterThan(20);
    }
}
