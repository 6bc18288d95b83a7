package org.portolan.store.memory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.event.Event;
import org.portolan.model.service.Definition;
import org.portolan.model.service.GeneratedValue;
import org.portolan.model.state.DeploymentState;
import org.portolan.model.state.Grant;
import org.portolan.model.state.Instruction;
import org.portolan.model.state.Release;
import org.portolan.model.state.Standing;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;
import org.portolan.store.StoreException;

/**
 * The server's side: what all processes share, and the faults. Time is the given source's only; leases count as renewed
 * without a break while the store is up and their process lives. Each process has a {@link #connect separate store}.
 */
public final class MemoryStore {
    private final InstantSource clock;
    private final MemoryData data = new MemoryData();
    private final Map<String, Held> locks = new HashMap<>();
    private final Map<String, Long> fences = new HashMap<>();
    private final Map<String, Arrival> arrivals = new HashMap<>();
    private final Map<String, Life> processes = new HashMap<>();
    private Optional<String> installation = Optional.empty();
    private long lastToken;
    private @Nullable Failure refusal;
    private boolean down;
    private @Nullable Kind broken;

    /** Who came last for a lock. */
    private record Arrival(long ticket, String who) {}

    /** What became of a process that holds leases. */
    private enum Life {
        ALIVE,
        /** It ended, and others can see that. */
        DEAD,
        /** It does not renew, and nobody can see whether it lives. */
        SILENT
    }

    public MemoryStore(InstantSource clock) {
        this.clock = clock;
    }

    /** The store as one process sees it. */
    public Store connect(String process) {
        synchronized (this) {
            processes.put(process, Life.ALIVE);
        }
        return new Session(process);
    }

    /** Every call fails until {@link #up()}. */
    public synchronized void down() {
        renewAll();
        down = true;
    }

    public synchronized void up() {
        down = false;
        for (Held held : locks.values()) {
            // Whoever was away too long and was not overtaken takes it up again, as a renewal would.
            if (renews(held)) {
                held.renewed = clock.instant();
            }
        }
    }

    /** Everything is gone, locks too; leases of living processes put their locks back. */
    public synchronized void flush() {
        List<Held> mayReturn = locks.values().stream()
                .filter(held -> renews(held) && fresh(held))
                .toList();
        data.clear();
        locks.clear();
        fences.clear();
        arrivals.clear();
        installation = Optional.empty();
        for (Held held : mayReturn) {
            locks.put(held.name, held);
            fences.put(held.name, held.token);
        }
    }

    /** A copy of everything but locks, for {@link #restore}. */
    public synchronized Backup backup() {
        return new Backup(data.copy());
    }

    /** Everything is as it was then. */
    public synchronized void restore(Backup backup) {
        data.restore(backup.data());
    }

    /** What a store held at a moment. */
    public record Backup(MemoryData data) {}

    /** What was encrypted so far cannot be read any more: the key is another one. */
    public synchronized void loseKey() {
        data.loseKey();
    }

    /** A deployment's entry cannot be read any more. */
    public synchronized void damage(String name) {
        data.damage(name);
    }

    /** A process dies on this machine: its locks are free for whoever asks. */
    public synchronized void kill(String process) {
        renewAll();
        processes.put(process, Life.DEAD);
    }

    /** A process stops renewing, and nobody can tell whether it lives: its locks are free after their time. */
    public synchronized void silence(String process) {
        renewAll();
        processes.put(process, Life.SILENT);
    }

    /** One that was silent renews again what nobody took from it. */
    public synchronized void wake(String process) {
        renewAll();
        processes.put(process, Life.ALIVE);
        locks.values().stream().filter(held -> renews(held)).forEach(held -> {
            if (held.process.equals(process)) {
                held.renewed = clock.instant();
            }
        });
    }

    /** How many commits were applied: for "no change means no change". */
    public synchronized int commits() {
        return data.commits();
    }

    private Life life(Held held) {
        return processes.getOrDefault(held.process, Life.DEAD);
    }

    private boolean renews(Held held) {
        return life(held) == Life.ALIVE && !held.left;
    }

    private boolean fresh(Held held) {
        return Duration.between(held.renewed, clock.instant())
                        .compareTo(Store.LEASE_TIME.multipliedBy(2).dividedBy(3))
                < 0;
    }

    private boolean expired(Held held) {
        return Duration.between(held.renewed, clock.instant()).compareTo(Store.LEASE_TIME) >= 0;
    }

    private void renewAll() {
        if (down) {
            return;
        }
        locks.values().removeIf(held -> !renews(held) && expired(held));
        for (Held held : locks.values()) {
            if (renews(held)) {
                held.renewed = clock.instant();
            }
        }
    }

