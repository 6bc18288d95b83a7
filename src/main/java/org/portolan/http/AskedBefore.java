package org.portolan.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.portolan.controller.ControllerHandle;
import org.portolan.model.Failure;
import org.portolan.model.Failure.Kind;
import org.portolan.model.Remedy;
import org.portolan.model.Remedy.Call;
import org.portolan.model.Remedy.Verb;
import org.portolan.model.state.AskedChange;
import org.portolan.store.Commit;

/**
 * What was asked for under which key, of this leader and of those before it, so that a client that got no answer can ask again without
 * asking twice. Kept in the store for a day, read once: only who leads writes it.
 */
final class AskedBefore {
    static final Duration KEPT = Duration.ofDays(1);

    private static final int MOST_OF_ONE = 1_000;
    private static final int MOST = 5_000;
    private static final int LONGEST_KEY = 200;
    private static final String AGE = "Idempotency-Age";
    private static final String MAC = "HmacSHA256";

    private final ControllerHandle controller;

    /** Oldest first. */
    private final Map<String, AskedChange> all = new LinkedHashMap<>();

    private final Instant began;
    private Optional<Instant> since = Optional.empty();
    private boolean read;

    AskedBefore(ControllerHandle controller, Instant now) {
        this.controller = controller;
        this.began = now;
    }

    /**
     * A key as it is kept.
     *
     * @param name a digest of the key and of whose it is
     * @param digest of the request; whoever reads the store and does not know the key cannot try contents against it
     */
    record Key(String name, String digest) {
        /** That of a request; empty: it has none. */
        static Optional<Key> of(ApiRequest asked) {
            Optional<String> given = asked.header("Idempotency-Key");
            if (given.filter(key -> key.length() > LONGEST_KEY).isPresent()) {
                throw new Failure(Kind.INVALID, "the Idempotency-Key is longer than " + LONGEST_KEY + " characters");
            }
            return given.map(key -> {
                byte[] secret = bytes(asked.caller().name() + "\n" + key);
                try {
                    Mac mac = Mac.getInstance(MAC);
                    mac.init(new SecretKeySpec(secret, MAC));
                    mac.update(bytes(asked.method() + " " + asked.path() + " " + asked.query() + "\n"));
                    return new Key(
                            hex(MessageDigest.getInstance("SHA-256").digest(secret)), hex(mac.doFinal(asked.body())));
                } catch (GeneralSecurityException impossible) {
                    throw new IllegalStateException(impossible);
                }
            });
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        private static String hex(byte[] digest) {
            return HexFormat.of().formatHex(digest, 0, digest.length / 2);
        }
    }

    /**
     * Reads what leaders before this one kept, unless it is known.
     *
     * @throws Failure when the store does not answer: then nobody knows whether this was asked for before
     */
    synchronized void read() {
        if (read) {
            return;
        }
        Commit.Asked kept = controller.installation().store().asked();
        kept.now().stream().sorted(Comparator.comparing(AskedChange::at)).forEach(one -> {
            AskedChange known = all.get(one.key());
            if (known == null || known.revision() < one.revision()) {
                all.put(one.key(), one);
            }
        });
        since = kept.since();
        read = true;
    }

    /** It may be otherwise in the store than it is known here. */
    synchronized void unknown() {
        read = false;
    }

    synchronized Optional<AskedChange> find(Key key, Instant now) {
        return Optional.ofNullable(all.get(key.name())).filter(known -> !old(known, now));
    }

    /** One that has ended. */
    synchronized Optional<AskedChange> ended(String operation) {
        return all.values().stream()
                .filter(one -> one.operation().equals(operation) && one.end().isPresent())
                .findFirst();
    }

    private static boolean old(AskedChange known, Instant now) {
        return Duration.between(known.at(), now).compareTo(KEPT) >= 0;
    }

    /** One that was asked for before keys were kept may have been begun: the store was new then, or has lost them. */
    synchronized void requireFirst(ApiRequest asked, Instant now) {
        Optional<String> age = asked.header(AGE);
        if (age.isEmpty()) {
            return;
        }
        long millis;
        try {
            millis = Long.parseLong(age.get());
        } catch (NumberFormatException other) {
            throw new Failure(Kind.INVALID, "the " + AGE + " is not a number of milliseconds");
        }
        if (millis > Duration.between(since.orElse(began), now).toMillis()) {
            throw new Failure(Kind.REFUSED, "this was asked for before, and whether it was begun is no longer known")
                    .withRemedy(Remedy.of(Call.of(Verb.STATUS)).and(" shows it; if it was not begun, ask again"));
        }
    }

    /** What was asked for now, for the first time. */
    synchronized AskedChange first(Key key, Operation operation, ChangeNature nature) {
        AskedChange old = all.get(key.name());
        return new AskedChange(
                key.name(),
                old == null ? 1 : old.revision() + 1,
                key.digest(),
                operation.id(),
                operation.deployments(),
                operation.what(),
                operation.who(),
                operation.started(),
                nature == ChangeNature.UNTOLD,
                new TreeMap<>(),
                Optional.empty());
    }

    /** What is to be kept, with what no longer is. */
    synchronized Commit.Asked add(AskedChange change, Instant now) {
        List<String> gone = new ArrayList<>();
        all.values().stream()
                .filter(known -> old(known, now))
                .map(AskedChange::key)
                .forEach(gone::add);
        gone.forEach(all::remove);
        gone.remove(change.key());
        all.put(change.key(), change);
        List<AskedChange> ended =
                all.values().stream().filter(known -> known.end().isPresent()).toList();
        long own = all.values().stream()
                .filter(known -> known.who().equals(change.who()))
                .count();
        for (AskedChange known : ended) {
            boolean ofOne = known.who().equals(change.who()) && own > MOST_OF_ONE;
            if (ofOne || all.size() > MOST) {
                own -= known.who().equals(change.who()) ? 1 : 0;
                all.remove(known.key());
                gone.add(known.key());
            }
        }
        boolean first = since.isEmpty();
        since = since.or(() -> Optional.of(began));
        return new Commit.Asked(List.of(change), gone, first ? since : Optional.empty());
    }

    synchronized void kept(AskedChange now) {
        all.put(now.key(), now);
    }

    /** What is not kept is found out again by who asks for it: from the release, or since nothing was begun. */
    void keep(AskedChange now) {
        try {
            controller.keep(Commit.Asked.of(now));
            kept(now);
        } catch (Failure later) {
            unknown();
        }
    }

    /**
     * Nothing came of it: a leader after this one asks itself.
     *
     * @param stays whether the answer is the same as long as this one leads
     */
    void refused(AskedChange ended, boolean stays) {
        if (stays) {
            kept(ended);
        } else {
            drop(ended);
        }
        try {
            controller.keep(Commit.Asked.without(ended.key()));
        } catch (Failure later) {
            unknown();
        }
    }

    /** Forgets the key of an operation that nothing came of. */
    synchronized void drop(AskedChange known) {
        all.remove(known.key());
    }
}
