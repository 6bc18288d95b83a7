package org.portolan.http;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often each client may ask: a bucket of tokens for each, that fills again at a steady rate. Those that have not asked for
 * longest are forgotten when there are too many, which gives a full bucket and nothing more.
 */
final class RateLimit {
    private final double perSecond;
    private final double most;
    private final Map<String, Bucket> buckets;

    /**
     * One for all clients.
     *
     * @param perSecond how many requests a second, in the long run
     * @param burst how many at once
     * @param clients how many clients are remembered
     */
    RateLimit(double perSecond, int burst, int clients) {
        this.perSecond = perSecond;
        this.most = burst;
        buckets = new LinkedHashMap<>(64, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                return size() > clients;
            }
        };
    }

    private record Bucket(double tokens, Instant at) {}

    /**
     * Takes one token of a client.
     *
     * @return how long to wait for the next; zero when there was one
     */
    synchronized Duration take(String client, Instant now) {
        Bucket bucket = buckets.get(client);
        double tokens = most;
        if (bucket != null) {
            double passed = Math.max(0, Duration.between(bucket.at, now).toNanos() / 1e9);
            tokens = Math.min(most, bucket.tokens + passed * perSecond);
        }
        if (tokens < 1) {
            buckets.put(client, new Bucket(tokens, now));
            return Duration.ofNanos((long) Math.ceil((1 - tokens) / perSecond * 1e9));
        }
        buckets.put(client, new Bucket(tokens - 1, now));
        return Duration.ZERO;
    }

    synchronized int remembered() {
        return buckets.size();
    }
}