    private long nextToken() {
        lastToken = Math.max(lastToken + 1, clock.millis());
        return lastToken;
    }

    private void reach() {
        if (down) {
            throw new StoreException(Kind.UNREACHABLE, "the store in memory is down", Optional.empty());
        }
        renewAll();
    }

    /** A lock that was given out. */
    private static final class Held {
        final long previous;
        private final String name;
        private final String process;
        private final String purpose;
        private final long token;
        private Instant renewed;
        /** Its holder renews it no more, and could not give it back. */
        private boolean left;

        Held(String name, String process, String purpose, long token, long previous, Instant now) {
            this.previous = previous;
            this.name = name;
            this.process = process;
            this.purpose = purpose;
            this.token = token;
            this.renewed = now;
        }
    }

    /** Every commit fails in this way, until {@link #repair()}; locks are renewed all the while. */
    public synchronized void breaks(Kind kind) {
        broken = kind;
    }

    public synchronized void repair() {
        broken = null;
    }

    /** The disk of the store is full, as far as renewing locks is concerned: those that are held end. */
    public synchronized void refuseRenewals(Failure why) {
        refusal = why;
    }

    /** One taking of a lock. */
    private final class MemoryLease implements Lease {
        private final Held held;

        MemoryLease(Held held) {
            this.held = held;
        }

        @Override
        public String name() {
            return held.name;
        }

        @Override
        public long token() {
            return held.token;
        }

        @Override
        public long previous() {
            return held.previous;
        }

        @Override
        public boolean held() {
            synchronized (MemoryStore.this) {
                renewAll();
                return refusal == null && locks.get(held.name) == held && fresh(held);
            }
        }

        @Override
        public Duration left() {
            synchronized (MemoryStore.this) {
                Instant end = held.renewed.plus(Store.LEASE_TIME.multipliedBy(2).dividedBy(3));
                return held() ? Duration.between(clock.instant(), end) : Duration.ZERO;
            }
        }

        @Override
        public Optional<Failure> trouble() {
            return Optional.ofNullable(refusal);
        }

        @Override
        public void close() {
            synchronized (MemoryStore.this) {
                if (locks.get(held.name) == held && !down) {
                    locks.remove(held.name);
                }
                held.left = true;
            }
        }
    }

    /** One process's view. */
    private final class Session implements Store {
        private final String process;

        Session(String process) {
            this.process = process;
        }

        @Override
        public Optional<String> installation() {
            synchronized (MemoryStore.this) {
                reach();
                return installation;
            }
        }

        @Override
        public void claim(String id) {
            synchronized (MemoryStore.this) {
                reach();
                if (installation.isPresent() && !installation.get().equals(id)) {
                    throw new StoreException(
                            Kind.CONFLICT, "the store belongs to installation " + installation.get(), Optional.empty());
                }
                installation = Optional.of(id);
            }
        }

        @Override
        public Map<String, DeploymentState> deployments() {
            synchronized (MemoryStore.this) {
                reach();
                return data.states();
            }
        }

        @Override
        public Optional<DeploymentState> deployment(String name) {
            synchronized (MemoryStore.this) {
                reach();
                return Optional.ofNullable(data.states().get(name));
            }
        }

        @Override
        public boolean readable() {
            return true;
        }

        @Override
        public Set<String> damaged() {
            synchronized (MemoryStore.this) {
                reach();
                return data.damaged();
            }
        }

        @Override
        public Optional<Definition> definition(String deployment, Commit.VersionId version) {
            synchronized (MemoryStore.this) {
                reach();
                return data.definition(deployment, version);
            }
        }

        @Override
        public Map<String, List<GeneratedValue>> generated(String deployment) {
            synchronized (MemoryStore.this) {
                reach();
                return data.generated(deployment);
            }
        }

        @Override
        public List<Release> releases(String deployment, int limit) {
            synchronized (MemoryStore.this) {
                reach();
                return data.releases(deployment, limit);
            }
        }

        @Override
        public Optional<Release> release(String deployment, int number) {
            synchronized (MemoryStore.this) {
                reach();
                return data.release(deployment, number);
            }
        }

        @Override
        public Optional<Lease> acquire(String name, String purpose) {
            synchronized (MemoryStore.this) {
                reach();
                Held holder = locks.get(name);
                if (holder != null && life(holder) != Life.DEAD) {
                    return Optional.empty();
                }
                long before = fences.getOrDefault(name, 0L);
                Held held = new Held(name, process, purpose, nextToken(), before, clock.instant());
                locks.put(name, held);
                fences.put(name, held.token);
                return Optional.of(new MemoryLease(held));
            }
        }

