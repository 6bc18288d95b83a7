package org.portolan.store.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;
import org.portolan.store.StoreContract;
import org.portolan.store.StoreException;

class MemoryStoreTest extends StoreContract {
    private Instant now = NOW;
    private final MemoryStore memory = new MemoryStore(() -> now);
    private int processes;

    @Override
    protected Store connect() {
        return memory.connect("process-" + ++processes);
    }

    @Override
    protected void flush() {
        memory.flush();
    }

    @Test
    void aDeadProcessLosesItsLockAtOnceASilentOneAfterItsTime() {
        Store one = memory.connect("one");
        Store two = memory.connect("two");
        Store three = memory.connect("three");
        Lease first = one.acquire("shop", "").orElseThrow();
        memory.kill("one");
        Lease second = two.acquire("shop", "").orElseThrow();
        assertThat(first.held()).isFalse();
        assertFenced(one, first, Commit.of(fullState("shop")));
        memory.silence("two");
        assertThat(three.acquire("shop", "")).isEmpty();
        now = now.plus(Duration.ofSeconds(10));
        assertThat(second.held()).isFalse();
        assertThat(three.acquire("shop", "")).isEmpty();
        now = now.plus(Duration.ofSeconds(5));
        assertThat(three.acquire("shop", "")).isPresent();
        assertFenced(two, second, Commit.of(fullState("shop")));
    }

    @Test
    void whileItIsDownNothingAnswersAndLeasesRunOut() {
        Store store = memory.connect("one");
        Lease lease = store.acquire("shop", "").orElseThrow();
        memory.down();
        assertThatThrownBy(store::deployments).isInstanceOf(StoreException.class);
        assertThat(lease.held()).isTrue();
        now = now.plus(Duration.ofSeconds(11));
        assertThat(lease.held()).isFalse();
        memory.up();
        assertThat(lease.held()).isTrue();
        store.commit(lease, Commit.of(fullState("shop")));
        assertThat(memory.commits()).isEqualTo(1);
    }
}
