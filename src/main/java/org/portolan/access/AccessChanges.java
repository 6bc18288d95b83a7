package org.portolan.access;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.locks.LockSupport;
import org.portolan.model.Durations;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Nearest;
import org.portolan.model.event.AccessEvent.AccessGranted;
import org.portolan.model.event.AccessEvent.AccessRemoved;
import org.portolan.model.event.Event;
import org.portolan.model.event.EventData;
import org.portolan.model.state.Credential;
import org.portolan.model.state.Grant;
import org.portolan.model.state.Principal;
import org.portolan.model.state.Scope;
import org.portolan.model.state.SshKey;
import org.portolan.store.Commit;
import org.portolan.store.Lease;
import org.portolan.store.Store;

/** Adds and removes tokens and keys; each change is written together with its event. */
public final class AccessChanges {
    /** Every check looks at all of them. */
    private static final int MOST = 500;

    private static final int TOKEN_BYTES = 32;
    private static final Duration LONGEST_LIFE = Duration.ofDays(3660);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final Store store;
    private final InstantSource clock;
    private final String who;
    private final String from;

    /**
     * Changes for somebody.
     *
     * @param who asks
     * @param from where, for the audit log
     */
    public AccessChanges(Store store, InstantSource clock, String who, String from) {
        this.store = store;
        this.clock = clock;
        this.who = who;
        this.from = from;
    }

    /**
     * The same in a store that may be new.
     *
     * @param installation whose store it is
     */
    public static AccessChanges in(Store store, String installation, String who, String from) {
        store.claim(installation);
        return new AccessChanges(store, InstantSource.system(), who, from);
    }

    /**
     * What is to be added.
     *
     * @param deployments which it is for; none: all
     * @param life after which it ends; empty: never
     */
    public record Wanted(String name, Scope scope, SortedSet<String> deployments, Optional<Duration> life) {}

    /**
     * A new token.
     *
     * @param text what its owner shows; it is kept nowhere
     */
    public record NewToken(Grant grant, String text) {
        /** Without the token. */
        @Override
        public String toString() {
            return "NewToken[" + grant.name() + "]";
        }
    }

    /** A time to live as people write it: {@code 12h}, {@code 30d}; empty for whatever else. */
    public static Optional<Duration> life(String text) {
        if (text.matches("\\d{1,5}d")) {
            return Optional.of(Duration.ofDays(Long.parseLong(text.substring(0, text.length() - 1))));
        }
        return Durations.parse(text);
    }

    /** As {@link #list(Store, Class)}; nothing of a store that was never used. */
    public static List<Grant> list(Optional<Store> store, Class<? extends Credential> form) {
        return store.map(known -> list(known, form)).orElse(List.of());
    }

    /** Everything that is accepted or has expired, by name. */
    public static List<Grant> list(Store store, Class<? extends Credential> form) {
        return store.grants().stream()
                .filter(grant -> form.isInstance(grant.credential()))
                .sorted(Comparator.comparing(Grant::name))
                .toList();
    }

    /**
     * Adds a token.
     *
     * @throws Failure {@link Kind#INVALID} or {@link Kind#REFUSED} when it cannot be
     */
    public NewToken addToken(Wanted wanted) {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        String text = Access.PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        return new NewToken(add(wanted, Credential.Token.of(text)), text);
    }

    /**
     * Adds a key.
     *
     * @throws Failure {@link Kind#INVALID} or {@link Kind#REFUSED} when it cannot be
     */
    public Grant addKey(Wanted wanted, SshKey key) {
        return add(wanted, new Credential.Key(key));
    }