        @Override
        public Optional<Lease> acquire(String name, String purpose, Lease under) {
            synchronized (MemoryStore.this) {
                reach();
                if (!under.held() || fences.getOrDefault(under.name(), 0L) > under.token()) {
                    throw new StoreException(
                            Kind.FENCED, "the lock of " + under.name() + " was lost", Optional.empty());
                }
                return acquire(name, purpose);
            }
        }

        @Override
        public List<Standing> standings() {
            synchronized (MemoryStore.this) {
                reach();
                return data.standings();
            }
        }

        @Override
        public List<Grant> grants() {
            synchronized (MemoryStore.this) {
                reach();
                return data.grants();
            }
        }

        @Override
        public List<Event> auditBefore(String beforeId, int limit) {
            synchronized (MemoryStore.this) {
                reach();
                return data.auditBefore(beforeId, limit);
            }
        }

        @Override
        public List<Instruction> instructions() {
            synchronized (MemoryStore.this) {
                reach();
                return data.instructions();
            }
        }

        @Override
        public Commit.Asked asked() {
            synchronized (MemoryStore.this) {
                reach();
                return data.asked();
            }
        }

        @Override
        public Map<String, Long> free(Collection<String> names) {
            synchronized (MemoryStore.this) {
                reach();
                Map<String, Long> free = new HashMap<>();
                names.stream()
                        .filter(name -> !locks.containsKey(name) || expired(locks.get(name)))
                        .forEach(name -> free.put(name, fences.getOrDefault(name, 0L)));
                return free;
            }
        }

        @Override
        public Optional<String> holder(String name) {
            synchronized (MemoryStore.this) {
                reach();
                return Optional.ofNullable(locks.get(name))
                        .filter(held -> life(held) != Life.DEAD)
                        .map(held -> held.process + ": " + held.purpose);
            }
        }

        @Override
        public long arrive(String name, String purpose, long token) {
            synchronized (MemoryStore.this) {
                reach();
                long ticket = token == 0 ? nextToken() : token;
                Arrival newest = arrivals.get(name);
                if (newest == null || newest.ticket() < ticket) {
                    arrivals.put(name, new Arrival(ticket, process + ": " + purpose));
                }
                return ticket;
            }
        }

        @Override
        public Optional<String> supersededBy(String name, long ticket) {
            synchronized (MemoryStore.this) {
                reach();
                return Optional.ofNullable(arrivals.get(name))
                        .filter(newest -> newest.ticket() > ticket)
                        .map(Arrival::who);
            }
        }

        @Override
        public void commit(Lease lease, Commit commit) {
            synchronized (MemoryStore.this) {
                reach();
                requireHeld(lease);
                data.apply(commit);
            }
        }

        private void requireHeld(Lease lease) {
            if (!(lease instanceof MemoryLease)) {
                throw new IllegalArgumentException("a lease of another store");
            }
            if (broken != null) {
                throw new StoreException(broken, "the store in memory is broken", Optional.empty());
            }
            long newest = fences.getOrDefault(lease.name(), 0L);
            if (!lease.held() || newest > lease.token()) {
                throw new StoreException(Kind.FENCED, "the lock of " + lease.name() + " was lost", Optional.empty());
            }
        }

        @Override
        public Optional<String> position(String reader) {
            synchronized (MemoryStore.this) {
                reach();
                return Optional.ofNullable(data.positions().get(reader));
            }
        }

        @Override
        public void position(Lease lease, String reader, String id) {
            synchronized (MemoryStore.this) {
                reach();
                requireHeld(lease);
                data.positions().put(reader, id);
            }
        }

        @Override
        public List<Event> events(String afterId, int limit) {
            synchronized (MemoryStore.this) {
                reach();
                return data.events(afterId, limit);
            }
        }

        @Override
        public List<Event> eventsBefore(String beforeId, int limit) {
            synchronized (MemoryStore.this) {
                reach();
                return data.eventsBefore(beforeId, limit);
            }
        }

        @Override
        public List<Event> log(String deployment, String afterId) {
            synchronized (MemoryStore.this) {
                reach();
                return data.log(deployment, afterId);
            }
        }

        @Override
        public AutoCloseable follow(Consumer<Event> listener) {
            return data.follow(listener);
        }

        @Override
        public String describe() {
            return "memory";
        }

        @Override
        public void close() {
            // Leases outlive their session, as they outlive a killed process.
        }
    }
}
