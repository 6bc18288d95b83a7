package org.portolan.model.state;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A change that somebody asked for with an idempotency key, as the leaders of a day remember it: who asks again with that key gets what
 * became of it, and it is done once.
 *
 * @param key a digest of the key and of whose it is
 * @param revision how often this was written: who finds another one than expected acts no more
 * @param digest of what was asked for
 * @param operation its id
 * @param deployments that it is about
 * @param begun whether something of it may be done already
 * @param releases that were begun for it, by deployment
 * @param end how it ended; empty while it is in progress, or when its leader ended in the middle
 */
public record AskedChange(
        String key,
        long revision,
        String digest,
        String operation,
        List<String> deployments,
        String what,
        String who,
        Instant at,
        boolean begun,
        SortedMap<String, Integer> releases,
        Optional<End> end) {
    public AskedChange {
        deployments = List.copyOf(deployments);
        releases = new TreeMap<>(releases);
    }

    /**
     * How it ended.
     *
     * @param word how, as an operation says it; "failed" when it failed
     * @param release its number; 0 for none
     * @param kind of failure; "" for none
     * @param why it failed; "" when it did not
     */
    public record End(Instant at, String word, int release, String kind, String why) {}

    /** The same, as somebody else carries it out from now on, or as it is written again. */
    public AskedChange again() {
        return with(begun, releases, end);
    }

    /** The same, of which something may be done from now on. */
    public AskedChange beginning() {
        return with(true, releases, end);
    }

    /** The same, for which a release has begun. */
    public AskedChange released(String deployment, int number) {
        SortedMap<String, Integer> more = new TreeMap<>(releases);
        more.putAll(Map.of(deployment, number));
        return with(true, more, end);
    }

    /** The same, as it has ended. */
    public AskedChange ended(End how) {
        return with(begun, releases, Optional.of(how));
    }

    private AskedChange with(boolean now, SortedMap<String, Integer> some, Optional<End> how) {
        return new AskedChange(key, revision + 1, digest, operation, deployments, what, who, at, now, some, how);
    }
}
