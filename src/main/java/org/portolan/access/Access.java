package org.portolan.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.portolan.model.Failure;
import org.portolan.model.state.Credential;
import org.portolan.model.state.Grant;
import org.portolan.model.state.Principal;
import org.portolan.model.state.SshKey;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/**
 * Tells whose a token or a key is. May be used from many threads. What was removed is refused within {@link #FRESH}, by every
 * process; while the store does not answer nobody is let in.
 */
public final class Access {
    /** What every token begins with, so that people and scanners recognize one. */
    public static final String PREFIX = "ptl_";

    /** How long what was read from the store counts. */
    static final Duration FRESH = Duration.ofMillis(500);

    /** The same for a credential that is not in it: it may have been added a moment ago, or is one of many guesses. */
    static final Duration UNKNOWN_FRESH = Duration.ofMillis(50);

    private static final Duration USE_WRITTEN_EVERY = Duration.ofMinutes(1);
    private static final int LONGEST_TOKEN = 256;

    private final Store store;
    private final InstantSource clock;
    private final Map<String, Instant> written = new HashMap<>();
    private final ReentrantLock reading = new ReentrantLock();
    private @Nullable Read last;

    public Access(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** What the store said: grants, or why it did not. */
    private record Read(List<Grant> grants, Optional<Failure> trouble, Instant at) {
        /** A clock that was set back makes it old. */
        boolean within(Duration time, Instant now) {
            Duration age = Duration.between(at, now);
            return !age.isNegative() && age.compareTo(time) < 0;
        }
    }

    /**
     * Whose token it is; empty for one that is unknown, removed or expired.
     *
     * @throws Failure when the store does not answer
     */
    public Optional<Principal> check(String token) {
        if (token.length() > LONGEST_TOKEN || !token.startsWith(PREFIX)) {
            return Optional.empty();
        }
        Credential.Token shown = Credential.Token.of(token);
        return principal(grant -> grant.credential() instanceof Credential.Token known && known.matches(shown));
    }

    /**
     * Whose key it is, as {@link #check}. Whether they have the private one is for the caller to find out.
     *
     * @throws Failure when the store does not answer
     */
    public Optional<Principal> key(SshKey shown) {
        return principal(grant -> grant.credential() instanceof Credential.Key(SshKey known) && known.same(shown));
    }

    /**
     * Whether a principal may still come in: for connections that last.
     *
     * @throws Failure when the store does not answer
     */
    public boolean stands(Principal principal) {
        Instant now = clock.instant();
        return grants(FRESH).stream()
                .map(Grant::principal)
                .anyMatch(known -> known.equals(principal) && !known.expired(now));
    }

    /**
     * Whether any token is accepted now.
     *
     * @throws Failure when the store does not answer
     */
    public boolean anyToken() {
        return any(Credential.Token.class);
    }

    /** The same of keys. */
    public boolean anyKey() {
        return any(Credential.Key.class);
    }

    private boolean any(Class<? extends Credential> form) {
        Instant now = clock.instant();
        return grants(FRESH).stream()
                .anyMatch(grant -> form.isInstance(grant.credential())
                        && !grant.principal().expired(now));
    }

    private Optional<Principal> principal(Predicate<Grant> shown) {
        Instant now = clock.instant();
        Optional<Grant> found = match(grants(FRESH), shown);
        if (found.isEmpty()) {
            found = match(grants(UNKNOWN_FRESH), shown);
        }
        Optional<Grant> good = found.filter(grant -> !grant.principal().expired(now));
        good.ifPresent(grant -> used(grant, now));
        return good.map(Grant::principal);
    }

    /** Looks at all of them, so that the time does not tell which one it is like. */
    private static Optional<Grant> match(List<Grant> grants, Predicate<Grant> shown) {
        Optional<Grant> found = Optional.empty();
        for (Grant grant : grants) {
            if (shown.test(grant)) {
                found = Optional.of(grant);
            }
        }
        return found;
    }

    /** One thread asks the store, the others wait for what it gets; that the store did not answer counts as long as an answer. */
    private List<Grant> grants(Duration fresh) {
        reading.lock();
        try {
            Read read = last;
            if (read == null || !read.within(fresh, clock.instant())) {
                read = read();
                last = read;
            }
            if (read.trouble().isPresent()) {
                throw read.trouble().get();
            }
            return read.grants();
        } finally {
            reading.unlock();
        }
    }

    /** A store that takes its time does not make the answer old: those that wait would each ask again. */
    private Read read() {
        try {
            List<Grant> grants = store.grants();
            return new Read(grants, Optional.empty(), clock.instant());
        } catch (Failure trouble) {
            return new Read(List.of(), Optional.of(trouble), clock.instant());
        }
    }

    /** Remembers when it was used, unless that was a moment ago or cannot be written: nobody is refused for it. */
    private void used(Grant grant, Instant now) {
        synchronized (written) {
            Instant before = written.getOrDefault(grant.name(), grant.used().orElse(Instant.MIN));
            Duration age = Duration.between(before, now);
            if (!age.isNegative() && age.compareTo(USE_WRITTEN_EVERY) < 0) {
                return;
            }
            written.put(grant.name(), now);
        }
        try (Lease lease = store.acquire(Store.ACCESS, "use of " + grant.name()).orElse(null)) {
            if (lease != null) {
                // Read again under the lock: what was removed meanwhile must not come back.
                List<Grant> still = store.grants().stream()
                        .filter(kept -> kept.principal().equals(grant.principal())
                                && kept.credential().equals(grant.credential()))
                        .map(kept -> kept.usedAt(now))
                        .toList();
                if (!still.isEmpty()) {
                    store.commit(lease, Commit.grants(Store.ACCESS, new Commit.Grants(still, List.of()), List.of()));
                }
            }
        } catch (Failure notNow) {
            // The next use writes it.
        }
    }
}
