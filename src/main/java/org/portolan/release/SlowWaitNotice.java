package org.portolan.release;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Notices waits that take long enough to be told in a pipe, where passing states are not shown. */
final class SlowWaitNotice {
    static final Duration LIMIT = Duration.ofSeconds(5);

    private final Map<String, Wait> waits = new TreeMap<>();

    /** @param since when it began; null once it was reported */
    private record Wait(
            String what, @org.jspecify.annotations.Nullable Instant since) {}

    /** What services wait for longer than {@link #LIMIT}, each wait once. What follows a comma may change meanwhile. */
    SortedMap<String, String> over(SortedMap<String, String> now, Instant at) {
        SortedMap<String, String> told = new TreeMap<>();
        waits.keySet().retainAll(now.keySet());
        now.forEach((service, text) -> {
            int comma = text.indexOf(',');
            String what = comma < 0 ? text : text.substring(0, comma);
            Wait before = waits.get(service);
            if (before == null || !before.what().equals(what)) {
                waits.put(service, new Wait(what, at));
            } else if (before.since() != null && !at.isBefore(before.since().plus(LIMIT))) {
                waits.put(service, new Wait(what, null));
                told.put(service, text);
            }
        });
        return told;
    }
}
