package org.portolan.plan;

import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.portolan.model.Durations;
import org.portolan.model.service.ServiceSpec;
import org.portolan.model.service.ServiceSpec.Health;

/**
 * How long each wait of a release may last, and what it waits for is known by (docs/zero-loss.md has the table). Nothing is
 * waited for without one of these.
 */
public final class Deadlines {
    /** For an instance without a check, unless {@code rollout.deadline} says. */
    static final Duration UNCHECKED = Duration.ofSeconds(60);
    /** How long an instance that the release does not touch may be out of order before it is reported and not waited for. */
    public static final Duration IMPAIRED = Duration.ofSeconds(5);
    /** For the proxy's word that it sends an instance nothing new, or nothing at all. */
    public static final Duration ACKNOWLEDGED = Duration.ofSeconds(15);

    private static final Duration SLACK = Duration.ofSeconds(60);

    private Deadlines() {}

    /**
     * From an instance's start until it is healthy and the proxy's own check has passed; and for one that served, until the
     * proxy's check passes again.
     */
    public static Duration healthy(ServiceSpec spec) {
        return spec.health()
                .map(Health::deadline)
                .or(() -> spec.rollout().deadline())
                .orElse(UNCHECKED);
    }

    /**
     * The time without any progress after which a release ends, whatever it waits for: longer than each wait that ends by
     * itself, so that it ends only what nothing else does.
     */
    public static Duration progress(DesiredRelease goal) {
        Duration longest = Duration.ZERO;
        for (DesiredRelease.ServiceGoal service : goal.services().values()) {
            ServiceSpec spec = service.spec();
            Duration all = healthy(spec)
                    .plus(spec.rollout().minHealthy())
                    .plus(spec.stop().drain())
                    .plus(spec.stop().grace());
            longest = all.compareTo(longest) > 0 ? all : longest;
        }
        return longest.plus(SLACK);
    }

    /** The deadlines of a service's waits, by what is waited for, for people and programs who look at a plan. */
    static SortedMap<String, Duration> of(ServiceSpec spec) {
        SortedMap<String, Duration> all = new TreeMap<>();
        all.put("healthy and served", healthy(spec));
        all.put("sessions ended", spec.stop().drain());
        all.put("stopped", spec.stop().grace());
        spec.rollout().deadline().ifPresent(deadline -> all.put("progress", deadline));
        return all;
    }

    /** {@link #of} in one line. */
    static String describe(ServiceSpec spec) {
        return of(spec).entrySet().stream()
                .map(entry -> entry.getKey() + " " + Durations.format(entry.getValue()))
                .collect(Collectors.joining(
                        ", ",
                        "",
                        spec.health()
                                        .filter(check -> check.type() == Health.Type.ENGINE)
                                        .isPresent()
                                ? "; healthy by the image's HEALTHCHECK"
                                : ""));
    }

    /** As JSON shows them, in milliseconds. */
    public static SortedMap<String, Long> millis(ServiceSpec spec) {
        SortedMap<String, Long> all = new TreeMap<>();
        of(spec).forEach((what, time) -> all.put(what.replace(' ', '_'), time.toMillis()));
        return all;
    }
}
