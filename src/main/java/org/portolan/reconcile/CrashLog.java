package org.portolan.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How often containers ended lately. One that ends again and again is the engine's to restart, later each time, and people's to hear
 * of. Not for several threads at once.
 */
public final class CrashLog {
    /** What ends so often within {@link #LATELY} is reported. */
    private static final int LOOP = 3;

    private static final Duration LATELY = Duration.ofMinutes(10);

    /** So many ends are counted: more is not said either. */
    private static final int MOST = 100;

    /** Counts that are reported: not each end is a new report. */
    private static final int[] STEPS = {100, 50, 20, 10, 5, LOOP};

    private final Map<String, Map<String, Ends>> byDeployment = new TreeMap<>();

    /** The ends of one container. */
    private static final class Ends {
        private final Deque<Instant> times = new ArrayDeque<>();
        private String name = "";
        private String exitCode = "";
    }

    /**
     * A container ended.
     *
     * @param exitCode "": not told
     */
    public void ended(String deployment, String container, String name, String exitCode, Instant at) {
        Ends ends = byDeployment
                .computeIfAbsent(deployment, key -> new TreeMap<>())
                .computeIfAbsent(container, key -> new Ends());
        ends.name = name;
        ends.exitCode = exitCode;
        ends.times.addLast(at);
        if (ends.times.size() > MOST) {
            ends.times.removeFirst();
        }
    }

    /** A container is gone. */
    public void gone(String deployment, String container) {
        Map<String, Ends> known = byDeployment.get(deployment);
        if (known != null) {
            known.remove(container);
        }
    }

    /** The clock was set back to this time: ends of a later one would count for as long as it was set back by, and are forgotten. */
    public void clockSetBack(Instant now) {
        byDeployment.values().forEach(known -> known.values()
                .forEach(ends -> ends.times.removeIf(end -> end.isAfter(now))));
    }

    /** What of a deployment ends again and again, in words; "" for nothing. */
    public String words(String deployment, Instant now) {
        Map<String, Ends> known = byDeployment.getOrDefault(deployment, Map.of());
        StringBuilder words = new StringBuilder();
        for (Ends ends : known.values()) {
            forget(ends, now);
            for (int step : STEPS) {
                if (ends.times.size() >= step) {
                    words.append(words.isEmpty() ? "" : "; ")
                            .append(ends.name)
                            .append(" keeps exiting")
                            .append(ends.exitCode.isEmpty() ? "" : ", last with status " + ends.exitCode)
                            .append(": at least ")
                            .append(step)
                            .append(" times in 10 minutes");
                    break;
                }
            }
        }
        known.values().removeIf(ends -> ends.times.isEmpty());
        return words.toString();
    }

    /** When {@link #words} of a deployment may be others without another end; empty: never. */
    public Optional<Instant> next(String deployment) {
        return byDeployment.getOrDefault(deployment, Map.of()).values().stream()
                .filter(ends -> ends.times.size() >= LOOP)
                .map(ends -> ends.times.getFirst().plus(LATELY).plusMillis(1))
                .min(Instant::compareTo);
    }

    private static void forget(Ends ends, Instant now) {
        while (!ends.times.isEmpty() && ends.times.getFirst().isBefore(now.minus(LATELY))) {
            ends.times.removeFirst();
        }
    }
}