    private Grant add(Wanted wanted, Credential credential) {
        check(wanted);
        Instant now = clock.instant();
        Principal principal = new Principal(
                wanted.name(),
                wanted.scope(),
                wanted.deployments(),
                wanted.life().map(now::plus));
        Grant grant = new Grant(principal, credential, now, who, Optional.empty());
        try (Lease lease = lock("add " + credential.word() + " " + wanted.name())) {
            List<Grant> known = store.grants();
            for (Grant other : known) {
                refuseSame(other, grant);
            }
            if (known.size() >= MOST) {
                throw new Failure(Kind.REFUSED, "there are " + known.size() + " tokens and keys already")
                        .withHint("remove some that are not used any more");
            }
            commit(
                    lease,
                    new Commit.Grants(List.of(grant), List.of()),
                    new AccessGranted(
                            credential.word(),
                            principal.name(),
                            principal.scope().word(),
                            String.join(",", principal.deployments()),
                            principal.expires().map(Instant::toString).orElse(""),
                            who,
                            from));
        }
        return grant;
    }

    private static void check(Wanted wanted) {
        if (!Principal.isName(wanted.name())) {
            throw new Failure(Kind.INVALID, "invalid name '" + wanted.name() + "'")
                    .withHint("use at most 63 letters, digits and . _ - @, beginning with a letter or digit");
        }
        for (String deployment : wanted.deployments()) {
            if (!Principal.isName(deployment)) {
                throw new Failure(Kind.INVALID, "invalid deployment name '" + deployment + "'");
            }
        }
        wanted.life().ifPresent(life -> {
            if (!life.isPositive() || life.compareTo(LONGEST_LIFE) > 0) {
                throw new Failure(Kind.INVALID, "invalid time to live").withHint("use from 1s to 3660d");
            }
        });
    }

    private static void refuseSame(Grant other, Grant wanted) {
        String word = other.credential().word();
        if (other.name().equals(wanted.name())) {
            throw new Failure(Kind.REFUSED, "there is a " + word + " named " + other.name() + " already")
                    .withHint("choose another name, or remove that " + word + " first");
        }
        if (other.credential() instanceof Credential.Key(SshKey known)
                && wanted.credential() instanceof Credential.Key(SshKey added)
                && known.same(added)) {
            throw new Failure(Kind.REFUSED, "this key is known as " + other.name() + " already")
                    .withHint("to change what it may do, remove it first, then add it again");
        }
    }

    /**
     * Removes a token or a key: it stops working within a second, on every process.
     *
     * @throws Failure {@link Kind#NOT_FOUND} when there is none of that name
     */
    public void remove(String name, Class<? extends Credential> form) {
        try (Lease lease = lock("remove " + name)) {
            List<Grant> known = list(store, form);
            Grant gone = known.stream()
                    .filter(grant -> grant.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> unknown(name, known, form));
            commit(
                    lease,
                    new Commit.Grants(List.of(), List.of(gone.name())),
                    new AccessRemoved(gone.credential().word(), gone.name(), who, from));
        }
    }

    private static Failure unknown(String name, List<Grant> known, Class<? extends Credential> form) {
        String word = form == Credential.Key.class ? "key" : "token";
        return new Failure(Kind.NOT_FOUND, "unknown " + word + " '" + name + "'")
                .withHint(Nearest.of(name, known.stream().map(Grant::name).toList())
                        .map(near -> "did you mean " + near + "?")
                        .orElse("the list of " + word + "s shows those that there are"));
    }

    private void commit(Lease lease, Commit.Grants grants, EventData event) {
        store.commit(lease, Commit.grants(Store.ACCESS, grants, List.of(new Event(clock.instant(), "", 0, event))));
    }

    private Lease lock(String purpose) {
        Instant end = clock.instant().plus(PATIENCE);
        while (true) {
            Optional<Lease> lease = store.acquire(Store.ACCESS, purpose + " by " + who);
            if (lease.isPresent()) {
                return lease.get();
            }
            if (!clock.instant().isBefore(end)) {
                throw new Failure(
                                Kind.LOCKED,
                                "tokens and keys are being changed by "
                                        + store.holder(Store.ACCESS).orElse("another process"))
                        .withHint("try again when it has finished");
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }
}
